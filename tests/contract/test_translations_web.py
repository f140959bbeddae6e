"""The web application says every text in every complete language, and says it whole."""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from django.template.base import DebugLexer, Token, TokenType
from django.test import Client
from django.utils import translation

from parvis_web.config import languages

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "parvis_web"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_script", ROOT / "scripts/messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = _script()
FIELDS = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w+\}|</?\w+")
LETTERS = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Every marked text of the code."""
    return script.extract()


@pytest.fixture(scope="module", params=script.COMPLETE)
def spoken(request: pytest.FixtureRequest) -> Catalog:
    """The catalogue of one complete language."""
    return script.read(request.param)


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_marked_texts_are_found_in_code_and_in_templates(said: Catalog):
    assert said.get("Sign in") is not None
    assert said.get("TLP:CLEAR is proposed: it holds once a second person confirms it.") is not None
    assert any(isinstance(message.id, tuple) for message in texts(said))


def test_complete_language_has_every_text(said: Catalog, spoken: Catalog):
    known = {(message.id, message.context) for message in texts(spoken)}
    lacking = [m.id for m in texts(said) if (m.id, m.context) not in known]
    assert lacking == [], "python scripts/messages.py update, then translate"


def test_complete_language_says_every_text(spoken: Catalog):
    assert [message.id for message in script.untranslated(spoken)] == []


def test_complete_language_keeps_no_text_that_nothing_says(said: Catalog, spoken: Catalog):
    known = {(message.id, message.context) for message in texts(said)}
    assert [m.id for m in texts(spoken) if (m.id, m.context) not in known] == []


def test_no_translation_is_a_guess(spoken: Catalog):
    assert [message.id for message in texts(spoken) if message.fuzzy] == []


def test_translations_have_the_fields_of_their_text(spoken: Catalog):
    wrong = []
    for message in texts(spoken):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        for place, form in enumerate(script.forms(message)):
            wanted = FIELDS.findall(originals[min(place, len(originals) - 1)])
            found = FIELDS.findall(form)
            is_one = isinstance(message.id, tuple) and place == 0
            if set(found) - set(FIELDS.findall(originals[-1])) or (
                not is_one and sorted(found) != sorted(wanted)
            ):
                wrong.append((message.id, form))
    assert wrong == []


def test_translations_have_every_plural_form(spoken: Catalog):
    counted = [message for message in texts(spoken) if isinstance(message.id, tuple)]
    assert counted
    assert {len(script.forms(message)) for message in counted} == {spoken.num_plurals}


def test_translations_end_as_their_text_does(spoken: Catalog):
    differing = [
        message.id
        for message in texts(spoken)
        if isinstance(message.id, str) and _end(message.id) != _end(message.string)
    ]
    assert set(differing) <= {"No."}


def _end(text: str) -> str:
    return text[-1] if text and text[-1] in ".:?…" else ""


@pytest.mark.parametrize("code", [code for code in languages.NAMES if code != "en"])
def test_every_language_has_a_catalogue_that_can_be_compiled(code: str):
    head = script.po_file(code).read_text(encoding="utf-8")
    assert f'"Language: {code}\\n"' in head
    assert "charset=UTF-8" in head
    assert re.search(r'"Plural-Forms: nplurals=\d; plural=', head)
    assert script.read(code).locale is not None


def test_no_catalogue_is_of_an_unknown_language():
    assert {path.name for path in script.LOCALE.iterdir()} == set(languages.NAMES) - {"en"}


def test_offered_languages_are_the_complete_ones(said: Catalog):
    total = len(texts(said))
    for code in languages.NAMES:
        if code != "en":
            catalogue = script.read(code)
            done = len(texts(catalogue)) - len(list(script.untranslated(catalogue)))
            assert (done / total >= 0.95) == (code in languages.COMPLETE), code
    assert [code for code, _ in languages.offered([])] == list(languages.COMPLETE)


def test_catalogues_are_what_the_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    code = script.COMPLETE[0]
    catalogue, before = script.read(code), script.po_file(code).read_text(encoding="utf-8")
    monkeypatch.setattr(script, "LOCALE", tmp_path)
    script.write(code, catalogue)
    assert script.po_file(code).read_text(encoding="utf-8") == before


def test_compiling_makes_what_django_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import gettext
    import shutil

    target = tmp_path / "pl" / "LC_MESSAGES"
    target.mkdir(parents=True)
    shutil.copy(script.po_file("pl"), target)
    monkeypatch.setattr(script, "LOCALE", tmp_path)
    script.compile_all()
    made = (target / "django.mo").stat().st_mtime_ns
    script.compile_all()
    assert (target / "django.mo").stat().st_mtime_ns == made
    with (target / "django.mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Sign in") == "Zaloguj się"
    forms = [spoken.ngettext("%(n)s point", "%(n)s points", n) for n in (1, 2, 5, 22)]
    assert forms == ["%(n)s punkt", "%(n)s punkty", "%(n)s punktów", "%(n)s punkty"]


# --- sentences are whole -------------------------------------------------------------------------


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the application by its path."""
    return {
        path.relative_to(WEB): ast.parse(path.read_text(encoding="utf-8"))
        for path in script.sources()
        if path.suffix == ".py"
    }


def glued(tree: ast.Module) -> Iterator[int]:
    """Lines where a marked text becomes a piece of a longer one."""
    names = script.marking_names(tree)

    def is_text(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and script.marking(node, names) is not None

    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            if is_text(node.left) or is_text(node.right):
                yield node.lineno
        elif isinstance(node, ast.FormattedValue) and is_text(node.value):
            yield node.lineno


@pytest.mark.parametrize("source", ["_('a') + name", "f\"{_('a')} b\"", "f\"x{gettext('a')}\""])
def test_glue_is_found(source: str):
    imports = "from django.utils.translation import gettext, gettext as _\n"
    assert list(glued(ast.parse(imports + source))) == [2]


def test_no_sentence_is_glued_from_marked_texts():
    found = [f"{path}:{line}" for path, tree in modules().items() for line in glued(tree)]
    assert found == []


@pytest.mark.parametrize("argument", ['f"a {name}"', '"a" + name', '"a %s" % name', "name"])
def test_only_literal_texts_can_be_marked(argument: str):
    source = f"from django.utils.translation import gettext as _\n_({argument})\n"
    with pytest.raises(script.NotLiteralError):
        list(script._of_python(source, "example.py"))


def unmarked(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts that readers see and nobody marked: of messages, refusals, fields and models."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        seen = [
            word.value
            for word in node.keywords
            if word.arg in {"label", "help_text", "verbose_name", "empty_label", "error_messages"}
        ]
        if called.startswith("messages.") or called.endswith("ValidationError"):
            seen += node.args
        for value in seen:
            for part in ast.walk(value) if isinstance(value, ast.JoinedStr) else [value]:
                is_text = isinstance(part, ast.Constant) and isinstance(part.value, str)
                if is_text and LETTERS.search(part.value):
                    yield node.lineno, part.value


def test_texts_in_code_that_readers_see_are_marked():
    found = [
        f"{path}:{line}: {text}"
        for path, tree in modules().items()
        if "management" not in path.parts
        for line, text in unmarked(tree)
    ]
    assert found == []


# --- templates -----------------------------------------------------------------------------------

READ_ALOUD = {"alt", "aria-label", "aria-description", "placeholder", "title", "data-label"}
NOT_PROSE = {"code", "kbd", "samp", "script", "style", "svg"}
SAME_EVERYWHERE = re.compile(
    r"\b(Parvis|TLP|CLEAR|AMBER|STRICT|RED|CSV|XLSX|JSON( Lines)?|GeoJSON|PDF|SHA-256|km/h)\b"
)
NOT_FOR_READERS = {"blocktranslate", "blocktrans", "comment", "verbatim"}
UNSEEN_TAGS = {"translate", "trans", "url", "static", "include", "extends", "load", "block"}
SPOKEN_ARGUMENT = re.compile(
    r"""\b(title|label|text|heading|caption|summary|hint|sentence|help)=(["'])(.*?)\2"""
)
DEVELOPERS_ONLY = {"ui/gallery.html", "ui/gallery_map.html"}


class _Prose(HTMLParser):
    """Collects what a reader sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_PROSE:
            self._inside.append(tag)
        for name, value in attrs:
            if name in READ_ALOUD:
                self._say(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._say(data)

    def _say(self, text: str) -> None:
        if LETTERS.search(SAME_EVERYWHERE.sub("", text)):
            self.found.append(" ".join(text.split()))


def bare(source: str, *, is_html: bool = True) -> list[str]:
    """Return the texts of a template that no tag translates."""
    prose, spoken, skip = [], [], ""
    for token in DebugLexer(source).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if skip:
            skip = "" if word == f"end{skip}" else skip
        elif word in NOT_FOR_READERS or token.contents.endswith("_class"):
            skip = word
        elif token.token_type == TokenType.TEXT:
            prose.append(token.contents)
        else:
            spoken += _arguments(token, word)
    if not is_html:
        return spoken + [line for line in "".join(prose).splitlines() if LETTERS.search(line)]
    parser = _Prose()
    parser.feed("".join(prose))
    parser.close()
    return parser.found + spoken


def _arguments(token: Token, word: str) -> list[str]:
    if token.token_type != TokenType.BLOCK or word in UNSEEN_TAGS - {"include"}:
        return []
    given = SPOKEN_ARGUMENT.findall(token.contents)
    return [text for _, _, text in given if LETTERS.search(SAME_EVERYWHERE.sub("", text))]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        '<p title="Hello there">{{ name }}</p>',
        '{% translate "Hello" %} there',
        '{% panel title="Hello there" %}{% endpanel %}',
        "<p>{% if x %}Yes{% endif %}</p>",
    ],
)
def test_bare_text_is_found(source: str):
    assert bare(source) != []


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello there" %}</p>',
        "{% blocktranslate %}Hello there{% endblocktranslate %}",
        "<code>parvis web backup</code>",
        '<p class="quiet">{{ name }} · {# a note #}</p>',
        '{% panel title=_("Hello there") %}{% endpanel %}',
    ],
)
def test_marked_text_is_not_taken_for_bare(source: str):
    assert bare(source) == []


def test_templates_hold_no_bare_text():
    found = []
    for path in script.sources():
        inside = str(path.relative_to(WEB)).partition("templates/")[2]
        if path.suffix == ".py" or inside in DEVELOPERS_ONLY:
            continue
        source = path.read_text(encoding="utf-8")
        found += [f"{inside}: {text}" for text in bare(source, is_html=path.suffix == ".html")]
    assert found == []


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def town_in_french_and_polish(db: None) -> tuple[Client, str]:
    """A browser of a coordinator, and the short name of the authority."""
    del db
    from parvis_web.accounts.models import Authority, Membership, User
    from parvis_web.accounts.vocabulary import Role

    authority = Authority.objects.create(name="Tessenmark", slug="tessenmark", country="DE")
    user = User.objects.create_user("coordinator@tessenmark.example", "a long pass phrase")
    Membership.objects.create(authority=authority, user=user, role=Role.COORDINATOR)
    client = Client()
    client.force_login(user)
    return client, authority.slug


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    """The catalogues as Django reads them."""
    script.compile_all()
    translation.trans_real._translations.clear()


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """What a page was asked for in does not outlast the test."""
    with translation.override("en"):
        yield


HEADINGS = {"en": ("Sign in", "Public spaces"), "fr": ("Se connecter", "Espaces publics")}
HEADINGS["pl"] = ("Zaloguj się", "Przestrzenie publiczne")


@pytest.mark.django_db
@pytest.mark.parametrize("code", languages.COMPLETE)
def test_sign_in_page_speaks_the_language_the_browser_asks_for(client: Client, code: str):
    page = client.get("/account/login/", headers={"accept-language": code}).content.decode()
    assert f'<html lang="{code}"' in page
    assert f"<h1>{HEADINGS[code][0]}</h1>" in page


@pytest.mark.parametrize("code", languages.COMPLETE)
def test_list_of_spaces_speaks_the_language_of_the_reader(
    town_in_french_and_polish: tuple[Client, str], code: str
):
    browser, slug = town_in_french_and_polish
    page = browser.get(f"/a/{slug}/spaces/", headers={"accept-language": code}).content.decode()
    assert f'<html lang="{code}"' in page
    assert re.search(rf"<h1[^>]*>\s*{HEADINGS[code][1]}\s*</h1>", page)


@pytest.mark.django_db
def test_language_is_chosen_in_the_foot_of_a_page(client: Client):
    page = client.get("/account/login/").content.decode()
    assert re.search(r'<button[^>]*name="language"[^>]*value="pl"', page)
    answer = client.post("/language/", {"language": "pl", "next": "/account/login/"})
    assert answer["Location"] == "/account/login/"
    assert '<html lang="pl"' in client.get("/account/login/").content.decode()


@pytest.mark.django_db
def test_choosing_a_language_needs_the_token_and_stays_on_this_host():
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/language/", {"language": "pl"}).status_code == 403
    answer = Client().post("/language/", {"language": "pl", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_person_goes_on_in_the_language_of_the_profile(client: Client):
    from parvis_web.accounts.models import User

    words = "a long pass phrase"
    User.objects.create_user("reader@tessenmark.example", words, name="Reader", language="fr")
    answer = client.post(
        "/account/login/", {"login": "reader@tessenmark.example", "password": words}
    )
    assert answer.status_code == 302
    assert client.cookies["django_language"].value == "fr"


def test_language_nobody_speaks_is_refused_as_a_setting():
    from django.core.exceptions import ImproperlyConfigured

    assert ("de", "Deutsch") in languages.offered(["de"])
    with pytest.raises(ImproperlyConfigured, match="'xx'; choose from en, bg"):
        languages.offered(["xx"])


@pytest.mark.django_db
def test_language_in_the_making_says_so(client: Client, settings):
    settings.LANGUAGES = languages.offered(["de"])
    drafted = client.get("/account/login/", headers={"accept-language": "de"}).content.decode()
    assert '<html lang="de"' in drafted
    assert "Draft translation" in drafted
    complete = client.get("/account/login/", headers={"accept-language": "en"})
    assert b"Draft translation" not in complete.content

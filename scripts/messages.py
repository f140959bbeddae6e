"""
Which texts does the web application say, and in which languages?

``update`` collects every marked text of ``src/parvis_web`` into the catalogues,
``compile`` makes the files that Django reads, ``missing LANGUAGE`` prints as JSON what is still to
be translated and ``merge LANGUAGE FILE.json`` takes translations in. Needs no GNU gettext.
"""

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from parvis_web.config import languages

WEB = Path(__file__).resolve().parents[1] / "src" / "parvis_web"
LOCALE = WEB / "locale"
COMPLETE = tuple(code for code in languages.COMPLETE if code != "en")
PREPARED = tuple(code for code in languages.NAMES if code not in languages.COMPLETE)
HEAD = """\
# Parvis web application: {language}.
# Not yet reviewed by a native speaker of the trade.
msgid ""
msgstr ""
"Project-Id-Version: Parvis\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"
"""
POSITIONS = {
    "_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}
"""What the leading arguments of each marking function are."""
_CALL = re.compile(r"(?<![\w.])(" + "|".join(sorted(POSITIONS, key=len, reverse=True)) + r")\(")


@dataclass(frozen=True, slots=True)
class Text:
    """One marked text and where it stands."""

    where: str
    line: int
    id: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> str | tuple[str, str]:
        return (self.id, self.plural) if self.plural is not None else self.id


class NotLiteralError(ValueError):
    """A marking function was called with something else than a literal text."""


def sources() -> Iterator[Path]:
    """Yield every file that may hold marked texts."""
    for path in sorted(WEB.rglob("*")):
        parts = set(path.relative_to(WEB).parts)
        if path.suffix in {".py", ".html", ".txt"} and not parts & {
            "migrations",
            "static",
            "locale",
        }:
            yield path


def texts_of(path: Path) -> Iterator[Text]:
    """Yield the marked texts of one file."""
    where = str(path.relative_to(WEB))
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _of_python(content, where)
    else:
        yield from _of_template(content, where)


def _of_python(content: str, where: str) -> Iterator[Text]:
    tree = ast.parse(content)
    names = marking_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and (kind := marking(node, names)):
            yield _text(node, kind, where, node.lineno)


def marking_names(tree: ast.Module) -> dict[str, str]:
    """Return under which names a module knows the marking functions."""
    return {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in POSITIONS
    }


def marking(call: ast.Call, names: dict[str, str]) -> str | None:
    """Return the marking function that is called, None where another one is."""
    function = call.func
    if isinstance(function, ast.Name):
        return names.get(function.id)
    is_module = isinstance(function, ast.Attribute) and ast.unparse(function.value) == "translation"
    return function.attr if is_module and function.attr in POSITIONS else None


def _of_template(content: str, where: str) -> Iterator[Text]:
    from django.utils.translation.template import templatize

    source = templatize(content, origin=where)
    for found in _CALL.finditer(source):
        call = _call_at(source, found.start())
        yield _text(call, found[1], where, source.count("\n", 0, found.start()) + 1)


def _call_at(source: str, start: int) -> ast.Call:
    """Return the shortest call that begins at `start`."""
    end = source.find(")", start)
    while end >= 0:
        try:
            tree = ast.parse(source[start : end + 1].replace("\n", " "), mode="eval")
        except SyntaxError:
            end = source.find(")", end + 1)
            continue
        if isinstance(tree.body, ast.Call):
            return tree.body
        break
    raise NotLiteralError(source[start : start + 60])


def _text(call: ast.Call, kind: str, where: str, line: int) -> Text:
    fields = {}
    for field, argument in zip(POSITIONS[kind], call.args, strict=False):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            message = f"{where}:{line}: {ast.unparse(call)}"
            raise NotLiteralError(message)
        fields[field] = argument.value
    return Text(where, line, **fields)


def extract() -> Catalog:
    """Return all marked texts as a catalogue without translations."""
    catalogue = Catalog(fuzzy=False)
    for path in sources():
        for text in texts_of(path):
            catalogue.add(text.key, locations=[(text.where, None)], context=text.context)
    return catalogue


def po_file(language: str) -> Path:
    """Return where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language; an empty one where there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue so that the same texts give the same bytes: no dates, no line numbers."""
    body = BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    head = HEAD.format(language=language, plural_forms=catalogue.plural_forms)
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = body.getvalue().decode().strip()
    path.write_text(f"{head}\n{texts}\n" if texts else head, encoding="utf-8")


def update() -> None:
    """Bring every complete catalogue to the texts of the code; keep the prepared ones short."""
    template = extract()
    for language in COMPLETE:
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True)
        write(language, catalogue)
        print(f"{language}: {len(list(untranslated(catalogue)))} of {len(catalogue)} to translate")
    for language in PREPARED:
        catalogue = read(language)
        known = Catalog(locale=language, fuzzy=False)
        for message in catalogue:
            kept = template.get(message.id, message.context) if message.id else None
            if kept and any(forms(message)):
                known.add(message.id, message.string, flags=message.flags, context=message.context)
        write(language, known)


def forms(message: Message) -> tuple[str, ...]:
    """Return the translations of a text, one a plural form."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """Yield the texts that lack a translation."""
    for message in catalogue:
        if message.id and not all(forms(message)):
            yield message


def compile_all() -> None:
    """Make a ``.mo`` file of every catalogue that is newer than its last one."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        made = path.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        partial = made.with_suffix(".mo.part")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(made)


def missing(language: str) -> None:
    """Print the untranslated texts as JSON, ready to be filled in and merged."""
    entries = {
        _name(message): "" if isinstance(message.id, str) else [message.id[1]]
        for message in untranslated(read(language))
    }
    print(json.dumps(entries, ensure_ascii=False, indent=1))


def _name(message: Message) -> str:
    """Return how a text is called in JSON: its singular, after its context where it has one."""
    first = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}|{first}" if message.context else first


def merge(language: str, file: str) -> None:
    """Take translations in: a JSON object of text (singular) to translation or list of forms."""
    catalogue = read(language)
    given = json.loads(Path(file).read_text(encoding="utf-8"))
    for message in catalogue:
        if message.id and (wanted := given.get(_name(message))):
            message.string = wanted if isinstance(wanted, str) else tuple(wanted)
    write(language, catalogue)


def main(arguments: list[str]) -> None:
    """Run one command."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["missing", language]:
            missing(language)
        case ["merge", language, file]:
            merge(language, file)
        case _:
            sys.exit("usage: messages.py update | compile | missing LANGUAGE | merge LANGUAGE FILE")


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[1])
    main(sys.argv[1:])

"""Where are the words a reader sees? In one catalogue a language, as data."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import yaml
from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol

from parvis.errors import InputError, InternalError
from parvis.report.text_files import read_texts

LANGUAGES = ("en", "fr", "pl")
LOCALES = {"en": "en_GB", "fr": "fr_FR", "pl": "pl_PL"}
PLURAL_FORMS = frozenset({"one", "few", "other"})
OWN_TEXTS = "council.yaml"


class UnknownLanguageError(InputError):
    """A report was asked for in a language without a catalogue."""

    code: ClassVar[str] = "unknown_language"


class TextMissingError(InternalError):
    """A catalogue lacks a text that the code names."""

    code: ClassVar[str] = "text_missing"


class Wording:
    """
    The texts of one language.

    Parameters
    ----------
    language : {"en", "fr", "pl"} or another code
    overrides : Path, optional
        Folder whose ``council.yaml`` holds texts by which a city replaces those of the catalogue.
        With texts of its own a language needs no catalogue: what they lack is English.

    Raises
    ------
    UnknownLanguageError
        If there is neither a catalogue in `language` nor a text of one's own.

    Examples
    --------
    >>> Wording("en")("grade.C")
    'screening only'
    """

    def __init__(self, language: str, overrides: Path | None = None) -> None:
        own = {} if overrides is None else own_texts(overrides)
        if language not in LANGUAGES and not own:
            raise UnknownLanguageError(value=language, accepted=", ".join(LANGUAGES))
        self.language = language
        self._catalogue = _laid_over(catalogue(catalogued(language)), own)

    def __call__(self, key: str, **fields: object) -> str:
        """
        Return the text under the dotted `key`, its fields filled in.

        A text with plural forms takes the one that the field ``count`` asks for.

        Raises
        ------
        TextMissingError
            If the catalogue has no such text.
        """
        node = self.node(key)
        if is_plural(node):
            node = plural(node, self.language, fields["count"])
        if not isinstance(node, str):
            raise TextMissingError(what=f"text {key} in {self.language}")
        return one_line(node.format(**fields) if fields else node)

    def has(self, key: str) -> bool:
        """Tell whether there is anything under the dotted `key`."""
        node: Any = self._catalogue
        for part in key.split("."):
            if not isinstance(node, Mapping) or part not in node:
                return False
            node = node[part]
        return True

    def node(self, key: str) -> Any:
        """Return whatever stands under the dotted `key`: a text, a list or a mapping."""
        node: Any = self._catalogue
        for part in key.split("."):
            if not isinstance(node, Mapping) or part not in node:
                raise TextMissingError(what=f"text {key} in {self.language}")
            node = node[part]
        return node

    def lenient(self, key: str, count: int, fields: Mapping[str, str]) -> str:
        """Return a text whose fields may be missing; a missing one is shown as a dash."""
        present = defaultdict(lambda: "–", fields) | {"count": str(count)}
        node = self.node(key)
        if is_plural(node):
            node = plural(node, self.language, count)
        return one_line(str(node).format_map(present))

    def vehicle(self, key: str, name: str) -> str:
        """Return the name of a vehicle class; `name` where the catalogue has no own one."""
        return self(f"vehicle.{key}") if self.has(f"vehicle.{key}") else name

    def number(self, value: float, digits: int = 0) -> str:
        """Return `value` with the language's decimal sign and thin thousands groups."""
        text = f"{value:,.{digits}f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        return text.replace(".", get_decimal_symbol(locale_of(self.language)))

    def tree(self, key: str, **fields: object) -> Any:
        """Return everything under `key` with `fields` filled in; other fields stay as they are."""
        return _filled(self.node(key), {name: str(value) for name, value in fields.items()})

    def space_kind(self, kind: str) -> str:
        """Return a kind of public space in words; an unknown kind as it is written."""
        known = f"space_kind.{kind}"
        return self(known) if self.has(known) else kind.replace("_", " ").capitalize()

    def obstacle_kind(self, kind: str) -> str:
        """Return a kind of obstacle in words; an unknown kind or a name as it is written."""
        known = f"obstacle_kind.{kind}"
        return self(known) if self.has(known) else kind

    def date(self, moment: str) -> str:
        """Return an ISO date or date-time as a long date; anything else as it is written."""
        try:
            day = datetime.fromisoformat(moment).date()
        except ValueError:
            return moment
        return str(format_date(day, format="long", locale=locale_of(self.language)))

    def join(self, parts: list[str]) -> str:
        """Return `parts` as one enumeration."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('and')} {parts[-1]}"


def catalogued(language: str) -> str:
    """Return `language` where there is a catalogue of it, else English."""
    return language if language in LANGUAGES else LANGUAGES[0]


def own_texts(folder: Path) -> Mapping[str, Any]:
    """Return the texts by which a city replaces those of the catalogue; empty without a file."""
    path = folder / OWN_TEXTS
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.is_file() else {}


def _laid_over(node: Any, own: Any) -> Any:
    """Return `node` with whatever `own` says in its place; list items go by their number."""
    if isinstance(node, Mapping) and isinstance(own, Mapping):
        return {**node, **{key: _laid_over(node.get(key), text) for key, text in own.items()}}
    if isinstance(node, list) and isinstance(own, Mapping):
        return [_laid_over(item, own.get(str(place), item)) for place, item in enumerate(node)]
    return own


def locale_of(language: str) -> str:
    """Return the locale by which numbers and dates of a language are written."""
    return LOCALES.get(language, language)


def is_plural(node: object) -> bool:
    """Tell whether a node of the catalogue is one text in its plural forms."""
    return isinstance(node, Mapping) and {"one", "other"} <= node.keys() <= PLURAL_FORMS


def plural(forms: Mapping[str, str], language: str, count: object) -> str:
    """
    Return the form that `count` takes: French counts zero as one, Polish tells few from many.

    Examples
    --------
    >>> [plural({"one": "linia", "few": "linie", "other": "linii"}, "pl", n) for n in (1, 22, 12)]
    ['linia', 'linie', 'linii']
    """
    form = Locale.parse(locale_of(language)).plural_form(int(str(count)))
    return forms.get(form, forms["other"])


def one_line(text: str) -> str:
    """Return `text` with its line breaks as spaces; spaces that must not break stay."""
    return " ".join(part for part in re.split(r"[ \t\r\n]+", text) if part)


def _filled(node: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(node, Mapping):
        return {key: _filled(value, fields) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, fields) for value in node]
    text = one_line(str(node))
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """Return all texts of a language, nested by key."""
    folder = files("parvis.report") / "texts"
    merged: dict[str, Any] = {}
    for name in (
        "common",
        "notices",
        "council",
        "annex",
        "figures",
        "survey",
        "closure",
        "tender",
        "stock",
        "layout",
        "assessment",
        "dossier",
        "charts",
        "dashboard",
    ):
        merged |= read_texts(folder / f"{name}.{language}.yaml")
    return merged

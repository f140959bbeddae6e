"""
Which texts does a city translate itself, and which of its translations are good?

Two parts: ``pages``, what the public page says, and ``paper``, what the council paper says. A
translation keeps the fields and tags of its English text; nothing of a table with a mistake is
taken.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis.report.files import written_whole
from parvis.report.wording import LANGUAGES, OWN_TEXTS, catalogue, one_line
from parvis_web.config.languages import COMPLETE
from parvis_web.ui.overrides import KEPT, PAGES, PAPER, drafts_of, folder_of

PAPER_KEYS = ("council", "and", "what", "fact", "space_kind")
"""What of the library's catalogue the council paper says."""
PUBLIC_TEXTS = ("publishing/", "ui/templates/base", "ui/templates/ui/foot")
_FIELDS = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]*>")


class Status(StrEnum):
    """How far a translation is."""

    MISSING = "missing"
    SHIPPED = "shipped"
    DRAFT = "draft-machine"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Row:
    """One text: where it belongs, what it says in English and in the language, how far that is."""

    part: str
    key: str
    english: str
    translation: str
    status: Status


class TranslationError(ValidationError):
    """A table of translations cannot be taken as it is."""


def rows_of(language: str) -> list[Row]:
    """Return every text that a city may translate, with what is said in `language` at present."""
    own = _own(language)
    return [
        own.get((part, key)) or Row(part, key, english, shipped, _shipped_status(shipped))
        for part, key, english, shipped in _texts(language)
    ]


def take(language: str, given: Sequence[tuple[int, Row]]) -> dict[str, int]:
    """
    Keep the translations of `given`, rows with their number, as the city's own.

    Returns
    -------
    dict
        Numbers of texts kept and of unreviewed ones among them.

    Raises
    ------
    TranslationError
        With one sentence a mistake, each naming row and column; then nothing is kept.
    """
    known = {(part, key): (english, shipped) for part, key, english, shipped in _texts(language)}
    mistakes, own = [], {}
    for number, row in given:
        place = (row.part, row.key)
        if problem := _problem(row, known.get(place), is_repeated=place in own):
            column, sentence = problem
            mistakes.append(
                _("Row %(row)d, column %(column)s: %(sentence)s")
                % {"row": number, "column": column, "sentence": sentence}
            )
        elif row.status in {Status.DRAFT, Status.REVIEWED}:
            own[place] = row
    if mistakes:
        raise TranslationError(mistakes)
    _keep(language, list(own.values()))
    drafts = sum(row.status == Status.DRAFT for row in own.values())
    return {"kept": len(own), "drafts": drafts}


def _problem(
    row: Row, known: tuple[str, str] | None, *, is_repeated: bool
) -> tuple[str, str] | None:
    """Return column and sentence of what is wrong with a row, None where nothing is."""
    if known is None:
        return "Key", _("“%(key)s” is not a text of this version.") % {"key": row.key}
    english, shipped = known
    if is_repeated:
        return "Key", _("“%(key)s” stands in the table twice.") % {"key": row.key}
    if row.english != english:
        return "English", _("the English text is another in this version; export the table anew.")
    if row.status == Status.SHIPPED and row.translation != shipped:
        return "Status", _("the translation was changed: say reviewed or draft-machine.")
    if row.status in {Status.MISSING, Status.SHIPPED}:
        return None
    if not row.translation:
        return "Translation", _("it is empty: give a translation, or say missing.")
    wanted, found = (sorted(_FIELDS.findall(text)) for text in (english, row.translation))
    if wanted != found or "<" in _FIELDS.sub("", row.translation):
        return "Translation", _("it must hold these fields and no others: %(fields)s.") % {
            "fields": ", ".join(wanted) or "–"
        }
    return None


def _shipped_status(shipped: str) -> Status:
    return Status.SHIPPED if shipped else Status.MISSING


def _texts(language: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield part, key, English text and shipped translation of every text."""
    spoken = _shipped_pages(language)
    for key, english in _page_texts().items():
        yield PAGES, key, english, spoken.get(english, "")
    shipped = dict(_leaves(catalogue(language))) if language in LANGUAGES else {}
    for key, english in _leaves(catalogue(LANGUAGES[0])):
        if key.split(".")[0] in PAPER_KEYS:
            yield PAPER, key, english, shipped.get(key, "")


@cache
def _page_texts() -> dict[str, str]:
    """Return the texts of the public page by a key made from each."""
    catalogue = _read_po(_program_po(next(code for code in COMPLETE if code != "en")))
    return {
        hashlib.sha256(message.id.encode()).hexdigest()[:12]: message.id
        for message in catalogue
        if isinstance(message.id, str)
        and message.id
        and any(place.startswith(PUBLIC_TEXTS) for place, _line in message.locations)
    }


@cache
def _shipped_pages(language: str) -> dict[str, str]:
    path = _program_po(language)
    if not path.is_file():
        return {}
    return {
        message.id: message.string
        for message in _read_po(path)
        if isinstance(message.id, str) and isinstance(message.string, str)
    }


def _program_po(language: str) -> Path:
    return Path(settings.PACKAGE) / "locale" / language / "LC_MESSAGES" / "django.po"


def _read_po(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _leaves(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a tree by its dotted key; list items by their number."""
    if isinstance(node, str):
        yield key, one_line(node)
        return
    children = node.items() if isinstance(node, Mapping) else enumerate(node)
    for name, child in children:
        yield from _leaves(child, f"{key}.{name}" if key else str(name))


def _own(language: str) -> dict[tuple[str, str], Row]:
    """Return what the city translated before and what this version still says."""
    texts = {(part, key): english for part, key, english, _shipped in _texts(language)}
    try:
        kept = json.loads((folder_of(language) / KEPT).read_text(encoding="utf-8"))["texts"]
    except OSError:
        return {}
    rows = [Row(**row | {"status": Status(row["status"])}) for row in kept]
    return {
        (row.part, row.key): row for row in rows if texts.get((row.part, row.key)) == row.english
    }


def _keep(language: str, rows: Sequence[Row]) -> None:
    """Write what Django, the library and the next table read."""
    folder = folder_of(language)
    (folder / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    pages = Catalog(locale=language, fuzzy=False)
    paper: dict[str, Any] = {}
    drafts = {PAGES: 0, PAPER: 0}
    for row in rows:
        drafts[row.part] += row.status == Status.DRAFT
        if row.part == PAGES:
            pages.add(row.english, row.translation)
        else:
            _place(paper, row.key.split("."), row.translation)
    if drafts[PAPER]:
        paper["unreviewed"] = drafts[PAPER]
    facts = {"drafts": drafts, "texts": [asdict(row) for row in rows]}
    with written_whole(folder / "LC_MESSAGES" / "django.mo") as part, part.open("wb") as file:
        write_mo(file, pages)
    with written_whole(folder / OWN_TEXTS) as part:
        part.write_text(yaml.safe_dump(paper, allow_unicode=True), encoding="utf-8")
    with written_whole(folder / KEPT) as part:
        part.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    drafts_of.cache_clear()


def _place(tree: dict[str, Any], path: Sequence[str], text: str) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = text

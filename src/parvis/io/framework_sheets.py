"""Which sheets and columns a framework has as a workbook, and how a cell holds a value."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "text", "flag", "number", "day", "keys", "lines", "pairs", "lists", "levels", "whens"
]
Cell = str | int | float | bool | datetime.date | None


class CellError(ValueError):
    """A cell cannot be read; the text says what would be accepted."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a sheet.

    Attributes
    ----------
    header : str
        What stands in the first row.
    kind : str
        How its cells hold values.
    field : str
        Key in the framework's file, with dots for what lies inside; the header where empty.
    width : int
        In characters.
    """

    header: str
    kind: Kind = "text"
    field: str = ""
    width: int = 16

    @property
    def path(self) -> tuple[str, ...]:
        """Keys that lead to the value."""
        return tuple((self.field or self.header).split("."))


KEY = Column("key", width=22)
NAME = Column("name", width=60)
DESCRIPTION = Column("description", width=40)
ENTRY = (KEY, NAME, DESCRIPTION)
WHEN = Column("when", width=36)
EVIDENCE = Column("evidence")
TONE = Column("tone", width=10)

ABOUT: tuple[Column, ...] = (
    Column("id"),
    Column("version", "number"),
    Column("status"),
    Column("name"),
    Column("description"),
    Column("language"),
    Column("translations", "pairs"),
    Column("subject"),
    Column("marking"),
    Column("texts"),
    Column("assessors_asked", "number"),
    Column("source.title"),
    Column("source.publisher"),
    Column("source.edition"),
    Column("source.date", "day"),
    Column("source.locator"),
    Column("source.url"),
    Column("source.licence"),
    Column("source.retrieved", "day"),
    Column("report.chapters", "keys"),
    Column("replaces.version", "number"),
    Column("replaces.renamed", "pairs"),
    Column("replaces.dropped", "keys"),
    Column("replaces.levels", "levels"),
)
"""Rows of the sheet `about`: what stands in its first column."""

SHEETS: Mapping[str, tuple[Column, ...]] = {
    "about": (Column("what", width=22), Column("value", width=90)),
    "evidence": (
        KEY,
        Column("source", width=60),
        Column("confidence"),
        Column("verified", "flag"),
        Column("note", width=60),
    ),
    "attributes": (
        *ENTRY,
        Column("kind"),
        Column("unit"),
        Column("required", "flag", width=10),
    ),
    "lists": (Column("list"), Column("entry"), NAME, DESCRIPTION, Column("open", "flag", width=8)),
    "scales": (
        Column("scale"),
        Column("level"),
        NAME,
        DESCRIPTION,
        Column("value", "number", width=8),
        TONE,
    ),
    "sections": (
        *ENTRY,
        Column("guidance", width=60),
        Column("repeat", "keys"),
        WHEN,
        EVIDENCE,
    ),
    "questions": (
        Column("section"),
        Column("table"),
        *ENTRY,
        Column("guidance", width=60),
        Column("kind", width=10),
        Column("scale", width=12),
        Column("levels_when", "whens", width=36),
        Column("unit", width=8),
        Column("minimum", "number", width=10),
        Column("maximum", "number", width=10),
        Column("integer", "flag", width=8),
        Column("interval", "flag", width=8),
        Column("rows"),
        WHEN,
        Column("over", "lists"),
        Column("required", "flag", width=10),
        Column("not_applicable", "flag", width=14),
        Column("where", width=8),
        Column("core", "flag", width=8),
        Column("tags", "keys"),
        Column("computed_from"),
        EVIDENCE,
    ),
    "options": (Column("of", width=24), *ENTRY, WHEN),
    "scores": (
        *ENTRY,
        Column("method"),
        Column("of", "keys", width=40),
        Column("by", "keys"),
        Column("as", width=10),
        Column("least_known", "number", width=12),
        Column("least_group", "number", width=12),
        Column("weights", "pairs", width=30),
        Column("blockers", "keys"),
        Column("blocked_below", "number", width=14),
        Column("conditions", "lines", width=50),
        Column("independent", "flag", width=12),
        Column("rows"),
        Column("columns"),
        Column("importance"),
        Column("competence"),
        Column("start"),
        EVIDENCE,
    ),
    "rungs": (Column("score"), *ENTRY, WHEN, TONE),
    "classes": (Column("score"), *ENTRY, TONE),
    "matrices": (
        Column("score"),
        Column("row", "number", width=8),
        Column("cells", "keys", width=60),
    ),
    "trees": (
        Column("score"),
        Column("step"),
        Column("question"),
        WHEN,
        Column("outcomes", "keys", width=30),
        Column("go"),
    ),
    "outcomes": (Column("score"), *ENTRY, TONE, Column("text", width=60)),
    "findings": (
        *ENTRY,
        WHEN,
        Column("by", "keys"),
        Column("severity"),
        Column("measures", "keys", width=30),
        Column("tags", "keys"),
        EVIDENCE,
    ),
    "measures": (
        *ENTRY,
        Column("kind"),
        Column("cost low", "number", "cost.low", 10),
        Column("cost high", "number", "cost.high", 10),
        Column("cost currency", "text", "cost.currency", 14),
        Column("cost year", "number", "cost.year", 10),
        Column("cost unit", "text", "cost.unit"),
        Column("cost evidence", "text", "cost.evidence"),
        Column("effect_evidence"),
        EVIDENCE,
    ),
    "duties": (
        *ENTRY,
        WHEN,
        Column("from", "day", width=12),
        Column("until", "day", width=12),
        Column("before", width=14),
        Column("reference", width=40),
        EVIDENCE,
    ),
    "translations": (
        Column("what", width=34),
        Column("text of", width=12),
        Column("original", width=60),
    ),
}
"""All sheets in order; the languages' columns of `translations` come from the sheet `about`."""
NEEDED_SHEETS = ("about", "sections", "questions")
_YES = ("yes", "true", "1")
_NO = ("no", "false", "0")


def to_cell(value: Any, kind: Kind) -> Cell:
    """Return what a cell holds for a value of the framework's file."""
    match kind:
        case "flag":
            return "yes" if value else "no"
        case "day":
            return str(value)
        case "keys":
            return ", ".join(map(str, value))
        case "lines":
            return "\n".join(value)
        case "pairs":
            return "; ".join(f"{key}: {inner}" for key, inner in value.items())
        case "lists":
            return "; ".join(f"{key}: {', '.join(inner)}" for key, inner in value.items())
        case "whens":
            return "\n".join(f"{key}: {inner}" for key, inner in value.items())
        case "levels":
            return "; ".join(
                f"{scale}.{old}: {new}"
                for scale, moved in value.items()
                for old, new in moved.items()
            )
        case "number" if isinstance(value, float) and float(f"{value:.16g}") != value:
            return repr(value)  # a workbook keeps 16 digits
        case _:
            return value


def from_cell(cell: Any, kind: Kind) -> Any:
    """
    Return the value a cell holds.

    Raises
    ------
    CellError
        If it holds nothing of that kind.
    """
    return _READERS[kind](cell)


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell)


def _flag(cell: Any) -> bool:
    word = str(cell).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(f"{cell!r} is not yes or no")


def _number(cell: Any) -> float | int:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    try:
        number = float(str(cell).strip())
    except ValueError:
        raise CellError(f"{cell!r} is no number, e.g. 2.5") from None
    return int(number) if number.is_integer() else number


def _day(cell: Any) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    try:
        return datetime.date.fromisoformat(str(cell).strip())
    except ValueError:
        raise CellError(f"{cell!r} is no day, e.g. 2027-12-02") from None


def _keys(cell: Any) -> list[str]:
    found = [part.strip() for part in _text(cell).split(",")]
    if "" in found:
        raise CellError(f"{cell!r} is no list; names with commas between, e.g. day, night")
    return found


def _lines(cell: Any) -> list[str]:
    return [line for line in _text(cell).split("\n") if line.strip()]


def _parts(cell: Any, example: str) -> list[tuple[str, str]]:
    found = []
    for part in _text(cell).split(";"):
        key, colon, value = part.rpartition(":")
        if not colon or not key.strip() or not value.strip():
            raise CellError(f"{part.strip()!r} is no pair; pairs with ; between, e.g. {example}")
        found.append((key.strip(), value.strip()))
    keys = [key for key, _ in found]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise CellError(f"{min(repeated)!r} is given twice")
    return found


def _pairs(cell: Any) -> dict[str, Any]:
    pairs = _parts(cell, "first: 2; second: 1")
    return {key: _figure(value) for key, value in pairs}


def _figure(value: str) -> Any:
    try:
        return _number(value)
    except CellError:
        return value


def _lists(cell: Any) -> dict[str, list[str]]:
    return {key: _keys(value) for key, value in _parts(cell, "period: day, night")}


def _whens(cell: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(cell):
        key, colon, condition = line.partition(":")
        if not colon or not key.strip() or not condition.strip():
            raise CellError(f"{line.strip()!r} is none; one a line, e.g. high: capacity >= 800")
        if key.strip() in found:
            raise CellError(f"{key.strip()!r} is given twice")
        found[key.strip()] = condition.strip()
    return found


def _levels(cell: Any) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, new in _parts(cell, "met.half: partly"):
        scale, dot, old = key.partition(".")
        if not dot:
            raise CellError(f"{key!r} is no level; scale.level is accepted, e.g. met.half: partly")
        found.setdefault(scale, {})[old] = new
    return found


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    "text": _text,
    "flag": _flag,
    "number": _number,
    "day": _day,
    "keys": _keys,
    "lines": _lines,
    "pairs": _pairs,
    "lists": _lists,
    "levels": _levels,
    "whens": _whens,
}

"""Which table says the same as a figure: the same numbers in the same order."""

from dataclasses import dataclass

from parvis.report.figures.spec import Against, Figure, Kind, Mark, Role, Series
from parvis.report.figures.words import MISSING, Words, flag_letters

Cell = str | float | int | None
NUMBERS = frozenset({"at", "value", "low", "high", "n"})
"""Columns of numbers; all others are text."""
COLUMNS = (
    "series_code", "series", "code", "label", "role", "at", "value", "low", "high", "n", "against",
    "flags", "note", "unit",
)  # fmt: skip
"""Columns of every file, in order."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column: its name for machines, its heading for people, whether it holds numbers.

    Attributes
    ----------
    key, heading : str
    is_number : bool
    """

    key: str
    heading: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of a figure's values.

    Attributes
    ----------
    caption : str
    columns : tuple of Column
    rows : tuple of tuple
        Numbers as they are, None where there is none.
    texts : tuple of tuple of str
        The same cells as a person reads them.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: tuple[tuple[str, ...], ...]


def full_table(figure: Figure) -> Table:
    """Return every fact of a figure's values, with the columns `COLUMNS`: what files hold."""
    return _table(figure, COLUMNS)


def table(figure: Figure) -> Table:
    """Return the table that stands beside the picture: the columns that have something to say."""
    words = Words(figure)
    whole = _table(figure, COLUMNS)
    quiet = {"series_code", "code", "unit"}
    if figure.kind is not Kind.WATERFALL and figure.target is None and figure.reference is None:
        quiet.add("role")
    if figure.kind is Kind.CONCENTRATION:
        quiet.add("label")
    if len(figure.series) == 1:
        quiet.add("series")
    kept = [
        place
        for place, column in enumerate(whole.columns)
        if column.key not in quiet
        and (column.key == "value" or any(row[place] not in (None, "") for row in whole.rows))
        and not (column.key == "against" and _compares_nothing(figure))
    ]
    columns = tuple(_named(whole.columns[place], figure, words) for place in kept)
    return Table(
        whole.caption,
        columns,
        tuple(tuple(row[place] for place in kept) for row in whole.rows),
        tuple(tuple(row[place] for place in kept) for row in whole.texts),
    )


def _table(figure: Figure, keys: tuple[str, ...]) -> Table:
    words = Words(figure)
    facts = [
        (_facts(figure, series, mark), mark) for series in figure.series for mark in series.marks
    ]
    facts += [(_facts(figure, None, mark, role), mark) for mark, role in _beside(figure, words)]
    return Table(
        figure.title,
        tuple(Column(key, words(f"column.{key}"), key in NUMBERS) for key in keys),
        tuple(tuple(row[key] for key in keys) for row, _ in facts),
        tuple(tuple(_text(key, row[key], mark, words) for key in keys) for row, mark in facts),
    )


def _beside(figure: Figure, words: Words) -> list[tuple[Mark, str]]:
    found = []
    if figure.reference is not None:
        found.append((figure.reference, "reference"))
    if figure.target is not None:
        found.append((Mark(words("role.target"), figure.target, code="target"), "target"))
    return found


def _facts(figure: Figure, series: Series | None, mark: Mark, role: str = "") -> dict[str, Cell]:
    return {
        "series_code": series.code if series else "",
        "series": series.name if series else "",
        "code": mark.code,
        "label": mark.label,
        "role": role or mark.role.value,
        "at": mark.at,
        "value": mark.value,
        "low": mark.low,
        "high": mark.high,
        "n": mark.n,
        "against": mark.against.value,
        "flags": flag_letters(mark),
        "note": mark.note,
        "unit": figure.unit,
    }


def _text(key: str, cell: Cell, mark: Mark, words: Words) -> str:
    if key == "value" and mark.value is None:
        return words("hidden_mark") if mark.is_hidden else words("missing_mark")
    if key == "role" and cell == Role.VALUE.value:
        return ""
    if key in {"role", "against"}:
        return words(f"{key}.{cell}")
    if key == "n":
        return words.number(mark.n, 0)
    if key == "at":
        return words.percent(mark.at, 1)
    if key == "value":
        return words.short(mark.value)
    if isinstance(cell, str):
        return cell
    return MISSING if cell is None else words.number(cell)


def _named(column: Column, figure: Figure, words: Words) -> Column:
    said = {"label": figure.of, "series": figure.by}.get(column.key) or column.heading
    if column.key == "value" and figure.unit:
        said = words("quantity", number=column.heading, unit=f"({figure.unit})")
    return Column(column.key, said, column.is_number)


def _compares_nothing(figure: Figure) -> bool:
    return all(mark.against is Against.UNKNOWN for mark in figure.marks)

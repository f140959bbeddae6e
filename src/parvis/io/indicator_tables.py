"""Where values of indicators and what they belong to are read from two tables."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from parvis.errors import InputError
from parvis.indicators.composite.draws import (
    DataErrors,
    count_errors,
    independent_covariance,
    replicates,
    survey_errors,
)
from parvis.indicators.composite.rows import Rows
from parvis.indicators.composite.tree import Direction, Node, Sphere, Tree, direction_of, plant
from parvis.io.vector import VectorMissingError, VectorUnreadableError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GAPS = frozenset({"", "na", "nan", "n/a", "null"})
UNAVAILABLE = frozenset({":", "not available"})
"""What somebody writes who knows that a value cannot be had."""

_COMMA = re.compile(r"^[+-]?\d+,\d+$")
_POINT = re.compile(r"^[+-]?\d*\.\d+$")


class IndicatorColumnsError(InputError):
    """A table lacks columns."""

    code: ClassVar[str] = "indicator_columns"


class IndicatorCellError(InputError):
    """A cell of a table cannot be used."""

    code: ClassVar[str] = "indicator_cell"


class IndicatorRowsError(InputError):
    """A table has no rows."""

    code: ClassVar[str] = "indicator_rows"


@dataclass(frozen=True)
class IndicatorTable:
    """
    Values of indicators and what they belong to.

    Attributes
    ----------
    tree : Tree
    rows : Rows
    names : tuple of str
        Of the units, by row.
    values : ndarray, shape (rows, indicators)
    unavailable : ndarray of bool, shape (rows, indicators)
        Marked ``:`` or ``not available``.
    denominators : mapping from column to ndarray, shape (rows,)
    groups : mapping from column to tuple of str
    """

    tree: Tree
    rows: Rows
    names: tuple[str, ...]
    values: Floats
    unavailable: Bools
    denominators: Mapping[str, Floats]
    groups: Mapping[str, tuple[str, ...]]

    def keeping(self, rows: Rows) -> "IndicatorTable":
        """Return the table with other rows, for reading what belongs to them."""
        return replace(self, rows=rows)


@dataclass(frozen=True)
class _Sheet:
    file: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    has_decimal_comma: bool

    def need(self, *columns: str) -> None:
        missing = [column for column in columns if column not in self.columns]
        if missing:
            raise IndicatorColumnsError(
                file=self.file,
                missing=", ".join(missing),
                found=", ".join(self.columns[:12]),
            )

    def text(self, row: int, column: str) -> str:
        return self.rows[row].get(column, "")

    def number(self, row: int, column: str) -> float:
        said = self.text(row, column)
        if said.lower() in GAPS | UNAVAILABLE:
            return float("nan")
        try:
            value = float(said.replace(",", ".") if self.has_decimal_comma else said)
        except ValueError:
            value = float("inf")
        if not np.isfinite(value):
            raise self.wrong(row, column, "a number")
        return value

    def numbers(self, column: str) -> Floats:
        return np.array([self.number(row, column) for row in range(len(self.rows))])

    def wrong(self, row: int, column: str, accepted: str) -> IndicatorCellError:
        return IndicatorCellError(
            file=self.file,
            row=row + 2,
            column=column,
            value=self.text(row, column),
            accepted=accepted,
        )


def read_indicators(data: Path, meta: Path) -> IndicatorTable:
    """
    Read a table of values and the table of what they belong to.

    Parameters
    ----------
    data : Path
        CSV with a row for each unit (and period): ``uCode``, optionally ``uName`` and ``Time``,
        and a column for each indicator, denominator and group of `meta`.
    meta : Path
        CSV with ``iCode``, ``Type`` (Indicator, Aggregate, Denominator, Group) and ``Parent``;
        optionally ``iName``, ``Direction``, ``Weight``, ``Unit``, ``Target``, ``Low``, ``High``,
        ``Denominator``, ``Core`` (1), ``Sphere`` (objective, subjective). The layout of COINr's
        iData and iMeta.

    Returns
    -------
    IndicatorTable
        An aggregate without a parent that is made of other aggregates is the overall number.

    Raises
    ------
    IndicatorColumnsError, IndicatorCellError, IndicatorRowsError
        With file, row and column.
    """
    told, sheet = _read(meta), _read(data)
    told.need("iCode", "Type", "Parent")
    sheet.need("uCode")
    tree = plant(_nodes(told))
    kinds = {
        kind: [
            told.text(row, "iCode")
            for row in range(len(told.rows))
            if told.text(row, "Type").lower() == kind
        ]
        for kind in ("denominator", "group")
    }
    indicators = [node.key for node in tree.indicators]
    sheet.need(*indicators, *kinds["denominator"])
    every = range(len(sheet.rows))
    has_periods = "Time" in sheet.columns
    units = tuple(sheet.text(row, "uCode") for row in every)
    for row in every:
        if not units[row]:
            raise sheet.wrong(row, "uCode", "a code of the unit")
    return IndicatorTable(
        tree=tree,
        rows=Rows(units, tuple(sheet.text(row, "Time") for row in every) if has_periods else ()),
        names=tuple(sheet.text(row, "uName") or units[row] for row in every),
        values=np.column_stack([sheet.numbers(key) for key in indicators]),
        unavailable=np.array(
            [[sheet.text(row, key).lower() in UNAVAILABLE for key in indicators] for row in every],
            dtype=bool,
        ),
        denominators={key: sheet.numbers(key) for key in kinds["denominator"]},
        groups={
            key: tuple(sheet.text(row, key) for row in every)
            for key in kinds["group"]
            if key in sheet.columns
        },
    )


def read_errors(file: Path, table: IndicatorTable, values: Floats) -> tuple[DataErrors, ...]:
    """
    Read the errors of values.

    Parameters
    ----------
    file : Path
        CSV with ``uCode``, ``Time`` (where there are periods), ``iCode`` and ``Model``:
        ``count`` with ``Count`` (and ``Factor``, the value of one event, where the count is 0),
        ``share`` or ``mean`` with ``StandardError`` in the unit of the value (``Factor`` is 100
        for a share in per cent).
    table : IndicatorTable
    values : ndarray, shape (rows, indicators)
        As they are scored, after denominators.

    Returns
    -------
    tuple of DataErrors
        Errors of shares and means are drawn independently; replicates keep what goes together.
    """
    sheet = _read(file)
    sheet.need("uCode", "iCode", "Model")
    models: dict[str, list[tuple[int, int, float, float]]] = {"count": [], "share": [], "mean": []}
    for row in range(len(sheet.rows)):
        place, column = _cell(sheet, row, table)
        model = sheet.text(row, "Model").lower()
        if model not in models:
            raise sheet.wrong(row, "Model", "count, share or mean")
        given = sheet.number(row, "Factor") if sheet.text(row, "Factor") else float("nan")
        size = "Count" if model == "count" else "StandardError"
        sheet.need(size)
        told = sheet.number(row, size)
        if not told >= 0:
            raise sheet.wrong(row, size, "a number of 0 or more")
        if model == "count" and np.isnan(given):
            given = values[place, column] / told if told > 0 else float("nan")
            if not given > 0:
                raise sheet.wrong(row, "Factor", "the value of one event, more than 0")
        models[model].append((place, column, told, 1.0 if np.isnan(given) else given))
    found: list[DataErrors] = []
    for model, cells in models.items():
        if not cells:
            continue
        places, columns, sizes, factors = (np.array(each) for each in zip(*cells, strict=True))
        rows, keys = places.astype(np.intp), columns.astype(np.intp)
        if model == "count":
            found.append(count_errors(rows, keys, sizes, factors))
            continue
        found.append(
            survey_errors(
                rows,
                keys,
                values[rows, keys] / factors,
                independent_covariance(sizes / factors),
                factors=factors,
                is_share=model == "share",
            )
        )
    return tuple(found)


def read_replicates(file: Path, table: IndicatorTable) -> DataErrors:
    """
    Read draws of values made elsewhere, such as a bootstrap of a survey.

    Parameters
    ----------
    file : Path
        CSV with ``Draw``, ``uCode``, ``Time`` (where there are periods), ``iCode`` and ``Value``.
    table : IndicatorTable

    Returns
    -------
    DataErrors
    """
    sheet = _read(file)
    sheet.need("Draw", "uCode", "iCode", "Value")
    drawn: dict[str, dict[tuple[int, int], float]] = {}
    for row in range(len(sheet.rows)):
        cell = _cell(sheet, row, table)
        drawn.setdefault(sheet.text(row, "Draw"), {})[cell] = sheet.number(row, "Value")
    cells = sorted({cell for each in drawn.values() for cell in each})
    rows, columns = np.array(cells, dtype=np.intp).T
    return replicates(
        rows,
        columns,
        [[each.get(cell, float("nan")) for cell in cells] for each in drawn.values()],
    )


def _nodes(told: _Sheet) -> list[Node]:
    rows = [
        row
        for row in range(len(told.rows))
        if told.text(row, "Type").lower() in ("indicator", "aggregate")
    ]
    made_of_aggregates = {
        told.text(row, "Parent") for row in rows if told.text(row, "Type").lower() == "aggregate"
    }
    found = []
    for row in rows:
        key, parent = told.text(row, "iCode"), told.text(row, "Parent")
        is_indicator = told.text(row, "Type").lower() == "indicator"
        direction = Direction.HIGHER
        if is_indicator:
            direction = direction_of(told.text(row, "Direction") or "1", key=key)
        sphere = told.text(row, "Sphere").lower() or Sphere.OBJECTIVE.value
        if sphere not in tuple(Sphere):
            raise told.wrong(row, "Sphere", "objective or subjective")
        nan = float("nan")
        weight = told.number(row, "Weight") if told.text(row, "Weight") else 1.0
        found.append(
            Node(
                key=key,
                name=told.text(row, "iName") or key,
                parent=parent,
                is_indicator=is_indicator,
                weight=weight,
                direction=direction,
                target=told.number(row, "Target") if is_indicator else nan,
                low=told.number(row, "Low") if is_indicator else nan,
                high=told.number(row, "High") if is_indicator else nan,
                denominator=told.text(row, "Denominator"),
                unit=told.text(row, "Unit"),
                is_core=told.text(row, "Core").lower() in ("1", "true", "yes"),
                sphere=Sphere(sphere),
                is_overall=not is_indicator and not parent and key in made_of_aggregates,
            )
        )
    return found


def _cell(sheet: _Sheet, row: int, table: IndicatorTable) -> tuple[int, int]:
    unit, period, key = (sheet.text(row, name) for name in ("uCode", "Time", "iCode"))
    period = period or (table.rows.periods[0] if table.rows.n_periods == 1 else period)
    place = table.rows.row_of.get((unit, period))
    if place is None:
        raise sheet.wrong(row, "uCode", "a unit of the data, with its period")
    column = table.tree.position.get(key, table.tree.n_indicators)
    if column >= table.tree.n_indicators:
        raise sheet.wrong(row, "iCode", "an indicator of the data")
    return place, column


def _read(file: Path) -> _Sheet:
    if not file.is_file():
        raise VectorMissingError(file=str(file))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise VectorUnreadableError(file=str(file), reason=str(problem)) from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines: Sequence[list[str]] = list(csv.reader(text.splitlines(), delimiter=delimiter))
    except csv.Error as problem:
        raise VectorUnreadableError(file=str(file), reason=str(problem)) from None
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise IndicatorRowsError(file=str(file))
    columns = tuple(cell.strip() for cell in lines[0])
    for column in columns:
        if columns.count(column) > 1:
            raise IndicatorColumnsError(
                file=str(file), missing=f"one {column} only", found=", ".join(columns[:12])
            )
    rows = []
    commas = points = False
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(columns):
            raise IndicatorCellError(
                file=str(file),
                row=number,
                column=columns[-1],
                value=f"{len(line)} cells",
                accepted=f"{len(columns)} cells, as in the header",
            )
        cells = [cell.strip() for cell in line]
        commas = commas or any(_COMMA.match(cell) for cell in cells)
        points = points or any(_POINT.match(cell) for cell in cells)
        if commas and points:
            raise IndicatorCellError(
                file=str(file),
                row=number,
                column=columns[0],
                value=", ".join(cell for cell in cells if _COMMA.match(cell) or _POINT.match(cell)),
                accepted="decimal points or decimal commas, not both",
            )
        rows.append(dict(zip(columns, cells, strict=True)))
    return _Sheet(str(file), columns, tuple(rows), has_decimal_comma=commas)

"""What do the answers of a survey say, whatever file they come in: CSV, XLSX or SPSS."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from parvis.errors import InputError
from parvis.io.vector import (
    VectorFormatError,
    VectorMissingError,
    VectorUnreadableError,
    as_text,
    read_rows,
)

Floats = NDArray[np.float64]
Labels = NDArray[np.object_]
ACCEPTED = ".csv, .txt, .xlsx, .sav, .zsav"
MISSING = frozenset({"", "na", "n/a", "nan", "null", "."})
"""What stands for no answer, in lower case."""
N_NAMED = 30
_POINT = re.compile(r"[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")


class SurveyColumnError(InputError):
    """A file lacks a column; details: file, column, known."""

    code: ClassVar[str] = "survey_column"


class SurveyColumnTwiceError(InputError):
    """Two columns have the same name; details: file, column."""

    code: ClassVar[str] = "survey_column_twice"


class SurveyEmptyError(InputError):
    """A file holds no rows below its names; details: file."""

    code: ClassVar[str] = "survey_empty"


class SurveyRowLengthError(InputError):
    """A row has other cells than the names above; details: file, row, found, expected."""

    code: ClassVar[str] = "survey_row_length"


class SurveyNumberError(InputError):
    """A cell is no number; details: file, column, row, value."""

    code: ClassVar[str] = "survey_number"


class SurveyDecimalsError(InputError):
    """A column mixes decimal commas and points; details: file, column, comma, point."""

    code: ClassVar[str] = "survey_decimals"


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """
    The cells of a survey file by column.

    Attributes
    ----------
    file : str
    columns : mapping of str to sequence
        Cells as the file has them.
    rows : tuple of int
        Line of each row in the file.
    value_labels : mapping of str to mapping
        What codes mean, where the file says it (SPSS).
    """

    file: str
    columns: Mapping[str, Sequence[Any]]
    rows: tuple[int, ...]
    value_labels: Mapping[str, Mapping[Any, str]]

    def cells(self, name: str) -> Sequence[Any]:
        """Return the cells of a column; SurveyColumnError names those there are."""
        if name not in self.columns:
            known = ", ".join(list(self.columns)[:N_NAMED])
            raise SurveyColumnError(file=self.file, column=name, known=known)
        return self.columns[name]

    def numbers(self, name: str) -> Floats:
        """
        Return a column as numbers, NaN where nothing is said.

        Raises
        ------
        SurveyColumnError, SurveyNumberError, SurveyDecimalsError
        """
        cells = self.cells(name)
        texts = [each for each in cells if isinstance(each, str)]
        comma = next((each for each in texts if _COMMA.fullmatch(each.strip())), None)
        point = next((each for each in texts if _POINT.fullmatch(each.strip())), None)
        if comma is not None and point is not None:
            raise SurveyDecimalsError(file=self.file, column=name, comma=comma, point=point)
        found = np.empty(len(cells))
        for at, cell in enumerate(cells):
            try:
                found[at] = _number(cell)
            except ValueError:
                raise SurveyNumberError(
                    file=self.file, column=name, row=self.rows[at], value=as_text(cell)[:60]
                ) from None
        return found

    def labels(self, name: str) -> Labels:
        """Return a column as words, empty where nothing is said; SurveyColumnError."""
        meaning = self.value_labels.get(name, {})
        found = np.empty(len(self.rows), dtype=object)
        found[:] = [meaning.get(cell, _word(cell)) for cell in self.cells(name)]
        return found


def read_survey(path: Path, *, sheet: str | None = None) -> SurveyTable:
    """
    Read the answers of a survey.

    Parameters
    ----------
    path : Path
        CSV with any usual delimiter, XLSX, or SPSS with its value labels; one row for each answer
        sheet below a row of names.
    sheet : str, optional
        Sheet of a workbook; the first by default.

    Returns
    -------
    SurveyTable

    Raises
    ------
    VectorMissingError, VectorFormatError, VectorUnreadableError, VectorLayerError
    SurveyEmptyError, SurveyColumnTwiceError, SurveyRowLengthError
    """
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    suffix = path.suffix.lower()
    if suffix in (".sav", ".zsav"):
        return _spss(path)
    if suffix not in (".csv", ".txt", ".xlsx"):
        raise VectorFormatError(file=path.name, accepted=ACCEPTED)
    lines = read_rows(path, sheet)
    if len(lines) < 2:
        raise SurveyEmptyError(file=path.name)
    names = [as_text(cell) for cell in lines[0][1]]
    while names and not names[-1]:
        names.pop()
    _refuse_twice(path.name, names)
    for row, cells in lines[1:]:
        there = len(cells) if suffix != ".xlsx" else len(names)
        if there != len(names) and any(as_text(cell) for cell in cells[len(names) :]):
            raise SurveyRowLengthError(file=path.name, row=row, found=there, expected=len(names))
        if there < len(names):
            raise SurveyRowLengthError(file=path.name, row=row, found=there, expected=len(names))
    columns = {name: [cells[at] for _, cells in lines[1:]] for at, name in enumerate(names) if name}
    return SurveyTable(path.name, columns, tuple(row for row, _ in lines[1:]), {})


def read_totals(path: Path, *, sheet: str | None = None) -> dict[str, dict[str, float]]:
    """
    Read known totals: a table with the columns variable, value and total.

    Returns
    -------
    dict of str to dict of str to float
        Persons by value, by variable.

    Raises
    ------
    As `read_survey` and `SurveyTable.numbers`; SurveyColumnTwiceError where a value stands twice.
    """
    table = read_survey(path, sheet=sheet)
    found: dict[str, dict[str, float]] = {}
    rows = zip(table.labels("variable"), table.labels("value"), table.numbers("total"), strict=True)
    for variable, value, total in rows:
        known = found.setdefault(variable, {})
        if value in known:
            raise SurveyColumnTwiceError(file=table.file, column=f"{variable}={value}")
        known[value] = float(total)
    return found


def _spss(path: Path) -> SurveyTable:
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(str(path))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        reason = "it is not a whole SPSS file"
        raise VectorUnreadableError(file=path.name, reason=reason) from error
    if not len(frame):
        raise SurveyEmptyError(file=path.name)
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    return SurveyTable(
        path.name, columns, tuple(range(1, len(frame) + 1)), dict(meta.variable_value_labels)
    )


def _refuse_twice(file: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SurveyColumnTwiceError(file=file, column=name)
        seen |= {name} - {""}


def _number(cell: Any) -> float:
    if cell is None:
        return float("nan")
    if not isinstance(cell, str):
        return float(cell)
    text = cell.strip()
    if text.lower() in MISSING:
        return float("nan")
    return float(text.replace(",", ".") if _COMMA.fullmatch(text) else text)


def _word(cell: Any) -> str:
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = as_text(cell).strip()
    return "" if text.lower() in MISSING else text

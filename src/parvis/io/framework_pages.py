"""What stands in the sheets of a framework's workbook."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NoReturn
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from parvis.errors import InputError
from parvis.io.framework_sheets import NEEDED_SHEETS, SHEETS

MOST_ROWS = 5_000
MOST_COLUMNS = 60
LARGEST = 50_000_000
"""Unpacked. [bytes]"""


class FrameworkWorkbookError(InputError):
    """A workbook holds no framework that can be used; details: file, problems."""

    code: ClassVar[str] = "framework_workbook"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a sheet.

    Attributes
    ----------
    sheet : str
    number : int
        As the spreadsheet shows it.
    values : dict of str to object
        By header; blank cells are left out.
    """

    sheet: str
    number: int
    values: dict[str, Any]

    def told(self, header: str, what: str) -> str:
        """Return a problem with its place."""
        return f"sheet {self.sheet}, row {self.number}, column {header}: {what}"


def workbook_pages(path: Path) -> dict[str, list[Row]]:
    """
    Return the rows of each sheet that are not blank.

    Raises
    ------
    FrameworkWorkbookError
        If it is no workbook, is too large, has other sheets or columns, or holds formulas.
    """
    try:
        with ZipFile(path) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > LARGEST:
            _refuse(path, f"it unpacks to more than {LARGEST // 1_000_000} MB")
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError, TypeError):
        _refuse(path, "it cannot be read as an XLSX workbook; save it as .xlsx")
    try:
        titles = [page.title for page in book.worksheets]
        if others := [title for title in titles if title not in SHEETS]:
            _refuse(path, f"there is no sheet {others[0]!r}; accepted are {', '.join(SHEETS)}")
        if missing := [title for title in NEEDED_SHEETS if title not in titles]:
            _refuse(path, f"the sheet {missing[0]!r} is missing")
        problems: list[str] = []
        pages = {page.title: _page(page, problems) for page in book.worksheets}
    finally:
        book.close()
    if problems:
        _refuse(path, "; ".join(problems))
    return pages


def _refuse(path: Path, what: str) -> NoReturn:
    raise FrameworkWorkbookError(file=path.name, problems=what)


def _page(page: Any, problems: list[str]) -> list[Row]:
    cells = page.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
    head = ["" if cell.value is None else str(cell.value).strip() for cell in next(cells, ())]
    known = [column.header for column in SHEETS[page.title]]
    for place, header in enumerate(head, start=1):
        is_language = page.title == "translations" and len(header) == 2
        if header and header not in known and not is_language:
            problems.append(
                f"sheet {page.title}, row 1, column {place}: there is no column {header!r}; "
                f"accepted are {', '.join(known)}"
            )
        if header and header in head[: place - 1]:
            problems.append(f"sheet {page.title}, row 1: the column {header!r} is given twice")
    found = []
    for number, values in enumerate(cells, start=2):
        if number > MOST_ROWS + 1:
            problems.append(f"sheet {page.title} has more than {MOST_ROWS} rows")
            break
        row = Row(page.title, number, {})
        for header, cell in zip(head, values, strict=False):
            if cell.value is None or cell.value == "":
                continue
            if cell.data_type == "f":
                problems.append(row.told(header or "?", "holds a formula; write its value"))
            elif cell.data_type == "e":
                problems.append(row.told(header or "?", f"holds the error {cell.value}"))
            elif not header:
                problems.append(row.told("?", f"{cell.value!r} stands under no header"))
            else:
                row.values[header] = cell.value
        if row.values:
            found.append(row)
    return found

"""How do translations get into a spreadsheet that anybody can fill in, and back?"""

from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from parvis.report.cells import neutralised
from parvis.report.files import written_whole
from parvis_web.publishing.translation import Row, Status, TranslationError

COLUMNS = {"Part": 9, "Key": 30, "English": 70, "Translation": 70, "Status": 16}
"""Headings and widths; headings stay English, they are read back."""
MOST_ROWS = 5_000


def write_sheet(rows: list[Row], path: Path, *, language: str) -> None:
    """Write a workbook in which only translation and status are to be filled in."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101
    sheet.title = language
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append(
            [
                row.part,
                row.key,
                neutralised(row.english),
                neutralised(row.translation),
                row.status.value,
            ]
        )
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDE", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    for cells in sheet.iter_rows(min_row=2):
        for place, cell in enumerate(cells):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.protection = Protection(locked=place < 3)
            cell.number_format = "@"
    choices = DataValidation(type="list", formula1=f'"{",".join(Status)}"', allow_blank=False)
    sheet.add_data_validation(choices)
    choices.add(f"E2:E{len(rows) + 1}")
    sheet.freeze_panes = "A2"
    with written_whole(path) as part:
        book.save(part)


def read_sheet(path: Path) -> list[tuple[int, Row]]:
    """
    Return the rows of a filled workbook with their numbers in it.

    Raises
    ------
    TranslationError
        Where it is no such workbook, or a cell holds a formula or an unknown status.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError):
        raise TranslationError(
            _("%(file)s cannot be read as an XLSX workbook.") % {"file": path.name}
        ) from None
    cells = book.worksheets[0].iter_rows(max_row=MOST_ROWS, max_col=len(COLUMNS))
    head = [str(cell.value) for cell in next(cells, ())]
    if head != list(COLUMNS):
        raise TranslationError(
            _("%(file)s must begin with a row of these columns: %(columns)s.")
            % {"file": path.name, "columns": ", ".join(COLUMNS)}
        )
    mistakes, rows = [], []
    for number, values in enumerate(cells, start=2):
        if all(cell.value is None for cell in values):
            continue
        formulas = [
            name for name, cell in zip(COLUMNS, values, strict=False) if cell.data_type == "f"
        ]
        part, key, english, translation, status = (_text(cell.value) for cell in values)
        if formulas:
            mistakes.append(
                _("Row %(row)d, column %(column)s holds a formula; write text.")
                % {"row": number, "column": formulas[0]}
            )
        elif status not in set(Status):
            mistakes.append(
                _("Row %(row)d, column Status: “%(value)s” is none of %(known)s.")
                % {"row": number, "value": status, "known": ", ".join(Status)}
            )
        else:
            rows.append((number, Row(part, key, english, translation, Status(status))))
    if mistakes:
        raise TranslationError(mistakes)
    return rows


def _text(value: object) -> str:
    """Return the text of a cell without the apostrophe that keeps it from being a formula."""
    text = "" if value is None else str(value).strip()
    return text[1:] if text.startswith("'") and neutralised(text[1:]) == text else text

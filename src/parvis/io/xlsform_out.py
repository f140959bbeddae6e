"""How does an assessment go into the field: as a form for ODK Collect, KoboToolbox or Enketo."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from parvis.assessment import Assessment
from parvis.errors import InputError
from parvis.io.sheet_cells import put_text
from parvis.io.xlsform_fields import FormLayout
from parvis.io.xlsform_layout import form_layout

_FIRST = ("type", "list_name", "name")
_LAST = (
    "required", "relevant", "constraint", "calculation", "default", "appearance", "choice_filter",
)  # fmt: skip
OPEN = frozenset({"CLEAR", "GREEN"})
"""Markings whose forms may lie on a server of others."""


class OwnServerError(InputError):
    """A form may only go to a server of the authority's own; details: framework, marking."""

    code = "form_own_server"


class FormMarkingError(InputError):
    """Nothing with this marking leaves the house; details: framework, marking."""

    code = "form_marking"


def needs_own_server(marking: str) -> bool:
    """Return whether forms of assessments with a marking are for the authority's own server."""
    return marking not in OPEN


def export_xlsform(assessment: Assessment, *, marking: str, own_server: bool = False) -> bytes:
    """
    Return the form of an assessment as an XLSForm workbook.

    Parameters
    ----------
    assessment : Assessment
        Its answers are not in the form; name and facts of its subject are.
    marking : str
        Of the assessment.
    own_server : bool, default False
        Somebody has confirmed that the form goes to a server of the authority's own.

    Raises
    ------
    OwnServerError
        If the marking asks for that confirmation.
    FormMarkingError
        If it is RED: it never leaves the house.
    """
    framework = assessment.framework.name
    if marking == "RED":
        raise FormMarkingError(framework=framework, marking=marking)
    if needs_own_server(marking) and not own_server:
        raise OwnServerError(framework=framework, marking=marking)
    return xlsform_workbook(form_layout(assessment))


def xlsform_workbook(layout: FormLayout) -> bytes:
    """Return a form as a workbook of the sheets survey, choices and settings."""
    book = Workbook()
    for name in book.sheetnames:
        book.remove(book[name])
    _sheet(book, "survey", layout.survey)
    _sheet(book, "choices", layout.choices)
    _sheet(book, "settings", [layout.settings])
    book.properties.creator = "Parvis"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(book: Workbook, name: str, rows: Sequence[Mapping[str, str]]) -> None:
    page: Any = book.create_sheet(name)
    columns = _ordered(column for row in rows for column in row)
    for place, column in enumerate(columns, start=1):
        put_text(page.cell(1, place), column)
        page.cell(1, place).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = 40 if "::" in column else 22
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            if row.get(column):
                put_text(page.cell(number, place), row[column])
    page.freeze_panes = "A2"


def _ordered(columns: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(columns))
    middle = [c for c in found if c not in _FIRST and c not in _LAST]
    return [c for c in _FIRST if c in found] + middle + [c for c in _LAST if c in found]

"""How does the list of what to measure become a workbook that can be read back."""

from dataclasses import dataclass
from io import BytesIO

import shapely
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from parvis.approach.results import ApproachResult, UncertainInput
from parvis.city.corrections import STATES, CorrectionKind, Method
from parvis.io.correction_rows import degrees_of

SHOWN = (
    ("number", 8),
    ("what", 34),
    ("where", 26),
    ("used", 12),
    ("value", 12),
    ("there", 10),
    ("method", 10),
    ("person", 18),
    ("date", 13),
    ("rating", 24),
    ("state", 11),
    ("plate", 22),
    ("note", 30),
    ("photo", 18),
)
"""Visible columns with their width in characters."""
HIDDEN = ("kind", "osm", "lon", "lat", "key")
TO_FILL = frozenset(
    {"value", "there", "method", "person", "date", "rating", "state", "plate", "note", "photo"}
)
_DEGREE_DIGITS = 9
_LINE_KINDS = {
    "kerb": CorrectionKind.KERB,
    "curb": CorrectionKind.KERB,
    "steps": CorrectionKind.STEP,
}


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """
    One place to measure, as the workbook holds it.

    Attributes
    ----------
    number : str
        ``"M1"``: as on the plan and in the annex.
    what, where, used : str
        For the person on site.
    kind : CorrectionKind
        What the answer will correct.
    osm : str
        Feature it speaks of, "" for none.
    lon, lat : float
        [°]
    key : str
        Of the input in the result.
    """

    number: str
    what: str
    where: str
    used: str
    kind: CorrectionKind
    osm: str
    lon: float
    lat: float
    key: str


def survey_rows(
    result: ApproachResult, what: dict[str, str], unnamed: str
) -> tuple[SurveyRow, ...]:
    """
    Return the places to measure, numbered as in the annex.

    Parameters
    ----------
    result : ApproachResult
    what : dict of str to str
        Words for `UncertainInput.what`.
    unnamed : str
        Where a place has no name.
    """
    return tuple(
        _row(number, entry, result.epsg, what, unnamed)
        for number, entry in enumerate(result.inputs, start=1)
    )


def _row(
    number: int, entry: UncertainInput, epsg: int, what: dict[str, str], unnamed: str
) -> SurveyRow:
    feature = entry.key.partition(":")[2]
    osm = feature if feature.startswith(("way/", "node/", "relation/")) else ""
    place = shapely.get_coordinates(degrees_of(shapely.Point(entry.x, entry.y), epsg))[0]
    is_number = entry.value == entry.value
    return SurveyRow(
        number=f"M{number}",
        what=what.get(entry.what, entry.what),
        where=entry.label.replace("_", " ") or unnamed,
        used=f"{entry.value:.2f} m ({entry.grade})" if is_number else f"? ({entry.grade})",
        kind=correction_kind(entry),
        osm=osm,
        lon=round(float(place[0]), _DEGREE_DIGITS),
        lat=round(float(place[1]), _DEGREE_DIGITS),
        key=entry.key,
    )


def correction_kind(entry: UncertainInput) -> CorrectionKind:
    """Return what a measurement of that input corrects."""
    by_what = {
        "clear_width": CorrectionKind.GAP,
        "street_width": CorrectionKind.WIDTH,
        "ground": CorrectionKind.GROUND,
    }
    if entry.what in by_what:
        return by_what[entry.what]
    if ":node/" in entry.key:
        return CorrectionKind.TREE if entry.label == "tree" else CorrectionKind.BOLLARD
    return _LINE_KINDS.get(entry.label, CorrectionKind.WALL)


def survey_workbook(
    rows: tuple[SurveyRow, ...], labels: dict[str, str], title: str, guide: str
) -> bytes:
    """
    Return the workbook to fill in.

    Parameters
    ----------
    rows : tuple of SurveyRow
    labels : dict of str to str
        Words above the columns, by column name.
    title, guide : str
        First two lines.

    Returns
    -------
    bytes
        XLSX whose third line says what the columns mean to a person and whose fourth, in small
        print, what they mean to `parvis correct`; place and feature stand in hidden columns.
    """
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        sheet = book.create_sheet()
    sheet.title = "survey"
    names = [name for name, _ in SHOWN] + list(HIDDEN)
    sheet.append([title])
    sheet.append([guide])
    sheet.append([labels.get(name, name) for name in names])
    sheet.append(names)
    for row in rows:
        values = {
            "number": row.number, "what": row.what, "where": row.where, "used": row.used,
            "kind": str(row.kind), "osm": row.osm, "lon": row.lon, "lat": row.lat, "key": row.key,
        }  # fmt: skip
        sheet.append([values.get(name) for name in names])
    _style(sheet, names, len(rows))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _style(sheet: Worksheet, names: list[str], n_rows: int) -> None:
    thin = Side(style="thin", color="999999")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"].font = Font(italic=True, color="555555")
    for cell in sheet[3]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[4]:
        cell.font = Font(size=8, color="999999")
    last = 4 + n_rows
    for line in sheet.iter_rows(min_row=5, max_row=last):
        for cell, name in zip(line, names, strict=True):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if name in TO_FILL:
                cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
                cell.fill = PatternFill("solid", fgColor="FFF9E5")
    for name, width in SHOWN:
        sheet.column_dimensions[get_column_letter(names.index(name) + 1)].width = width
    for name in HIDDEN:
        sheet.column_dimensions[get_column_letter(names.index(name) + 1)].hidden = True
    choices = {"there": ("yes", "no"), "method": tuple(Method), "state": STATES}
    for name, words in choices.items():
        letter = get_column_letter(names.index(name) + 1)
        listed = DataValidation(
            type="list", formula1=f'"{",".join(str(word) for word in words)}"', allow_blank=True
        )
        sheet.add_data_validation(listed)
        if n_rows:
            listed.add(f"{letter}5:{letter}{last}")
    sheet.freeze_panes = "B5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

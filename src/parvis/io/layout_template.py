"""Which workbook does a coordinator fill in: the sheets of a schedule with an example each."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from parvis.events.layout import ItemKind, PhaseKind

_SHEETS: dict[str, tuple[str, tuple[str, ...], tuple[tuple[object, ...], ...]]] = {
    "phases": (
        "One line a phase. Time zone of all times: Europe/Berlin (change it here). A phase that "
        "repeats every day has its last day under 'daily until'.",
        ("phase", "kind", "starts", "ends", "daily until", "people", "leave within", "notes"),
        (
            ("build-up", "build_up", "2026-11-23 07:00", "2026-11-26 18:00"),
            ("delivery", "delivery", "2026-11-27 06:00", "10:00", "2026-12-23"),
            ("market", "open", "2026-11-27 11:00", "21:00", "2026-12-23", 4000, 8),
            ("take-down", "closing", "2026-12-23 21:30", "2026-12-24 16:00"),
        ),
    ),
    "items": (
        "One line a thing: its number as in the drawing, or its place as lon and lat. Length and "
        "width of one element in metres; rating as on the certificate, or unrated.",
        ("id", "kind", "phases", "length", "width", "rating", "stock type", "lon", "lat", "notes"),
        (
            ("B1", "block", "market; delivery", 2.4, 0.8, "V/7200[N2B]/64/90:3.0", "Block 2.4 m",
             None),
            ("S1", "stall", "all", 4, 2.5),
        ),
    ),
    "gates": (
        "One line a gate and phase in which it is open. Open for: emergency, delivery, residents, "
        "public. Staffed by a role, never a name.",
        ("gate", "phase", "open for", "clear width", "rating", "staffed by", "on leaving", "notes"),
        (
            ("G1", "delivery", "delivery, residents", 4.0, "V/7200[N2B]/64/90:3.0", "stewards",
             "shut and tell the control room"),
            ("G2", "market", "public", 3.6, None, "stewards", "leave open"),
        ),
    ),
}  # fmt: skip


def schedule_template() -> bytes:
    """Return the workbook as XLSX; `parvis.io.layout_schedule.read_schedule` reads it back."""
    book = Workbook()
    for at, (name, (guide, head, rows)) in enumerate(_SHEETS.items()):
        sheet = book.active if at == 0 else book.create_sheet()
        if not isinstance(sheet, Worksheet):
            sheet = book.create_sheet()
        sheet.title = name
        sheet.append([guide])
        sheet.append([])
        sheet.append(list(head))
        for row in rows:
            sheet.append(list(row))
        _style(sheet, head)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _style(sheet: Worksheet, head: tuple[str, ...]) -> None:
    sheet["A1"].font = Font(italic=True, color="555555")
    for cell in sheet[3]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8E8E8")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for at, name in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = max(13, len(name) + 4)
    words = {"phases": tuple(PhaseKind), "items": tuple(ItemKind)}.get(sheet.title)
    if words is not None:
        listed = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        sheet.add_data_validation(listed)
        listed.add("B4:B500")
    sheet.freeze_panes = "B4"

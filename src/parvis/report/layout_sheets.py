"""What a layout hands to stores, stewards and whoever accepts it: order, gate duty, acceptance."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from parvis.city.model import City
from parvis.events.layout import Gate, Item, ItemKind, Layout, Phase
from parvis.events.positions import barrier_rows, positions
from parvis.report.documents import compile_document, created
from parvis.report.layout_words import (
    layout_frame,
    phase_times,
    users_text,
)
from parvis.report.wording import Wording

Cell = str | int | float | dt.datetime | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """
    Elements of one type to have on site from a day on.

    Attributes
    ----------
    stock_type, kind : str
        Type in the stock list, "" for none; what it is.
    count : int
        Elements.
    length : float
        Of one element. [m]
    rating : str
        "" for unrated.
    needed_by, needed_until : datetime or None
        Beginning and end of the phases it stands in; None where nobody knows.
    positions : str
        Numbers on the plan, ids for what has none.
    address : str
        Where there is no place to the metre, "" else.
    """

    stock_type: str
    kind: str
    count: int
    length: float
    rating: str
    needed_by: dt.datetime | None
    needed_until: dt.datetime | None
    positions: str
    address: str = ""


def order_lines(layout: Layout) -> tuple[OrderLine, ...]:
    """
    Return what has to be ordered, one line for each type, length, rating and time.

    Parameters
    ----------
    layout : Layout
        Barriers, fences and whatever else names a type of the stock list.
    """
    groups: dict[tuple[Any, ...], list[tuple[str, int]]] = {}
    for place in positions(layout):
        item = place.item
        count, length = 1, round(place.length, 2)
        if item.kind is ItemKind.FENCE and item.length == item.length:
            count, length = math.ceil(place.length / item.length - 1e-9), item.length
        key = (item.stock_type, str(item.kind), length, item.rating, *_needed(layout, item))
        groups.setdefault(key, []).append((str(place.number), count))
    for item in layout.items:
        if not item.is_barrier and item.stock_type:
            length = round(item.length, 2) if item.length == item.length else math.nan
            size = -1.0 if math.isnan(length) else length
            key = (item.stock_type, str(item.kind), size, item.rating, *_needed(layout, item))
            groups.setdefault(key, []).append((item.id, 1))
    lines = [
        OrderLine(
            key[0], key[1], sum(count for _, count in members),
            math.nan if key[2] < 0 else key[2], key[3], key[4], key[5],
            _numbers([name for name, _ in members]),
        )
        for key, members in groups.items()
    ]  # fmt: skip
    first, last = _span(layout.phases)
    lines += [
        OrderLine(
            "", barrier.kind, barrier.count, barrier.length, barrier.rating, first, last,
            barrier.id, barrier.address,
        )
        for barrier in layout.unplaced
    ]  # fmt: skip
    return tuple(lines)


def _needed(layout: Layout, item: Item) -> tuple[dt.datetime | None, dt.datetime | None]:
    return _span([phase for phase in layout.phases if phase.key in item.phases])


def _span(phases: Sequence[Phase]) -> tuple[dt.datetime | None, dt.datetime | None]:
    if not phases:
        return None, None
    return min(phase.starts for phase in phases), max(phase.ends for phase in phases)


def _numbers(names: list[str]) -> str:
    """Return numbers as ranges and other names one by one: "3–9, 12, T1"."""
    numbers = sorted(int(name) for name in names if name.isdigit())
    found: list[str] = []
    start = None
    for at, number in enumerate(numbers):
        start = number if start is None else start
        if at + 1 < len(numbers) and numbers[at + 1] == number + 1:
            continue
        found.append(str(number) if start == number else f"{start}–{number}")
        start = None
    return ", ".join(found + [name for name in names if not name.isdigit()])


def order_list(layout: Layout, language: str = "en") -> bytes:
    """Return the order list as XLSX."""
    wording = Wording(language)
    lines = order_lines(layout)
    rows: list[list[Cell]] = []
    for line in lines:
        known = f"layout.kind.{line.kind}"
        note = wording("layout.order.not_placed", address=line.address) if line.address else ""
        rows.append(
            [
                line.stock_type or "–",
                wording(known) if wording.has(known) else line.kind,
                line.count,
                None if math.isnan(line.length) else round(line.length, 2),
                line.rating or wording("layout.unrated"),
                _clock(line.needed_by),
                _clock(line.needed_until),
                line.positions,
                note,
            ]
        )
    rows.append([wording("layout.order.total"), "", sum(line.count for line in lines)])
    return _book(layout, wording, "order", rows, (26, 16, 11, 13, 26, 18, 18, 24, 40))


def _clock(moment: dt.datetime | None) -> dt.datetime | None:
    """Return a moment as the clock at the event's place shows it, as workbooks keep it."""
    return None if moment is None else moment.replace(tzinfo=None)


def gate_duties(layout: Layout, language: str = "en") -> bytes:
    """Return the gate duty sheet as XLSX: a line for each gate and each time it is open."""
    wording = Wording(language)
    rows: list[list[Cell]] = []
    for gate in layout.gates:
        for phase, opening in _open_phases(layout, gate):
            for time in phase.times:
                rows.append(
                    [
                        gate.id,
                        phase.key,
                        _clock(time.starts),
                        _clock(time.ends),
                        users_text(gate, phase.key, wording),
                        round(gate.passage, 2),
                        opening.staffed_by or wording("layout.nobody"),
                        opening.on_leaving or wording("layout.duty.leave_default"),
                        None,
                        None,
                    ]
                )
    widths = (8, 14, 18, 18, 34, 12, 22, 34, 20, 20)
    return _book(layout, wording, "duty", rows, widths, ruled=(8, 9))


def _open_phases(layout: Layout, gate: Gate) -> list[tuple[Phase, Any]]:
    found = ((phase, gate.opening(phase.key)) for phase in layout.phases)
    return [(phase, opening) for phase, opening in found if opening is not None]


def duty_sheet(layout: Layout, language: str = "en") -> bytes:
    """Return the gate duty sheet as PDF/UA-1, a block to tear off for each gate."""
    wording = Wording(language)
    data = layout_frame(layout, wording, "duty") | {
        "gates": [
            {
                "id": gate.id,
                "closed": wording(
                    "layout.duty.closed",
                    phases=wording.join(
                        [p.key for p in layout.phases if gate.opening(p.key) is None]
                    ),
                )
                if len(_open_phases(layout, gate)) < len(layout.phases)
                else "",
                "rating": gate.rating or wording("layout.unrated"),
                "rows": [
                    [
                        phase.key,
                        phase_times(phase, wording),
                        users_text(gate, phase.key, wording),
                        wording.number(gate.passage, 2),
                        opening.staffed_by or wording("layout.nobody"),
                        opening.on_leaving or wording("layout.duty.leave_default"),
                    ]
                    for phase, opening in _open_phases(layout, gate)
                ],
            }
            for gate in layout.gates
        ],
    }
    return compile_document("gate-duties.typ", data, {})


def acceptance_sheet(city: City, layout: Layout, language: str = "en") -> bytes:
    """Return the acceptance sheet as XLSX: a line for each position and gate."""
    wording = Wording(language)
    rows: list[list[Cell]] = []
    for row in barrier_rows(city, layout):
        after = {gap.left: gap for gap in row.gaps if gap.left}
        for place in row.positions:
            item, gap = place.item, after.get(str(place.number))
            required = (
                f"{wording(f'layout.kind.{item.kind}')} {item.stock_type} "
                f"{wording.number(place.length, 2)} × {wording.number(place.width, 2)} m"
            )
            rows.append(
                [
                    place.number, row.number, item.id, " ".join(required.split()),
                    item.rating or wording("layout.unrated"), round(place.x, 2), round(place.y, 2),
                    None if gap is None else round(gap.width, 2), None, None, None, None,
                ]
            )  # fmt: skip
        for gate in row.gates:
            gap = after.get(gate.id)
            x, y = gate.geometry.centroid.coords[0]
            required = f"{wording('layout.kind.gate')} {wording.number(gate.passage, 2)} m"
            rows.append(
                [
                    gate.id, row.number, gate.id, required,
                    gate.rating or wording("layout.unrated"), round(x, 2), round(y, 2),
                    None if gap is None else round(gap.width, 2), None, None, None, None,
                ]
            )  # fmt: skip
    widths = (7, 7, 12, 34, 26, 13, 13, 14, 22, 12, 12, 20)
    return _book(layout, wording, "acceptance", rows, widths, ruled=(8, 9, 10, 11))


def _book(
    layout: Layout,
    wording: Wording,
    part: str,
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[int],
    *,
    ruled: Sequence[int] = (),
) -> bytes:
    """Return a workbook of one marked sheet; columns `ruled` are to be filled in by hand."""
    t = layout_frame(layout, wording)["t"]
    own = t[part]
    book = Workbook()
    moment = created(str(layout.source.get("added", "1970-01-01T00:00:00+00:00")))
    book.properties.creator = "Parvis"
    book.properties.title = own["title"]
    book.properties.created = book.properties.modified = moment.replace(tzinfo=None)
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        sheet = book.create_sheet()
    sheet.title = own["sheet"]
    sheet.append([own["title"]])
    sheet.append([f"{t['marking']} – {t['handling']}"])
    sheet.append([own.get("rules", t["attention"])])
    sheet.append([f"{layout.time_zone} · {layout.hash[:12]}"])
    sheet.append(list(own["head"]))
    for row in rows:
        sheet.append(list(row))
    _style(sheet, len(own["head"]), widths, ruled)
    for band in (sheet.oddHeader, sheet.oddFooter):
        if band is not None:
            band.left.text = t["marking"]
            band.right.text = "&P / &N"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _style(sheet: Worksheet, n_columns: int, widths: Sequence[int], ruled: Sequence[int]) -> None:
    thin = Side(style="thin", color="999999")
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"].font = Font(bold=True, color="B36B00")
    for name in ("A3", "A4"):
        sheet[name].font = Font(italic=True, color="555555")
    for cell in sheet[5]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8E8E8")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(bottom=thin)
    for line in sheet.iter_rows(min_row=6, max_col=n_columns):
        for at, cell in enumerate(line):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if isinstance(cell.value, dt.datetime):
                cell.number_format = "yyyy-mm-dd hh:mm"
            elif isinstance(cell.value, float):
                cell.number_format = "0.00"
            if at in ruled:
                cell.fill = PatternFill("solid", fgColor="FFF9E5")
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A6"
    sheet.print_title_rows = "5:5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

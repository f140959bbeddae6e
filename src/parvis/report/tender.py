"""What does procurement ask bidders for: a performance specification, line by line."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from parvis.approach.ratings import parse_rating
from parvis.approach.results import ClassAtPoint
from parvis.closure.results import ClosurePlan, ClosureResult, ScheduledLine
from parvis.packs.closure_content import (
    BarrierProducts,
    ProductFamily,
    load_barrier_products,
    openness_requirements,
)
from parvis.report.files import write_bytes
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS, Marking

_TO_FILL = PatternFill("solid", fgColor="FFF9E5")
_HEAD = PatternFill("solid", fgColor="E8EEF2")
_THIN = Side(style="thin", color="999999")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_GROUND_CHECKS = ("utilities", "tree_roots", "tram", "steps", "structure")
_WIDEST, _NARROWEST = 48, 11


def write_tender(
    path: Path,
    result: ClosureResult,
    plan: int = 0,
    language: str = "en",
    *,
    products: BarrierProducts | None = None,
) -> Path:
    """
    Write the performance specification of a plan as a workbook.

    Parameters
    ----------
    path : Path
        XLSX; written whole or not at all.
    result : ClosureResult
    plan : int, default 0
        Index in `ClosureResult.plans`.
    language : {"en", "fr", "pl"}
    products : BarrierProducts, optional
        For planned foundations and the currency; the list of Parvis by default.

    Returns
    -------
    Path

    Raises
    ------
    UnknownLanguageError, OutputNotWritableError

    Notes
    -----
    Holds what a barrier must do, not what could arrive: no attainable speeds, energies, approaches
    or residual risks. No vendors, no formulas, no personal names; marked TLP:AMBER on every sheet.
    """
    listed = products or load_barrier_products()
    return write_bytes(path, tender_workbook(result, result.plans[plan], language, listed))


def tender_workbook(
    result: ClosureResult, plan: ClosurePlan, language: str, products: BarrierProducts
) -> bytes:
    """Return the workbook of `write_tender` as bytes."""
    pages = _Pages(result, plan, Wording(language), products)
    pages.read()
    pages.performance()
    pages.layout()
    pages.ground()
    pages.evidence()
    pages.offer()
    pages.sign()
    return pages.saved()


class _Pages:
    def __init__(
        self, result: ClosureResult, plan: ClosurePlan, words: Wording, products: BarrierProducts
    ) -> None:
        self.result = result
        self.plan = plan
        self.words = words
        self.products = products
        self.space = ILLEGAL_CHARACTERS_RE.sub("", result.space_name or result.space_id)
        self.lines = [
            item for item in plan.lines if item.line.classes and not item.line.is_existing
        ]
        self.book = Workbook()
        self.book.remove(self.book.worksheets[0])

    def read(self) -> None:
        words = self.words
        purpose = words("tender.read.purpose_text", count=len(self.lines), plan=self._plan_name())
        created = str(self.result.provenance.get("created", ""))
        rows: list[tuple[str, str]] = [
            (words("tender.read.purpose"), purpose),
            (words("tender.read.draft"), words("tender.read.draft_text")),
            (words("tender.read.run"), str(self.result.provenance.get("run_id", ""))[:12]),
            (words("tender.read.date"), words.date(created)),
        ]
        for key in ("conditions", "definitions"):
            title = words(f"tender.read.{key}")
            for number, text in enumerate(words.node(f"tender.read.{key}_list"), start=1):
                rows.append((title if number == 1 else "", f"{number}. {text}"))
        left_out = words("tender.read.left_out")
        for item in self.plan.lines:
            if item in self.lines:
                continue
            key = "standing" if item.line.is_existing else "not_needed"
            rows.append((left_out, words(f"tender.read.{key}", number=item.line.id)))
        page = self._page("read", "")
        for row in rows:
            self._append(page, row)
        page.column_dimensions["A"].width = 26
        page.column_dimensions["B"].width = 110

    def performance(self) -> None:
        rows = [
            [item.line.id, self._where(item), *self._required(entry)]
            for item in self.lines
            for entry in item.line.classes
        ]
        self._table("performance", rows)

    def layout(self) -> None:
        self._table("layout", [self._layout_row(item) for item in self.lines])

    def ground(self) -> None:
        rows = []
        for item in self.lines:
            at = [item.line.id, self._where(item)]
            rows.append([*at, self._foundation(self._family(item)), "", ""])
            for check in item.checks:
                if check.key not in _GROUND_CHECKS:
                    continue
                metres = check.details.get("nearest")
                found = ""
                if isinstance(metres, int | float):
                    text = self.words.number(float(metres), 1)
                    found = self.words("tender.ground.nearest", metres=text)
                rows.append([*at, self.words(f"tender.ground.{check.key}"), found, ""])
        self._table("ground", rows, to_fill=(5,))

    def evidence(self) -> None:
        is_operable = any(
            item.line.keeps_emergency_access or any(e.is_operable for e in item.elements)
            for item in self.lines
        )
        parts = [("offer_list", "with_offer")]
        parts += [("operable_list", "with_offer")] if is_operable else []
        parts += [("start_list", "before_start"), ("acceptance_list", "at_hand_over")]
        rows = [
            [text, self.words(f"tender.evidence.{when}"), ""]
            for key, when in parts
            for text in self.words.node(f"tender.evidence.{key}")
        ]
        self._table("evidence", rows, to_fill=(3,))

    def offer(self) -> None:
        n = len(self.words.node("tender.offer.head"))
        rows = [[i.line.id, round(i.line.width, 2), *[""] * (n - 2)] for i in self.lines]
        self._table("offer", rows, to_fill=range(3, n + 1))

    def sign(self) -> None:
        page = self._table(
            "sign", [[item.line.id, "", "", ""] for item in self.lines], to_fill=(2, 3, 4)
        )
        page.append([])
        for key in ("adviser", "organisation", "classes", "date", "signature"):
            self._append(page, [self.words(f"tender.sign.{key}"), ""])
            page.cell(page.max_row, 2).fill = _TO_FILL
            page.cell(page.max_row, 2).border = _BOX

    def saved(self) -> bytes:
        about = self.book.properties
        about.creator = about.lastModifiedBy = "Parvis"
        about.title = self.words("tender.title", space=self.space)
        about.keywords = Marking.AMBER
        moment = self._moment()
        if moment is not None:
            about.created = about.modified = moment
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def _plan_name(self) -> str:
        known = f"tender.plan.{self.plan.key}"
        return self.words(known) if self.words.has(known) else self.plan.key

    def _moment(self) -> dt.datetime | None:
        try:
            stated = dt.datetime.fromisoformat(str(self.result.provenance.get("created", "")))
        except ValueError:
            return None
        is_local = stated.tzinfo is None
        return stated if is_local else stated.astimezone(dt.UTC).replace(tzinfo=None)

    def _where(self, item: ScheduledLine) -> str:
        return item.line.street or self.words("tender.unnamed")

    def _family(self, item: ScheduledLine) -> ProductFamily | None:
        return self.products.family(item.option.family) if item.option is not None else None

    def _required(self, entry: ClassAtPoint) -> list[Any]:
        """Return class, rating, mass, speed, angle, penetration limit and remark."""
        name = self.words.vehicle(entry.vehicle, entry.vehicle)
        if not entry.required_rating:
            is_mass = entry.rating_reason == "no_tested_mass"
            key = "no_mass" if is_mass else "no_rating"
            return [name, "", "", "", "", "", self.words(f"tender.performance.{key}")]
        rating = parse_rating(entry.required_rating)
        limit, remark = entry.penetration_limit, ""
        if math.isnan(limit):
            remark = self.words("tender.performance.no_limit")
        elif limit <= 0.0:
            remark = self.words("tender.performance.no_room")
        return [
            name,
            entry.required_rating,
            round(rating.mass),
            round(rating.speed * KMH_PER_MPS),
            round(math.degrees(rating.angle)),
            "" if math.isnan(limit) else math.floor(limit * 100 + 1e-6) / 100,
            remark,
        ]

    def _layout_row(self, item: ScheduledLine) -> list[Any]:
        needs = openness_requirements()
        family, words = self._family(item), self.words
        opens = item.line.keeps_emergency_access or any(e.is_operable for e in item.elements)
        free = words("tender.open_choice")
        planned: list[Any] = [free, "", free, "", ""]
        if item.option is not None and item.elements:
            first = item.elements[0]
            planned = [
                words(f"closure.element.{first.kind}"),
                words(f"closure.permanence.{item.option.permanence}"),
                len(item.elements),
                first.length,
                first.width,
            ]
        is_post = family is not None and family.kind in ("bollard", "rising_bollard")
        return [
            item.line.id,
            self._where(item),
            math.floor(item.line.width * 100 + 0.5) / 100,
            str(item.line.grade),
            *planned,
            needs["minimum_width"],
            needs["wheelchair_width"],
            needs["greatest_vehicle_gap"],
            needs["capture_height"],
            needs["visible_height"] if is_post or family is None else "",
            needs["contrast"],
            words("tender.yes") if opens else words("tender.no"),
            needs["emergency_width"] if item.line.keeps_emergency_access else "",
        ]

    def _foundation(self, family: ProductFamily | None) -> str:
        if family is None:
            return self.words("tender.ground.any")
        if not family.needs_foundation:
            return self.words("tender.ground.surface")
        depth = self.words.number(family.foundation_depth, 1)
        return self.words("tender.ground.foundation", depth=depth)

    def _page(self, key: str, intro: str) -> Worksheet:
        page: Worksheet = self.book.create_sheet(self.words(f"tender.sheets.{key}"))
        page.append([Marking.AMBER.value])
        page.append([self.words("tender.marking")])
        self._append(page, [self.words("tender.title", space=self.space)])
        page.append([intro])
        page["A1"].font = Font(bold=True, color="9C5700")
        page["A3"].font = Font(bold=True, size=14)
        for place in ("A2", "A4"):
            page[place].font = Font(italic=True, color="555555")
        page.HeaderFooter.oddHeader = HeaderFooterItem(
            center=_HeaderFooterPart(self.words("tender.marking"))
        )
        page.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("&P / &N"))
        page.page_setup.orientation = "landscape"
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        return page

    def _table(
        self, key: str, rows: Iterable[Sequence[Any]], *, to_fill: Iterable[int] = ()
    ) -> Worksheet:
        page = self._page(key, self.words(f"tender.{key}.intro"))
        head = [
            " ".join(text.split()).replace("{currency}", self.products.currency)
            for text in self.words.node(f"tender.{key}.head")
        ]
        self._append(page, head)
        for heading in page[page.max_row]:
            heading.font, heading.fill, heading.border = Font(bold=True), _HEAD, _BOX
        page.freeze_panes = f"B{page.max_row + 1}"
        widths = [max((len(word) for word in text.split()), default=0) for text in head]
        filled = set(to_fill)
        for row in rows:
            self._append(page, row)
            for column, value in enumerate(row, start=1):
                box = page.cell(page.max_row, column)
                box.border = _BOX
                if column in filled:
                    box.fill = _TO_FILL
                widths[column - 1] = max(widths[column - 1], len(str(value)))
        for column, width in enumerate(widths, start=1):
            fitting = min(max(width + 2, _NARROWEST), _WIDEST)
            page.column_dimensions[get_column_letter(column)].width = fitting
        return page

    def _append(self, page: Worksheet, values: Sequence[Any]) -> None:
        """Add a row of plain values: a text that begins with "=" stays a text."""
        row = page.max_row + 1
        for column, value in enumerate(values, start=1):
            text = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            cell = page.cell(row, column, None if text == "" else text)
            cell.alignment = _WRAPPED
            if cell.data_type == "f":
                cell.data_type = "s"

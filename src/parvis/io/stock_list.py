"""Which barriers does an authority have in store, and where does it write them down."""

import math
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import ClassVar

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from parvis.approach.ratings import RatingError, parse_rating
from parvis.approach.results import Notice
from parvis.closure.stock import StockItem
from parvis.errors import InputError
from parvis.io.barrier_register import metres
from parvis.io.correction_rows import Problem
from parvis.io.layer_rows import NO, YES
from parvis.io.municipal_tables import MunicipalTable, Row, figure, read_table
from parvis.io.table_ratings import column_notes, names_no_standard, standard_note
from parvis.io.table_words import KINDS, STOCK_WORDS, UNRATED, fold

LONGEST = 20.0
"""A longer element is a slip. [m]"""
MOST_PIECES = 10_000
LONGEST_LEAD = 3650
GREATEST_COST = 10_000_000.0
TEMPLATE = (
    ("type", 26, "heavy planter"),
    ("number", 10, 12),
    ("length [m]", 12, 1.2),
    ("rating", 44, "ISO 22343-1 V/7200[N2B]/48/90:3.2"),
    ("certificate", 22, "number of the test report"),
    ("where kept", 22, "depot"),
    ("lead time [days]", 16, 5),
    ("cost per element", 18, 150),
    ("operable", 10, "no"),
)
"""Columns of the template: header, width in characters, example."""
_UNRATED = frozenset(fold(word) for word in UNRATED)
_DAYS = {"d": 1, "day": 1, "days": 1, "tag": 1, "tage": 1, "tagen": 1, "jour": 1, "jours": 1,
         "j": 1, "week": 7, "weeks": 7, "woche": 7, "wochen": 7, "semaine": 7, "semaines": 7,
         "month": 31, "months": 31, "monat": 31, "monate": 31, "mois": 31}  # fmt: skip
_NEEDED = (("kind",), ("count",), ("length",), ("rating",))


class StockInvalidError(InputError):
    """Rows of a stock list cannot be used; all are listed, none is taken."""

    code: ClassVar[str] = "stock_invalid"


class StockEmptyError(InputError):
    """A stock list holds no row below its header."""

    code: ClassVar[str] = "stock_empty"


@dataclass(frozen=True, slots=True)
class StockReading:
    """
    What a stock list says.

    Attributes
    ----------
    items : tuple of StockItem
        In the order of the file.
    notices : tuple of Notice
        Columns that were not understood, and ratings that name no standard.
    """

    items: tuple[StockItem, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_stock(path: Path, *, sheet: str | None = None) -> StockReading:
    """
    Read a stock list: all rows or none.

    Parameters
    ----------
    path : Path
        XLSX or CSV with headers in English, German or French: type, number, length, rating
        (several that hold at once are parted by ``;``) or "unrated"; certificate, where kept,
        lead time, cost per element and whether it opens may be left out.
    sheet : str, optional

    Returns
    -------
    StockReading

    Raises
    ------
    StockInvalidError
        With every cell that is wrong.
    StockEmptyError
        Beside the errors of the reader of tables.
    """
    table = read_table(path, STOCK_WORDS, needed=_NEEDED, sheet=sheet)
    problems = list(table.problems)
    items = [_item(row, table, problems) for row in table.rows]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in sorted(problems, key=lambda p: p.row))
        raise StockInvalidError(file=path.name, n=len(problems), listed=listed)
    if not items:
        raise StockEmptyError(file=path.name)
    silent = [item.row for item in items if any(names_no_standard(text) for text in item.ratings)]
    notes = (*column_notes(table.unused), *standard_note(silent))
    notices = (Notice(f"stock_{code}", count, {"value": value}) for code, count, value in notes)
    return StockReading(tuple(items), tuple(notices))


def stock_template() -> bytes:
    """Return an empty stock list as XLSX, with its header and one example row."""
    book = Workbook()
    page = book.active
    if not isinstance(page, Worksheet):
        page = book.create_sheet()
    page.title = "stock"
    page.append([header for header, _, _ in TEMPLATE])
    page.append([example for _, _, example in TEMPLATE])
    for column, (_, width, _) in enumerate(TEMPLATE, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
        page.cell(1, column).font = Font(bold=True)
        page.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(2, column).fill = PatternFill("solid", fgColor="FFF9E5")
    page.freeze_panes = "A2"
    book.properties.creator = "Parvis"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _item(row: Row, table: MunicipalTable, problems: list[Problem]) -> StockItem:
    cells = row.cells

    def wrong(column: str, accepted: str) -> None:
        problems.append(Problem(row.number, column, cells.get(column, ""), accepted))

    kind = cells.get("kind", "")
    if not kind:
        wrong("kind", "the type of the element")
    count = figure(cells.get("count"))
    if not (0 <= count <= MOST_PIECES and count == round(count)):
        wrong("count", f"a whole number of elements from 0 to {MOST_PIECES}")
    length = metres(cells.get("length", ""), table.units.get("length", 1.0))
    if not 0 < length <= LONGEST:
        wrong("length", f"the length of one element, above 0 and up to {LONGEST:g} m")
    lead = _days(cells.get("lead", "0"))
    if not 0 <= lead <= LONGEST_LEAD:
        wrong("lead", 'days, or a text such as "2 weeks"')
    cost = _money(cells["cost"]) if "cost" in cells else math.nan
    if "cost" in cells and not 0 <= cost <= GREATEST_COST:
        wrong("cost", "a sum of money for one element")
    said = cells.get("operable", "").casefold()
    if said and said not in YES | NO:
        wrong("operable", "yes or no")
    is_operable = said in YES if said else KINDS.get(fold(kind), ("", False))[1]
    ratings = () if fold(cells.get("rating", "")) in _UNRATED else _ratings(cells["rating"])
    for text in ratings:
        try:
            parse_rating(text)
        except RatingError:
            wrong("rating", 'ratings in a known notation, e.g. V/7200[N2B]/64/90:1.5, or "unrated"')
            break
    return StockItem(
        kind=kind,
        count=int(count) if math.isfinite(count) else 0,
        length=length,
        ratings=ratings,
        certificate=cells.get("certificate", ""),
        place=cells.get("place", ""),
        lead_days=int(lead) if math.isfinite(lead) else 0,
        cost=round(100 * cost) if math.isfinite(cost) else None,
        is_operable=is_operable,
        row=row.number,
    )


def _ratings(text: str) -> tuple[str, ...]:
    return tuple(part for part in (p.strip() for p in re.split(r"[;\n|]", text)) if part)


def _days(text: str) -> float:
    """Return days from a number or a text such as ``"2 Wochen"``; whole days, rounded up."""
    found = re.fullmatch(r"([\d.,]+)\s*([a-zé]*)\.?", text.casefold().strip())
    if found is None or (found[2] and found[2] not in _DAYS):
        return math.nan
    days = figure(found[1]) * _DAYS.get(found[2], 1)
    return math.ceil(days) if math.isfinite(days) else math.nan


def _money(text: str) -> float:
    return figure(re.sub(r"€|eur|chf|£|\$|,-|\.-", "", text.casefold()).strip())

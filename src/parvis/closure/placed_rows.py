"""Answer what a row of products that a planner places consists of: elements, gaps, money."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from parvis.approach.changes import AddBarrier, Change
from parvis.closure.elements import Row, lay_out_row, place_elements
from parvis.closure.results import CostRange, Element
from parvis.closure.schedule import known_family
from parvis.closure.verify import footprint
from parvis.errors import InputError
from parvis.packs.closure_content import (
    BarrierProducts,
    ProductFamily,
    ProductLevel,
    openness_requirements,
)

TO_FACE = 3.0
"""A row that ends this near to a face is taken to reach it. [m]"""

LONGEST = 200.0
"""Longer rows are not laid out. [m]"""

MOST_ELEMENTS = 200


class RowValueError(InputError):
    """A measure of a row of products cannot be; details: number, what, accepted."""

    code: ClassVar[str] = "row_value"


class RowDoesNotFitError(InputError):
    """A row's elements are longer than its place; details: number, n, width."""

    code: ClassVar[str] = "row_does_not_fit"


class LevelUnknownError(InputError):
    """A family of products has no such level; details: number, family, level, known."""

    code: ClassVar[str] = "level_unknown"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """
    A row of elements of one family of products.

    Attributes
    ----------
    line : LineString
        From face to face; ends within `TO_FACE` of a face are taken to it. [m]
    family, level : str
        Keys of the price list; level "" leaves the choice open: the row is taken to hold, and what
        it must hold is the answer.
    count : int, optional
        Of elements; by default the fewest whose gaps stop vehicles.
    gap : float, optional
        Clear gap asked for instead, at most. [m], > 0
    opens : bool
        Operable elements in the middle give emergency vehicles the width they need.
    """

    line: BaseGeometry
    family: str
    level: str = ""
    count: int | None = None
    gap: float | None = None
    opens: bool = False


@dataclass(frozen=True, eq=False)
class LaidRow:
    """
    A row as it stands.

    Attributes
    ----------
    line : LineString
        As laid, from face to face. [m]
    family : ProductFamily
    level : ProductLevel or None
        None: not chosen yet.
    opener : ProductFamily or None
        Of the elements that open, where they are of another family.
    opener_level : ProductLevel or None
    row : Row
    elements : tuple of Element
    """

    line: shapely.LineString
    family: ProductFamily
    level: ProductLevel | None
    opener: ProductFamily | None
    opener_level: ProductLevel | None
    row: Row
    elements: tuple[Element, ...]

    def cost_range(self, currency: str) -> CostRange:
        """Return the cost of the elements in place; of all levels where none is chosen."""
        n_opening = sum(self.row.is_opening) if self.opener is not None else 0
        n_fixed = len(self.row.lengths) - n_opening
        low = high = 0
        is_verified = True
        for family, level, n in (
            (self.family, self.level, n_fixed),
            (self.opener, self.opener_level, n_opening),
        ):
            if family is None or not n:
                continue
            levels = family.levels if level is None else (level,)
            low += n * min(item.cost_low for item in levels)
            high += n * max(item.cost_high for item in levels)
            is_verified &= all(item.is_cost_verified for item in levels)
        return CostRange(low, high, currency, is_verified)

    def as_change(self) -> Change | None:
        """Return the ground the elements cover as a change, None without elements."""
        if not self.elements:
            return None
        return AddBarrier(shapely.union_all([footprint(element) for element in self.elements]))


def lay_row(
    asked: PlaceRow, surface: BaseGeometry, products: BarrierProducts, *, number: int
) -> LaidRow:
    """
    Lay out a row on the ground.

    Parameters
    ----------
    asked : PlaceRow
    surface : Polygon or MultiPolygon
        Ground that vehicles can drive on. [m]
    products : BarrierProducts
    number : int
        Of the change, for messages.

    Returns
    -------
    LaidRow

    Raises
    ------
    UnknownFamilyError, LevelUnknownError, RowValueError, RowDoesNotFitError
    """
    family = known_family(products, asked.family)
    level = _level(family, asked.level, number)
    line = to_faces(_checked(asked, number), surface)
    opener = None
    if asked.opens and not family.is_operable and family.operable_with:
        opener = products.family(family.operable_with)
    row = _row(asked, line.length, family, opener, number)
    is_mixed = opener is not None and any(row.is_opening)
    partner = opener if is_mixed else None
    return LaidRow(
        line=line,
        family=family,
        level=level,
        opener=partner,
        opener_level=like_level(partner, level) if partner and level else None,
        row=row,
        elements=place_elements(shapely.get_coordinates(line), row, family, partner),
    )


def to_faces(line: shapely.LineString, surface: BaseGeometry) -> shapely.LineString:
    """
    Return a line cut or extended to the faces its ends are near to.

    Parameters
    ----------
    line : LineString
    surface : Polygon or MultiPolygon
        Ground between the faces. [m]

    Returns
    -------
    LineString
        Each end moved to where the ground ends, at most `TO_FACE` further out; where no face is
        that near the end stays.
    """
    points = shapely.get_coordinates(line)
    ends = [_beyond(points[1], points[0]), _beyond(points[-2], points[-1])]
    longer = shapely.LineString([ends[0], *points, ends[1]])
    first, last = TO_FACE, TO_FACE + line.length
    stretches = []
    for part in shapely.get_parts(shapely.intersection(longer, surface)):
        if part.length > 0.0:
            along = [longer.project(shapely.Point(*xy)) for xy in shapely.get_coordinates(part)]
            stretches.append((max(0.0, min(along)), max(along)))
    inside = [(a, b) for a, b in stretches if b > first and a < last]
    if not inside:
        return line
    low, high = min(a for a, _ in inside), max(b for _, b in inside)
    start = low if low > 1e-6 else first
    end = high if high < longer.length - 1e-6 else last
    return shapely.LineString(substring(longer, start, end).coords)


def _beyond(inner: NDArray[np.float64], outer: NDArray[np.float64]) -> NDArray[np.float64]:
    way = outer - inner
    return np.asarray(outer + TO_FACE * way / np.hypot(*way))


def _checked(asked: PlaceRow, number: int) -> shapely.LineString:
    line = asked.line
    if not isinstance(line, shapely.LineString) or not 0.3 <= line.length <= LONGEST:
        raise RowValueError(
            number=number, what="line", accepted=f"a line of 0.3 to {LONGEST:g} metres"
        )
    if not np.isfinite(shapely.get_coordinates(line)).all():
        raise RowValueError(number=number, what="line", accepted="finite coordinates")
    if asked.count is not None and not 1 <= asked.count <= MOST_ELEMENTS:
        raise RowValueError(
            number=number, what="count", accepted=f"a whole number from 1 to {MOST_ELEMENTS}"
        )
    if asked.gap is not None and not (math.isfinite(asked.gap) and 0.3 <= asked.gap <= 20.0):
        raise RowValueError(number=number, what="gap", accepted="0.3 to 20 metres")
    return shapely.force_2d(shapely.remove_repeated_points(line))


def _row(
    asked: PlaceRow,
    width: float,
    family: ProductFamily,
    opener: ProductFamily | None,
    number: int,
) -> Row:
    length, count = family.length, asked.count
    if count is None and asked.gap is not None:
        count = max(1, math.ceil((width - asked.gap) / (asked.gap + length) - 1e-9))
    if count is None:
        needs = openness_requirements()
        row = lay_out_row(
            width,
            family,
            opener=opener,
            opening=needs["emergency_width"] if asked.opens else 0.0,
            wheelchair=needs["wheelchair_width"],
        )
        if row is None:
            raise RowDoesNotFitError(number=number, n=1, width=round(width, 2))
        return row
    free = width - count * length
    if free < 0.0:
        length = max(family.least_length, width / count)
        free = width - count * length
    if free < -1e-9 or count > MOST_ELEMENTS:
        raise RowDoesNotFitError(number=number, n=count, width=round(width, 2))
    gap = max(free, 0.0) / (count + 1)
    opened = width if family.is_operable else gap
    return Row((length,) * count, (family.is_operable,) * count, (gap,) * (count + 1), opened)


def _level(family: ProductFamily, key: str, number: int) -> ProductLevel | None:
    if not key:
        return None
    for level in family.levels:
        if level.key == key:
            return level
    raise LevelUnknownError(
        number=number,
        family=family.key,
        level=key,
        known=", ".join(level.key for level in family.levels),
    )


def like_level(opener: ProductFamily, level: ProductLevel) -> ProductLevel:
    """
    Return an opener's level of the same name as that of its row, else its strongest.

    Parameters
    ----------
    opener : ProductFamily
    level : ProductLevel
    """
    return next((item for item in opener.levels if item.key == level.key), opener.levels[-1])

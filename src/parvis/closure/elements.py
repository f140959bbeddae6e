"""Where the elements of a barrier stand along a line, and what stays clear between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.approach.layout import bollard_layout
from parvis.closure.results import Element
from parvis.packs.closure_content import ProductFamily

_TOLERANCE = 1e-9
_MORE = 8
"""An opening may take this many elements more than a row without one."""


@dataclass(frozen=True, slots=True)
class Row:
    """
    Elements and gaps of a line in order, as lengths along it.

    Attributes
    ----------
    lengths : tuple of float
        Of each element. [m]
    is_opening : tuple of bool
        The element belongs to the operable family.
    gaps : tuple of float
        Clear, from face to face; one more than there are elements. [m]
    opened : float
        Widest clear width once what is operable is open. [m]
    """

    lengths: tuple[float, ...]
    is_opening: tuple[bool, ...]
    gaps: tuple[float, ...]
    opened: float


def lay_out_row(
    width: float,
    family: ProductFamily,
    *,
    opener: ProductFamily | None = None,
    opening: float = 0.0,
    wheelchair: float = 0.0,
) -> Row | None:
    """
    Spread the fewest elements over a width so that no gap is wider than the family allows.

    Parameters
    ----------
    width : float
        Of the line, face to face. [m], > 0
    family : ProductFamily
    opener : ProductFamily, optional
        Operable family for an opening in the middle of a row of fixed elements.
    opening : float, default 0
        Clear width the opening should have, 0 for none. [m]
    wheelchair : float, default 0
        Clear width that one gap should have where the elements allow it. [m]

    Returns
    -------
    Row or None
        Without elements where the width itself is no wider than the greatest gap. None where an
        element is longer than the width. Elements and gaps add up to the width.

    Notes
    -----
    Gaps are equal, except that the middle one is widened to `wheelchair` at the cost of the others
    where equal gaps would all be narrower: the greatest gap for vehicles and the least for people
    are the same 1.2 m, so equal gaps nearly always fail people with wheelchairs. Elements of
    variable length are shortened for it. With an opening the fewest operable elements are taken;
    where even the whole width is too narrow, all elements open.

    Examples
    --------
    >>> from parvis.packs import load_barrier_products
    >>> bollard = load_barrier_products().families[0]
    >>> row = lay_out_row(6.0, bollard, wheelchair=1.2)
    >>> [round(gap, 2) for gap in row.gaps]
    [0.95, 0.95, 1.2, 0.95, 0.95]
    """
    length = family.length
    n = bollard_layout(width, diameter=length, max_gap=family.greatest_gap).count
    if n == 0:
        return Row((), (), (width,), width)
    if opening > 0.0 and opener is not None and not family.is_operable:
        return _with_opening(width, family, opener, opening, wheelchair)
    if width - n * length < wheelchair - _TOLERANCE:
        length = max(family.least_length, min(length, (width - wheelchair) / n))
    if n * length > width + _TOLERANCE:
        return None
    gaps = _gaps(width - n * length, n, family.greatest_gap, wheelchair)
    opened = width if family.is_operable else max(gaps)
    return Row((length,) * n, (family.is_operable,) * n, gaps, opened)


def _with_opening(
    width: float, family: ProductFamily, opener: ProductFamily, opening: float, wheelchair: float
) -> Row | None:
    """Return the row of fixed elements with the fewest operable ones in the middle."""
    greatest = min(family.greatest_gap, opener.greatest_gap)
    shortest = min(family.least_length, opener.least_length)
    longest = max(family.length, opener.length)
    least = bollard_layout(width, diameter=longest, max_gap=greatest).count
    most = bollard_layout(width, diameter=shortest, max_gap=greatest).count + _MORE
    widest: Row | None = None
    for n in range(max(least, 1), most + 1):
        for k in range(1, n + 1):
            first = (n - k) // 2
            is_opening = tuple(first <= place < first + k for place in range(n))
            lengths = tuple(opener.length if operable else family.length for operable in is_opening)
            free = width - sum(lengths)
            if free < -_TOLERANCE or free / (n + 1) > greatest + _TOLERANCE:
                continue
            gaps = _gaps(free, n, greatest, wheelchair)
            opened = sum(lengths[first : first + k]) + sum(gaps[first : first + k + 1])
            row = Row(lengths, is_opening, gaps, opened)
            if opened >= opening - _TOLERANCE:
                return row
            if widest is None or opened > widest.opened:
                widest = row
    return widest


def _gaps(free: float, n: int, greatest: float, wheelchair: float) -> tuple[float, ...]:
    """Return the clear gaps of `n` elements: equal, or one widened for wheelchairs."""
    equal = max(free, 0.0) / (n + 1)
    if equal >= wheelchair - _TOLERANCE or not wheelchair - _TOLERANCE <= min(free, greatest):
        return (equal,) * (n + 1)
    others = max(free - wheelchair, 0.0) / n
    return tuple(wheelchair if place == n // 2 else others for place in range(n + 1))


def place_elements(
    geometry: NDArray[np.float64],
    row: Row,
    family: ProductFamily,
    opener: ProductFamily | None = None,
) -> tuple[Element, ...]:
    """
    Place a row on its line.

    Parameters
    ----------
    geometry : ndarray, shape (k, 2)
        The line, bent or not, in the city's CRS. [m]
    row : Row
    family : ProductFamily
    opener : ProductFamily, optional
        Of the elements of the opening.

    Returns
    -------
    tuple of Element
        Numbered from 1 along the line; each lies on the chord between its ends. On a bend the gaps
        between faces are at most those along the line, up to the corners of long elements.
    """
    line = shapely.LineString(geometry)
    starts = _starts(row.lengths, row.gaps)
    placed = []
    for number, (start, length, is_opening) in enumerate(
        zip(starts, row.lengths, row.is_opening, strict=True), start=1
    ):
        (x0, y0), (x1, y1) = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0]
            for along in (start, start + length)
        )
        source = opener if is_opening and opener is not None else family
        placed.append(
            Element(
                number=number,
                kind=source.kind,
                x=float(x0 + x1) / 2,
                y=float(y0 + y1) / 2,
                rotation=math.atan2(y1 - y0, x1 - x0),
                length=length,
                width=source.width,
                is_operable=is_opening,
            )
        )
    return tuple(placed)


def _starts(lengths: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Return where along the line each element begins. [m]."""
    starts, along = [], 0.0
    for length, gap in zip(lengths, gaps, strict=False):
        along += gap
        starts.append(along)
        along += length
    return starts

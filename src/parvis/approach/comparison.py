"""What do several designs of one place change: access points matched by where they are, totals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parvis.approach.results import AccessPoint, ApproachResult, ClassAtPoint
from parvis.city.model import City
from parvis.errors import InternalError
from parvis.openness.egress import egress_check
from parvis.openness.gaps import walking_gaps
from parvis.openness.results import Check
from parvis.openness.widths import accessible_width, cycle_passage
from parvis.packs.closure_content import openness_requirements

MATCH_DISTANCE = 2.0
"""Stretches of two designs this near to each other lie in one place. [m]"""
LEAST_SHARE = 0.3
"""They are one access point where they share this much of the shorter one. [1]"""


class DesignsDifferError(InternalError):
    """Results of different places, classes or questions cannot be compared."""

    code = "designs_differ"


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """
    A place on the perimeter where at least one design has an access point.

    Attributes
    ----------
    number : int
        From 1, in the order of the perimeter.
    street : str
        Name of what it opens to, "" where unnamed.
    points : tuple of tuple of AccessPoint
        One entry a design: none where the design closes the place, several where it divides it.
    gaps : tuple of tuple of float
        Clear gaps for people on foot, one entry a design, along the longest stretch that any
        design has there. [m]
    checks : tuple of tuple of Check
        ``accessible_width`` and ``cycle_passage`` of those gaps, one entry a design; none where
        the design has no gap.
    """

    number: int
    street: str
    points: tuple[tuple[AccessPoint, ...], ...]
    gaps: tuple[tuple[float, ...], ...]
    checks: tuple[tuple[Check, ...], ...]


@dataclass(frozen=True, slots=True)
class DesignTotals:
    """
    What a design comes to over the whole perimeter.

    Attributes
    ----------
    n_access_points : int
        Open in the typical scenario.
    n_only_limit : int
        Reached on the upper ground only, not counted above.
    clear_width : float
        Sum over the access points counted in `n_access_points`. [m]
    fastest : ClassAtPoint or None
        Class with the highest cautious speed at any access point; None where there is none.
    governing : ClassAtPoint or None
        Of the access point whose rating asks for the greatest energy.
    walking_width : float
        Sum over all places of gaps that a person passes. [m]
    egress : Check
        Flow of people out through the places, the widest discounted, beside the present's.
    """

    n_access_points: int
    n_only_limit: int
    clear_width: float
    fastest: ClassAtPoint | None
    governing: ClassAtPoint | None
    walking_width: float
    egress: Check


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Designs of one place side by side; no order of merit.

    Attributes
    ----------
    designs : tuple of str
        Names; the first is the present.
    results : tuple of ApproachResult
    places : tuple of ComparedPlace
    totals : tuple of DesignTotals
    """

    designs: tuple[str, ...]
    results: tuple[ApproachResult, ...]
    places: tuple[ComparedPlace, ...]
    totals: tuple[DesignTotals, ...]


def compare_results(
    designs: Sequence[str],
    results: Sequence[ApproachResult],
    cities: Sequence[City],
    *,
    people: float | None = None,
) -> Comparison:
    """
    Put the results of several designs side by side.

    Parameters
    ----------
    designs : sequence of str
        Names, the present's first.
    results : sequence of ApproachResult
        Of the same protected area, classes and design speed.
    cities : sequence of City
        Where each design stands.
    people : float, optional
        Greatest number inside, for the egress flow; None where nobody has said. >= 0

    Returns
    -------
    Comparison

    Raises
    ------
    DesignsDifferError

    Notes
    -----
    Access points of different designs belong to one place where they share at least `LEAST_SHARE`
    of the shorter stretch, `MATCH_DISTANCE` being near enough; so a mouth that a design divides
    stays one place with several access points. People leave by those places; ways out that no
    design opens to vehicles are not counted.
    """
    if len({_question(result) for result in results}) > 1:
        raise DesignsDifferError(designs=", ".join(designs))
    owners = [(d, point) for d, result in enumerate(results) for point in result.access_points]
    groups = _same_place([_line(point) for _, point in owners], [d for d, _ in owners])
    groups.sort(key=lambda members: _position(results[0], owners[members[0]][1]))
    places = [
        _place(number, [owners[i] for i in members], cities)
        for number, members in enumerate(groups, start=1)
    ]
    least = openness_requirements()["minimum_width"]
    widths = [
        [sum(gap for gap in place.gaps[d] if gap >= least) for place in places]
        for d in range(len(results))
    ]
    totals = tuple(
        _totals(result, sum(after), egress_check(widths[0], after, people=people))
        for result, after in zip(results, widths, strict=True)
    )
    return Comparison(tuple(designs), tuple(results), tuple(places), totals)


def _place(
    number: int, members: Sequence[tuple[int, AccessPoint]], cities: Sequence[City]
) -> ComparedPlace:
    line = max((_line(point) for _, point in members), key=lambda stretch: stretch.length)
    gaps = tuple(walking_gaps(city, line) for city in cities)
    return ComparedPlace(
        number,
        next((point.street for _, point in members if point.street), ""),
        tuple(tuple(point for owner, point in members if owner == d) for d in range(len(cities))),
        gaps,
        tuple((accessible_width(each), cycle_passage(each)) if each else () for each in gaps),
    )


def first_speed(entry: ClassAtPoint) -> float:
    """Return the cautious speed, or the physical limit where there is no cautious one. [m s⁻¹]."""
    return entry.speed.cautious if math.isfinite(entry.speed.cautious) else entry.speed.limit


def _question(result: ApproachResult) -> tuple[str, bytes, str, tuple[str, ...]]:
    vehicles = tuple(vehicle.key for vehicle in result.vehicles)
    return result.space_id, result.protected_area, result.design, vehicles


def _line(point: AccessPoint) -> shapely.LineString:
    line = np.asarray(point.geometry, dtype=np.float64)
    return shapely.LineString(line if len(line) > 1 else np.repeat(line, 2, axis=0))


def _same_place(lines: Sequence[shapely.LineString], design: Sequence[int]) -> list[list[int]]:
    """Return groups of stretches that lie in one place."""
    if not lines:
        return []
    near = [line.buffer(MATCH_DISTANCE) for line in lines]
    pairs = [
        (i, j)
        for i in range(len(lines))
        for j in range(i + 1, len(lines))
        if design[i] != design[j] and _shares(lines[i], lines[j], near[i], near[j])
    ]
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(pairs)), (one, other)), shape=(len(lines), len(lines)))
    n, group = connected_components(graph, directed=False)
    return [[int(i) for i in np.flatnonzero(group == g)] for g in range(n)]


def _shares(
    one: shapely.LineString,
    other: shapely.LineString,
    near_one: shapely.Polygon,
    near_other: shapely.Polygon,
) -> bool:
    if not shapely.intersects(near_one, other):
        return False
    shorter = max(min(one.length, other.length), 1e-9)
    shared = min(one.intersection(near_other).length, other.intersection(near_one).length)
    return bool(shared >= LEAST_SHARE * shorter)


def _position(result: ApproachResult, point: AccessPoint) -> tuple[int, float]:
    """Return ring and distance along the boundary of an access point's middle."""
    middle = _line(point).interpolate(0.5, normalized=True)
    rings = [
        ring
        for part in shapely.get_parts(shapely.from_wkb(result.protected_area))
        for ring in (part.exterior, *part.interiors)
    ]
    nearest = min(range(len(rings)), key=lambda i: rings[i].distance(middle))
    return nearest, float(rings[nearest].project(middle))


def _totals(result: ApproachResult, walking_width: float, egress: Check) -> DesignTotals:
    counted = [point for point in result.access_points if not point.only_limit]
    entries = [entry for point in result.access_points for entry in point.classes]
    governing = [
        entry
        for point in result.access_points
        for entry in point.classes
        if entry.vehicle == point.governing
    ]
    return DesignTotals(
        len(counted),
        len(result.access_points) - len(counted),
        float(sum(point.clear_width for point in counted)),
        max(entries, key=first_speed, default=None),
        max(governing, key=lambda entry: entry.energy, default=None),
        walking_width,
        egress,
    )

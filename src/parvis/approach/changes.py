"""Answer which ground a planner's changes close and open: barriers, mouths, chicanes, corners."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from parvis.approach.changed_cells import Footprint
from parvis.errors import InputError

THICKNESS = 0.3
"""Barriers drawn as lines are taken to be this thick. [m]"""

_LEAST_THICKNESS = 0.05
_LEAST_AREA = 0.01
_REACH = 60.0
_SAME = 0.9


class ChangeOutsideGroundError(InputError):
    """A change that closes ground meets no drivable ground."""

    code = "change_outside_ground"


class ChangeOpensNothingError(InputError):
    """A change that opens ground meets none that is shut."""

    code = "change_opens_nothing"


class ChangesContradictError(InputError):
    """Two changes undo each other."""

    code = "changes_contradict"


class MouthTooNarrowError(InputError):
    """A mouth is to keep more clear width than it has."""

    code = "mouth_too_narrow"


class ChicaneDoesNotFitError(InputError):
    """A chicane's passages do not lie within the street."""

    code = "chicane_does_not_fit"


class CornerDoesNotFitError(InputError):
    """A kerb radius is too large for the kerbs beside the corner."""

    code = "corner_does_not_fit"


class ChangeValueError(InputError):
    """A measure or shape of a change cannot be."""

    code = "change_value"


class BarrierUnknownError(InputError):
    """No obstacle of that name stands in the window."""

    code = "barrier_unknown"


@dataclass(frozen=True, slots=True)
class AddBarrier:
    """
    A barrier that holds against the class.

    Attributes
    ----------
    shape : LineString or Polygon
        In the city's CRS. [m]
    thickness : float
        Of a line. [m], at least 0.05
    """

    shape: BaseGeometry
    thickness: float = THICKNESS


@dataclass(frozen=True, slots=True)
class RemoveBarrier:
    """
    A barrier taken away.

    Attributes
    ----------
    feature : str
        As in `Ground.existing`, e.g. ``"node/123"``; "" where `shape` says what is taken away.
    shape : Polygon or None
        Everything in it is taken away, buildings too. [m]
    """

    feature: str = ""
    shape: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class ReplaceBarrier:
    """One barrier taken away and another set: what it takes away may lie under what it sets."""

    removed: RemoveBarrier
    added: AddBarrier


@dataclass(frozen=True, slots=True)
class NarrowMouth:
    """
    A mouth closed but for a clear width.

    Attributes
    ----------
    line : LineString
        Across the mouth; its longest stretch of drivable ground is the mouth. [m]
    clear_width : float
        [m], >= 0 and less than the mouth has
    side : {"middle", "left", "right"}
        Where it stays open, seen from the line's start.
    """

    line: BaseGeometry
    clear_width: float
    side: str = "middle"


@dataclass(frozen=True, slots=True)
class AddChicane:
    """
    Two rows of obstacles across a street with passages set off against each other.

    Attributes
    ----------
    x, y : float
        A point on the centre line between the rows. [m]
    direction : float
        Of the street, from east anticlockwise. [rad]
    shift : float
        From the middle of one passage sideways to the other's. [m], > 0
    spacing : float
        Between the rows. [m], > 0
    clear_width : float
        Of each passage. [m], > 0
    """

    x: float
    y: float
    direction: float
    shift: float
    spacing: float
    clear_width: float


@dataclass(frozen=True, slots=True)
class ChangeRadius:
    """
    Another kerb radius at a street corner.

    Attributes
    ----------
    kerb : LineString
        Three points: on the kerb of one street, where the kerbs' lines meet, on the other kerb; the
        block lies in the angle below 180 degrees. [m]
    radius : float
        Of the new kerb. [m], >= 0
    """

    kerb: BaseGeometry
    radius: float


@dataclass(frozen=True, slots=True)
class CloseGround:
    """Ground that vehicles can no longer drive on, e.g. raised, planted or built over."""

    area: BaseGeometry


@dataclass(frozen=True, slots=True)
class OpenGround:
    """
    Ground that vehicles can drive on.

    Attributes
    ----------
    area : Polygon
        [m]
    includes_obstacles : bool
        Buildings, walls and water in it are opened too; else they stay shut.
    """

    area: BaseGeometry
    includes_obstacles: bool = False


Change = (
    AddBarrier
    | RemoveBarrier
    | ReplaceBarrier
    | NarrowMouth
    | AddChicane
    | ChangeRadius
    | CloseGround
    | OpenGround
)


@dataclass(frozen=True, eq=False)
class PresentGround:
    """
    The ground of level 0 that changes are laid over.

    Attributes
    ----------
    surface : Geometry
        Drivable. [m]
    blocked : ndarray of Geometry
        Buildings, walls, water and woods.
    existing : mapping of str to Geometry
        What each obstacle that can be named takes away from the ground; empty for one that does
        not stop the class.
    """

    surface: BaseGeometry
    blocked: NDArray[np.object_]
    existing: Mapping[str, BaseGeometry] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Effect:
    closes: BaseGeometry | None = None
    opens: BaseGeometry | None = None


def compile_changes(changes: Sequence[Change], ground: PresentGround) -> Footprint:
    """
    Return what a list of changes closes and opens.

    Parameters
    ----------
    changes : sequence of Change
        Their order does not matter. Where one closes what another opens it is closed.
    ground : PresentGround

    Returns
    -------
    Footprint

    Raises
    ------
    parvis.errors.InputError
        For a change that does nothing or cannot be, and for changes that undo each other.
    """
    effects = [_effect(change, ground, number + 1) for number, change in enumerate(changes)]
    _check_against_each_other(changes, effects)
    return Footprint(
        removed=_united(effect.closes for effect in effects),
        added=_united(effect.opens for effect in effects),
    )


def _effect(change: Change, ground: PresentGround, number: int) -> _Effect:
    if isinstance(change, AddBarrier):
        return _Effect(closes=_standing(change, ground, number))
    if isinstance(change, RemoveBarrier):
        return _Effect(opens=_taken_away(change, ground, number))
    if isinstance(change, ReplaceBarrier):
        opens = _taken_away(change.removed, ground, number)
        wider = PresentGround(shapely.union(ground.surface, opens), ground.blocked)
        return _Effect(closes=_standing(change.added, wider, number), opens=opens)
    if isinstance(change, NarrowMouth):
        return _Effect(closes=_narrowed(change, ground, number))
    if isinstance(change, AddChicane):
        return _Effect(closes=_chicane(change, ground, number))
    if isinstance(change, ChangeRadius):
        return _corner(change, ground, number)
    if isinstance(change, CloseGround):
        return _Effect(closes=_met(_area(change.area, number), ground, number))
    opened = _area(change.area, number)
    if not change.includes_obstacles:
        solid = ground.blocked[shapely.intersects(ground.blocked, opened)]
        opened = shapely.difference(opened, shapely.union_all(solid))
    if shapely.area(shapely.difference(opened, ground.surface)) < _LEAST_AREA:
        raise ChangeOpensNothingError(number=number)
    return _Effect(opens=opened)


def _standing(change: AddBarrier, ground: PresentGround, number: int) -> BaseGeometry:
    """Return the ground a barrier stands on."""
    if change.shape.geom_type in ("Polygon", "MultiPolygon"):
        return _met(_area(change.shape, number), ground, number)
    line = _line(change.shape, number)
    thickness = _at_least(change.thickness, _LEAST_THICKNESS, "thickness", number)
    return _met(shapely.buffer(line, thickness / 2.0, cap_style="flat"), ground, number)


def _met(area: BaseGeometry, ground: PresentGround, number: int) -> BaseGeometry:
    if not shapely.intersects(area, ground.surface):
        raise ChangeOutsideGroundError(number=number)
    return area


def _taken_away(change: RemoveBarrier, ground: PresentGround, number: int) -> BaseGeometry:
    """Return the ground that opens where a barrier stood."""
    if (change.feature == "") == (change.shape is None):
        raise ChangeValueError(number=number, what="barrier", accepted="a feature or a shape")
    if change.shape is not None:
        area = _area(change.shape, number)
        if shapely.area(shapely.difference(area, ground.surface)) < _LEAST_AREA:
            raise ChangeOpensNothingError(number=number)
        return area
    if change.feature not in ground.existing:
        raise BarrierUnknownError(number=number, feature=change.feature)
    opened = ground.existing[change.feature]
    if shapely.is_empty(opened):
        raise ChangeOpensNothingError(number=number)
    return opened


def _narrowed(change: NarrowMouth, ground: PresentGround, number: int) -> BaseGeometry:
    line = _line(change.line, number)
    clear = _at_least(change.clear_width, 0.0, "clear_width", number)
    if change.side not in ("middle", "left", "right"):
        raise ChangeValueError(number=number, what="side", accepted="middle, left or right")
    parts = _stretches(line, ground.surface)
    if not parts:
        raise ChangeOutsideGroundError(number=number)
    mouth = max(parts, key=lambda part: part[1] - part[0])
    width = mouth[1] - mouth[0]
    if clear >= width:
        raise MouthTooNarrowError(number=number, clear=round(clear, 2), width=round(width, 2))
    start = {
        "middle": mouth[0] + 0.5 * (width - clear),
        "left": mouth[0],
        "right": mouth[1] - clear,
    }[change.side]
    return _closed_but_for(line, parts, start, start + clear)


def _stretches(line: shapely.LineString, surface: BaseGeometry) -> list[tuple[float, float]]:
    """Return where along a straight or bent line drivable ground begins and ends. [m]."""
    found = []
    for part in shapely.get_parts(shapely.intersection(line, surface)):
        if shapely.length(part) > 0.0:
            ends = [line.project(shapely.Point(*xy)) for xy in shapely.get_coordinates(part)]
            found.append((min(ends), max(ends)))
    joined: list[tuple[float, float]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1] + 1e-6:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _closed_but_for(
    line: shapely.LineString, parts: Sequence[tuple[float, float]], first: float, last: float
) -> BaseGeometry:
    """Return bars on the stretches of a line, without what lies between two places on it."""
    bars = []
    for start, end in parts:
        low, high = max(0.0, start - THICKNESS), end + THICKNESS
        for a, b in ((low, min(high, first)), (max(low, last), high)):
            if b - a > 1e-9:
                bars.append(substring(line, a, b))
    return shapely.buffer(shapely.union_all(bars), THICKNESS / 2.0, cap_style="flat")


def _chicane(change: AddChicane, ground: PresentGround, number: int) -> BaseGeometry:
    for name in ("shift", "spacing", "clear_width"):
        _at_least(getattr(change, name), _LEAST_THICKNESS, name, number)
    _finite((change.x, change.y, change.direction), number)
    along = np.array([math.cos(change.direction), math.sin(change.direction)])
    aside = np.array([-along[1], along[0]])
    rows = []
    for sign in (-1.0, 1.0):
        middle = np.array([change.x, change.y]) + sign * 0.5 * change.spacing * along
        line = shapely.LineString([middle - _REACH * aside, middle + _REACH * aside])
        parts = [part for part in _stretches(line, ground.surface) if part[0] <= _REACH <= part[1]]
        if not parts:
            raise ChangeOutsideGroundError(number=number)
        first = _REACH + sign * 0.5 * change.shift - 0.5 * change.clear_width
        last = first + change.clear_width
        if first < parts[0][0] - 1e-9 or last > parts[0][1] + 1e-9:
            raise ChicaneDoesNotFitError(number=number, width=round(parts[0][1] - parts[0][0], 2))
        rows.append(_closed_but_for(line, parts, first, last))
    return shapely.union_all(rows)


def _corner(change: ChangeRadius, ground: PresentGround, number: int) -> _Effect:
    points = shapely.get_coordinates(_line(change.kerb, number))
    radius = _at_least(change.radius, 0.0, "radius", number)
    if len(points) != 3:
        raise ChangeValueError(number=number, what="kerb", accepted="three points")
    legs = points[[0, 2]] - points[1]
    lengths = np.hypot(*legs.T)
    ways = legs / lengths[:, None]
    angle = math.acos(float(np.clip(ways[0] @ ways[1], -1.0, 1.0)))
    if not 0.1 < angle < math.pi - 0.1:
        raise ChangeValueError(
            number=number, what="kerb", accepted="an angle between 6 and 174 degrees"
        )
    tangent = radius / math.tan(angle / 2.0)
    if tangent > lengths.min() + 1e-9:
        raise CornerDoesNotFitError(
            number=number, radius=radius, least=round(tangent, 2), has=round(lengths.min(), 2)
        )
    triangle = shapely.Polygon(points)
    outside: BaseGeometry = shapely.Polygon()
    if radius > 0.0:
        towards = ways.sum(axis=0) / np.hypot(*ways.sum(axis=0))
        centre = points[1] + towards * radius / math.sin(angle / 2.0)
        ends = points[1] + ways * tangent
        kite = shapely.Polygon([points[1], ends[0], centre, ends[1]])
        outside = shapely.difference(kite, shapely.Point(centre).buffer(radius, quad_segs=32))
    opens = shapely.difference(outside, ground.surface)
    closes = shapely.difference(shapely.intersection(triangle, ground.surface), outside)
    effect = _Effect(
        closes=closes if shapely.area(closes) >= _LEAST_AREA else None,
        opens=opens if shapely.area(opens) >= _LEAST_AREA else None,
    )
    if effect.closes is None and effect.opens is None:
        raise ChangeOpensNothingError(number=number)
    return effect


def _check_against_each_other(changes: Sequence[Change], effects: Sequence[_Effect]) -> None:
    for i, (change, effect) in enumerate(zip(changes, effects, strict=True)):
        for j, (other, opposed) in enumerate(zip(changes, effects, strict=True)):
            if effect.closes is None or opposed.opens is None or i == j:
                continue
            shared = shapely.area(shapely.intersection(effect.closes, opposed.opens))
            areas = shapely.area(effect.closes), shapely.area(opposed.opens)
            is_same = shared >= _SAME * max(areas)
            if isinstance(change, CloseGround) and isinstance(other, OpenGround):
                is_same = shared >= _LEAST_AREA
            if is_same:
                raise ChangesContradictError(first=min(i, j) + 1, second=max(i, j) + 1)


def _united(shapes: Iterable[BaseGeometry | None]) -> tuple[BaseGeometry, ...]:
    """Return the polygons that shapes cover, the same in whatever order they stand."""
    present = [shapely.normalize(shape) for shape in shapes if shape is not None]
    ordered = sorted(present, key=lambda shape: shape.wkb)
    whole = shapely.normalize(shapely.union_all(ordered))
    parts = shapely.get_parts(whole)
    return tuple(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _area(shape: BaseGeometry, number: int) -> BaseGeometry:
    is_area = shape.geom_type in ("Polygon", "MultiPolygon") and shapely.is_valid(shape)
    if not is_area or shapely.area(shape) < _LEAST_AREA:
        raise ChangeValueError(
            number=number, what="area", accepted="a polygon that does not cross itself"
        )
    return shapely.force_2d(shape)


def _line(shape: BaseGeometry, number: int) -> shapely.LineString:
    if not isinstance(shape, shapely.LineString) or not shape.length > _LEAST_THICKNESS:
        raise ChangeValueError(number=number, what="line", accepted="a line of two points or more")
    _finite(shapely.get_coordinates(shape).ravel(), number)
    return shapely.force_2d(shape)


def _at_least(value: float, least: float, what: str, number: int) -> float:
    if not (math.isfinite(value) and value >= least):
        raise ChangeValueError(number=number, what=what, accepted=f"a number from {least:g} m up")
    return value


def _finite(values: Iterable[float], number: int) -> None:
    if not all(math.isfinite(value) for value in values):
        raise ChangeValueError(number=number, what="coordinates", accepted="finite numbers")

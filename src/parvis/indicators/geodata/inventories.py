"""How many dead ends, lamps and cameras are mapped, and in how much of the city."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.assemble import has_tag, segment_lines
from parvis.city.model import City
from parvis.city.widths import rows_of_kinds
from parvis.indicators.geodata.people import Areas
from parvis.indicators.geodata.walking import WalkingNetwork

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

SQUARE = 250.0
"""Squares in which it is looked whether anything of a kind is mapped. [m]"""
CARRIAGE = frozenset(
    {
        "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "road",
        "trunk", "primary_link", "secondary_link", "tertiary_link", "pedestrian",
    }
)  # fmt: skip
"""Streets; service ways and paths end at what they serve."""
CAMERA_TAGS = ("surveillance", "surveillance:type", "camera:type", "camera:direction", "operator")
LAMP_TAGS = ("lamp_type", "light_source", "height", "support", "ref")


@dataclass(frozen=True, slots=True)
class Inventory:
    """
    What is mapped of a kind in one area. What is not mapped is unknown, not absent.

    Attributes
    ----------
    kind : str
        ``dead_end``, ``dead_end_on_foot``, ``lamp`` or ``camera``.
    area : str
    n : int
    street_km : float
        Streets of the area. [km]
    mapped_share : float or None
        Share of street length in squares of 250 m that have any of the kind mapped, 0 to 1; None
        where the question has no sense or there is no street.
    tagged : mapping from str to float
        Share that carries each tag, 0 to 1.
    """

    kind: str
    area: str
    n: int
    street_km: float
    mapped_share: float | None
    tagged: Mapping[str, float]

    @property
    def per_km(self) -> float | None:
        """How many there are along a kilometre of street; None without streets."""
        return self.n / self.street_km if self.street_km > 0.0 else None

    def to_json(self) -> dict[str, Any]:
        """Return plain data, names as here."""
        return {
            "kind": self.kind,
            "area": self.area,
            "n": self.n,
            "street_km": self.street_km,
            "per_km": self.per_km,
            "mapped_share": self.mapped_share,
            "tagged": dict(self.tagged),
        }


@dataclass(frozen=True, eq=False, slots=True)
class _Kind:
    name: str
    points: Shapes
    tags: Mapping[str, Bools]
    is_survey: bool


def inventories(
    city: City, network: WalkingNetwork, areas: Areas, whole: str
) -> tuple[Inventory, ...]:
    """
    Count dead ends, lamps and cameras in the whole city and in each area.

    Parameters
    ----------
    city : City
    network : WalkingNetwork
    areas : Areas
    whole : str
        Code of the whole city.
    """
    segments = city.segments
    rows = _streets(city)
    lines = segment_lines(city.streets, segments, rows)
    middles, length = _pieces(lines)
    square = _square(middles)
    street_area = areas.of(middles)
    found = []
    for kind in (*_dead_ends(city, network, rows), *_furniture(city)):
        used = np.unique(_square(kind.points), axis=0) if len(kind.points) else np.empty((0, 2))
        has_any = _is_among(square, used)
        at = areas.of(kind.points)
        for row, code in [(None, whole), *enumerate(areas.codes)]:
            here = np.ones(len(length), bool) if row is None else street_area == row
            mine = np.ones(len(at), bool) if row is None else at == row
            total = float(length[here].sum())
            share = float(length[here & has_any].sum()) / total if total else None
            tagged = {
                tag: float(carries[mine].mean()) if mine.any() else 0.0
                for tag, carries in kind.tags.items()
            }
            found.append(
                Inventory(
                    kind.name, code, int(mine.sum()), total / 1000.0,
                    share if kind.is_survey else None, tagged,
                )
            )  # fmt: skip
    return tuple(found)


def _streets(city: City) -> Ints:
    highway = city.streets.words("highway")
    street = np.asarray(city.segments.street, dtype=np.int64)
    return np.flatnonzero(np.isin(highway, list(CARRIAGE))[street]).astype(np.int64)


def _dead_ends(city: City, network: WalkingNetwork, rows: Ints) -> tuple[_Kind, _Kind]:
    """Return where one street ends and none goes on, and where no path goes on either."""
    segments = city.segments
    n = len(segments.node_x)
    highway = city.streets.words("highway")[np.asarray(segments.street, dtype=np.int64)]
    for_vehicles = np.flatnonzero(
        ~np.isin(highway, ["footway", "path", "steps", "tram", "cycleway"])
    )
    ways = np.column_stack([segments.from_node, segments.to_node]).astype(np.int64)
    met = np.bincount(ways[for_vehicles].ravel(), minlength=n)
    ends = np.bincount(ways[rows].ravel(), minlength=n)
    is_end = (met == 1) & (ends == 1) & ~np.asarray(segments.node_is_cut)
    on_foot = np.bincount(network.ends.ravel(), minlength=n)
    on_foot += np.bincount(network.links.ravel(), minlength=n)
    points = np.asarray(shapely.points(segments.node_x, segments.node_y), dtype=object)
    return (
        _Kind("dead_end", points[is_end], {}, is_survey=False),
        _Kind("dead_end_on_foot", points[is_end & (on_foot <= 1)], {}, is_survey=False),
    )


def _furniture(city: City) -> tuple[_Kind, _Kind]:
    table = city.furniture
    found = []
    for name, kind, keys in (("lamp", "street_lamp", LAMP_TAGS), ("camera", "camera", CAMERA_TAGS)):
        rows = rows_of_kinds(table, frozenset({kind}))
        tags = {key: has_tag(table, key)[rows] for key in keys}
        found.append(_Kind(name, table.geometry[rows], tags, is_survey=True))
    return found[0], found[1]


def _pieces(lines: Shapes) -> tuple[Shapes, Floats]:
    """Return the middles and lengths of pieces that are short beside a square."""
    length = shapely.length(lines)
    count = np.maximum(np.ceil(length / (SQUARE / 5.0)), 1).astype(np.int64)
    of = np.repeat(np.arange(len(lines)), count)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    at = (nth + 0.5) / count[of]
    middles = shapely.line_interpolate_point(lines[of], at, normalized=True)
    return np.asarray(middles, dtype=object), np.asarray((length / count)[of])


def _square(points: Shapes) -> Ints:
    return np.floor(shapely.get_coordinates(points) / SQUARE).astype(np.int64)


def _is_among(square: Ints, used: NDArray[Any]) -> Bools:
    if not len(used) or not len(square):
        return np.zeros(len(square), dtype=bool)
    base = np.minimum(square.min(axis=0), used.min(axis=0))
    wide = int(max(square[:, 1].max(), used[:, 1].max()) - base[1] + 1)
    keys = (square - base) @ np.array([wide, 1])
    return np.isin(keys, (used - base) @ np.array([wide, 1]))

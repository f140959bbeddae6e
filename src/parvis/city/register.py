"""What an authority's register says stands where, and the city with it standing."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import build_table
from parvis.city.layers import Layer, resolve
from parvis.city.model import City
from parvis.city.table import FeatureTable

Placed = Literal["coordinates", "address", "street", "nowhere"]
FIRST_ID = -(10**15)
"""Features of a register are numbered down from this by row, beside OSM ids and layers."""
MOST_PARTS, MOST_ROWS = 1000, 1_000_000
NEAR_STREET = 15.0
"""A row of elements given as one place is drawn across a street this near. [m]"""


@dataclass(frozen=True, slots=True)
class RegisteredBarrier:
    """
    A row of a municipal barrier register.

    Attributes
    ----------
    row : int
        As a person finds it in the file.
    id : str
        The register's own number, "" for none.
    kind : str
        In the city's words, ``"barrier"`` where the register's word is not known.
    stated_kind : str
        The register's word.
    geometry : Geometry
        Point, line or polygon in the city's CRS. [m]
    placed : {"coordinates", "address", "street", "nowhere"}
        What its place comes from; ``street`` is the middle of a street and only approximate.
    rating : str
        "" for unrated.
    state : {"closed", "lowered", "active", "removed", ""}
        "" where a barrier that opens has no state.
    length : float
        From end to end. [m]; NaN where not stated.
    count : int
        Elements, 0 where not stated.
    address, note : str
    """

    row: int
    id: str
    kind: str
    stated_kind: str
    geometry: BaseGeometry
    placed: Placed
    rating: str
    state: str
    length: float
    count: int
    address: str
    note: str

    @property
    def is_standing(self) -> bool:
        """Whether it can be put on the ground: in place, and its place known by coordinates."""
        return self.state != "removed" and self.placed == "coordinates"


@dataclass(frozen=True, slots=True)
class RegisterNote:
    """
    Something to know about a row of the register.

    Attributes
    ----------
    row : int
        0 where the note is about the whole table.
    code : str
        ``address_not_found``, ``address_ambiguous``, ``no_place`` (these rows are not among the
        barriers), ``by_street``, ``by_address``, ``kind_unknown``, ``state_unknown``, ``removed``,
        ``heading``; of the table ``column_rated``, ``columns_unused`` or ``standard_missing``.
    value : str
    """

    row: int
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """
    What a register says.

    Attributes
    ----------
    file : str
    barriers : tuple of RegisteredBarrier
        Those with a place.
    notes : tuple of RegisterNote
    nowhere : tuple of RegisteredBarrier
        Those whose place nobody found; their geometry is empty.
    """

    file: str
    barriers: tuple[RegisteredBarrier, ...]
    notes: tuple[RegisterNote, ...]
    nowhere: tuple[RegisteredBarrier, ...] = ()


def register_row(feature: str) -> int | None:
    """
    Return the row of the register a feature of the ground comes from, None for other features.

    Examples
    --------
    >>> register_row("node/-1000000000007000"), register_row("way/12")
    (7, None)
    """
    below = FIRST_ID - int(feature.rpartition("/")[2] or 0)
    return below // MOST_PARTS if 0 < below < MOST_PARTS * MOST_ROWS else None


def with_register(city: City, barriers: Sequence[RegisteredBarrier]) -> City:
    """
    Lay a register's barriers over a city, as a layer above all others.

    Parameters
    ----------
    city : City
        Resolved; not changed.
    barriers : sequence of RegisteredBarrier
        Those that stand, see `RegisteredBarrier.is_standing`; others are left out.

    Returns
    -------
    City
        Its hash covers the register. Ratings and states are in the tags ``parvis:rating`` and
        ``parvis:state``, so that the ground takes a rated, closed one as an obstacle where its
        rating holds.

    Notes
    -----
    A point with a length is drawn as a line of that length square across the nearest street; one
    without, or far from any street, as a single post.
    """
    standing = [barrier for barrier in barriers if barrier.is_standing]
    if not standing:
        return city
    shapes = [
        _Part(barrier, FIRST_ID - (barrier.row * MOST_PARTS + number), shape)
        for barrier in standing
        for number, shape in enumerate(standing_shapes(barrier, city)[:MOST_PARTS])
    ]
    points = [part for part in shapes if part.shape.geom_type == "Point"]
    lines = [part for part in shapes if part.shape.geom_type != "Point"]
    tables = {}
    if points:
        node = np.full(len(points), -1, dtype=np.int32)
        tables["points"] = _table("point", points, segment_node=node)
    if lines:
        height = np.full(len(lines), np.nan, dtype=np.float32)
        tables["lines"] = _table("line", lines, height=height)
    digest = hashlib.blake2b(repr(shapes).encode(), digest_size=32).hexdigest()
    every = shapely.geometrycollections([part.shape for part in shapes])
    hull: BaseGeometry = shapely.convex_hull(every)
    layer = Layer("register", 0, "barriers", False, tables, hull, digest, {})
    laid = resolve(city, [layer])
    kept = {key: city.manifest[key] for key in ("corrections", "conflicts") if key in city.manifest}
    layers = [*city.manifest.get("layers", []), *laid.manifest["layers"]]
    return replace(laid, manifest=dict(laid.manifest) | kept | {"layers": layers})


def standing_shapes(barrier: RegisteredBarrier, city: City) -> list[BaseGeometry]:
    """Return a barrier's points or lines on the ground. [m]."""
    shape = barrier.geometry
    if not isinstance(shape, shapely.Point):
        parts = shapely.get_parts(shape)
        return [
            shapely.LineString(part.exterior.coords) if part.geom_type == "Polygon" else part
            for part in parts
        ]
    return [shape if math.isnan(barrier.length) else _across(shape, barrier.length, city)]


def _across(place: shapely.Point, length: float, city: City) -> BaseGeometry:
    """Return a line through a place, square to the nearest street; the place where none is near."""
    x, y = place.x, place.y
    rows = city.streets.within((x - NEAR_STREET, y - NEAR_STREET, x + NEAR_STREET, y + NEAR_STREET))
    lines = city.streets.geometry[rows]
    away = shapely.distance(lines, place)
    if not len(rows) or away.min() > NEAR_STREET:
        return place
    street = lines[int(np.argmin(away))]
    at = float(shapely.line_locate_point(street, place))
    ends = shapely.line_interpolate_point(street, [max(at - 0.5, 0.0), at + 0.5])
    (x0, y0), (x1, y1) = shapely.get_coordinates(ends)
    along = math.atan2(y1 - y0, x1 - x0)
    dx, dy = -0.5 * length * math.sin(along), 0.5 * length * math.cos(along)
    return shapely.LineString([(x - dx, y - dy), (x + dx, y + dy)])


@dataclass(frozen=True, slots=True)
class _Part:
    barrier: RegisteredBarrier
    id: int
    shape: BaseGeometry


def _table(
    geometry_type: str, parts: Sequence[_Part], **columns: NDArray[np.generic]
) -> FeatureTable:
    tags = []
    for part in parts:
        said = {"parvis:grade": "B", "parvis:register": str(part.barrier.row)}
        if part.barrier.rating:
            said["parvis:rating"] = part.barrier.rating
            said["parvis:state"] = part.barrier.state or "active"
        tags.append(said)
    return build_table(
        geometry_type,
        [part.shape for part in parts],
        {
            "osm_id": np.array([part.id for part in parts], dtype=np.int64),
            "level": np.zeros(len(parts), dtype=np.int8),
            **columns,
        },
        coded={"kind": [part.barrier.kind for part in parts]},
        tags=tags,
    )

"""How much ground is built-up, street, or open to all; put together square by square."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import segment_lines
from parvis.city.model import City
from parvis.city.widths import rows_of_kinds

if TYPE_CHECKING:
    from parvis.packs.geodata_models import BuiltUp

Shapes = NDArray[np.object_]

SQUARE = 200.0
"""Ground is put together in squares of this size: what is added up needs no whole outline. [m]"""
HECTARE = 10_000.0
POLYGON, MULTIPOLYGON = 3, 6
STREET_AREAS = frozenset({"pedestrian", "footway", "service", "street", "square", "market_place"})
NOT_STREETS = frozenset({"tram", "construction", "parking_aisle", "track", "raceway"})


@dataclass(frozen=True, eq=False, slots=True)
class Squares:
    """Squares that cover an area, each cut to it."""

    boxes: Shapes

    def parts(self, shapes: Shapes) -> Shapes:
        """Return the union of `shapes` in each square."""
        found = np.full(len(self.boxes), shapely.Polygon(), dtype=object)
        mended = shapes.copy()
        broken = ~shapely.is_valid(shapes)
        mended[broken] = shapely.make_valid(shapes[broken])
        box, shape = shapely.STRtree(mended).query(self.boxes, predicate="intersects")
        if not len(box):
            return found
        cut = shapely.intersection(mended[shape], self.boxes[box])
        starts = np.flatnonzero(np.r_[True, np.diff(box) != 0])
        for rows in np.split(np.arange(len(box)), starts[1:]):
            found[box[rows[0]]] = shapely.union_all(cut[rows])
        return polygons_of(found)


def squares_of(covered: BaseGeometry) -> Squares:
    """Return the squares of an area."""
    low_x, low_y, high_x, high_y = shapely.bounds(covered)
    corners = np.meshgrid(np.arange(low_x, high_x, SQUARE), np.arange(low_y, high_y, SQUARE))
    x, y = (each.ravel() for each in corners)
    boxes = polygons_of(shapely.intersection(shapely.box(x, y, x + SQUARE, y + SQUARE), covered))
    return Squares(np.asarray(boxes[~shapely.is_empty(boxes)], dtype=object))


def polygons_of(shapes: Shapes) -> Shapes:
    """Return shapes without lines and points that overlays leave at touching edges."""
    kept = np.array(shapes, dtype=object)
    mixed = ~np.isin(shapely.get_type_id(kept), [POLYGON, MULTIPOLYGON])
    kept[mixed] = shapely.buffer(kept[mixed], 0.0)
    return kept


def polygon_of(shape: BaseGeometry) -> BaseGeometry:
    """Return one shape without lines and points."""
    return polygons_of(np.array([shape], dtype=object))[0]


def covered_area(city: City) -> BaseGeometry:
    """Return the area that the city's data speak of."""
    return shapely.box(*city.bounds) if city.boundary is None else shapely.from_wkb(city.boundary)


def street_shapes(city: City) -> Shapes:
    """
    Return the ground of streets and paths, from face to face where widths were measured.

    Bridges are ground; tunnels, tracks and what lies in buildings are not.
    """
    streets, segments = city.streets, city.segments
    street = np.asarray(segments.street, dtype=np.int64)
    hidden = np.asarray(streets["is_tunnel"]) | np.asarray(streets["is_indoor"])
    hidden = hidden | np.isin(streets.words("highway"), list(NOT_STREETS))
    hidden = hidden | (np.asarray(streets["level"]) < 0)
    rows = np.flatnonzero(~hidden[street]).astype(np.int64)
    width = np.nan_to_num(np.asarray(segments.width, dtype=np.float64)[rows])
    lines = segment_lines(streets, segments, rows)
    bands = shapely.buffer(lines, width / 2.0, quad_segs=2, cap_style="flat")
    areas = rows_of_kinds(city.areas, STREET_AREAS)
    areas = areas[np.asarray(city.areas["level"])[areas] == 0]
    return np.concatenate([bands, city.areas.geometry[areas]])


def taken_shapes(city: City) -> Shapes:
    """Return buildings on the ground and open water: what is neither street nor open space."""
    rows = rows_of_kinds(city.areas, frozenset({"building", "water"}))
    return city.areas.geometry[rows[np.asarray(city.areas["level"])[rows] == 0]]


def built_up_area(city: City, rules: "BuiltUp") -> BaseGeometry:
    """
    Return the built-up area: buildings with the ground between them, without open water.

    Notes
    -----
    Ground between buildings less than `rules.gap` apart belongs to it (buildings are widened by
    half of it, joined, and drawn back), and so do holes up to `rules.largest_hole`.
    """
    rows = rows_of_kinds(city.areas, frozenset({"building"}))
    rows = rows[np.asarray(city.areas["level"])[rows] >= 0]
    half = rules.gap.value / 2.0
    outlines = shapely.convex_hull(city.areas.geometry[rows])
    wide = shapely.union_all(shapely.buffer(outlines, half, quad_segs=4))
    closed = shapely.buffer(wide, -half, quad_segs=4)
    filled = [
        _without_small_holes(part, rules.largest_hole.value * HECTARE)
        for part in shapely.get_parts(closed)
        if not part.is_empty
    ]
    water = rows_of_kinds(city.areas, frozenset({"water"}))
    shapes = city.areas.geometry[water]
    return shapely.difference(
        shapely.union_all(filled), shapely.union_all(shapely.make_valid(shapes))
    )


def _without_small_holes(part: BaseGeometry, largest: float) -> BaseGeometry:
    outline, *holes = shapely.get_rings(part)
    kept = [hole for hole in holes if shapely.area(shapely.polygons(hole)) > largest]
    return shapely.Polygon(outline, kept)

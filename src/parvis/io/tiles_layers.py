"""What is on the base map: layers of the extract's own content, in fractions of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from parvis.city.appearance import GREENS, PAVED, street_width
from parvis.city.model import City
from parvis.city.table import FeatureTable

AREAS = PAVED | {"street", "bridge", "parking_space", "bicycle_parking", "beach"}
WATERS = frozenset({"water", "fountain"})
STREET_ZOOMS = {
    "motorway": 10, "trunk": 10, "primary": 10, "secondary": 11, "tertiary": 12,
    "residential": 13, "unclassified": 13, "living_street": 13, "pedestrian": 13, "busway": 13,
    "bus_guideway": 13, "service": 14, "cycleway": 14, "steps": 15, "footway": 15,
    "path": 15, "parking_aisle": 15,
}  # fmt: skip
"""First zoom that shows a class of street."""

NAMED_AREAS = {
    "water": 13, "square": 13, "market_place": 13, "park": 13, "cemetery": 14, "garden": 14,
    "wood": 14, "pedestrian": 14, "station": 14, "place_of_worship": 15, "school": 15,
    "university": 15, "hospital": 14, "pier": 15, "playground": 16, "building": 16,
}  # fmt: skip
"""First zoom that shows the name of a kind of area; larger ones are named sooner."""

NAMED_LINES = ("river", "canal")
_RADIUS = 20037508.342789244
"""Half the circumference of the earth in Web Mercator. [m]"""

_ONEWAY = frozenset({"yes", "true", "1", "-1", "reverse"})


@dataclass(frozen=True, eq=False)
class TileLayer:
    """
    One layer of the base map.

    Attributes
    ----------
    name : str
    geometry_type : {"point", "line", "polygon"}
    shapes : ndarray of shapely.Geometry, shape (n,)
        Web Mercator as fractions of the world's width, from the north-west corner.
    attributes : dict of str to list, each of length n
    first_zoom : ndarray of int64, shape (n,)
        Lowest zoom that shows the row.
    """

    name: str
    geometry_type: str
    shapes: NDArray[np.object_]
    attributes: dict[str, list[Any]]
    first_zoom: NDArray[np.int64]


def base_layers(city: City) -> list[TileLayer]:
    """
    Return the base map's layers, lowest first.

    Parameters
    ----------
    city : City
        The base store alone (`parvis.io.store.load_base`): what layers or corrections added
        would be drawn like the extract's own content.
    """
    to_world = _ToWorld(city.epsg)
    return [
        *_area_layers(city, to_world),
        _rails(city, to_world),
        _streets(city, to_world),
        _names(city, to_world),
    ]


class _ToWorld:
    """Coordinates of the city to fractions of the world, y downwards."""

    def __init__(self, epsg: int) -> None:
        self.transformer = Transformer.from_crs(epsg, 3857, always_xy=True)

    def __call__(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        return np.asarray(shapely.transform(shapes, self.places), dtype=object).reshape(-1)

    def places(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = self.transformer.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([x + _RADIUS, _RADIUS - np.asarray(y)]) / (2 * _RADIUS)


def _area_layers(city: City, to_world: _ToWorld) -> list[TileLayer]:
    areas = city.areas
    kinds = areas.words("kind")
    above = np.asarray(areas["level"]) >= 0
    layers = []
    for name, wanted, with_kind, zoom in (
        ("areas", AREAS, True, 13),
        ("green", GREENS, True, 11),
        ("water", WATERS, False, 10),
        ("buildings", {"building"}, False, 13),
    ):
        rows = np.flatnonzero(np.isin(kinds, list(wanted)) & above)
        shapes = shapely.make_valid(areas.geometry[rows])
        layers.append(
            TileLayer(
                name=name,
                geometry_type="polygon",
                shapes=to_world(shapes),
                attributes={"kind": [str(kind) for kind in kinds[rows]]} if with_kind else {},
                first_zoom=np.full(len(rows), zoom, dtype=np.int64),
            )
        )
    return layers


def _rails(city: City, to_world: _ToWorld) -> TileLayer:
    tram = city.streets.words("highway") == "tram"
    shown = tram & (np.asarray(city.streets["level"]) >= 0)
    rail = (city.lines.words("kind") == "rail") & (np.asarray(city.lines["level"]) >= 0)
    shapes = [city.streets.geometry[shown], city.lines.geometry[rail]]
    kinds = ["tram"] * int(shown.sum()) + ["rail"] * int(rail.sum())
    first = np.repeat([14, 12], [len(part) for part in shapes])
    return _merged("rails", to_world(np.concatenate(shapes)), {"kind": kinds}, first)


def _streets(city: City, to_world: _ToWorld) -> TileLayer:
    streets = city.streets
    kinds = streets.words("highway")
    rows = np.flatnonzero((kinds != "tram") & ~np.asarray(streets["is_indoor"], dtype=bool))
    named = [str(kind) for kind in kinds[rows]]
    oneway = tag_values(streets, "oneway")[rows]
    round_about = np.isin(tag_values(streets, "junction")[rows], ["roundabout", "circular"])
    tagged = np.asarray(streets["width_tag"], dtype=np.float64)[rows]
    drawn = np.array([street_width(kind) for kind in named])
    widths = np.round(2 * np.where(np.isfinite(tagged), tagged, drawn)) / 2
    shapes = streets.geometry[rows].copy()
    against = np.isin(oneway, ["-1", "reverse"])
    shapes[against] = shapely.reverse(shapes[against])
    attributes: dict[str, list[Any]] = {
        "kind": named,
        "name": [streets.text("name", int(row)) for row in rows],
        "level": np.asarray(streets["level"])[rows].astype(int).tolist(),
        "is_oneway": (np.isin(oneway, list(_ONEWAY)) | round_about).tolist(),
        "width": widths.tolist(),
    }
    zooms = [STREET_ZOOMS.get(kind.removesuffix("_link"), 14) for kind in named]
    return _merged("streets", to_world(shapes), attributes, np.array(zooms, dtype=np.int64))


def _merged(
    name: str,
    shapes: NDArray[np.object_],
    attributes: dict[str, list[Any]],
    first_zoom: NDArray[np.int64],
) -> TileLayer:
    """Join lines that go on in each other and have all the same attributes."""
    rows_of: dict[tuple[Any, ...], list[int]] = {}
    for row, values in enumerate(zip(*attributes.values(), strict=True)):
        rows_of.setdefault(values, []).append(row)
    joined: list[int] = []
    lines: list[shapely.Geometry] = []
    for rows in rows_of.values():
        parts = shapely.get_parts(
            shapely.line_merge(shapely.multilinestrings(shapes[rows]), directed=True)
        )
        lines.extend(parts)
        joined.extend([rows[0]] * len(parts))
    return TileLayer(
        name=name,
        geometry_type="line",
        shapes=np.array(lines, dtype=object),
        attributes={key: [values[row] for row in joined] for key, values in attributes.items()},
        first_zoom=first_zoom[joined],
    )


def _names(city: City, to_world: _ToWorld) -> TileLayer:
    areas = city.areas
    kinds = areas.words("kind")
    sizes = shapely.area(areas.geometry)
    found: dict[tuple[str, str], tuple[float, Any]] = {}
    for row in np.flatnonzero(np.isin(kinds, list(NAMED_AREAS))):
        name = areas.text("name", int(row))
        key = (str(kinds[row]), name)
        if name and sizes[row] > found.get(key, (0.0, None))[0]:
            found[key] = (float(sizes[row]), areas.geometry[row])
    flowing = np.isin(city.lines.words("kind"), NAMED_LINES)
    called = tag_values(city.lines, "name")
    for row in np.flatnonzero(flowing & (called != "")):
        key, line = ("water", str(called[row])), city.lines.geometry[row]
        if key not in found:
            found[key] = (line.length, line.interpolate(0.5, normalized=True))
    ordered = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    points = [shapely.point_on_surface(shape) for _, (_, shape) in ordered]
    ranks = [_rank(size) for _, (size, _) in ordered]
    usual = [NAMED_AREAS[kind] for (kind, _), _ in ordered]
    first = np.clip(np.array(usual, dtype=np.int64) + ranks - 2, 12, 16)
    return TileLayer(
        name="names",
        geometry_type="point",
        shapes=to_world(np.array(points, dtype=object)),
        attributes={
            "kind": [kind for (kind, _), _ in ordered],
            "name": [name for (_, name), _ in ordered],
            "rank": ranks,
        },
        first_zoom=first,
    )


def _rank(size: float) -> int:
    """Return 1 for what is seen from afar to 4 for what is seen close by."""
    return 4 - sum(size > limit for limit in (1_000, 10_000, 100_000))


def tag_values(table: FeatureTable, key: str) -> NDArray[np.object_]:
    """Return the values of one tag, shape (n,), ``""`` where a row has none."""
    values: Sequence[str] = [""] * len(table)
    result = np.array(values, dtype=object)
    found = next((i for i, text in enumerate(table.strings) if text == key), None)
    if found is None:
        return result
    places = np.flatnonzero(np.asarray(table.tag_keys) == found)
    rows = np.searchsorted(table.tag_offsets, places, side="right") - 1
    for row, place in zip(rows.tolist(), places.tolist(), strict=True):
        result[row] = table.strings[int(table.tag_values[place])]
    return result

"""
How does a city get its own base map: one file of vector tiles made from the city store.

The tiles hold what the extract says and nothing else: no municipal layer, no correction, no
result. Who may open the file sees no more than OpenStreetMap shows to everybody.
"""

import gzip
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer

from parvis.city.appearance import ATTRIBUTION
from parvis.city.model import City
from parvis.errors import InternalError
from parvis.io.store import disk_errors
from parvis.io.tiles_encoding import EXTENT, encode_layer
from parvis.io.tiles_layers import TileLayer, base_layers

MIN_ZOOM, MAX_ZOOM = 10, 16
"""Above the last zoom a viewer enlarges its tiles: one unit is a decimetre or less."""

LARGEST_TILE = 150_000
"""Compressed tiles above this size are drawn coarser. [byte]"""

_MARGIN = 80
"""Ground drawn beyond a tile's edge, so that wide strokes meet. [unit]"""

_TOLERANCE, _LAST_TOLERANCE = 6.0, 1.0
"""How far a line may move at lower zooms and at the last. [unit]"""

_LEAST_AREA, _LAST_LEAST_AREA = 300.0, 4.0
"""Polygons smaller than this are left out at lower zooms and at the last. [unit²]"""

_COARSEST = 64.0

Progress = Callable[[str, int, int], None]


_BEYOND_BASE = frozenset({"layers", "corrections", "variant"})


class CorrectedCityError(InternalError):
    """The city to be drawn holds more than its extract."""

    code = "tiles_corrected_city"


@dataclass(frozen=True)
class TilesSummary:
    """
    What was written.

    Attributes
    ----------
    path : Path
    n_tiles : int
    n_bytes : int
        Of the file.
    largest_tile : int
        [byte], compressed.
    n_coarser : int
        Tiles drawn coarser than their zoom to stay below `LARGEST_TILE`.
    min_zoom, max_zoom : int
    bounds : tuple of float
        West, south, east, north. [deg]
    hash : str
        Of the base store the tiles were made from.
    """

    path: Path
    n_tiles: int
    n_bytes: int
    largest_tile: int
    n_coarser: int
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    hash: str


def write_base_tiles(city: City, target: Path, *, progress: Progress | None = None) -> TilesSummary:
    """
    Write the base map of a city as one PMTiles archive of vector tiles.

    Parameters
    ----------
    city : City
        The base store alone, from `parvis.io.store.load_base`.
    target : Path
        Replaced in one step when the archive is complete.
    progress : callable, optional
        Called with ``"tiles"``, zoom levels done and zoom levels in all.

    Returns
    -------
    TilesSummary

    Raises
    ------
    CorrectedCityError
        The city was loaded with layers or corrections.
    DiskFullError, HomeNotWritableError

    Notes
    -----
    The same store gives the same bytes. Layers and attributes: ``areas`` (kind), ``green``
    (kind), ``water``, ``buildings``, ``rails`` (kind), ``streets`` (kind, name, level,
    is_oneway, width in metres), ``names`` (kind, name, rank from 1 seen from afar to 4).
    """
    if _BEYOND_BASE & city.manifest.keys():
        raise CorrectedCityError(name=city.name)
    report = progress or (lambda *_: None)
    layers = base_layers(city)
    addresses = _addresses(layers)
    zooms = range(MIN_ZOOM, MAX_ZOOM + 1)
    n_tiles = largest = n_coarser = 0
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}-{secrets.token_hex(8)}")
        try:
            with fresh.open("xb") as stream:
                writer = cast("Any", Writer)(stream)
                with closing(writer.tile_f):
                    for done, (zoom, places) in enumerate(zip(zooms, addresses, strict=True)):
                        report("tiles", done, len(zooms))
                        for tile_id, data, is_coarser in _tiles(layers, zoom, places):
                            writer.write_tile(tile_id, data)
                            n_tiles += 1
                            largest = max(largest, len(data))
                            n_coarser += is_coarser
                    writer.finalize(*_header(city, layers))
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    report("tiles", len(zooms), len(zooms))
    return TilesSummary(
        path=target,
        n_tiles=n_tiles,
        n_bytes=target.stat().st_size,
        largest_tile=largest,
        n_coarser=n_coarser,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        bounds=_bounds(city),
        hash=city.hash,
    )


def _tiles(
    layers: list[TileLayer], zoom: int, places: NDArray[np.int64]
) -> Iterator[tuple[int, bytes, bool]]:
    """Return the tiles of one zoom in the archive's order: id, content, drawn coarser."""
    scale = float(EXTENT * 2**zoom)
    is_last = zoom == MAX_ZOOM
    shown = []
    for layer in layers:
        rows = np.flatnonzero(layer.first_zoom <= zoom)
        shapes = shapely.transform(layer.shapes[rows], lambda xy: xy * scale)
        shapes = _coarser(
            shapes,
            layer.geometry_type,
            _LAST_TOLERANCE if is_last else _TOLERANCE,
            _LAST_LEAST_AREA if is_last else _LEAST_AREA,
        )
        kept = ~shapely.is_empty(shapes)
        attributes = {
            key: [values[row] for row in rows[kept]] for key, values in layer.attributes.items()
        }
        shown.append((layer, shapes[kept], attributes))
    trees = [shapely.STRtree(shapes) for _, shapes, _ in shown]
    numbered = ((zxy_to_tileid(zoom, int(x), int(y)), int(x), int(y)) for x, y in places)
    for tile_id, x, y in sorted(numbered):
        box = shapely.box(
            x * EXTENT - _MARGIN, y * EXTENT - _MARGIN,
            (x + 1) * EXTENT + _MARGIN, (y + 1) * EXTENT + _MARGIN,
        )  # fmt: skip
        parts = []
        for (layer, shapes, attributes), tree in zip(shown, trees, strict=True):
            rows = np.sort(tree.query(box))
            if len(rows):
                values = {key: [column[row] for row in rows] for key, column in attributes.items()}
                parts.append((layer, _cut(shapes[rows], x, y), values))
        content, is_coarser = _bounded(parts)
        if content:
            yield tile_id, content, is_coarser


def _addresses(layers: list[TileLayer]) -> list[NDArray[np.int64]]:
    """Return column and row of the tiles that can hold anything, per zoom, shape (n, 2)."""
    tree = shapely.STRtree(np.concatenate([layer.shapes for layer in layers]))
    quarters = np.array([(0, 0), (1, 0), (0, 1), (1, 1)], dtype=np.int64)
    places = np.zeros((1, 2), dtype=np.int64)
    found = []
    for zoom in range(MAX_ZOOM + 1):
        margin = _MARGIN / EXTENT
        low, high = (places - margin) / 2**zoom, (places + 1 + margin) / 2**zoom
        hit = np.unique(tree.query(shapely.box(*low.T, *high.T))[0])
        places = places[hit]
        if zoom >= MIN_ZOOM:
            found.append(places)
        places = (2 * places[:, None] + quarters).reshape(-1, 2)
    return found


def _cut(shapes: NDArray[np.object_], x: int, y: int) -> NDArray[np.object_]:
    """Return shapes in units of the tile, clipped to it and its margin."""
    corner = np.array([x * EXTENT, y * EXTENT], dtype=np.float64)
    local = shapely.transform(shapes, lambda xy: xy - corner)
    reach = EXTENT + _MARGIN
    clipped = shapely.clip_by_rect(local, -_MARGIN, -_MARGIN, reach, reach)
    return np.asarray(clipped, dtype=object).reshape(-1)


def _bounded(
    parts: list[tuple[TileLayer, NDArray[np.object_], dict[str, list[Any]]]],
) -> tuple[bytes, bool]:
    """Return a tile's compressed content, coarser where it would be too large."""
    factor = 1.0
    while True:
        encoded = b"".join(
            encode_layer(layer.name, layer.geometry_type, shapes, values)
            for layer, shapes, values in parts
        )
        content = gzip.compress(encoded, compresslevel=6, mtime=0) if encoded else b""
        if len(content) <= LARGEST_TILE or factor >= _COARSEST:
            return content, factor > 1
        factor *= 2
        parts = [
            (
                layer,
                _coarser(shapes, layer.geometry_type, _TOLERANCE * factor, _LEAST_AREA * factor**2),
                values,
            )
            for layer, shapes, values in parts
        ]


def _coarser(
    shapes: NDArray[np.object_], geometry_type: str, tolerance: float, least_area: float
) -> NDArray[np.object_]:
    """Return simplified shapes; polygons that are too small become empty."""
    if geometry_type == "point" or len(shapes) == 0:
        return shapes
    simpler = np.asarray(shapely.simplify(shapes, tolerance), dtype=object).reshape(-1)
    if geometry_type == "polygon":
        simpler[shapely.area(simpler) < least_area] = shapely.Polygon()
    return simpler


def _bounds(city: City) -> tuple[float, float, float, float]:
    transformer = Transformer.from_crs(city.epsg, 4326, always_xy=True)
    west, south, east, north = transformer.transform_bounds(*city.bounds)
    return west, south, east, north


def _header(city: City, layers: list[TileLayer]) -> tuple[dict[str, Any], dict[str, Any]]:
    west, south, east, north = _bounds(city)
    corners = {
        f"{side}_e7": round(degrees * 1e7)
        for side, degrees in (
            ("min_lon", west), ("min_lat", south), ("max_lon", east), ("max_lat", north),
            ("center_lon", (west + east) / 2), ("center_lat", (south + north) / 2),
        )
    }  # fmt: skip
    header = corners | {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "center_zoom": 14,
    }
    fields = {bool: "Boolean", int: "Number", float: "Number", str: "String"}
    described = [
        {
            "id": layer.name,
            "fields": {
                key: fields[type(values[0])] for key, values in layer.attributes.items() if values
            },
            "minzoom": max(MIN_ZOOM, int(layer.first_zoom.min(initial=MAX_ZOOM))),
            "maxzoom": MAX_ZOOM,
        }
        for layer in layers
    ]
    metadata = {
        "name": city.name,
        "attribution": ATTRIBUTION,
        "type": "baselayer",
        "format": "pbf",
        "bounds": [round(degrees, 7) for degrees in (west, south, east, north)],
        "minzoom": MIN_ZOOM,
        "maxzoom": MAX_ZOOM,
        "vector_layers": described,
        "store": city.hash,
    }
    return header, metadata

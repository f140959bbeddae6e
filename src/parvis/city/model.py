"""The city: one validated central structure that every analysis reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.city.table import FeatureTable


@dataclass(frozen=True, eq=False)
class Segments:
    """
    The street graph: ways cut at every junction, at every barrier node and at every change of way.

    Attributes
    ----------
    node_x, node_y : ndarray of float64, shape (k,)
        Junctions, barrier nodes and way ends. [m]
    node_osm_id : ndarray of int64, shape (k,)
    node_is_cut : ndarray of bool, shape (k,)
        The way went on here in the original data but the extract ends.
    from_node, to_node : ndarray of int32, shape (n,)
    street : ndarray of int32, shape (n,)
        Row in `City.streets`.
    coord_start, coord_end : ndarray of int64, shape (n,)
        Slice of `City.streets.coords`, both ends included in the slice.
    length : ndarray of float64, shape (n,)
        [m]
    width : ndarray of float32, shape (n,)
        Clear width face to face. [m]
    width_grade : ndarray of int8, shape (n,)
        `parvis.terms.Grade`.
    width_source : ndarray of int8, shape (n,)
        0 measured by casting across to obstacles, 1 by class, 2 `width` tag alone, 3 corrected.
    """

    node_x: NDArray[np.float64]
    node_y: NDArray[np.float64]
    node_osm_id: NDArray[np.int64]
    node_is_cut: NDArray[np.bool_]
    from_node: NDArray[np.int32]
    to_node: NDArray[np.int32]
    street: NDArray[np.int32]
    coord_start: NDArray[np.int64]
    coord_end: NDArray[np.int64]
    length: NDArray[np.float64]
    width: NDArray[np.float32]
    width_grade: NDArray[np.int8]
    width_source: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Elevation:
    """
    Terrain heights on a grid in the city's CRS, north row first.

    Attributes
    ----------
    height : ndarray of float32, shape (rows, columns)
        [m]; NaN where unknown.
    origin_x, origin_y : float
        Outer corner at the north-west. [m]
    cell : float
        Cell size of this grid. [m]
    source_cell : float
        Cell size of the source; above 10 m gradients are sensitivity only. [m]
    """

    height: NDArray[np.float32]
    origin_x: float
    origin_y: float
    cell: float
    source_cell: float


@dataclass(frozen=True, eq=False)
class City:
    """
    What stands where in one city: base store, ordered layers and local corrections, resolved.

    Attributes
    ----------
    name : str
    epsg : int
        ETRS89 / UTM zone; all coordinates are metres in it.
    bounds : tuple of float
        Of the extract: min x, min y, max x, max y. [m]
    boundary : bytes or None
        WKB polygon of the area the data covers, where known (clip polygon or municipality).
    streets : FeatureTable
        Lines, one row per contiguous piece of an OSM way that a vehicle can physically use.
        Columns: ``osm_id`` int64; ``highway`` coded (the highway value, ``tram`` for tracks,
        ``parking_aisle`` for service=parking_aisle); ``level`` int8 (0 ground, see `level_of`);
        ``is_bridge``, ``is_tunnel``, ``is_covered``, ``is_indoor``, ``is_steps`` bool;
        ``name`` text; ``width_tag`` float32 [m] NaN for none; ``lanes`` int8 0 for none;
        ``surface`` coded, ``""`` for none; ``incline`` float32, rise over run, NaN for none.
    segments : Segments
    areas : FeatureTable
        Polygons. Columns: ``osm_type`` coded (way, relation, coastline, layer, correction);
        ``osm_id``; ``kind`` coded (building, water, square, pedestrian, footway, service, street,
        market_place, parking, park, garden, grass, wood, forecourt, platform, place_of_worship,
        school, station, tram, kerb, other, …); ``level`` int8; ``name`` text; ``height`` float32
        [m] NaN. ``roof`` is what a vehicle passes below; ``building_part`` lies within a building
        of the table. The sea has type coastline and id 0.
    lines : FeatureTable
        Linear obstacles: ``osm_id``, ``kind`` coded (wall, retaining_wall, city_wall, fence,
        hedge, guard_rail, kerb, chain, cliff, handrail, river, canal, coastline, …), ``level``,
        ``height`` and ``width_tag`` float32 [m] NaN.
    points : FeatureTable
        Point obstacles on and off ways (bollard, block, gate, lift_gate, cycle_barrier, …):
        ``osm_id``, ``kind`` coded, ``level``, ``segment_node`` int32 (row of the junction it
        stands on, -1 for none).
    furniture : FeatureTable
        Points kept for later: ``kind`` coded (tree, street_lamp, camera, bench, crossing, stop,
        entrance, amenity, …), ``osm_id``.
    spaces : FeatureTable
        Public spaces, polygons: ``id`` text ("way/123"), ``kind`` coded, ``name`` text,
        ``area`` float64 [m²], ``is_inferred`` bool.
    elevation : Elevation or None
    manifest : mapping
        Provenance: source file name and hash, data date, counts, clipped ways and relations,
        code version, store version, layers, corrections.
    """

    name: str
    epsg: int
    bounds: tuple[float, float, float, float]
    boundary: bytes | None
    streets: FeatureTable
    segments: Segments
    areas: FeatureTable
    lines: FeatureTable
    points: FeatureTable
    furniture: FeatureTable
    spaces: FeatureTable
    elevation: Elevation | None
    manifest: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """Digest of base store, layers and corrections together."""
        return str(self.manifest["hash"])

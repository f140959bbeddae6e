"""How does an OpenStreetMap extract become a city."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import City, Elevation
from parvis.city.table import FeatureTable
from parvis.errors import InputError
from parvis.io.boundaries import municipality_boundary, reproject
from parvis.io.home import check_city_name, home_directory, name_from_file
from parvis.io.osm_read import Extract, check_name, read_extract
from parvis.io.osm_tables import TableBuilder, Tables
from parvis.io.store import bound_epsg, disk_errors, file_digest, save_city

CONTEXT = 1000.0
"""What lies this far outside the boundary is kept: run-ups begin there. [m]"""
EUROPE = (-16.1, 32.88, 40.18, 84.73)
"""Where ETRS89 is used (EPSG 4258): west, south, east, north. [°]"""


class NoStreetsError(InputError):
    """The extract holds no street."""

    code = "extract_without_streets"


class BoundaryOutsideError(InputError):
    """The boundary asked for and the extract have nothing in common."""

    code = "boundary_outside"


def import_city(
    path: Path,
    *,
    name: str | None = None,
    boundary: shapely.Geometry | None = None,
    municipality: str | None = None,
    elevation: Path | None = None,
    home: Path | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> City:
    """
    Import an extract and write its store.

    Parameters
    ----------
    path : Path
        .osm.pbf, .osm, .osm.gz or .osm.bz2.
    name : str, optional
        From the file's name by default.
    boundary : Polygon or MultiPolygon, optional
        Longitude and latitude; what lies more than `CONTEXT` outside is left out.
    municipality : str, optional
        Name of an administrative boundary in the extract, used as `boundary`.
    elevation : Path, optional
        GeoTIFF or SRTM tile.
    home : Path, optional
        Data directory.
    notice : callable, optional
        Hears the step that begins: read, classify, streets, areas, lines, tables, widths,
        spaces, elevation, store.

    Returns
    -------
    City
        As loaded from the store.

    Raises
    ------
    parvis.errors.ParvisError
        No store is left half-written.
    """
    path = Path(path)
    name = check_city_name(name or name_from_file(path))
    check_name(path)
    folder = home_directory(home)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    notice("read")
    extract = read_extract(path)
    try:
        city = build_city(
            extract,
            name=name,
            boundary=boundary,
            municipality=municipality,
            epsg=bound_epsg(name, home=home),
            notice=notice,
        )
    except NoStreetsError:
        raise NoStreetsError(file=path.name) from None
    manifest = dict(city.manifest)
    manifest["source"] |= {"file": path.name, "sha256": file_digest(path)}
    heights: Elevation | None = None
    if elevation is not None:
        from parvis.io.elevation import read_elevation

        notice("elevation")
        heights = read_elevation(Path(elevation), epsg=city.epsg, bounds=city.bounds)
        manifest["elevation"] = {
            "file": Path(elevation).name,
            "sha256": file_digest(Path(elevation)),
            "source_cell": heights.source_cell,
        }
    notice("store")
    return save_city(replace(city, elevation=heights, manifest=manifest), home=home)


def build_city(
    extract: Extract,
    *,
    name: str,
    boundary: shapely.Geometry | None = None,
    municipality: str | None = None,
    epsg: int | None = None,
    notice: Callable[[str], None] = lambda _: None,
) -> City:
    """
    Build a city in memory from a read extract; parameters as in `import_city`.

    Parameters
    ----------
    extract : Extract
    name : str
    boundary, municipality, notice
        As in `import_city`.
    epsg : int, optional
        CRS; the UTM zone of the middle by default.

    Raises
    ------
    NoStreetsError, BoundaryOutsideError, UnknownMunicipalityError
    """
    from pyproj import Transformer

    from parvis import __version__
    from parvis.city.spaces import find_spaces
    from parvis.city.widths import measure_widths

    if municipality is not None:
        boundary = municipality_boundary(extract, municipality)
    epsg = epsg or utm_epsg(*_centre(extract, boundary))
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)

    def project(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(lon, lat))

    area = None if boundary is None else reproject(boundary, transformer)
    window = None if area is None else shapely.buffer(area, CONTEXT)
    tables = TableBuilder(extract, project, window=window).build(notice)
    if not len(tables.segments.length):
        if boundary is not None:
            raise BoundaryOutsideError(what=municipality or "the boundary")
        raise NoStreetsError(file="The extract")
    notice("widths")
    widths = measure_widths(tables.streets, tables.segments, tables.areas, tables.lines)
    segments = replace(
        tables.segments,
        width=widths.width,
        width_grade=widths.grade,
        width_source=widths.source,
    )
    notice("spaces")
    spaces = find_spaces(
        tables.streets, segments, tables.areas, tables.lines, tables.points, tables.furniture
    )
    return City(
        name=name,
        epsg=epsg,
        bounds=tables.bounds,
        boundary=None if area is None else shapely.to_wkb(area),
        streets=tables.streets,
        segments=segments,
        areas=tables.areas,
        lines=tables.lines,
        points=tables.points,
        furniture=tables.furniture,
        spaces=spaces,
        elevation=None,
        manifest={
            "source": {"date": extract.timestamp},
            "municipality": municipality,
            "context": CONTEXT if area is not None else None,
            "counts": count_features(tables, spaces),
            "cut": dict(tables.cut),
            "code_version": __version__,
            "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        },
    )


def utm_epsg(lon: float, lat: float) -> int:
    """
    Return the EPSG code of the UTM zone at a place.

    Parameters
    ----------
    lon, lat : float
        [°]

    Returns
    -------
    int
        ETRS89 / UTM (258xx) in Europe, WGS 84 / UTM (326xx, 327xx) elsewhere.
    """
    zone = min(int((lon + 180.0) // 6.0) + 1, 60)
    west, south, east, north = EUROPE
    if west <= lon <= east and south <= lat <= north and 28 <= zone <= 37:
        return 25800 + zone
    return (32600 if lat >= 0.0 else 32700) + zone


def count_features(tables: Tables, spaces: FeatureTable) -> dict[str, Any]:
    """Return how many features of each kind the tables hold."""
    segments = tables.segments
    return {
        "streets": len(tables.streets),
        "segments": len(segments.length),
        "street_km": round(float(segments.length.sum()) / 1000.0, 1),
        "streets_by_kind": _by_word(tables.streets, "highway"),
        "areas": _by_word(tables.areas, "kind"),
        "lines": _by_word(tables.lines, "kind"),
        "points": _by_word(tables.points, "kind"),
        "furniture": _by_word(tables.furniture, "kind"),
        "spaces": _by_word(spaces, "kind"),
    }


def _by_word(table: FeatureTable, column: str) -> dict[str, int]:
    codes = np.asarray(table[column], dtype=np.int64)
    words = table.vocabularies.get(column, ())
    counts = np.bincount(codes, minlength=len(words))
    return {word: int(count) for word, count in zip(words, counts, strict=True) if count}


def _centre(extract: Extract, boundary: shapely.Geometry | None) -> tuple[float, float]:
    if boundary is not None:
        centre = shapely.centroid(boundary)
        return float(centre.x), float(centre.y)
    here = ~np.isnan(extract.ref_lon)
    if not here.any():
        raise NoStreetsError(file="The extract")
    return float(np.median(extract.ref_lon[here])), float(np.median(extract.ref_lat[here]))

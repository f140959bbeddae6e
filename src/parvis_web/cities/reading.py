"""
How are given files read, in the process with limits: extracts, boundaries, layers, base maps.

Runs in `parvis_web.runs.sandbox`: no Django here, plain values in and out.
"""

import bz2
import gzip
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from parvis_web.cities.errors import (
    UploadContentError,
    UploadPackedError,
    UploadUnpackedError,
)

if TYPE_CHECKING:
    from parvis.city.model import City

CHUNK = 1 << 20
_OPENERS: dict[str, Callable[[Path], Any]] = {".gz": gzip.open, ".bz2": bz2.open}
MOST_REFUSED = 50
"""Refused rows told one by one."""


def import_extract(
    path: Path,
    *,
    store: str,
    home: Path,
    boundary: dict[str, Any] | None,
    municipality: str,
    most_unpacked: int,
    notice: Callable[[str], None],
) -> dict[str, Any]:
    """Check an extract, import it, and return what the city's row holds of it."""
    from parvis.io.osm import import_city

    check_unpacked(path, most_unpacked)
    import_city(
        path,
        name=store,
        boundary=None if boundary is None else shapely.geometry.shape(boundary),
        municipality=municipality or None,
        home=home,
        notice=notice,
    )
    return city_facts(store, home=home)


def city_facts(store: str, *, home: Path) -> dict[str, Any]:
    """Return what a city's row holds of its store as it is now, layers included."""
    from parvis.city.summary import summarise
    from parvis.io.store import load_city

    city = load_city(store, home=home)
    west, south, east, north = _degrees(city)
    return {
        "summary": json.loads(json.dumps(summarise(city).as_dict(), default=_plain)),
        "state_hash": city.hash,
        "epsg": city.epsg,
        "osm_date": str(city.manifest["source"].get("date", ""))[:40],
        "bounds": [west, south, east, north],
    }


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else dict(value)


def _degrees(city: "City") -> tuple[float, float, float, float]:
    from pyproj import Transformer

    west, south, east, north = city.bounds
    transformer = Transformer.from_crs(city.epsg, 4326, always_xy=True)
    return transformer.transform_bounds(west, south, east, north)


def make_tiles(store: str, *, home: Path, notice: Callable[[str], None]) -> None:
    """Draw the base map of a city's extract."""
    from parvis.io.store import load_base
    from parvis.io.tiles import write_base_tiles
    from parvis.io.tiles_archive import base_tiles_path

    city = load_base(store, home=home)
    write_base_tiles(
        city,
        base_tiles_path(store, home=home),
        progress=lambda _step, done, n: notice(f"{done}/{n}"),
    )


def read_boundary_file(path: Path, *, most_unpacked: int) -> dict[str, Any]:
    """Return the union of a file's polygons as GeoJSON in WGS 84."""
    from parvis.io.boundaries import read_boundary

    check_unpacked(path, most_unpacked)
    return cast("dict[str, Any]", json.loads(shapely.to_geojson(read_boundary(path))))


def lay_over(
    path: Path,
    *,
    store: str,
    home: Path,
    kind: str,
    most_unpacked: int,
    is_replacing: bool = False,
    crs: str = "",
    sheet: str = "",
    mapping: Path | None = None,
    control_points: Path | None = None,
) -> dict[str, Any]:
    """Lay a municipal file over a city; return what was taken and what the city is now."""
    from parvis.io.layers import add_layer

    check_unpacked(path, most_unpacked)
    added = add_layer(
        store,
        path,
        kind,
        is_replacing=is_replacing,
        mapping=mapping,
        control_points=control_points,
        crs=crs or None,
        sheet=sheet or None,
        home=home,
    )
    return {
        "number": added.layer.order,
        "n_rows": added.n_rows,
        "taken": {str(kind): int(count) for kind, count in added.taken.items()},
        "n_refused": len(added.refused),
        "refused": [
            {key: str(value) for key, value in asdict(item).items()}
            for item in added.refused[:MOST_REFUSED]
        ],
        "n_mended": int(added.n_mended),
        "crs": added.crs,
        "city": city_facts(store, home=home),
    }


def check_unpacked(path: Path, most: int) -> None:
    """
    Raise where a packed file holds more than `most` bytes.

    Raises
    ------
    UploadUnpackedError, UploadPackedError, UploadContentError
    """
    suffix = path.suffix.lower()
    if suffix == ".zip":
        _check_zip(path, most)
    elif suffix in _OPENERS:
        _check_stream(path, most)


def _check_stream(path: Path, most: int) -> None:
    size = 0
    try:
        with _OPENERS[path.suffix.lower()](path) as stream:
            while part := stream.read(CHUNK):
                size += len(part)
                if size > most:
                    raise UploadUnpackedError(file=path.name, limit=most // 2**20)
    except (EOFError, OSError, zlib.error) as problem:
        raise UploadContentError(file=path.name, what="complete packed file") from problem


def _check_zip(path: Path, most: int) -> None:
    """Unpack all members for counting: what an archive says of itself may be wrong."""
    size = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while part := stream.read(CHUNK):
                        size += len(part)
                        if size > most:
                            raise UploadUnpackedError(file=path.name, limit=most // 2**20)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError,
            zlib.error, lzma.LZMAError) as problem:  # fmt: skip
        if isinstance(problem, UploadUnpackedError):
            raise
        raise UploadPackedError(file=path.name) from problem

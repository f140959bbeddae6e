"""
How is a city kept on disk: uncompressed arrays, memory-mapped, behind one manifest.

``<home>/cities/<name>/city.json`` names the folder of arrays beside it, ``base-…``. A new
store is written beside the old one and takes its place when the manifest is replaced, in one
step; whatever happens before leaves the old store, or none. Layers and corrections lie in
``layers/`` and ``corrections/`` of the same folder and are never touched here.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.city.model import City, Elevation, Segments
from parvis.city.table import FeatureTable, Strings
from parvis.errors import InputError, LimitError
from parvis.io.home import (
    MANIFEST,
    check_city_name,
    city_directory,
    city_names,
    existing_city,
)

STORE_VERSION = 1
NOT_WRITABLE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ENOENT,
)
TABLES = ("streets", "areas", "lines", "points", "furniture", "spaces")


class DiskFullError(LimitError):
    """A file could not be written because no space is left."""

    code = "disk_full"


class HomeNotWritableError(InputError):
    """The data directory does not let itself be written to."""

    code = "home_not_writable"


class StoreVersionError(InputError):
    """The store was written by another version of the code."""

    code = "store_version"


class StoreBrokenError(InputError):
    """Files of a store are missing or damaged."""

    code = "store_broken"


@contextmanager
def disk_errors(file: Path) -> Iterator[None]:
    """
    Turn what the system says while `file` is written into an error that a person can mend.

    Raises
    ------
    DiskFullError
    HomeNotWritableError
        No permission, a file where a folder should be, or no place to make one.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno in NOT_WRITABLE:
            raise HomeNotWritableError(
                file=str(file), reason=os.strerror(problem.errno).lower()
            ) from problem
        # NumPy says "n requested and m written" without an error number.
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, None):
            raise DiskFullError(file=str(file)) from problem
        raise


def save_city(city: City, *, home: Path | None = None) -> City:
    """
    Write the base store of a city and return it as loaded from there.

    Parameters
    ----------
    city : City
        Its manifest needs no ``hash``; version, hash and table layout are added.
    home : Path, optional
        Data directory.

    Returns
    -------
    City
        With memory-mapped arrays, layers and corrections resolved.

    Raises
    ------
    DiskFullError
        Nothing is left of the new store; an older one stays as it was.
    """
    target = city_directory(check_city_name(city.name), home)
    arrays, layout = _arrays_of(city)
    digest = _digest(arrays, city)
    manifest = dict(city.manifest) | {
        "name": city.name,
        "store_version": STORE_VERSION,
        "hash": digest,
        "epsg": city.epsg,
        "bounds": list(city.bounds),
        "boundary": city.boundary.hex() if city.boundary is not None else None,
        "layout": layout,
    }
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{city.name}-", dir=target.parent))
        try:
            for name, array in arrays.items():
                np.save(fresh / f"{name}.npy", array, allow_pickle=False)
            manifest["base"] = "base-" + fresh.name.removeprefix(f".{city.name}-")
            text = json.dumps(manifest, indent=1, ensure_ascii=False)
            (fresh / MANIFEST).write_text(text, encoding="utf-8")
            _put_in_place(fresh, target, manifest["base"])
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return load_city(city.name, home=home)


def _put_in_place(fresh: Path, target: Path, base: str) -> None:
    """Move a complete new store to where it is looked for."""
    target.mkdir(exist_ok=True)
    try:
        before = json.loads((target / MANIFEST).read_text(encoding="utf-8")).get("base")
    except (OSError, ValueError, AttributeError):
        before = None
    fresh.replace(target / base)
    (target / base / MANIFEST).replace(target / MANIFEST)
    if isinstance(before, str) and before.startswith("base-"):
        shutil.rmtree(target / before, ignore_errors=True)


def load_city(name: str, *, home: Path | None = None) -> City:
    """
    Open a city: base store, ordered layers and corrections, resolved.

    Parameters
    ----------
    name : str
    home : Path, optional
        Data directory; `parvis.io.home.home_directory` by default.

    Raises
    ------
    UnknownCityError, StoreVersionError, StoreBrokenError
    """
    base = load_base(name, home=home)
    folder = existing_city(name, home)
    if not any((folder / part).is_dir() for part in ("layers", "corrections")):
        return base
    from parvis.io.corrections import resolved

    return resolved(base, folder)


def load_base(name: str, *, home: Path | None = None) -> City:
    """Open the base store of a city alone, without layers and corrections."""
    folder = existing_city(name, home)
    manifest = read_manifest(name, home=home)
    layout = manifest.pop("layout")
    base = folder / manifest.pop("base")
    try:
        pools = [
            Strings(_open(base, f"strings{i}.data"), _open(base, f"strings{i}.offsets"))
            for i in range(layout["pools"])
        ]
        tables = {
            table: _open_table(base, table, layout["tables"][table], pools) for table in TABLES
        }
        segments = Segments(
            **{field.name: _open(base, f"segments.{field.name}") for field in fields(Segments)}
        )
        height = layout["elevation"]
        elevation = None if height is None else Elevation(_open(base, "elevation.height"), **height)
        boundary = manifest.pop("boundary")
        return City(
            name=name,
            epsg=manifest.pop("epsg"),
            bounds=tuple(manifest.pop("bounds")),
            boundary=None if boundary is None else bytes.fromhex(boundary),
            segments=segments,
            elevation=elevation,
            manifest=manifest,
            **tables,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError) as problem:
        raise StoreBrokenError(name=name) from problem


def read_manifest(name: str, *, home: Path | None = None) -> dict[str, Any]:
    """
    Return the manifest of an imported city.

    Raises
    ------
    UnknownCityError, StoreVersionError, StoreBrokenError
    """
    path = existing_city(name, home) / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = int(manifest["store_version"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise StoreBrokenError(name=name) from problem
    if version != STORE_VERSION:
        source = manifest.get("source", {}).get("file", "FILE")
        age = "an older" if version < STORE_VERSION else "a newer"
        raise StoreVersionError(name=name, age=age, file=source)
    return manifest


def bound_epsg(name: str, *, home: Path | None = None) -> int | None:
    """Return the CRS that a city's layers are in and a new import must keep, None for free."""
    folder = city_directory(name, home)
    if not (folder / "layers").is_dir():
        return None
    try:
        return int(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["epsg"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _open(base: Path, name: str) -> NDArray[Any]:
    path = base / f"{name}.npy"
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        array = np.load(path, allow_pickle=False)
        if array.size:
            raise
    return array


def _open_table(
    base: Path, table: str, layout: Mapping[str, Any], pools: list[Strings]
) -> FeatureTable:
    return FeatureTable(
        geometry_type=layout["geometry_type"],
        columns={name: _open(base, f"{table}.{name}") for name in layout["columns"]},
        coords=_open(base, f"{table}--coords"),
        offsets=tuple(_open(base, f"{table}--offsets{i}") for i in range(layout["offsets"])),
        tag_offsets=_open(base, f"{table}--tag_offsets"),
        tag_keys=_open(base, f"{table}--tag_keys"),
        tag_values=_open(base, f"{table}--tag_values"),
        strings=pools[layout["pool"]],
        vocabularies={name: tuple(words) for name, words in layout["vocabularies"].items()},
    )


def _arrays_of(city: City) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return all arrays of a city by file name, and how they belong together."""
    arrays: dict[str, NDArray[Any]] = {}
    pools: list[Strings] = []
    tables: dict[str, Any] = {}
    for name in TABLES:
        table: FeatureTable = getattr(city, name)
        pool = next((i for i, known in enumerate(pools) if known is table.strings), len(pools))
        if pool == len(pools):
            pools.append(table.strings)
        for column, array in table.columns.items():
            arrays[f"{name}.{column}"] = array
        arrays[f"{name}--coords"] = table.coords
        for i, offsets in enumerate(table.offsets):
            arrays[f"{name}--offsets{i}"] = offsets
        arrays[f"{name}--tag_offsets"] = table.tag_offsets
        arrays[f"{name}--tag_keys"] = table.tag_keys
        arrays[f"{name}--tag_values"] = table.tag_values
        tables[name] = {
            "geometry_type": table.geometry_type,
            "columns": list(table.columns),
            "offsets": len(table.offsets),
            "pool": pool,
            "vocabularies": {column: list(words) for column, words in table.vocabularies.items()},
        }
    for i, strings in enumerate(pools):
        arrays[f"strings{i}.data"] = strings.data
        arrays[f"strings{i}.offsets"] = strings.offsets
    for field in fields(Segments):
        arrays[f"segments.{field.name}"] = getattr(city.segments, field.name)
    elevation = None
    if city.elevation is not None:
        arrays["elevation.height"] = city.elevation.height
        elevation = {
            field.name: getattr(city.elevation, field.name)
            for field in fields(Elevation)
            if field.name != "height"
        }
    return arrays, {"tables": tables, "pools": len(pools), "elevation": elevation}


def _digest(arrays: Mapping[str, NDArray[Any]], city: City) -> str:
    digest = hashlib.blake2b(digest_size=32)
    digest.update(f"{STORE_VERSION} {city.epsg} {city.bounds}".encode())
    digest.update(city.boundary or b"")
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data if array.size else b"")
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def list_cities(home: Path | None = None) -> list[dict[str, Any]]:
    """Return name, source, data date, size and a note for each imported city."""
    rows: list[dict[str, Any]] = []
    for name in city_names(home):
        try:
            manifest = read_manifest(name, home=home)
        except (StoreVersionError, StoreBrokenError) as problem:
            rows.append({"name": name, "usable": False, "note": problem.code})
            continue
        counts, source = manifest["counts"], manifest["source"]
        date = source.get("date", "")[:10]
        rows.append(
            {
                "name": name,
                "usable": True,
                "source": source.get("file", ""),
                "data_date": date,
                "streets": counts["streets"],
                "spaces": sum(counts["spaces"].values()),
                "note": f"{counts['streets']:,} streets, "
                f"{sum(counts['spaces'].values()):,} public spaces, data of {date or 'unknown'}",
            }
        )
    return rows

"""How are municipal layers added to a city and kept: one folder each, never changed."""

import datetime as dt
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.georeference import Placement
from parvis.city.layers import LAYER_KINDS, Layer
from parvis.city.table import FeatureTable, Strings
from parvis.errors import InputError
from parvis.io.control_points import read_control_points
from parvis.io.home import existing_city
from parvis.io.layer_rows import Interpreted, Mapped, Refused, interpret, read_mapping
from parvis.io.store import StoreBrokenError, disk_errors, file_digest, load_base
from parvis.io.vector import VectorFeatures, crs_name, read_vector, to_crs

LAYERS = "layers"
DESCRIPTION = "layer.json"
ARRAYS = "features.npz"
ASIDE = ".aside-"
"""Folders of layers that were taken out and can come back begin so."""
MARGIN = 1000.0
"""Rows this far outside the city's extent are still taken. [m]"""
_OFFSETS = {"point": 0, "line": 1, "polygon": 3}


class LayerKindError(InputError):
    """No such kind of layer."""

    code = "layer_kind"


class NothingTakenError(InputError):
    """No row of the file could become a feature."""

    code = "layer_nothing_taken"


class LayerUnknownError(InputError):
    """The city has no layer of that number."""

    code = "layer_unknown"


@dataclass(frozen=True, eq=False)
class AddedLayer:
    """
    What was taken from a file and what was not.

    Attributes
    ----------
    layer : Layer
    n_rows : int
        Rows of the file.
    taken : mapping of str to int
        Features by kind.
    refused : tuple of Refused
    n_mended : int
    crs : str
    placement : Placement or None
        Of a drawing placed by control points.
    """

    layer: Layer
    n_rows: int
    taken: Mapping[str, int]
    refused: tuple[Refused, ...]
    n_mended: int
    crs: str
    placement: Placement | None


def add_layer(
    name: str,
    path: Path,
    kind: str,
    *,
    is_replacing: bool = False,
    mapping: Path | None = None,
    control_points: Path | None = None,
    crs: str | None = None,
    sheet: str | None = None,
    home: Path | None = None,
) -> AddedLayer:
    """
    Read a municipal file and store it as the city's next layer.

    Parameters
    ----------
    name : str
        Of an imported city.
    path : Path
        Any format of `parvis.io.vector.read_vector`.
    kind : str
        Key of `parvis.city.layers.LAYER_KINDS`.
    is_replacing : bool
        Take the base data's features of these kinds out where the layer speaks.
    mapping : Path, optional
        See `parvis.io.layer_rows.read_mapping`; kept with the layer.
    control_points : Path, optional
        For drawings without a coordinate system, see `read_control_points`.
    crs : str, optional
        Where the file does not say its own.
    sheet : str, optional
        Layer or sheet of the file.

    Raises
    ------
    LayerKindError, NothingTakenError
        Beside the errors of the readers. Nothing is stored then.
    """
    if kind not in LAYER_KINDS:
        raise LayerKindError(kind=kind, accepted=", ".join(LAYER_KINDS))
    base = load_base(name, home=home)
    mapped = read_mapping(mapping, kind) if mapping is not None else Mapped()
    features = read_vector(path, layer=sheet, crs=None if control_points else crs)
    geometry, placement = _placed(features, base.epsg, control_points, crs)
    root = existing_city(name, home) / LAYERS
    order = 1 + _last_number(root)
    b = base.bounds
    window = (b[0] - MARGIN, b[1] - MARGIN, b[2] + MARGIN, b[3] + MARGIN)
    found = interpret(features, geometry, kind, mapped, order=order, bounds=window)
    if not found.tables:
        raise NothingTakenError(file=path.name, kind=kind, reasons=_reasons(found.refused))
    source = {
        "file": path.name,
        "sha256": file_digest(path),
        "sheet": features.layer,
        "crs": crs_name(features.crs) if features.crs is not None else "control points",
        "added": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "rows": len(features),
        "taken": dict(found.taken),
        "refused": len(found.refused),
        "mended": found.n_mended,
        "mapping": asdict(mapped),
        "control_points": _as_plain(placement),
    }
    title = re.sub(r"[^a-z0-9]+", "-", path.name.split(".")[0].lower()).strip("-") or kind
    layer = _layer(title, order, kind, found, source, is_replacing=is_replacing)
    _store(layer, root)
    return AddedLayer(
        layer,
        len(features),
        found.taken,
        found.refused,
        found.n_mended,
        str(source["crs"]),
        placement,
    )


def read_layers(folder: Path) -> list[Layer]:
    """
    Return the layers of a city's folder in order.

    Raises
    ------
    StoreBrokenError
    """
    return [_open(item) for item in _folders(folder / LAYERS)]


def layer_order(folder: Path) -> int:
    """Return the number a layer's folder begins with."""
    return int(folder.name.split("-")[0])


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    found = [item for item in root.iterdir() if re.match(r"\d+-", item.name)]
    return sorted(found, key=layer_order)


def _last_number(root: Path) -> int:
    """Return the highest number of a layer, also of those set aside."""
    names = [item.name.removeprefix(ASIDE) for item in root.iterdir()] if root.is_dir() else []
    return max((int(name.split("-")[0]) for name in names if re.match(r"\d+-", name)), default=0)


def _placed(
    features: VectorFeatures, epsg: int, control_points: Path | None, crs: str | None
) -> tuple[NDArray[np.object_], Placement | None]:
    """Return geometries in the city's coordinates and how they were placed."""
    if control_points is None:
        return to_crs(features, epsg), None
    placement = read_control_points(control_points, epsg, crs=crs)
    has_geometry = np.array([g is not None for g in features.geometry], dtype=bool)
    geometry = features.geometry.copy()
    geometry[has_geometry] = shapely.transform(features.geometry[has_geometry], placement.apply)
    return geometry, placement


def _as_plain(placement: Placement | None) -> dict[str, Any] | None:
    if placement is None:
        return None
    return {
        "method": placement.method,
        "matrix": placement.matrix.tolist(),
        "residuals": placement.residuals.tolist(),
        "scale": placement.scale,
        "rotation": placement.rotation,
    }


def _reasons(refused: tuple[Refused, ...]) -> str:
    reasons = [item.reason for item in refused]
    counted = [f"{reasons.count(r)} × {r.replace('_', ' ')}" for r in sorted(set(reasons))]
    return ", ".join(counted) or "no rows"


def _layer(
    title: str,
    order: int,
    kind: str,
    found: Interpreted,
    source: Mapping[str, Any],
    *,
    is_replacing: bool,
) -> Layer:
    shapes = [g for table in found.tables.values() for g in table.geometry]
    footprint: BaseGeometry = shapely.convex_hull(shapely.geometrycollections(shapes))
    digest = hashlib.blake2b(f"{kind} {is_replacing}".encode(), digest_size=32)
    for name, array in pack_tables(found.tables).items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return Layer(
        title, order, kind, is_replacing, found.tables, footprint, digest.hexdigest(), source
    )


def _store(layer: Layer, root: Path) -> None:
    """Write a layer's folder beside the others, in one step."""
    target = root / f"{layer.order:03d}-{layer.name}"
    description = {
        "name": layer.name,
        "order": layer.order,
        "as": layer.kind,
        "is_replacing": layer.is_replacing,
        "hash": layer.hash,
        "footprint": shapely.to_wkb(layer.footprint, hex=True),
        "source": dict(layer.source),
    }
    store_tables(target / DESCRIPTION, description, layer.tables)


def store_tables(
    file: Path, description: Mapping[str, Any], tables: Mapping[str, FeatureTable]
) -> None:
    """
    Write tables and what is said of them to a new folder, in one step.

    Parameters
    ----------
    file : Path
        The description's; its folder must not exist yet.
    description : mapping
        What JSON holds; the words of coded columns are added as ``vocabularies``.
    tables : mapping of str to FeatureTable

    Raises
    ------
    parvis.io.store.DiskFullError
        If the disk is full; nothing is left behind then.
    """
    words = {
        name: {column: list(known) for column, known in table.vocabularies.items()}
        for name, table in tables.items()
    }
    text = json.dumps({**description, "vocabularies": words}, indent=1, ensure_ascii=False)
    target = file.parent
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            np.savez(fresh / ARRAYS, **pack_tables(tables))  # type: ignore[arg-type]
            (fresh / file.name).write_text(text, encoding="utf-8")
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _open(folder: Path) -> Layer:
    try:
        said = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as packed:
            arrays = dict(packed)
        tables = {
            name: unpack_table(name, arrays, vocabularies)
            for name, vocabularies in said["vocabularies"].items()
        }
        return Layer(
            name=said["name"],
            order=said["order"],
            kind=said["as"],
            is_replacing=said["is_replacing"],
            tables=tables,
            footprint=shapely.from_wkb(said["footprint"]),
            hash=said["hash"],
            source=said["source"],
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError) as problem:
        raise StoreBrokenError(name=f"{folder.parent.parent.name}/{folder.name}") from problem


def pack_tables(tables: Mapping[str, FeatureTable]) -> dict[str, NDArray[Any]]:
    """Return all arrays of a layer's tables by name, as `unpack_table` takes them."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, table in sorted(tables.items()):
        for column, array in table.columns.items():
            arrays[f"{name}.column.{column}"] = array
        arrays[f"{name}.coords"] = table.coords
        for i, offsets in enumerate(table.offsets):
            arrays[f"{name}.offsets{i}"] = offsets
        arrays[f"{name}.tag_offsets"] = table.tag_offsets
        arrays[f"{name}.tag_keys"] = table.tag_keys
        arrays[f"{name}.tag_values"] = table.tag_values
        arrays[f"{name}.text_data"] = table.strings.data
        arrays[f"{name}.text_offsets"] = table.strings.offsets
    return arrays


def unpack_table(
    name: str, arrays: Mapping[str, NDArray[Any]], vocabularies: Mapping[str, list[str]]
) -> FeatureTable:
    """Return one table of packed arrays."""
    shape = {"areas": "polygon", "lines": "line"}.get(name, "point")
    prefix = f"{name}.column."
    return FeatureTable(
        geometry_type=shape,
        columns={key.removeprefix(prefix): arrays[key] for key in arrays if key.startswith(prefix)},
        coords=arrays[f"{name}.coords"],
        offsets=tuple(arrays[f"{name}.offsets{i}"] for i in range(_OFFSETS[shape])),
        tag_offsets=arrays[f"{name}.tag_offsets"],
        tag_keys=arrays[f"{name}.tag_keys"],
        tag_values=arrays[f"{name}.tag_values"],
        strings=Strings(arrays[f"{name}.text_data"], arrays[f"{name}.text_offsets"]),
        vocabularies={column: tuple(words) for column, words in vocabularies.items()},
    )


def remove_layer(name: str, order: int, *, home: Path | None = None) -> Layer:
    """
    Take a layer away from a city; the others keep their numbers.

    Raises
    ------
    LayerUnknownError
    """
    folders = _folders(existing_city(name, home) / LAYERS)
    found = next((folder for folder in folders if layer_order(folder) == order), None)
    if found is None:
        listed = ", ".join(folder.name for folder in folders) or "none"
        raise LayerUnknownError(city=name, order=order, listed=listed)
    layer = _open(found)
    gone = found.rename(found.with_name(f".removed-{found.name}"))
    shutil.rmtree(gone)
    return layer

"""How are a planner's designs kept beside a city: one folder each, never changed."""

import datetime as dt
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.ground import street_ground
from parvis.city.georeference import Placement
from parvis.city.model import City
from parvis.city.table import FeatureTable
from parvis.city.variant_layers import DESIGN_LAYERS
from parvis.city.variants import (
    TABLES,
    Variant,
    city_with_variant,
    has_solids,
    rows_of_layers,
)
from parvis.errors import InputError
from parvis.io.home import existing_city
from parvis.io.layers import pack_tables, store_tables, unpack_table
from parvis.io.store import StoreBrokenError, file_digest, load_city
from parvis.io.variant_files import Brought, read_design

VARIANTS = "variants"
DESCRIPTION = "variant.json"
ARRAYS = "features.npz"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
STREET_REACH = 250.0
"""Streets measured anew can be this long; what they cover outside the limit stays ground. [m]"""
PRESENT = "present"
"""What the city as it stands is called in a comparison; no variant can be named so."""


class VariantNameError(InputError):
    """A variant's name cannot be the name of a folder, or means the present."""

    code = "variant_name"


class VariantKnownError(InputError):
    """The city has a variant of that name already; variants are never changed."""

    code = "variant_known"


class VariantUnknownError(InputError):
    """The city has no variant of that name."""

    code = "variant_unknown"


class KeptLayerError(InputError):
    """A layer of the present that shall stay is not one of a design's layers."""

    code = "variant_keep"


@dataclass(frozen=True, eq=False)
class AddedVariant:
    """
    What became a variant and what did not.

    Attributes
    ----------
    variant : Variant
    brought : Brought
        Features by layer and kind, rows not taken, layers not understood.
    taken_out : mapping of str to int
        Features of the present within the limit that the design replaces, by layer.
    kept : tuple of str
        Layers of the present that stay within the limit.
    drawn : frozenset of str
        Layers the design has, be they empty.
    """

    variant: Variant
    brought: Brought
    taken_out: Mapping[str, int]
    kept: tuple[str, ...]
    drawn: frozenset[str]


def add_variant(
    name: str,
    variant: str,
    files: Sequence[Path],
    *,
    limit: Path | None = None,
    crs: str | None = None,
    control_points: Path | None = None,
    layers: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    home: Path | None = None,
) -> AddedVariant:
    """
    Bring in a design and store it beside the city.

    Parameters
    ----------
    name : str
        City.
    variant : str
        Letters, digits, "-" and "_".
    files : sequence of Path
        DXF, GeoPackage or any format of `parvis.io.vector.read_vector`.
    limit : Path, optional
        Polygon file; by default the layer ``limit`` of one of the files.
    crs : str, optional
        Of files that do not say their own.
    control_points : Path, optional
        For drawings without a coordinate system.
    layers : mapping of str to str, optional
        What the files' own layer names mean where that is not recognised: ``"walls"``, or a kind
        of it as ``"walls:cliff"``, or ``"ignore"``, or ``"limit"``.
    keep : sequence of str
        Layers of the present that stay within the limit.

    Raises
    ------
    VariantNameError, VariantKnownError, KeptLayerError
        Beside the errors of `read_design`. Nothing is stored then.
    """
    folder = existing_city(name, home)
    check_variant_name(variant)
    if (folder / VARIANTS / variant).exists():
        raise VariantKnownError(city=name, name=variant)
    wrong = [layer for layer in keep if layer not in DESIGN_LAYERS]
    if wrong:
        raise KeptLayerError(value=", ".join(wrong), accepted=", ".join(DESIGN_LAYERS))
    city = load_city(name, home=home)
    design = read_design(
        city,
        files,
        limit=limit,
        crs=crs,
        control_points=control_points,
        layers=layers or {},
    )
    replaces = tuple(
        layer
        for layer, said in DESIGN_LAYERS.items()
        if layer not in keep and (layer in design.drawn or not said.stays_unless_drawn)
    )
    source = {
        "files": [
            {"file": path.name, "sha256": file_digest(path)}
            for path in (*files, *([limit] if limit else []))
        ],
        "crs": design.crs,
        "added": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "rows": design.brought.n_rows,
        "taken": dict(design.brought.taken),
        "cut": dict(design.brought.cut),
        "refused": len(design.brought.refused),
        "control_points": _as_plain(design.placement),
    }
    found = Variant(
        variant,
        design.limit,
        replaces,
        design.tables,
        _digest(design.limit, replaces, design.tables),
        source,
    )
    _store(found, folder / VARIANTS)
    taken_out = {
        layer: sum(
            len(rows_of_layers(getattr(city, table), table, [layer], design.limit))
            for table in TABLES
        )
        for layer in replaces
    }
    kept = tuple(layer for layer in DESIGN_LAYERS if layer not in replaces)
    some = {layer: n for layer, n in taken_out.items() if n}
    return AddedVariant(found, design.brought, some, kept, design.drawn)


def read_variants(name: str, *, home: Path | None = None) -> list[Variant]:
    """
    Return a city's variants by name.

    Raises
    ------
    StoreBrokenError
        A file is damaged, or no longer what its hash says.
    """
    root = existing_city(name, home) / VARIANTS
    if not root.is_dir():
        return []
    folders = [item for item in root.iterdir() if _NAME.fullmatch(item.name)]
    return [_open(folder) for folder in sorted(folders)]


def read_variant(name: str, variant: str, *, home: Path | None = None) -> Variant:
    """
    Return one variant of a city.

    Raises
    ------
    VariantUnknownError, StoreBrokenError
    """
    return _open(variant_folder(name, variant, home))


def load_design(name: str, variant: str, *, home: Path | None = None) -> City:
    """
    Return a city as it would be with a variant built.

    Raises
    ------
    VariantUnknownError, StoreBrokenError
    """
    city, design = load_city(name, home=home), read_variant(name, variant, home=home)
    around = shapely.buffer(design.limit, STREET_REACH)
    ground = street_ground(city, around) if has_solids(design) else None
    return city_with_variant(city, design, street_ground=ground)


def remove_variant(name: str, variant: str, *, home: Path | None = None) -> None:
    """
    Delete a variant and the record of its runs; the present is not touched.

    Raises
    ------
    VariantUnknownError
    """
    folder = variant_folder(name, variant, home)
    gone = folder.rename(folder.with_name(f".removed-{folder.name}"))
    shutil.rmtree(gone)


def variant_folder(name: str, variant: str, home: Path | None = None) -> Path:
    """
    Return the folder of a variant; the runs of its analyses lie in it.

    Raises
    ------
    VariantUnknownError
        With the names there are.
    """
    root = existing_city(name, home) / VARIANTS
    folder = root / variant
    if not _NAME.fullmatch(variant) or not (folder / DESCRIPTION).is_file():
        names = sorted(item.parent.name for item in root.glob(f"[!.]*/{DESCRIPTION}"))
        listed = ", ".join(names) or "none yet"
        raise VariantUnknownError(city=name, name=variant, listed=listed)
    return folder


def check_variant_name(variant: str) -> None:
    """
    Raise where a name cannot be that of a variant.

    Raises
    ------
    VariantNameError
    """
    if not _NAME.fullmatch(variant) or variant.lower() == PRESENT:
        raise VariantNameError(name=variant)


def _digest(
    limit: BaseGeometry, replaces: Sequence[str], tables: Mapping[str, FeatureTable]
) -> str:
    digest = hashlib.blake2b(" ".join(replaces).encode(), digest_size=32)
    digest.update(shapely.to_wkb(limit))
    for name, array in pack_tables(tables).items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    for name, table in sorted(tables.items()):
        digest.update(f"{name} {sorted(table.vocabularies.items())}".encode())
    return digest.hexdigest()


def _store(variant: Variant, root: Path) -> None:
    """Write a variant's folder in one step."""
    target = root / variant.name
    description = {
        "name": variant.name,
        "hash": variant.hash,
        "limit": shapely.to_wkb(variant.limit, hex=True),
        "replaces": list(variant.replaces),
        "source": dict(variant.source),
    }
    store_tables(target / DESCRIPTION, description, variant.tables)


def _open(folder: Path) -> Variant:
    broken = StoreBrokenError(name=f"{folder.parent.parent.name}/{VARIANTS}/{folder.name}")
    try:
        said = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        with np.load(folder / ARRAYS, allow_pickle=False) as packed:
            arrays = dict(packed)
        tables = {
            name: unpack_table(name, arrays, vocabularies)
            for name, vocabularies in said["vocabularies"].items()
        }
        limit = shapely.from_wkb(said["limit"])
        replaces = tuple(said["replaces"])
        found = Variant(said["name"], limit, replaces, tables, said["hash"], said["source"])
        is_whole = _digest(limit, replaces, tables) == found.hash
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError) as problem:
        raise broken from problem
    except (zipfile.BadZipFile, shapely.errors.ShapelyError) as problem:
        raise broken from problem
    if not is_whole:
        raise broken
    return found


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

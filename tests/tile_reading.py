"""Vector tiles read back with GDAL, whose decoder shares nothing with the encoder."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pmtiles.reader import MemorySource, Reader, all_tiles


@dataclass(frozen=True)
class ReadLayer:
    """Shapes in units of the tile with y upwards from its foot, and columns of attributes."""

    shapes: Any
    columns: dict[str, Any]


def read_tile(content: bytes, folder: Path) -> dict[str, ReadLayer]:
    """Read an uncompressed tile."""
    path = folder / "tile.mvt"
    path.write_bytes(content)
    layers = {}
    for name, _ in pyogrio.list_layers(path):
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=name)
        layers[str(name)] = ReadLayer(
            np.asarray(shapely.from_wkb(wkb)), dict(zip(meta["fields"], columns, strict=True))
        )
    return layers


def tiles_of(path: Path) -> dict[tuple[int, int, int], bytes]:
    """Return all tiles of an archive, uncompressed."""
    source = MemorySource(path.read_bytes())
    return {place: gzip.decompress(content) for place, content in all_tiles(source)}


def metadata_of(path: Path) -> dict[str, Any]:
    return Reader(MemorySource(path.read_bytes())).metadata()

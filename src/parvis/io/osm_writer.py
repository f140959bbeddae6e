"""Writes map data as an OpenStreetMap extract."""

import ctypes
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm import mutable
from pyproj import Transformer

from parvis.city.town_builder import Town
from parvis.errors import InputError, LimitError

FORMATS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
CHUNK = 100_000
ATTRIBUTES: dict[str, Any] = {
    "version": 1,
    "visible": True,
    "changeset": 1,
    "timestamp": "2026-01-01T00:00:00Z",
}


class OutputFormatError(InputError):
    """The file's ending names no format that can be written."""

    code = "output_format"


class OutputFolderError(InputError):
    """The folder to write to does not exist."""

    code = "output_folder"


class OutputNotWrittenError(LimitError):
    """The machine could not write the file: no space, or no right to."""

    code = "output_not_written"


def write_osm(town: Town, path: Path) -> None:
    """
    Write a town as an extract; the same town gives the same bytes.

    Parameters
    ----------
    town : Town
    path : pathlib.Path
        Ends in ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``. An existing file is replaced
        only when the new one is complete.

    Raises
    ------
    OutputFormatError
        If the ending is another one.
    OutputFolderError
        If the folder does not exist.
    OutputNotWrittenError
        If the disk is full or the file cannot be made there; nothing is left behind.
    """
    path = Path(path)
    if not path.name.endswith(FORMATS):
        raise OutputFormatError(file=str(path), accepted=", ".join(FORMATS))
    if not path.parent.is_dir():
        raise OutputFolderError(folder=str(path.parent))
    part = path.with_name(f".part-{path.name}")
    try:
        _write(town, part)
        shutil.move(part, path)
    except (OSError, RuntimeError) as problem:
        raise OutputNotWrittenError(file=str(path), reason=str(problem)) from problem
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write(town: Town, path: Path) -> None:
    to_degrees = Transformer.from_crs(town.epsg, 4326, always_xy=True)
    lon, lat = to_degrees.transform(town.xy[:, 0], town.xy[:, 1])
    header = osmium.io.Header()
    header.set("generator", "parvis town make")
    if len(lon):
        header.add_box(
            osmium.osm.Box(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
        )
    writer = osmium.SimpleWriter(str(path), header=header)
    try:
        _write_objects(town, lon, lat, writer)
        writer.close()
    except (OSError, RuntimeError):
        # After a failed write its destructor would end the process: let it never run.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(writer))
        raise


def _write_objects(
    town: Town, lon: NDArray[np.float64], lat: NDArray[np.float64], writer: osmium.SimpleWriter
) -> None:
    """Write nodes, ways and relations in the order readers expect."""
    for first in range(0, len(lon), CHUNK):
        part = slice(first, first + CHUNK)
        places = np.round(np.column_stack([lon[part], lat[part]]), 7).tolist()
        for row, place in enumerate(places, first):
            tags = town.node_tags.get(row)
            writer.add_node(mutable.Node(id=row + 1, location=place, tags=tags, **ATTRIBUTES))
    for row, tag_row in enumerate(town.tag_set):
        nodes = town.refs[town.offsets[row] : town.offsets[row + 1]] + 1
        tags = town.tag_sets[tag_row]
        way = mutable.Way(id=row + 1, nodes=nodes.tolist(), tags=tags, **ATTRIBUTES)
        writer.add_way(way)
    for row, relation in enumerate(town.relations):
        members = [(m.kind, m.index + 1, m.role) for m in relation.members]
        writer.add_relation(
            mutable.Relation(id=row + 1, members=members, tags=relation.tags, **ATTRIBUTES)
        )

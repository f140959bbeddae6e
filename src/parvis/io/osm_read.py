"""
What does an OpenStreetMap extract hold, as arrays.

A Python call per node or tag costs more than decoding the file, so none is made: osmium's own
threads decode, attach locations to ways, drop nodes without a wanted key and write the rest as
OPL (one line per object, https://osmcode.org/opl-file-format/) to a spool file. Its lines are
then split and turned into arrays in bulk, a block at a time; cost and memory grow linearly.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.errors import InputError, LimitError
from parvis.io.osm_tags import NODE_KEYS

BLOCK = 1 << 24
"""Bytes of the spool file that are split at once."""
LOCATION_INDEX = "flex_mem"
"""Sparse and sorted for extracts of a city, dense by itself for whole countries."""
MISSING = 999.0
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".opl", ".opl.gz", ".opl.bz2")


class ExtractNotFoundError(InputError):
    """No file lies at the given path."""

    code = "extract_not_found"


class ExtractTypeError(InputError):
    """The file is not an OpenStreetMap extract by its name."""

    code = "extract_type"


class ExtractBrokenError(InputError):
    """The file ends early or is damaged."""

    code = "extract_broken"


class DiskFullError(LimitError):
    """A file could not be written because no space is left."""

    code = "disk_full"


@dataclass(frozen=True, eq=False)
class Extract:
    """
    Objects of an extract, in file order.

    Attributes
    ----------
    node_id : ndarray of int64, shape (k,)
        Nodes with at least one key of `osm_tags.NODE_KEYS`.
    node_lon, node_lat : ndarray of float64, shape (k,)
        WGS 84. [°]
    node_tags, way_tags, relation_tags : list of str
        OPL tag lists: ``key=value`` joined by commas, escaped.
    way_id : ndarray of int64, shape (n,)
    way_start : ndarray of int64, shape (n + 1,)
        Node references of way i are ``way_start[i]:way_start[i + 1]``.
    ref : ndarray of int64, shape (m,)
    ref_lon, ref_lat : ndarray of float64, shape (m,)
        NaN for nodes that the extract does not hold. [°]
    relation_id : ndarray of int64, shape (r,)
    members : list of list of tuple
        (way id, role) of each relation's member ways.
    timestamp : str
        Of the data: ISO 8601, "" where the file holds none.
    box : tuple of float or None
        Of the file's header: west, south, east, north. [°]
    """

    node_id: NDArray[np.int64]
    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    node_tags: list[str]
    way_id: NDArray[np.int64]
    way_start: NDArray[np.int64]
    ref: NDArray[np.int64]
    ref_lon: NDArray[np.float64]
    ref_lat: NDArray[np.float64]
    way_tags: list[str]
    relation_id: NDArray[np.int64]
    relation_tags: list[str]
    members: list[list[tuple[int, str]]]
    timestamp: str
    box: tuple[float, float, float, float] | None


def read_extract(path: Path, *, spool: Path | None = None) -> Extract:
    """
    Read an extract (.osm.pbf, .osm, .osm.gz, .osm.bz2) into arrays.

    Parameters
    ----------
    path : Path
    spool : Path, optional
        Directory for the temporary file, about seven times the size of the .osm.pbf; the
        system's by default.

    Returns
    -------
    Extract

    Raises
    ------
    ExtractNotFoundError, ExtractTypeError, ExtractBrokenError, DiskFullError
    """
    check_name(path)
    with tempfile.TemporaryDirectory(prefix="parvis-read-", dir=spool) as folder:
        target = Path(folder) / "extract.opl"
        timestamp, box = _spool(path, target)
        try:
            return _collect(target, timestamp, box)
        except (UnicodeDecodeError, ValueError) as problem:
            raise ExtractBrokenError(file=path.name, reason="damaged text") from problem


def check_name(path: Path) -> None:
    """Raise where no file lies at `path` or its name is not that of an extract."""
    if not path.is_file():
        raise ExtractNotFoundError(file=str(path))
    if not path.name.lower().endswith(SUFFIXES):
        raise ExtractTypeError(file=path.name)


def _spool(path: Path, target: Path) -> tuple[str, tuple[float, float, float, float] | None]:
    """Let osmium write the wanted objects of `path` to `target`; return date and box."""
    import osmium
    from osmium.filter import KeyFilter

    try:
        with osmium.io.Reader(str(path), osmium.osm.ALL) as reader:
            header = reader.header()
            timestamp = header.get("osmosis_replication_timestamp") or ""
            box = _header_box(header)
            locations = osmium.NodeLocationsForWays(osmium.index.create_map(LOCATION_INDEX))
            locations.ignore_errors()
            wanted = KeyFilter(*NODE_KEYS)
            wanted.enable_for(osmium.osm.NODE)
            options = "opl,locations_on_ways=true,add_metadata=timestamp"
            with osmium.SimpleWriter(osmium.io.File(str(target), options)) as writer:
                osmium.apply(reader, locations, wanted, writer)
    except OSError as problem:
        raise DiskFullError(file=path.name) from problem
    except (RuntimeError, ValueError, MemoryError) as problem:
        reason = " ".join(str(problem).split()).rstrip(".") or "cannot be decoded"
        if "No space left" in reason or "File too large" in reason:
            raise DiskFullError(file=path.name) from problem
        raise ExtractBrokenError(file=path.name, reason=reason) from problem
    return timestamp, box


def _header_box(header: Any) -> tuple[float, float, float, float] | None:
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return low.lon, low.lat, high.lon, high.lat


def _blocks(path: Path) -> Iterator[list[str]]:
    """Yield the lines of `path` in blocks."""
    with path.open("rb") as stream:
        rest = b""
        while block := stream.read(BLOCK):
            head, newline, tail = (rest + block).rpartition(b"\n")
            rest = tail
            if newline:
                yield head.decode().split("\n")
        if rest:
            yield rest.decode().split("\n")


def _collect(path: Path, timestamp: str, box: Any) -> Extract:
    nodes: list[list[NDArray[Any]]] = []
    ways: list[list[NDArray[Any]]] = []
    node_tags: list[str] = []
    way_tags: list[str] = []
    relation_ids: list[int] = []
    relation_tags: list[str] = []
    members: list[list[tuple[int, str]]] = []
    newest = ""
    for lines in _blocks(path):
        found = [line for line in lines if line[:1] == "n"]
        if found:
            flat = " ".join(found).split(" ")
            newest = max(newest, max(flat[2::6]))
            node_tags += [text[1:] for text in flat[3::6]]
            place = " ".join(flat[4::6]) + " " + " ".join(flat[5::6])
            place = place.replace("x ", f"x{MISSING} ").replace("x", "").replace("y", "")
            lon, lat = _numbers(place, " ").reshape(2, -1)
            nodes.append([_identifiers(flat[0::6], "n"), lon, lat])
        found = [line for line in lines if line[:1] == "w"]
        if found:
            flat = " ".join(found).split(" ")
            newest = max(newest, max(flat[2::5]))
            way_tags += [text[1:] for text in flat[3::5]]
            references = flat[4::5]
            counts = [text.count("n") - 0 for text in references]
            text = ",".join([text[1:] for text in references if len(text) > 1])
            text = text.replace("xy", f"x{MISSING}y{MISSING}").replace("n", "")
            table = _numbers(text.replace("x", ",").replace("y", ","), ",").reshape(-1, 3)
            ways.append([_identifiers(flat[0::5], "w"), np.array(counts, dtype=np.int64), table])
        for line in lines:
            if line[:1] == "r":
                identifier, _, when, tags, listed = line.split(" ")
                newest = max(newest, when)
                relation_ids.append(int(identifier[1:]))
                relation_tags.append(tags[1:])
                members.append(
                    [
                        (int(number), role)
                        for number, _, role in (
                            item[1:].partition("@")
                            for item in listed[1:].split(",")
                            if item[:1] == "w"
                        )
                    ]
                )
    return _join(
        nodes, node_tags, ways, way_tags, relation_ids, relation_tags, members,
        timestamp or newest[1:], box,
    )  # fmt: skip


def _numbers(text: str, separator: str) -> NDArray[np.float64]:
    return np.fromstring(text, dtype=np.float64, sep=separator)


def _identifiers(texts: list[str], letter: str) -> NDArray[np.int64]:
    return np.fromstring(" ".join(texts).replace(letter, ""), dtype=np.int64, sep=" ")


def _join(
    nodes: list[list[NDArray[Any]]],
    node_tags: list[str],
    ways: list[list[NDArray[Any]]],
    way_tags: list[str],
    relation_ids: list[int],
    relation_tags: list[str],
    members: list[list[tuple[int, str]]],
    timestamp: str,
    box: tuple[float, float, float, float] | None,
) -> Extract:
    """Put the blocks together."""
    node_id, lon, lat = (
        np.concatenate([block[i] for block in nodes]) if nodes else np.empty(0) for i in range(3)
    )
    way_id, counts = (
        np.concatenate([block[i] for block in ways]) if ways else np.empty(0, dtype=np.int64)
        for i in range(2)
    )
    table = np.concatenate([block[2] for block in ways]) if ways else np.empty((0, 3))
    start = np.zeros(len(way_id) + 1, dtype=np.int64)
    np.cumsum(counts, out=start[1:])
    here = table[:, 1] != MISSING
    return Extract(
        node_id=node_id.astype(np.int64),
        node_lon=np.where(lon == MISSING, np.nan, lon),
        node_lat=np.where(lon == MISSING, np.nan, lat),
        node_tags=node_tags,
        way_id=way_id.astype(np.int64),
        way_start=start,
        ref=table[:, 0].astype(np.int64),
        ref_lon=np.where(here, table[:, 1], np.nan),
        ref_lat=np.where(here, table[:, 2], np.nan),
        way_tags=way_tags,
        relation_id=np.array(relation_ids, dtype=np.int64),
        relation_tags=relation_tags,
        members=members,
        timestamp=timestamp,
        box=box,
    )

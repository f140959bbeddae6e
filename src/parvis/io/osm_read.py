"""
What does an OpenStreetMap extract hold, as arrays.

A Python call per node or tag costs more than decoding the file, so none is made: a second process
(`parvis.io.osm_decode`) decodes and writes one line of text per object. Meanwhile its lines are
split and turned into arrays here in bulk, a block at a time; cost and memory grow linearly.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from parvis.errors import InputError
from parvis.io.osm_decode import UNSORTED

BLOCK = 1 << 21
"""Bytes that are split at once."""
EARLIEST = "2004"
"""OpenStreetMap began then; older dates are placeholders."""
MOST_MISSING = 0.25
"""With a greater share of way nodes missing, ways may stand before their nodes in the file."""
DELETED = " dD "
MISSING = 999.0
NOWHERE = f"{MISSING} "
SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2")


class ExtractNotFoundError(InputError):
    """No file lies at the given path."""

    code = "extract_not_found"


class ExtractTypeError(InputError):
    """The file is not an OpenStreetMap extract by its name."""

    code = "extract_type"


class ExtractBrokenError(InputError):
    """The file ends early or is damaged."""

    code = "extract_broken"


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
        Relations of a type in `osm_tags.RELATION_TYPES`.
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


def read_extract(path: Path) -> Extract:
    """
    Read an extract (.osm.pbf, .osm, .osm.gz, .osm.bz2) into arrays.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Extract

    Raises
    ------
    ExtractNotFoundError, ExtractTypeError, ExtractBrokenError
    """
    check_name(path)
    extract = _read(path)
    if np.isnan(extract.ref_lon).sum() > MOST_MISSING * len(extract.ref):
        extract = _read(path, UNSORTED)
    return extract


def _read(path: Path, *options: str) -> Extract:
    command = [sys.executable, "-P", "-m", "parvis.io.osm_decode", str(path.absolute()), *options]
    with subprocess.Popen(  # noqa: S603 - our own module on a file that was checked
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as decoder:
        collected = _Collector()
        try:
            for lines in _blocks(cast("IO[bytes]", decoder.stdout)):
                collected.add(lines)
            said = cast("IO[bytes]", decoder.stderr).read()
        except (ValueError, IndexError) as problem:
            decoder.kill()
            raise ExtractBrokenError(file=path.name, reason="damaged text") from problem
        except BaseException:
            decoder.kill()
            raise
    try:
        facts = json.loads(said)
    except ValueError:
        facts = {"reason": "its content cannot be decoded"}
    if decoder.returncode or "reason" in facts:
        reason = facts["reason"].rstrip(".") or "it cannot be decoded"
        raise ExtractBrokenError(file=path.name, reason=reason)
    box = facts["box"]
    return collected.extract(facts["timestamp"], None if box is None else tuple(box))


def check_name(path: Path) -> None:
    """Raise where no file lies at `path` or its name is not that of an extract."""
    if not path.is_file():
        raise ExtractNotFoundError(file=str(path))
    if not path.name.lower().endswith(SUFFIXES):
        raise ExtractTypeError(file=path.name)


def _blocks(stream: IO[bytes]) -> Iterator[list[str]]:
    """Yield the lines of `stream` in blocks."""
    rest = b""
    while block := stream.read(BLOCK):
        head, newline, tail = (rest + block).rpartition(b"\n")
        rest = tail
        if newline:
            yield head.decode().split("\n")
    if rest:
        yield rest.decode().split("\n")


class _Collector:
    """Takes blocks of lines and puts them together."""

    def __init__(self) -> None:
        self.nodes: list[tuple[NDArray[Any], ...]] = []
        self.ways: list[tuple[NDArray[Any], ...]] = []
        self.node_tags: list[str] = []
        self.way_tags: list[str] = []
        self.relation_ids: list[int] = []
        self.relation_tags: list[str] = []
        self.members: list[list[tuple[int, str]]] = []
        self.newest = ""

    def add(self, lines: list[str]) -> None:
        """Take the objects of some lines, deleted ones left out."""
        lines = [line for line in lines if DELETED not in line]
        nodes = [line for line in lines if line[:1] == "n"]
        if nodes:
            self._add_nodes(" ".join(nodes).split(" "))
        ways = [line for line in lines if line[:1] == "w"]
        if ways:
            self._add_ways(" ".join(ways).split(" "))
        if len(nodes) + len(ways) < len(lines):
            for line in lines:
                if line[:1] == "r":
                    self._add_relation(*line.split(" "))

    def _add_nodes(self, flat: list[str]) -> None:
        """Take fields ``n<id> d<visible> t<time> T<tags> x<lon> y<lat>``, six a node."""
        self.newest = max(self.newest, *flat[2::6])
        self.node_tags += [text[1:] for text in flat[3::6]]
        place = " ".join(flat[4::6]) + " " + " ".join(flat[5::6]) + " "
        place = place.replace("x ", NOWHERE).replace("y ", NOWHERE)
        lon, lat = _numbers(place.replace("x", "").replace("y", ""), " ").reshape(2, -1)
        self.nodes.append((_identifiers(flat[0::6], "n"), lon, lat))

    def _add_ways(self, flat: list[str]) -> None:
        """Take fields ``w<id> d<visible> t<time> T<tags> N<references>``, five a way."""
        self.newest = max(self.newest, *flat[2::5])
        self.way_tags += [text[1:] for text in flat[3::5]]
        references = flat[4::5]
        counts = np.array([text.count("n") for text in references], dtype=np.int64)
        text = ",".join([text[1:] for text in references if len(text) > 1])
        text = text.replace("xy", f"x{MISSING}y{MISSING}").replace("n", "")
        table = _numbers(text.replace("x", ",").replace("y", ","), ",").reshape(-1, 3)
        self.ways.append((_identifiers(flat[0::5], "w"), counts, table))

    def _add_relation(self, identifier: str, _: str, when: str, tags: str, listed: str) -> None:
        self.newest = max(self.newest, when)
        self.relation_ids.append(int(identifier[1:]))
        self.relation_tags.append(tags[1:])
        ways = (item[1:].partition("@") for item in listed[1:].split(",") if item[:1] == "w")
        self.members.append([(int(number), role) for number, _, role in ways])

    def extract(self, timestamp: str, box: tuple[float, float, float, float] | None) -> Extract:
        """Return all that was taken."""
        node_id, lon, lat = _columns(self.nodes, 3)
        way_id, counts = _columns(self.ways, 2)
        table = np.concatenate([block[2] for block in self.ways] or [np.empty((0, 3))])
        start = np.zeros(len(way_id) + 1, dtype=np.int64)
        np.cumsum(counts, out=start[1:])
        here = table[:, 1] != MISSING
        nodes, ways = _last_versions(node_id), _last_versions(way_id)
        relations = _last_versions(np.array(self.relation_ids, dtype=np.int64))
        extract = Extract(
            node_id=node_id[nodes].astype(np.int64),
            node_lon=np.where(lon == MISSING, np.nan, lon)[nodes],
            node_lat=np.where(lon == MISSING, np.nan, lat)[nodes],
            node_tags=[self.node_tags[i] for i in nodes.tolist()],
            way_id=way_id.astype(np.int64),
            way_start=start,
            ref=table[:, 0].astype(np.int64),
            ref_lon=np.where(here, table[:, 1], np.nan),
            ref_lat=np.where(here, table[:, 2], np.nan),
            way_tags=self.way_tags,
            relation_id=np.array(self.relation_ids, dtype=np.int64)[relations],
            relation_tags=[self.relation_tags[i] for i in relations.tolist()],
            members=[self.members[i] for i in relations.tolist()],
            timestamp=next((t for t in (timestamp, self.newest[1:]) if t >= EARLIEST), ""),
            box=box,
        )
        return extract if len(ways) == len(way_id) else _with_ways(extract, ways)


def _last_versions(number: NDArray[Any]) -> NDArray[np.int64]:
    """Return the rows of the last of those with the same number, in their order."""
    if (np.diff(number) > 0).all():
        return np.arange(len(number), dtype=np.int64)
    _, from_the_end = np.unique(number[::-1], return_index=True)
    return np.sort(len(number) - 1 - from_the_end).astype(np.int64)


def _with_ways(extract: Extract, rows: NDArray[np.int64]) -> Extract:
    """Return the extract with some of its ways."""
    counts = np.diff(extract.way_start)
    is_kept = np.zeros(len(counts), dtype=bool)
    is_kept[rows] = True
    inside = np.repeat(is_kept, counts)
    return replace(
        extract,
        way_id=extract.way_id[rows],
        way_start=np.concatenate(([0], np.cumsum(counts[rows]))).astype(np.int64),
        ref=extract.ref[inside],
        ref_lon=extract.ref_lon[inside],
        ref_lat=extract.ref_lat[inside],
        way_tags=[extract.way_tags[i] for i in rows.tolist()],
    )


def _columns(blocks: list[tuple[NDArray[Any], ...]], count: int) -> list[NDArray[Any]]:
    return [np.concatenate([block[i] for block in blocks] or [np.empty(0)]) for i in range(count)]


def _numbers(text: str, separator: str) -> NDArray[np.float64]:
    return np.fromstring(text, dtype=np.float64, sep=separator)


def _identifiers(texts: list[str], letter: str) -> NDArray[np.int64]:
    return np.fromstring(" ".join(texts).replace(letter, ""), dtype=np.int64, sep=" ")

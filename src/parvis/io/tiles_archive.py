"""How are tiles read back from a city's archive: mapped into memory, directories read once."""

import hashlib
import mmap
from functools import lru_cache
from pathlib import Path

from pmtiles.tile import (
    Entry,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from parvis.errors import InputError
from parvis.io.home import city_directory

BASE_TILES = "base.pmtiles"
OPEN_ARCHIVES = 64
"""Archives that a process keeps mapped."""

_HEADER = 127


class TilesBrokenError(InputError):
    """A file is no archive of tiles, or a damaged one."""

    code = "tiles_broken"


def base_tiles_path(name: str, *, home: Path | None = None) -> Path:
    """Return where the base map of the city `name` lies: beside its store."""
    return city_directory(name, home) / BASE_TILES


def open_tiles(path: Path) -> "TileArchive":
    """
    Return an archive, mapped anew only where the file was replaced.

    Raises
    ------
    FileNotFoundError
    TilesBrokenError
    """
    state = path.stat()
    return _opened(path, state.st_ino, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=OPEN_ARCHIVES)
def _opened(path: Path, inode: int, changed: int, size: int) -> "TileArchive":
    del inode, changed, size
    return TileArchive(path)


class TileArchive:
    """
    One PMTiles archive, mapped into memory for as long as it is referred to.

    A file that is replaced meanwhile stays as it was for whoever reads it here.

    Attributes
    ----------
    digest : str
        SHA-256 of the content.
    min_zoom, max_zoom : int
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as stream:
                self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            self._header = deserialize_header(self._map[:_HEADER])
        except (ValueError, IndexError, UnicodeDecodeError) as problem:
            raise TilesBrokenError(file=path.name) from problem
        except Exception as problem:
            # pmtiles has exceptions of its own that share no base.
            if type(problem).__module__.startswith("pmtiles"):
                raise TilesBrokenError(file=path.name) from problem
            raise
        self.digest = hashlib.sha256(self._map).hexdigest()
        self.min_zoom, self.max_zoom = self._header["min_zoom"], self._header["max_zoom"]
        self._directories: dict[tuple[int, int], list[Entry]] = {}

    def __len__(self) -> int:
        return len(self._map)

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes `start` to `stop`, the latter not included."""
        return self._map[start:stop]

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """
        Return a tile as stored, compressed with gzip; None where the map is empty.

        Raises
        ------
        ValueError
            If there is no such tile on earth.
        """
        if not (0 <= zoom <= 31 and 0 <= x < 2**zoom and 0 <= y < 2**zoom):
            raise ValueError(f"{zoom}/{x}/{y}")
        number = zxy_to_tileid(zoom, x, y)
        header = self._header
        offset, length = header["root_offset"], header["root_length"]
        while (entry := find_tile(self._directory(offset, length), number)) is not None:
            if entry.run_length:
                start = header["tile_data_offset"] + entry.offset
                return self._map[start : start + entry.length]
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    def _directory(self, offset: int, length: int) -> list[Entry]:
        known = self._directories.get((offset, length))
        if known is None:
            known = deserialize_directory(self._map[offset : offset + length])
            self._directories[offset, length] = known
        return known

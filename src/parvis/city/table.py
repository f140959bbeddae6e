"""A table of features: columns of arrays, one geometry a row, all tags kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """
    Features of one sort, columnar; every array may be a read-only memory map.

    Attributes
    ----------
    columns : mapping of str to ndarray, shape (n,)
        One entry per attribute. Coded columns hold small integers whose words are in
        `vocabularies` under the same name.
    coords : ndarray of float64, shape (m, 2)
        Vertices in metres of the city's projected CRS, all rows one after the other.
    geometry_type : {"point", "line", "polygon"}
        Lines have one part; polygons are multipolygons.
    offsets : tuple of ndarray of int64
        Ragged offsets as `shapely.from_ragged_array` takes them: none for points, one array for
        lines, three for multipolygons.
    tag_offsets : ndarray of int64, shape (n + 1,)
    tag_keys, tag_values : ndarray of int32
        Indices into `strings`; the tags of row i are ``tag_offsets[i]:tag_offsets[i + 1]``.
    strings : Strings
        Text pool shared by all tables of a city.
    """

    geometry_type: str
    columns: Mapping[str, NDArray[np.generic]]
    coords: NDArray[np.float64]
    offsets: tuple[NDArray[np.int64], ...]
    tag_offsets: NDArray[np.int64]
    tag_keys: NDArray[np.int32]
    tag_values: NDArray[np.int32]
    strings: "Strings"
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tag_offsets) - 1

    def __getitem__(self, column: str) -> NDArray[np.generic]:
        return self.columns[column]

    @cached_property
    def geometry(self) -> NDArray[np.object_]:
        """Shapely geometries, shape (n,)."""
        kinds = {
            "point": shapely.GeometryType.POINT,
            "line": shapely.GeometryType.LINESTRING,
            "polygon": shapely.GeometryType.MULTIPOLYGON,
        }
        return np.asarray(
            shapely.from_ragged_array(
                kinds[self.geometry_type], self.coords, self.offsets if self.offsets else None
            ),
            dtype=object,
        )

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """Bounding boxes, shape (n, 4): min x, min y, max x, max y, in metres."""
        return np.asarray(shapely.bounds(self.geometry), dtype=np.float64).reshape(len(self), 4)

    def within(self, box: tuple[float, float, float, float]) -> NDArray[np.int64]:
        """Return the rows whose bounding box meets `box`, ascending."""
        if len(self) == 0:
            return np.empty(0, dtype=np.int64)
        b = self.bounds
        hit = (b[:, 0] <= box[2]) & (b[:, 2] >= box[0]) & (b[:, 1] <= box[3]) & (b[:, 3] >= box[1])
        return np.flatnonzero(hit)

    def words(self, column: str) -> NDArray[np.object_]:
        """Return a coded column as words, shape (n,)."""
        vocabulary = np.array(self.vocabularies[column], dtype=object)
        return np.asarray(vocabulary[np.asarray(self.columns[column], dtype=np.int64)])

    def code(self, column: str, word: str) -> int:
        """Return the code of `word` in a coded column, -1 where the city has none."""
        vocabulary = self.vocabularies[column]
        return vocabulary.index(word) if word in vocabulary else -1

    def tags(self, row: int) -> dict[str, str]:
        """Return all tags of a row."""
        part = slice(int(self.tag_offsets[row]), int(self.tag_offsets[row + 1]))
        return {
            self.strings[int(key)]: self.strings[int(value)]
            for key, value in zip(self.tag_keys[part], self.tag_values[part], strict=True)
        }

    def text(self, column: str, row: int) -> str:
        """Return the string a text column (indices into `strings`, -1 for none) holds."""
        index = int(self.columns[column][row])
        return self.strings[index] if index >= 0 else ""


@dataclass(frozen=True, eq=False)
class Strings:
    """
    A pool of texts: UTF-8 bytes and offsets, so that it can be memory-mapped.

    Attributes
    ----------
    data : ndarray of uint8
    offsets : ndarray of int64, shape (n + 1,)
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bytes(self.data[self.offsets[index] : self.offsets[index + 1]]).decode()

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    @classmethod
    def of(cls, texts: list[str]) -> "Strings":
        """Build a pool from a list of texts."""
        encoded = [text.encode() for text in texts]
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

"""How feature tables are built, cut and joined without touching the ones they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import Segments
from parvis.city.table import FeatureTable, Strings

TEXT_COLUMNS = frozenset({"name", "id"})
"""Columns that hold indices into the text pool."""
_NONE = {"name": -1, "id": -1, "segment_node": -1}
"""What stands in a column for nothing, where that is not 0."""


def build_table(
    geometry_type: str,
    geometry: Sequence[shapely.Geometry] | NDArray[np.object_],
    columns: Mapping[str, NDArray[np.generic]],
    *,
    texts: Mapping[str, Sequence[str]] | None = None,
    coded: Mapping[str, Sequence[str]] | None = None,
    tags: Sequence[Mapping[str, str]] | None = None,
    strings: Strings | None = None,
) -> FeatureTable:
    """
    Make a table from shapely geometries, words and tags.

    Parameters
    ----------
    geometry_type : {"point", "line", "polygon"}
    geometry : sequence of Geometry, length n
        Polygons may be single or multi; lines have one part.
    columns : mapping of str to ndarray, shape (n,)
    texts : mapping of str to sequence of str, optional
        Text columns; "" is stored as -1.
    coded : mapping of str to sequence of str, optional
        Coded columns as words.
    tags : sequence of mapping, optional
        Tags of each row; none by default.
    strings : Strings, optional
        Pool to continue: its indices stay valid in the new table's pool.
    """
    n = len(geometry)
    coords, offsets = ragged(geometry_type, geometry)
    rows = tags if tags is not None else [{}] * n
    wanted = [word for column in (texts or {}).values() for word in column if word]
    wanted += [word for row in rows for pair in row.items() for word in pair]
    pool, index = extend_strings(strings if strings is not None else Strings.of([]), wanted)
    every: dict[str, NDArray[np.generic]] = dict(columns)
    for name, column in (texts or {}).items():
        every[name] = np.array([index[w] if w else -1 for w in column], dtype=np.int32)
    vocabularies: dict[str, tuple[str, ...]] = {}
    for name, column in (coded or {}).items():
        words = tuple(sorted(set(column)))
        code = {word: i for i, word in enumerate(words)}
        every[name] = np.array([code[w] for w in column], dtype=np.int16)
        vocabularies[name] = words
    tag_offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=tag_offsets[1:])
    return FeatureTable(
        geometry_type,
        every,
        coords,
        offsets,
        tag_offsets,
        np.array([index[key] for row in rows for key in row], dtype=np.int32),
        np.array([index[value] for row in rows for value in row.values()], dtype=np.int32),
        pool,
        vocabularies,
    )


def ragged(
    geometry_type: str, geometry: Sequence[shapely.Geometry] | NDArray[np.object_]
) -> tuple[NDArray[np.float64], tuple[NDArray[np.int64], ...]]:
    """Return vertices and offsets of geometries as a table keeps them; polygons become multi."""
    depth = {"point": 0, "line": 1, "polygon": 3}[geometry_type]
    if len(geometry) == 0:
        return np.empty((0, 2)), tuple(np.zeros(1, dtype=np.int64) for _ in range(depth))
    array = np.asarray(geometry, dtype=object)
    if geometry_type == "polygon":
        parts, owner = shapely.get_parts(array, return_index=True)
        array = np.asarray(shapely.multipolygons(parts, indices=owner), dtype=object)
    _, coords, offsets = shapely.to_ragged_array(shapely.force_2d(array))
    return coords, tuple(np.asarray(o, dtype=np.int64) for o in offsets)


def extend_strings(strings: Strings, texts: Iterable[str]) -> tuple[Strings, dict[str, int]]:
    """Return a pool that begins with `strings` and holds all `texts`, and their indices."""
    wanted = list(dict.fromkeys(texts))
    known = find_texts(strings, wanted)
    new = [text for text in wanted if text not in known]
    added = Strings.of(new)
    index = known | {text: len(strings) + i for i, text in enumerate(new)}
    if not new:
        return strings, index
    data = np.concatenate([np.asarray(strings.data), added.data])
    offsets = np.concatenate([np.asarray(strings.offsets), added.offsets[1:] + strings.offsets[-1]])
    return Strings(data, offsets), index


def find_texts(strings: Strings, texts: Sequence[str]) -> dict[str, int]:
    """Return where in the pool each of `texts` stands; those it lacks are left out."""
    data, offsets = np.asarray(strings.data), np.asarray(strings.offsets)
    length = np.diff(offsets)
    by_length: dict[int, list[tuple[str, bytes]]] = {}
    for text in texts:
        encoded = text.encode()
        by_length.setdefault(len(encoded), []).append((text, encoded))
    found: dict[str, int] = {}
    for size, group in by_length.items():
        rows = np.flatnonzero(length == size)
        if not len(rows):
            continue
        block = data[offsets[rows][:, None] + np.arange(size)]
        if len(group) > 8:
            where = {bytes(line): int(row) for line, row in zip(block, rows, strict=True)}
            found |= {text: where[encoded] for text, encoded in group if encoded in where}
            continue
        for text, encoded in group:
            hit = np.flatnonzero((block == np.frombuffer(encoded, dtype=np.uint8)).all(axis=1))
            if len(hit):
                found[text] = int(rows[hit[0]])
    return found


def tag_column(table: FeatureTable, key: str) -> NDArray[np.int32]:
    """Return the value of tag `key` in every row as index into the pool, -1 where untagged."""
    column = np.full(len(table), -1, dtype=np.int32)
    index = find_texts(table.strings, [key]).get(key)
    if index is None:
        return column
    at = np.flatnonzero(np.asarray(table.tag_keys) == index)
    rows = np.searchsorted(np.asarray(table.tag_offsets), at, side="right") - 1
    column[rows] = np.asarray(table.tag_values)[at]
    return column


def has_tag(table: FeatureTable, key: str, *values: str) -> NDArray[np.bool_]:
    """Return which rows carry tag `key` with one of `values`, any value by default."""
    column = tag_column(table, key)
    if not values:
        return column >= 0
    known = find_texts(table.strings, values)
    return np.isin(column, list(known.values()))


def take(table: FeatureTable, rows: NDArray[np.int64]) -> FeatureTable:
    """Return the table of `rows`, in that order."""
    rows = np.asarray(rows, dtype=np.int64)
    coords, offsets = ragged(table.geometry_type, table.geometry[rows])
    tag_start, tag_end = table.tag_offsets[rows], table.tag_offsets[rows + 1]
    counts = np.asarray(tag_end - tag_start)
    tag_offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(counts, out=tag_offsets[1:])
    at = np.arange(tag_offsets[-1]) - np.repeat(tag_offsets[:-1], counts)
    at += np.repeat(tag_start, counts)
    return FeatureTable(
        table.geometry_type,
        {name: np.asarray(column)[rows] for name, column in table.columns.items()},
        coords,
        offsets,
        tag_offsets,
        np.asarray(table.tag_keys)[at],
        np.asarray(table.tag_values)[at],
        table.strings,
        table.vocabularies,
    )


def retag(table: FeatureTable, row: int, tags: Mapping[str, str]) -> FeatureTable:
    """Return the table with `tags` set on one row; its other tags stay."""
    merged = table.tags(row) | dict(tags)
    pool, index = extend_strings(table.strings, [word for pair in merged.items() for word in pair])
    start, end = int(table.tag_offsets[row]), int(table.tag_offsets[row + 1])
    offsets = np.array(table.tag_offsets)
    offsets[row + 1 :] += len(merged) - (end - start)
    keys = np.array([index[key] for key in merged], dtype=np.int32)
    values = np.array([index[value] for value in merged.values()], dtype=np.int32)
    return replace(
        table,
        tag_offsets=offsets,
        tag_keys=np.concatenate([table.tag_keys[:start], keys, table.tag_keys[end:]]),
        tag_values=np.concatenate([table.tag_values[:start], values, table.tag_values[end:]]),
        strings=pool,
    )


def segment_lines(
    streets: FeatureTable, segments: Segments, rows: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return the centre lines of segments as shapely lines, shape (len(rows),)."""
    start = np.asarray(segments.coord_start, dtype=np.int64)[rows]
    counts = np.asarray(segments.coord_end, dtype=np.int64)[rows] - start
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    at = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts) + np.repeat(start, counts)
    coords = np.asarray(streets.coords)[at]
    return np.asarray(
        shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coords, (offsets,)),
        dtype=object,
    )


def segment_boxes(streets: FeatureTable, segments: Segments) -> NDArray[np.float64]:
    """Return bounding boxes of all segments, shape (n, 4): min x, min y, max x, max y in metres."""
    lines = segment_lines(streets, segments, np.arange(len(segments.length)))
    return np.asarray(shapely.bounds(lines), dtype=np.float64).reshape(-1, 4)


def join(first: FeatureTable, second: FeatureTable) -> FeatureTable:
    """
    Return the rows of `first` followed by those of `second`.

    The pool begins with that of `first`, so its other tables can share it. A column that one of
    the two lacks is filled with NaN, -1 (text) or 0.
    """
    if len(second) == 0:
        return first
    pool, index = extend_strings(first.strings, second.strings)
    to_pool = np.array([index[text] for text in second.strings], dtype=np.int32)
    columns: dict[str, NDArray[np.generic]] = {}
    vocabularies = dict(first.vocabularies)
    for name in [*first.columns, *(c for c in second.columns if c not in first.columns)]:
        a, b = _column(first, second, name), _column(second, first, name)
        if name in TEXT_COLUMNS:
            b = _moved(to_pool, b)
        if name in first.vocabularies or name in second.vocabularies:
            a, b, vocabularies[name] = _merge_codes(first, second, name, a, b)
        columns[name] = np.concatenate([a, b.astype(a.dtype) if a.dtype.kind != "i" else b])
    offsets = tuple(
        np.concatenate([np.asarray(a), np.asarray(b)[1:] + np.asarray(a)[-1]])
        for a, b in zip(first.offsets, second.offsets, strict=True)
    )
    return FeatureTable(
        first.geometry_type,
        columns,
        np.concatenate([np.asarray(first.coords), np.asarray(second.coords)]),
        offsets,
        np.concatenate([first.tag_offsets, second.tag_offsets[1:] + first.tag_offsets[-1]]),
        np.concatenate([first.tag_keys, _mapped(to_pool, second.tag_keys)]),
        np.concatenate([first.tag_values, _mapped(to_pool, second.tag_values)]),
        pool,
        vocabularies,
    )


def _moved(to_pool: NDArray[np.int32], column: NDArray[np.generic]) -> NDArray[np.int32]:
    """Move a text column to another pool; -1 stays."""
    return np.append(to_pool, np.int32(-1))[np.asarray(column, dtype=np.int64)]


def _mapped(to_pool: NDArray[np.int32], indices: NDArray[np.int32]) -> NDArray[np.int32]:
    return to_pool[indices] if len(indices) else np.empty(0, dtype=np.int32)


def _column(table: FeatureTable, other: FeatureTable, name: str) -> NDArray[np.generic]:
    if name in table.columns:
        return np.asarray(table.columns[name])
    dtype = np.asarray(other.columns[name]).dtype
    fill = np.nan if dtype.kind == "f" else _NONE.get(name, 0)
    return np.full(len(table), fill, dtype=dtype)


def _merge_codes(
    first: FeatureTable,
    second: FeatureTable,
    name: str,
    a: NDArray[np.generic],
    b: NDArray[np.generic],
) -> tuple[NDArray[np.generic], NDArray[np.generic], tuple[str, ...]]:
    """Recode a coded column over one vocabulary; a side without the column counts as ``""``."""
    of_a = first.vocabularies.get(name, ("",))
    of_b = second.vocabularies.get(name, ("",))
    words = tuple(dict.fromkeys([*of_a, *of_b]))
    code = {word: i for i, word in enumerate(words)}
    to_code = np.array([code[word] for word in of_b], dtype=np.int16)
    recoded = to_code[np.asarray(b, dtype=np.int64)] if len(b) else np.empty(0, dtype=np.int16)
    return np.asarray(a, dtype=np.int16), recoded, words

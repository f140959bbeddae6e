"""How is one vector tile written: Mapbox Vector Tile 2.1, whole layers at a time in arrays."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

EXTENT = 4096
"""Units across a tile."""

_TYPES = {"point": 1, "line": 2, "polygon": 3}
_LEAST = {"point": 1, "line": 2, "polygon": 3}
_MOVE_TO, _LINE_TO, _CLOSE_PATH = 1, 2, 7


def encode_layer(
    name: str,
    geometry_type: str,
    shapes: NDArray[np.object_],
    attributes: Mapping[str, Sequence[Any]],
) -> bytes:
    """
    Write one layer of a tile, ready to be joined with other layers into the tile.

    Rows with the same attributes become one feature of several parts. What vanishes when places
    are rounded to whole units is left out.

    Parameters
    ----------
    name : str
    geometry_type : {"point", "line", "polygon"}
    shapes : ndarray of shapely.Geometry, shape (n,)
        In units of the tile, y downwards, clipped; other types than `geometry_type` are ignored.
    attributes : mapping of str to sequence, each of length n
        Texts, whole numbers, numbers or booleans; ``""`` and None are left out.

    Returns
    -------
    bytes
        Empty where nothing is left of the layer.

    References
    ----------
    .. [1] Mapbox, "Vector Tile Specification", version 2.1, sections 4.2–4.4.
    """
    combinations = list(zip(*attributes.values(), strict=True)) or [()] * len(shapes)
    features: dict[tuple[Any, ...], int] = {}
    feature = np.array(
        [features.setdefault(values, len(features)) for values in combinations], dtype=np.int64
    )
    geometries = _geometries(geometry_type, shapes, feature, len(features))
    keys = {key: place for place, key in enumerate(attributes)}
    values: dict[tuple[type, Any], int] = {}
    body = bytearray()
    for combination, geometry in zip(features, geometries, strict=True):
        if not geometry:
            continue
        tags = bytearray()
        for place, value in enumerate(combination):
            if value is not None and value != "":
                known = values.setdefault((type(value), value), len(values))
                tags += _varint(place) + _varint(known)
        message = (
            (_field(2, bytes(tags)) if tags else b"")
            + b"\x18"
            + _varint(_TYPES[geometry_type])
            + _field(4, geometry)
        )
        body += _field(2, message)
    if not body:
        return b""
    written = [_field(1, name.encode()), bytes(body)]
    written += [_field(3, key.encode()) for key in keys]
    written += [_field(4, _value(value)) for _, value in values]
    written.append(b"\x28" + _varint(EXTENT) + b"\x78\x02")
    return _field(3, b"".join(written))


def _geometries(
    geometry_type: str, shapes: NDArray[np.object_], feature: NDArray[np.int64], n_features: int
) -> list[bytes]:
    """Return the packed commands of each feature."""
    parts, owner, outer = _parts(geometry_type, shapes)
    order = np.argsort(feature[owner], kind="stable")
    parts, of_feature, outer = parts[order], feature[owner][order], outer[order]
    xy, at = shapely.get_coordinates(parts, return_index=True)
    grid = np.rint(xy).astype(np.int64)
    if geometry_type == "polygon":
        is_last = np.append(at[1:] != at[:-1], True)[: len(at)]
        grid, at = grid[~is_last], at[~is_last]
    if geometry_type != "point" and len(grid):
        moved = np.append(True, (grid[1:] != grid[:-1]).any(axis=1) | (at[1:] != at[:-1]))
        grid, at = grid[moved], at[moved]
    stays = np.bincount(at, minlength=len(parts)) >= _LEAST[geometry_type]
    if geometry_type == "polygon":
        stays &= _keep_rings(grid, at, outer)
    kept = stays[at]
    return _commands(geometry_type, grid[kept], at[kept], of_feature, n_features)


def _parts(
    geometry_type: str, shapes: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Return points, lines or rings, the row of each, and for rings the place of their shell."""
    wanted = {"point": 0, "line": 1, "polygon": 3}[geometry_type]
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, deeper = shapely.get_parts(parts, return_index=True)
    owner = owner[deeper]
    fits = (shapely.get_type_id(parts) == wanted) & ~shapely.is_empty(parts)
    parts, owner = parts[fits], owner[fits]
    if geometry_type != "polygon":
        return parts, owner, np.arange(len(parts))
    rings, of_polygon = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    shells = np.flatnonzero(np.append(True, of_polygon[1:] != of_polygon[:-1])[: len(rings)])
    shell_of = shells[of_polygon] if len(rings) else np.empty(0, dtype=np.int64)
    return rings, owner[of_polygon], shell_of - np.arange(len(rings))


def _keep_rings(
    grid: NDArray[np.int64], at: NDArray[np.int64], to_shell: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which rings still turn as they should; a hole goes with its shell."""
    n = len(to_shell)
    area = np.zeros(n)
    if len(grid):
        starts = np.flatnonzero(np.append(True, at[1:] != at[:-1]))
        after = np.arange(1, len(grid) + 1)
        after[np.append(starts[1:], len(grid)) - 1] = starts
        cross = grid[:, 0] * grid[after, 1] - grid[after, 0] * grid[:, 1]
        area[at[starts]] = np.add.reduceat(cross, starts)
    is_shell = to_shell == 0
    turns = np.where(is_shell, area > 0, area < 0)
    return np.asarray(turns & turns[np.arange(n) + to_shell])


def _commands(
    geometry_type: str,
    grid: NDArray[np.int64],
    at: NDArray[np.int64],
    of_feature: NDArray[np.int64],
    n_features: int,
) -> list[bytes]:
    if len(grid) == 0:
        return [b""] * n_features
    starts = np.flatnonzero(np.append(True, at[1:] != at[:-1]))
    counts = np.diff(np.append(starts, len(grid)))
    owners = of_feature[at[starts]]
    opens = np.append(True, owners[1:] != owners[:-1])
    delta = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    delta[starts[opens]] = grid[starts[opens]]
    zigzag = ((delta << 1) ^ (delta >> 63)).astype(np.uint64)
    if geometry_type == "point":
        # All points of a feature are one MoveTo; each is a part of its own.
        firsts = np.flatnonzero(opens)
        sizes = np.diff(np.append(firsts, len(grid)))
        heads = (sizes.astype(np.uint64) << np.uint64(3)) | np.uint64(_MOVE_TO)
        stream = np.insert(zigzag.ravel(), 2 * firsts, heads)
        ends = np.cumsum(2 * sizes + 1)
        return _packed(stream, ends, owners[firsts], n_features)
    closes = int(geometry_type == "polygon")
    lengths = 2 + 2 * counts + closes
    ends = np.cumsum(lengths)
    begins = ends - lengths
    stream = np.zeros(int(ends[-1]), dtype=np.uint64)
    stream[begins] = (1 << 3) | _MOVE_TO
    stream[begins + 3] = ((counts - 1).astype(np.uint64) << np.uint64(3)) | np.uint64(_LINE_TO)
    if closes:
        stream[ends - 1] = (1 << 3) | _CLOSE_PATH
    number = np.arange(len(grid)) - np.repeat(starts, counts)
    place = np.repeat(begins, counts) + np.where(number == 0, 1, 2 + 2 * number)
    stream[place], stream[place + 1] = zigzag[:, 0], zigzag[:, 1]
    lasts = np.append(np.flatnonzero(opens)[1:] - 1, len(starts) - 1)
    return _packed(stream, ends[lasts], owners[lasts], n_features)


def _packed(
    stream: NDArray[np.uint64],
    ends: NDArray[np.int64],
    owners: NDArray[np.int64],
    n_features: int,
) -> list[bytes]:
    """Write numbers as varints and cut them into one piece per feature."""
    sizes = np.ones(len(stream), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        sizes += stream >> np.uint64(bits) > 0
    last = np.cumsum(sizes)
    written = np.zeros(int(last[-1]), dtype=np.uint8)
    for byte in range(int(sizes.max())):
        rows = sizes > byte
        value = (stream[rows] >> np.uint64(7 * byte)) & np.uint64(0x7F)
        more = (sizes[rows] > byte + 1).astype(np.uint64) << np.uint64(7)
        written[last[rows] - sizes[rows] + byte] = value | more
    data = written.tobytes()
    pieces = [b""] * n_features
    cuts = [0, *last[ends - 1].tolist()]
    for owner, (start, end) in zip(owners.tolist(), pairwise(cuts), strict=True):
        pieces[owner] = data[start:end]
    return pieces


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"\x38" + _varint(int(value))
    if isinstance(value, int):
        return b"\x30" + _varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if isinstance(value, float):
        return b"\x15" + np.float32(value).tobytes()
    return _field(1, str(value).encode())


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)

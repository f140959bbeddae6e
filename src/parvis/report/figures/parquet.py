"""
How a table becomes a Parquet file without another library at run time.

One row group, one page a column, plain encoding, no compression: what every reader of the format
takes. A figure has some hundred rows, for which a columnar library would weigh more than the rest.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

MAGIC = b"PAR1"
_BYTES, _DOUBLE, _INT = 6, 5, 2
_TYPES = {str: _BYTES, float: _DOUBLE, int: _INT}
_UTF8 = 0
_OPTIONAL = 1
_PLAIN, _RLE = 0, 3
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12

Column = tuple[str, type, Sequence[Any]]


def parquet(columns: Sequence[Column], facts: Mapping[str, str]) -> bytes:
    """
    Return columns as a Parquet file.

    Parameters
    ----------
    columns : sequence of (name, type, values)
        Of type str, float or int; None where there is no value.
    facts : mapping of str to str
        Kept as the file's metadata.

    Returns
    -------
    bytes

    References
    ----------
    .. [1] Apache Parquet, "File format", https://parquet.apache.org/docs/file-format/ ; metadata
       are structures of Thrift's compact protocol.
    """
    n_rows = len(columns[0][2])
    body = bytearray(MAGIC)
    chunks = []
    for name, kind, values in columns:
        start = len(body)
        page = _page(kind, values)
        header = _struct(
            (1, _I32, 0),
            (2, _I32, len(page)),
            (3, _I32, len(page)),
            (5, _STRUCT, _struct((1, _I32, n_rows), (2, _I32, _PLAIN), (3, _I32, _RLE),
                                 (4, _I32, _RLE))),
        )  # fmt: skip
        body += header + page
        size = len(header) + len(page)
        meta = _struct(
            (1, _I32, _TYPES[kind]),
            (2, _LIST, _list(_I32, [_PLAIN, _RLE])),
            (3, _LIST, _list(_BINARY, [name])),
            (4, _I32, 0),
            (5, _I64, n_rows),
            (6, _I64, size),
            (7, _I64, size),
            (9, _I64, start),
        )
        chunks.append((_struct((2, _I64, start), (3, _STRUCT, meta)), size))
    group = _struct(
        (1, _LIST, _list(_STRUCT, [chunk for chunk, _ in chunks])),
        (2, _I64, sum(size for _, size in chunks)),
        (3, _I64, n_rows),
    )
    footer = _struct(
        (1, _I32, 1),
        (2, _LIST, _list(_STRUCT, _schema(columns))),
        (3, _I64, n_rows),
        (4, _LIST, _list(_STRUCT, [group])),
        (5, _LIST, _list(_STRUCT, [
            _struct((1, _BINARY, key), (2, _BINARY, value)) for key, value in facts.items()
        ])),
        (6, _BINARY, "parvis"),
    )  # fmt: skip
    return bytes(body + footer + struct.pack("<I", len(footer)) + MAGIC)


def _schema(columns: Sequence[Column]) -> list[bytes]:
    found = [_struct((4, _BINARY, "figure"), (5, _I32, len(columns)))]
    for name, kind, _ in columns:
        fields: list[tuple[int, int, Any]] = [
            (1, _I32, _TYPES[kind]),
            (3, _I32, _OPTIONAL),
            (4, _BINARY, name),
        ]
        if kind is str:
            fields.append((6, _I32, _UTF8))
        found.append(_struct(*fields))
    return found


def _page(kind: type, values: Sequence[Any]) -> bytes:
    levels = _runs([value is not None for value in values])
    known = [value for value in values if value is not None]
    if kind is str:
        texts = [value.encode() for value in known]
        data = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    else:
        data = struct.pack(f"<{len(known)}{'d' if kind is float else 'q'}", *known)
    return struct.pack("<I", len(levels)) + levels + data


def _runs(there: Sequence[bool]) -> bytes:
    """Return which values there are, as runs of equal levels of one bit."""
    found = bytearray()
    start = 0
    for place in range(1, len(there) + 1):
        if place == len(there) or there[place] != there[start]:
            found += _varint((place - start) << 1) + bytes([there[start]])
            start = place
    return bytes(found)


def _struct(*fields: tuple[int, int, Any]) -> bytes:
    found = bytearray()
    before = 0
    for number, kind, value in fields:
        found.append((number - before) << 4 | kind)
        found += _value(kind, value)
        before = number
    return bytes(found) + b"\x00"


def _list(kind: int, values: Sequence[Any]) -> bytes:
    size = len(values)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return head + b"".join(_value(kind, value) for value in values)


def _value(kind: int, value: Any) -> bytes:
    if kind in (_I32, _I64):
        return _varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if kind == _BINARY:
        text = value.encode()
        return _varint(len(text)) + bytes(text)
    return bytes(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(found) + bytes([value])

"""Which part of a file does a request ask for (RFC 9110, 14)."""

import re
from dataclasses import dataclass

_SINGLE = re.compile(r"bytes=[ \t]*(\d*)-(\d*)[ \t]*", re.IGNORECASE | re.ASCII)
_DIGITS = 18


class UnsatisfiableError(Exception):
    """The range begins behind the end of the file."""


@dataclass(frozen=True)
class ByteRange:
    """Bytes `start` to `stop`, the latter not included."""

    start: int
    stop: int


def asked_range(header: str, size: int) -> ByteRange | None:
    """
    Return the range a `Range` header asks for, None for the whole file.

    Several ranges at once and what is not understood are answered with the whole file, as the
    standard allows.

    Raises
    ------
    UnsatisfiableError
    """
    found = _SINGLE.fullmatch(header)
    if found is None or max(map(len, found.groups())) > _DIGITS:
        return None
    first, last = found.groups()
    if not first:
        if not last:
            return None
        if int(last) == 0 or size == 0:
            raise UnsatisfiableError
        return ByteRange(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise UnsatisfiableError
    return ByteRange(int(first), min(int(last) + 1, size) if last else size)

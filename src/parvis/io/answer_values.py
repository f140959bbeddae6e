"""How is the value of an answer written: as JSON, and as text in a cell or on a command line."""

import datetime as dt
import math
import re
from typing import Any

from parvis.assessment import Interval, Value

RANGE = ".."
"""Between the ends of a judgement that is a range."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class ValueTextError(ValueError):
    """A value is of another kind than its question."""


def value_document(value: Value) -> Any:
    """Return a value as JSON."""
    match value:
        case Interval(low, high):
            return {"low": low, "high": high}
        case tuple():
            return list(value)
        case dt.date():
            return value.isoformat()
        case _:
            return value


def value_from(said: Any, kind: str) -> Value:
    """
    Return the value that JSON writes.

    Parameters
    ----------
    said : object
    kind : str
        Of the question or attribute.

    Raises
    ------
    ValueTextError
        If it is of another kind; whether the question takes it is not checked.
    """
    if said is None:
        return None
    match kind:
        case "single" | "text":
            return _text(said)
        case "scale":
            return _range(said, _text) if isinstance(said, dict) else _text(said)
        case "number":
            return _range(said, _figure) if isinstance(said, dict) else _figure(said)
        case "multiple":
            if not isinstance(said, list):
                raise ValueTextError
            return tuple(_text(key) for key in said)
        case "date":
            return _day(_text(said))
        case "place":
            if not isinstance(said, list) or len(said) != 2:
                raise ValueTextError
            return _figure(said[0]), _figure(said[1])
        case _:
            raise ValueTextError


def value_text(value: Value) -> str:
    """
    Return a value as text that `value_of_text` reads back.

    Examples
    --------
    >>> value_text(Interval("low", "high")), value_text(("cctv", "bollards")), value_text(3.0)
    ('low..high', 'cctv bollards', '3')
    """
    match value:
        case None:
            return ""
        case Interval(low, high):
            return f"{_end(low)}{RANGE}{_end(high)}"
        case str():
            return value
        case dt.date():
            return value.isoformat()
        case tuple():
            return " ".join(_end(part) for part in value)
        case _:
            return _end(value)


def value_of_text(text: str, kind: str) -> Value:
    """
    Return the value that a text writes for a question of a kind.

    Raises
    ------
    ValueTextError

    Examples
    --------
    >>> value_of_text("2..3.5", "number"), value_of_text("19.94 50.06", "place")
    (Interval(low=2.0, high=3.5), (19.94, 50.06))
    """
    plain = text.strip()
    low, sign, high = plain.partition(RANGE)
    match kind:
        case "text":
            return text
        case "single":
            return plain
        case "scale":
            return Interval(low.strip(), high.strip()) if sign else plain
        case "number":
            return Interval(_number(low), _number(high)) if sign else _number(plain)
        case "multiple":
            return tuple(part for part in re.split(r"[\s,;]+", plain) if part)
        case "date":
            return _day(plain)
        case "place":
            parts = plain.replace(",", " ").split()
            if len(parts) != 2:
                raise ValueTextError
            return _number(parts[0]), _number(parts[1])
        case _:
            raise ValueTextError


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise ValueTextError
    return said


def _figure(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise ValueTextError
    try:
        found = float(said)
    except OverflowError:
        raise ValueTextError from None
    if not math.isfinite(found):
        raise ValueTextError
    return found


def _number(text: str) -> float:
    plain = text.strip().replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueTextError
    return _figure(float(plain))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueTextError from None


def _range(said: dict[str, Any], end: Any) -> Interval:
    if said.keys() != {"low", "high"}:
        raise ValueTextError
    return Interval(end(said["low"]), end(said["high"]))


def _end(part: str | float) -> str:
    if isinstance(part, str):
        return part
    return str(int(part)) if part == int(part) and abs(part) < 1e15 else repr(float(part))

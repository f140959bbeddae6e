"""Which day and which clock time does a cell of a schedule name."""

import datetime as dt
import re
from typing import Any

from parvis.io.vector import as_text

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:h|uhr)?", re.IGNORECASE)
_MOMENT = re.compile(r"(\S+?)(?:[T\s,]+(\d{1,2}(?:[:.h]\d{0,2})?\s*(?:h|uhr)?))?", re.IGNORECASE)


def split_moment(cell: Any) -> tuple[Any, Any]:
    """Return day and clock time of one cell."""
    if isinstance(cell, dt.datetime):
        return cell, cell.time()
    if isinstance(cell, dt.time | dt.timedelta | float):
        return None, cell
    text = as_text(cell)
    if minutes_of(text) is not None:
        return None, text
    match = _MOMENT.fullmatch(text)
    return (match[1], match[2]) if match else (text, None)


def day_of(cell: Any) -> dt.date | None:
    """Return the day a cell names, None where it names none."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = re.sub(r"^[A-Za-zéû.]+,?\s+", "", as_text(cell))
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def minutes_of(cell: Any) -> int | None:
    """Return a clock time in minutes from midnight, 24:00 included."""
    if isinstance(cell, dt.datetime):
        cell = cell.time()
    if isinstance(cell, dt.time):
        return 60 * cell.hour + cell.minute
    if isinstance(cell, dt.timedelta):
        cell = cell.total_seconds() / 86400
    if isinstance(cell, float) and 0 <= cell <= 1:
        return round(cell * 1440)
    match = _CLOCK.fullmatch(as_text(cell).strip())
    if match is None:
        return None
    minutes = 60 * int(match[1]) + int(match[2] or 0)
    return minutes if minutes <= 1440 and int(match[2] or 0) < 60 else None

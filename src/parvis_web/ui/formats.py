"""
How are numbers, quantities, money and times written in the reader's language?

Quantities come in SI units as the library keeps them; a missing value is a dash. Numbers never
travel alone: each function returns the number together with its unit.
"""

import math
from datetime import date, datetime
from typing import TypeGuard

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, to_locale

from parvis.terms import KMH_PER_MPS

MISSING = "–"
"""Stands where there is no value."""

Quantity = float | int | None


def current_locale() -> Locale:
    """Return the CLDR locale of the active language; British where it is plain English."""
    language = get_language() or "en"
    try:
        return Locale.parse("en_GB" if language == "en" else to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _is_known(value: Quantity) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def number(value: Quantity, digits: int = 0) -> str:
    """Return a number with `digits` decimals."""
    if not _is_known(value):
        return MISSING
    return format_decimal(value, _pattern(digits), locale=current_locale())


def _with_unit(value: Quantity, unit: str, digits: int) -> str:
    if not _is_known(value):
        return MISSING
    return format_unit(
        value, unit, length="short", format=_pattern(digits), locale=current_locale()
    )


def speed(value: Quantity, digits: int = 0) -> str:
    """Return a speed given in m/s as km/h."""
    return speed_kmh(None if value is None else value * KMH_PER_MPS, digits)


def speed_kmh(value: Quantity, digits: int = 0) -> str:
    """Return a speed given in km/h."""
    said = _with_unit(value, "speed-kilometer-per-hour", digits)
    # CLDR's Polish hour ends in a full stop, which would end a sentence twice.
    return said.replace("km/godz.", "km/h")


def metres(value: Quantity, digits: int | None = None) -> str:
    """Return a length given in metres: decimals below 10 m, kilometres from 10 km."""
    if _is_known(value) and abs(value) >= 10_000:
        return _with_unit(value / 1000, "length-kilometer", 1 if digits is None else digits)
    is_short = _is_known(value) and abs(value) < 10
    chosen = digits if digits is not None else (1 if is_short else 0)
    return _with_unit(value, "length-meter", chosen)


def millimetres(value: Quantity) -> str:
    """Return a clear width given in metres as millimetres."""
    return _with_unit(None if value is None else value * 1000, "length-millimeter", 0)


def area(value: Quantity) -> str:
    """Return an area given in m²."""
    return _with_unit(value, "area-square-meter", 0)


def mass(value: Quantity) -> str:
    """Return a mass given in kilograms."""
    return _with_unit(value, "mass-kilogram", 0)


def energy(value: Quantity) -> str:
    """Return an energy given in joules as kilojoules."""
    return _with_unit(None if value is None else value / 1000, "energy-kilojoule", 0)


def degrees(radians: Quantity) -> str:
    """Return an angle given in radians."""
    if not _is_known(radians):
        return MISSING
    return format_unit(
        math.degrees(radians), "angle-degree", length="narrow", format="0", locale=current_locale()
    )


def percent(share: Quantity, digits: int = 0) -> str:
    """Return a share in [0, 1] as a percentage."""
    if not _is_known(share):
        return MISSING
    locale = current_locale()
    pattern = locale.percent_formats[None].pattern.replace("0", "0." + "0" * digits, 1)
    return format_percent(share, pattern if digits else None, locale=locale)


def money(amount: Quantity, currency: str = "EUR") -> str:
    """Return an amount without cents."""
    if not _is_known(amount):
        return MISSING
    locale = current_locale()
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(round(amount), currency, pattern, locale=locale, currency_digits=False)


def between(low: str, high: str) -> str:
    """Return two written values as a range; one of them where they read alike."""
    return low if low == high else f"{low} – {high}"


def day(value: date | datetime | None) -> str:
    """Return a date such as 3 May 2026."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value, "long", locale=current_locale())


def moment(value: datetime | None) -> str:
    """Return date and time, to the minute, in the active time zone."""
    if value is None:
        return MISSING
    local = timezone.localtime(value)
    locale = current_locale()
    return f"{format_date(local, 'medium', locale)}, {format_time(local, 'short', locale=locale)}"


def ago(value: datetime | None) -> str:
    """Return how long ago something happened, such as 5 minutes ago."""
    if value is None:
        return MISSING
    return format_timedelta(value - timezone.now(), add_direction=True, locale=current_locale())


def file_size(n_bytes: int | None) -> str:
    """Return the size of a file in the largest fitting unit."""
    if n_bytes is None:
        return MISSING
    size = float(n_bytes)
    units = ("digital-byte", "digital-kilobyte", "digital-megabyte", "digital-gigabyte")
    for unit in units:
        if size < 1000 or unit == units[-1]:
            break
        size /= 1000
    return _with_unit(size, unit, 1 if size < 10 and unit != "digital-byte" else 0)

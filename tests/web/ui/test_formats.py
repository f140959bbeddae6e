"""Numbers, quantities, money and times are written in the reader's language."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from parvis_web.ui import formats

THIN, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "1,234.5"), ("fr", f"1{THIN}234,5"), ("pl", f"1{HARD}234,5")],
)
def test_number_follows_the_language(language, expected):
    with translation.override(language):
        assert formats.number(1234.5, 1) == expected


@pytest.mark.parametrize(
    ("write", "value", "expected"),
    [
        (formats.speed, 10, "36 km/h"),
        (formats.speed_kmh, 47.6, "48 km/h"),
        (formats.metres, 3.24, "3.2 m"),
        (formats.metres, 340.4, "340 m"),
        (formats.metres, 12_340, "12.3 km"),
        (formats.millimetres, 0.9, "900 mm"),
        (formats.area, 5320, "5,320 m²"),
        (formats.mass, 7200, "7,200 kg"),
        (formats.energy, 1.2e6, "1,200 kJ"),
        (formats.degrees, math.pi / 2, "90°"),
        (formats.percent, 0.456, "46%"),
        (formats.money, 123456.7, "€123,457"),
        (formats.file_size, 999, "999 byte"),
        (formats.file_size, 2_345_678, "2.3 MB"),
        (formats.day, date(2026, 5, 3), "3 May 2026"),
    ],
)
def test_quantity_carries_its_unit(write, value, expected):
    with translation.override("en"):
        assert write(value) == expected


@pytest.mark.parametrize(
    "write",
    [
        formats.number,
        formats.speed,
        formats.speed_kmh,
        formats.metres,
        formats.millimetres,
        formats.area,
        formats.mass,
        formats.energy,
        formats.degrees,
        formats.percent,
        formats.money,
        formats.day,
        formats.moment,
        formats.ago,
        formats.file_size,
    ],
)
def test_missing_value_is_a_dash(write):
    assert write(None) == formats.MISSING


def test_not_a_number_is_a_dash():
    assert formats.speed(math.nan) == formats.metres(math.inf) == formats.MISSING


def test_moment_is_told_in_the_active_zone():
    noon = datetime(2026, 5, 3, 12, tzinfo=UTC)
    with translation.override("en"), timezone.override("Europe/Paris"):
        assert formats.moment(noon) == "3 May 2026, 14:00"


def test_ago_speaks_of_the_past():
    with translation.override("fr"):
        assert formats.ago(timezone.now() - timedelta(minutes=5)) == "il y a 5 minutes"


def test_range_of_like_values_is_one_value():
    assert formats.between("3 m", "3 m") == "3 m"
    assert formats.between("3 m", "4 m") == "3 m – 4 m"


def test_language_without_locale_data_falls_back_to_english():
    with translation.override("xx"):
        assert formats.number(1234) == "1,234"

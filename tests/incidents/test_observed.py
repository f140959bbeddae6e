"""Recorded incidents become numerators of indicators, and nothing is placed that has no place."""

import datetime as dt

import numpy as np
import pytest

from parvis.incidents.counts import labels_of
from parvis.incidents.errors import IncidentOptionError
from parvis.incidents.observed import CountRequest, count_as_indicators
from parvis.incidents.records import Incidents, Precision
from parvis.indicators.values import Observation, observations_of
from parvis.io.indicator_files import catalogue_of

CATALOGUE = catalogue_of().indicators
YEAR = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
ROWS = [
    ("2025-01-05", "robbery", "A", 1.0),
    ("2025-01-09", "robbery", "A", 1.0),
    ("2025-07-01", "assault", "B", 1.0),
    ("2025-07-02", "assault", "", np.nan),
    ("2025-08-02", "assault", "", 1.0),
    ("2025-09-02", "fishing", "B", 1.0),
    ("NaT", "assault", "A", 1.0),
    ("2026-01-02", "assault", "A", 1.0),
]
PEOPLE = observations_of(
    [
        Observation("BCK-01", "2024", "city", 3000.0, "persons", "complete"),
        Observation("BCK-01", "2024", "A", 1000.0, "persons", "complete"),
        Observation("BCK-01", "2019", "A", 1.0, "persons", "complete"),
        Observation("BCK-01", "2024", "B", 2000.0, "persons", "complete"),
    ]
)


def incidents(rows=ROWS):
    moments = np.array([row[0] for row in rows], dtype="datetime64[m]")
    x = np.array([row[3] for row in rows])
    return Incidents(
        xy=np.column_stack([x, x]),
        epsg=32632,
        weight=np.ones(len(rows)),
        start=moments,
        end=moments,
        precision=Precision.DAY,
        kind=labels_of([row[1] for row in rows]),
        area=labels_of([row[2] for row in rows]),
    )


def counted(rows=ROWS, people=PEOPLE, **options):
    told = incidents(rows)
    asked = {
        "indicators": {"robbery": CATALOGUE["SEC-02"], "assault": CATALOGUE["SEC-02"]},
        "period": "year",
        "covered": YEAR,
        "city": "city",
        "codes": ["A", "B", "C"],
    } | options
    return count_as_indicators(told, told.area, people, CountRequest(**asked))


def test_counts_stand_by_area_and_for_the_city_with_their_people():
    found = counted()
    told = {each.area: (each.numerator, each.denominator) for each in found.observations}
    assert told == {"city": (4.0, 3000.0), "A": (2.0, 1000.0), "B": (1.0, 2000.0)}
    assert found.observations[0].value == pytest.approx(4 / 3000 * 100_000)
    assert (found.n_outside, found.n_without_place, found.n_without_time) == (1, 1, 1)
    assert found.n_left_out == 1
    assert found.n_few == 2


def test_what_is_masked_counts_for_the_city_alone_and_what_lies_outside_only_if_asked():
    assert counted(only_inside=False).observations[0].numerator == 5.0


def test_a_period_that_is_not_covered_and_an_area_without_people_are_named():
    codes = {(each.code, each.details.get("area", each.details["period"]))
             for each in counted().missed}  # fmt: skip
    assert codes == {("incident_period_partial", "2026"), ("incident_people_unknown", "C")}


def test_a_month_is_told_as_the_rate_of_a_year():
    found = counted(period="month")
    january = next(each for each in found.observations if each.period == "2025-01")
    assert january.denominator == 250.0
    assert {each.period for each in found.observations} == {
        f"2025-{month:02d}" for month in range(1, 13)
    }
    march = [each for each in found.observations if each.period == "2025-03"]
    assert [each.numerator for each in march] == [0.0, 0.0, 0.0]


def test_quarters_are_those_of_the_calendar():
    found = counted(period="quarter", covered=(dt.date(2025, 1, 1), dt.date(2025, 9, 30)))
    assert {each.period for each in found.observations} == {"2025-Q1", "2025-Q2", "2025-Q3"}


def test_areas_without_an_incident_have_a_count_of_none():
    people = observations_of([Observation("BCK-01", "2025", "C", 10.0, "persons", "complete")])
    found = counted(people=people)
    assert [(each.area, each.numerator) for each in found.observations] == [("C", 0.0)]


def test_a_period_that_there_is_not_is_refused():
    with pytest.raises(IncidentOptionError):
        counted(period="decade")

"""
Real files of recorded incidents are read whole, and quickly.

Source
------
Chicago Data Portal (148,636 aggravated assaults), data.police.uk (92,666 burglaries around
Manchester; 56,434 reports of antisocial behaviour in Lancashire; stops and searches) with wards and
populations of the Office for National Statistics. Rows and incidents without a place are those the
publishers' files hold; five seconds of processor time is what a file of this size may take.
"""

import time
from pathlib import Path

import pytest

from parvis.incidents.records import Precision
from parvis.io.incident_request import HotSpotRequest, SummaryRequest, find_hot_spots, summarise
from parvis.io.incident_table import read_incidents
from parvis.io.incident_zones import read_populations, read_zones

SECONDS = 5.0


@pytest.fixture(scope="module")
def data(shared_data: Path) -> Path:
    if not (shared_data / "incidents").is_dir():
        pytest.skip("no incidents in the shared data")
    return shared_data


def test_timestamps_of_a_big_city(data):
    before = time.process_time()
    read = read_incidents(data / "incidents" / "chicago_aggravated_assaults_2010_2019.csv.gz")
    found = summarise(read, SummaryRequest())
    assert time.process_time() - before < SECONDS
    assert read.incidents.n() == 148_636
    assert read.incidents.precision is Precision.MINUTE
    assert not read.rejected
    by_place = {each.name: each.count.n for each in found.places}
    assert (by_place["street"], by_place["open space"]) == (70_713, 5_594)
    assert found.week.counts.sum() == 148_636
    assert sum(each.count.n for each in found.areas) == 148_636
    spots = find_hot_spots(read, HotSpotRequest(cell=500.0, bandwidth=1000.0))
    assert 0 < spots.spots.is_high.sum() < len(spots.counts) / 4
    assert spots.density.sum() * 0.25 == pytest.approx(148_636, rel=0.02)


def test_months_and_wards_in_metres_within_a_geojson(data):
    before = time.process_time()
    read = read_incidents(data / "incidents" / "gmp_burglary_2016_2019.csv.gz")
    zones = read_zones(data / "zones" / "manchester_wards.geojson.gz", read.incidents.epsg)
    found = summarise(read, SummaryRequest(zones=zones))
    assert time.process_time() - before < SECONDS
    assert read.incidents.n() == 92_666
    assert read.incidents.precision is Precision.MONTH
    assert found.week is None
    assert len(zones.codes) == 215
    assert found.n_outside < 92_666 * 0.005
    assert sum(each.count.n for each in found.areas) == 92_666


def test_rates_by_ward(data):
    read = read_incidents(data / "incidents" / "lancashire_asb_2022.csv.gz")
    zones = read_zones(data / "zones" / "lancashire_wards.gpkg", read.incidents.epsg)
    people = read_populations(data / "exposure" / "lancashire_ward_pop.xlsx")
    found = summarise(read, SummaryRequest(zones=zones, populations=people))
    rated = [each for each in found.areas if each.rate is not None]
    assert len(rated) == len(set(zones.codes) & set(people))
    assert sum(each.count.n for each in found.areas) + found.n_outside == 56_434
    for each in rated:
        expected = each.count.value / people[each.name] / found.years * 1000.0
        assert each.rate.value == pytest.approx(expected)
        assert each.rate.low <= each.rate.value <= each.rate.high
        assert "incidents_reporting_unknown" in {note.code for note in each.rate.notes}


def test_stops_without_coordinates_count_but_have_no_place(data):
    read = read_incidents(data / "incidents" / "gmp_stop_and_search_2019-06.csv")
    assert read.incidents.n() == 907
    assert read.incidents.n_without_place == 10


def test_points_of_a_geopackage(data):
    read = read_incidents(data / "incidents" / "czechia_collisions_2020.gpkg")
    assert read.incidents.n() == 5_020
    assert read.incidents.precision is Precision.MINUTE

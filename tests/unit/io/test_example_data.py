"""The fictional town's figures hang together, and come out of their files as they are kept."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from parvis.cli import app
from parvis.indicators.estimates import Flag
from parvis.indicators.example import (
    COUNTS,
    YEARS,
    example_answers,
    example_districts,
    example_incidents,
)
from parvis.indicators.values import Observations
from parvis.indicators.vintages import overlaid, revisions
from parvis.io.example_data import ExampleDelivery, example_observations, write_example
from parvis.io.incident_table import read_incidents
from parvis.io.incident_zones import areas_of, read_zones
from parvis.io.observation_import import preview
from parvis.io.observation_mapping import read_mapping
from parvis.io.observations import deliveries, joint_errors
from parvis.io.survey_indicators import preview_survey
from parvis.io.survey_map import read_survey_map
from parvis.packs import catalogue
from parvis.packs.questions import question_module

TODAY = dt.date(2026, 11, 1)
runner = CliRunner()


@pytest.fixture(scope="module")
def made() -> tuple[ExampleDelivery, ...]:
    return example_observations(seed=1)


@pytest.fixture(scope="module")
def table(made: tuple[ExampleDelivery, ...]) -> Observations:
    whole = made[0].table
    for each in made[1:]:
        whole = overlaid(whole, each.table)
    return whole


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("example")
    write_example(place, seed=1)
    return place


def test_districts_cover_the_town_without_overlap() -> None:
    shapes = np.array([each.polygon for each in example_districts()], dtype=object)
    assert shapely.union_all(shapes).area == pytest.approx(sum(shapely.area(shapes)))
    assert sum(each.people for each in example_districts()) == 21_000


def test_all_says_that_it_is_synthetic(table: Observations) -> None:
    assert all("synthetic" in source for source in table.vocabularies["source"])


def test_every_block_has_values_for_the_city_and_its_districts(table: Observations) -> None:
    blocks = {each.indicator[:3] for each in table if each.area == "city" and each.value}
    assert blocks == {"QOL", "SOC", "LIV", "SEN", "SEC", "BCK"}
    areas = {each.area for each in table if each.indicator == "SEN-01"}
    assert areas == {"city", *(each.code for each in example_districts())}
    n = {each.n for each in table if each.indicator == "SEC-09" and not each.split}
    assert max(n) == 3_000


def test_values_lie_within_the_catalogue_s_bounds(table: Observations) -> None:
    known = catalogue().indicators
    for each in table:
        bounds = known[each.indicator].bounds
        assert each.value is None or bounds.low is None or each.value >= bounds.low
        assert each.value is None or bounds.high is None or each.value <= bounds.high


def test_counts_are_those_of_the_incidents(table: Observations) -> None:
    drawn = example_incidents(seed=1)
    for code, kinds in COUNTS.items():
        (row,) = table.select(indicator=code, period="2025", area="city", split="")
        n = sum(
            month.startswith("2025") and kind in kinds
            for month, kind in zip(drawn.month, drawn.kind, strict=True)
        )
        assert table[int(row)].numerator == n


def test_the_second_delivery_of_statistics_revises_the_first(
    made: tuple[ExampleDelivery, ...],
) -> None:
    first, second = (each.table for each in made if each.survey is None)
    changed = revisions(first, second)
    assert len(changed.before) > 20
    assert {each.flag for each in changed.before if each.error_model == "poisson"} == {
        Flag.PROVISIONAL
    }


def test_more_people_feel_safe_after_dark_in_the_second_survey(table: Observations) -> None:
    first, last = (
        table[int(table.select(indicator="SEN-01", period=str(year), area="city", split="")[0])]
        for year in YEARS
    )
    error = np.hypot(first.standard_error, last.standard_error)
    assert last.value - first.value > 3 * error


def test_the_same_seed_draws_the_same_town() -> None:
    assert example_answers(2025, seed=4) == example_answers(2025, seed=4)
    assert example_answers(2025, seed=4) != example_answers(2025, seed=5)
    assert example_incidents(seed=2).kind == example_incidents(seed=2).kind


def test_files_come_back_as_the_deliveries_they_are(folder: Path, table: Observations) -> None:
    known = {each.key: each.value for each in table}
    mapping = read_mapping(folder / "statistics-mapping.json")
    found = preview(folder / "statistics.csv", mapping, catalogue(), received=TODAY)
    assert not found.rejected
    assert all(known[each.key] == pytest.approx(each.value) for each in found.accepted)
    survey = preview_survey(
        folder / "survey-2025.csv",
        read_survey_map(folder / "survey-2025-map.json", question_module()),
        catalogue(),
        received=TODAY,
    )
    assert not survey.rejected
    assert all(known[each.key] == pytest.approx(each.value) for each in survey.observations)


def test_incidents_lie_in_their_districts_and_some_nowhere(folder: Path) -> None:
    file = read_incidents(folder / "incidents.csv")
    incidents = file.incidents
    assert not file.rejected
    assert incidents.precision.value == "month"
    assert 0 < incidents.n_without_place < 0.1 * len(incidents)
    zones = read_zones(folder / "districts.geojson", incidents.epsg)
    lying = areas_of(incidents, zones)
    placed = incidents.is_placed
    said = np.array(incidents.area.names)[incidents.area.codes[placed]]
    there = np.array(lying.names)[lying.codes[placed]]
    assert np.mean(said == there) > 0.999


def test_commands_write_keep_remove_and_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "home"))
    words = ["indicators", "example", str(tmp_path / "try"), "--keep"]
    assert runner.invoke(app, words, catch_exceptions=False).exit_code == 0
    there = [each.id for each in deliveries()]
    assert len(there) == 4
    assert joint_errors()
    listed = runner.invoke(app, ["indicators", "list", "--vintages"], catch_exceptions=False)
    assert [line.split()[0] for line in listed.stdout.splitlines()] == there
    told = runner.invoke(
        app, ["indicators", "list", "--revisions", "--json"], catch_exceptions=False
    )
    document = json.loads(told.stdout)
    last = document["deliveries"][-1]["revised"]
    assert {row["period"] for row in last} == {"2024"}
    assert sum(row["before"] != row["after"] for row in last) > 20
    assert "→" in runner.invoke(app, ["indicators", "list", "--revisions"]).stdout
    runner.invoke(app, ["indicators", "remove", there[0]], catch_exceptions=False)
    assert there[0] not in [each.id for each in deliveries()]
    runner.invoke(app, ["indicators", "remove", there[0], "--undo"], catch_exceptions=False)
    assert [each.id for each in deliveries()] == there

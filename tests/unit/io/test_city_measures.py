"""From files to indicators of a city's map, and what is refused of them."""

import csv
import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from parvis.cli.indicators import app
from parvis.indicators.geodata.errors import (
    CheckedSpacesError,
    PeriodError,
    PopulationCellsError,
    PopulationColumnsError,
)
from parvis.io.city_measures import (
    CityRequest,
    cells_geojson,
    preview_city,
    read_checked,
    write_city,
    write_inventories,
)
from parvis.io.observations import deliveries, load_delivery
from parvis.io.osm import import_city
from parvis.io.population_cells import read_population
from parvis.io.vector import CrsMissingError
from parvis.report.messages import TRANSLATIONS, describe, sentences

EPSG = 25832
CELL = "POLYGON ((500000 5500000, 500250 5500000, 500250 5500250, 500000 5500250, 500000 5500000))"
NEXT = "POLYGON ((500250 5500000, 500500 5500000, 500500 5500250, 500250 5500250, 500250 5500000))"


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def grid(tmp_path, head, *rows):
    return written(tmp_path / "grid.csv", "\n".join([head, *rows]) + "\n")


def test_people_and_their_parts_are_found_by_the_names_of_columns(tmp_path):
    path = grid(
        tmp_path,
        "GRD_ID;POPULATION;women;male;age_0_14;age_65plus;wkt",
        f"a;12,5;6;6;2;3;{CELL}",
        f"b;4;2;2;1;;{NEXT}",
    )
    found = read_population(path, EPSG, crs=f"EPSG:{EPSG}")
    assert (found.codes, found.people.tolist()) == (("a", "b"), [12.5, 4.0])
    assert set(found.splits) == {"sex=f", "sex=m", "age=0-14", "age=65+"}
    assert found.splits["sex=f"].tolist() == [6.0, 2.0]
    assert [g.area for g in found.geometry] == [250.0**2, 250.0**2]


def test_parts_can_be_said(tmp_path):
    path = grid(tmp_path, "inhab;x;y;f014", "12;500000;5500000;3")
    found = read_population(
        path, EPSG, crs=f"{EPSG}", people="inhab", splits={"age=0-14;sex=f": "f014"}
    )
    assert (found.codes, found.splits["age=0-14;sex=f"].tolist()) == (("2",), [3.0])


@pytest.mark.parametrize(
    ("head", "row", "options", "problem"),
    [
        ("id;households;x;y", "a;1;500000;5500000", {}, "lacks a column people"),
        ("id;people;x;y", "a;1;500000;5500000", {"people": "pop"}, "lacks a column pop"),
        ("id;people;x;y", "a;-3;500000;5500000", {}, "'-3'"),
        ("id;people;x;y", "a;many;500000;5500000", {}, "'many'"),
        ("id;people;x;y", "b;1;500000;5500000\na;;500000;5500000", {}, "people, 0 or more"),
        ("id;people;women;x;y", "a;5;9;500000;5500000", {}, "at most the people of the cell, 5"),
        ("id;people;x;y;f", "a;5;500000;5500000;1", {"splits": {"women": "f"}}, "sex=f"),
    ],
)
def test_what_cannot_be_people_is_refused_with_its_row(tmp_path, head, row, options, problem):
    path = grid(tmp_path, head, row)
    with pytest.raises((PopulationCellsError, PopulationColumnsError)) as caught:
        read_population(path, EPSG, crs=f"EPSG:{EPSG}", **options)
    sentence = describe(caught.value)
    assert problem in sentence
    assert "grid.csv" in sentence


def test_cells_without_a_coordinate_system_are_refused(tmp_path):
    path = grid(tmp_path, "id;people;wkt", f"a;5;{CELL}")
    with pytest.raises(CrsMissingError):
        read_population(path, EPSG)


def test_codes_that_are_named_must_differ(tmp_path):
    path = grid(tmp_path, "id;people;x;y", "a;5;500000;5500000", "a;5;500100;5500000")
    assert read_population(path, EPSG, crs=f"{EPSG}").codes == ("2", "3")
    with pytest.raises(PopulationCellsError, match="each once"):
        read_population(path, EPSG, crs=f"{EPSG}", code="id")


def test_checked_spaces_are_read_with_yes_and_no(tmp_path):
    path = written(tmp_path / "checked.csv", "id,open\nway/1,yes\nway/2,no\nway/3,\n")
    assert read_checked(path) == ({"way/1", "way/3"}, {"way/2"})


@pytest.mark.parametrize("row", ["way/1,perhaps", ",yes", "way/9,no"])
def test_a_checked_space_that_says_neither_is_refused(tmp_path, row):
    path = written(tmp_path / "checked.csv", f"id,open\nway/9,yes\n{row}\n")
    with pytest.raises(CheckedSpacesError, match="3"):
        read_checked(path)


@pytest.fixture(scope="module")
def place(town, tmp_path_factory):
    """The fictional town in a home of its own, with a population grid over it."""
    home = tmp_path_factory.mktemp("geodata-home")
    city = import_city(town, name="tessenmark", home=home)
    low_x, low_y, high_x, high_y = city.bounds
    rows = ["id;people;women;wkt"]
    x = low_x
    while x < high_x:
        y = low_y
        while y < high_y:
            corners = ((x, y), (x + 250, y), (x + 250, y + 250), (x, y + 250), (x, y))
            ring = ", ".join(f"{a:.2f} {b:.2f}" for a, b in corners)
            n = len(rows)
            rows.append(f"c{n};{3 if n == 1 else 40 + n};{1 if n == 1 else 20};POLYGON (({ring}))")
            y += 250.0
        x += 250.0
    return home, city, written(home / "grid.csv", "\n".join(rows) + "\n")


def asked(place, **options):
    home, city, path = place
    request = CityRequest("tessenmark", path, crs=f"EPSG:{city.epsg}", **options)
    return preview_city(request, home=home)


def test_a_preview_writes_nothing_and_a_delivery_keeps_every_observation(place):
    home, *_ = place
    found = asked(place, period="2025")
    assert deliveries(home) == ()
    kept = write_city(found, received=dt.date(2026, 3, 1), note="grid of 2025", home=home)
    table = load_delivery(kept.id, home=home)
    assert len(table) == len(found.measures.observations) == kept.n
    assert {"LIV-01", "LIV-02", "QOL-07", "BCK-03"} <= {o.indicator for o in table}
    assert {o.split for o in table if o.indicator == "LIV-02"} == {"", "sex=f"}


def test_cells_go_out_without_the_number_of_few_people_and_without_ways(place):
    found = asked(place, period="2025")
    document = cells_geojson(found, least=5)
    first = document["features"][0]
    assert (first["properties"]["people"], first["properties"]["few_people"]) == (None, True)
    assert document["features"][1]["properties"]["people"] == 42
    assert {f["geometry"]["type"] for f in document["features"]} <= {"Polygon", "MultiPolygon"}
    assert all(0.0 <= f["properties"]["reach_open_space"] <= 1.0 for f in document["features"])


def test_inventories_are_written_as_a_table(place, tmp_path):
    path = tmp_path / "inventory.csv"
    write_inventories(path, asked(place, period="2025"))
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["kind"] for row in rows] == ["dead_end", "dead_end_on_foot", "lamp", "camera"]


def test_a_period_that_is_none_is_refused(place):
    with pytest.raises(PeriodError, match="2025-13"):
        asked(place, period="2025-13")


def test_the_command_shows_and_keeps_only_when_asked(place, monkeypatch, tmp_path):
    home, city, path = place
    monkeypatch.setenv("PARVIS_HOME", str(home))
    before = len(deliveries(home))
    call = ["from-city", "tessenmark", "--population", str(path), "--crs", str(city.epsg),
            "--period", "2025"]  # fmt: skip
    shown = CliRunner().invoke(app, call)
    assert shown.exit_code == 0, shown.output
    assert "LIV-02 2025 city" in shown.output
    assert "unknown, not absent" in shown.output
    assert len(deliveries(home)) == before
    cells = tmp_path / "cells.geojson"
    kept = CliRunner().invoke(
        app,
        [*call, "--split", "sex=f:women", "--cells", str(cells), "--write", "--json",
         "--received", "2026-03-02"],
    )  # fmt: skip
    document = json.loads(kept.output)
    assert document["delivery"] == "2026-03-02-1"
    assert json.loads(cells.read_text(encoding="utf-8"))["features"]


@pytest.mark.parametrize("language", ["en", *TRANSLATIONS])
def test_every_notice_has_its_sentence(place, language):
    found = asked(place, period="2025")
    known = sentences(language)
    for note in found.measures.notices:
        assert known[note.code].format(**note.details)

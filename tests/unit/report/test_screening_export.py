"""What leaves a screening: whose it is in every output, the stated order, and no exposure."""

import csv
import datetime as dt
import json
import sqlite3
from xml.etree import ElementTree

import pyogrio
import pytest
from screening_samples import failure, outcome, record, screening

from parvis.report import screening_export as export
from parvis.report.qgis_style import quarters_qml
from parvis.screening.criteria import Criterion
from parvis.screening.programme import Rules, assessment_programme

FORBIDDEN = (
    "speed", "kmh", "energy", "kj", "rating", "exposed", "exposure", "score", "rank", "risk",
    "vehicle", "clear_width", "run_up", "angle", "penetration", "vulnerab", "casualt",
)  # fmt: skip
SAID = {
    "authority": "City of Oldtown",
    "responsible": "A. Maire",
    "role": "security coordinator",
    "marking": "TLP:AMBER",
    "order": "events, then last-assessment",
    "boundary": "limits.geojson",
}


@pytest.fixture
def programme():
    spaces = [
        outcome(1),
        outcome(2, name='=HYPERLINK("x")'),
        failure(3),
        outcome(4, name='Ånd, "x"'),
    ]
    said = [record(2, events=9, owner="B. Adjoint"), record(4, next_event=dt.date(2031, 12, 1))]
    found = screening(spaces, criteria=[Criterion.EVENTS, Criterion.LAST_ASSESSMENT], records=said)
    return assessment_programme(found, Rules(24, per_month=2))


def parsed(qml: str) -> ElementTree.Element:
    return ElementTree.fromstring(qml)  # noqa: S314


def names_of(entries):
    return [entry.space.id for entry in entries]


def test_no_column_tells_how_exposed_a_space_is():
    assert [name for name in export.COLUMNS if any(word in name for word in FORBIDDEN)] == []


def test_rows_have_the_columns_in_the_order_of_the_programme(programme):
    rows = export.programme_rows(programme)
    assert all(set(row) == set(export.COLUMNS) for row in rows)
    assert [row["id"] for row in rows] == names_of(programme.entries)
    assert rows[0]["id"] == "way/2"


def test_table_names_authority_responsible_marking_and_criteria_in_every_row(programme, tmp_path):
    path = export.write_programme_csv(programme, tmp_path / "p.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == list(export.COLUMNS)
    assert all(row[name] == value for row in rows for name, value in SAID.items())
    assert [row["id"] for row in rows] == names_of(programme.entries)


def test_a_name_is_no_formula_in_a_spreadsheet(programme, tmp_path):
    text = export.write_programme_csv(programme, tmp_path / "p.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text and '"=HYPERLINK' not in text


def test_a_failed_space_is_there_with_its_reason(programme):
    row = next(row for row in export.programme_rows(programme) if row["id"] == "way/3")
    assert row["outcome"].startswith("not analysed: the process")
    assert row["survey"] == "required" and row["access_points"] is None


def test_geojson_holds_outlines_in_degrees_and_says_whose_it_is(programme, tmp_path):
    path = export.write_programme_geojson(programme, tmp_path / "p.geojson")
    document = json.loads(path.read_text())
    assert {name: document[name] for name in SAID} == SAID
    assert [f["properties"]["id"] for f in document["features"]] == names_of(programme.entries)
    assert list(document["features"][0]["properties"]) == list(export.COLUMNS)
    lon, lat = document["features"][0]["geometry"]["coordinates"][0][0][0]
    assert 8.9 < lon < 9.1 and 51.9 < lat < 52.1


def test_geopackage_opens_with_a_style_by_quarter(programme, tmp_path):
    path = export.write_programme_gpkg(programme, tmp_path / "p.gpkg")
    assert next(name for name, _ in pyogrio.list_layers(path)) == export.LAYER
    meta, _, shapes, columns = pyogrio.raw.read(path, layer=export.LAYER)
    assert list(meta["fields"]) == list(export.COLUMNS)
    assert len(shapes) == 4
    said = dict(zip(meta["fields"], columns, strict=True))
    assert {name: said[name][0] for name in SAID} == SAID
    with sqlite3.connect(path) as store:
        row = store.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchone()
        listed = {name for (name,) in store.execute("SELECT table_name FROM gpkg_contents")}
    store.close()
    assert row[:3] == (export.LAYER, "geom", 1)
    assert "layer_styles" in listed
    renderer = parsed(row[3]).find("renderer-v2")
    assert renderer.get("attr") == "due_quarter"
    quarters = {item.get("value") for item in renderer.iter("category")}
    assert quarters == {entry.quarter for entry in programme.entries}


def test_every_category_of_the_style_has_its_symbol():
    tree = parsed(quarters_qml([f"20{30 + k} Q1" for k in range(12)]))
    wanted = {item.get("symbol") for item in tree.iter("category")}
    assert wanted == {item.get("name") for item in tree.iter("symbol")}
    assert len(wanted) == 12


def test_equal_programmes_give_equal_files(programme, tmp_path):
    for write, ending in (
        (export.write_programme_gpkg, "gpkg"),
        (export.write_programme_geojson, "geojson"),
        (export.write_programme_csv, "csv"),
        (export.write_programme_calendar, "ics"),
    ):
        one = write(programme, tmp_path / "one" / f"p.{ending}").read_bytes()
        other = write(programme, tmp_path / "other" / f"p.{ending}").read_bytes()
        assert one == other, ending


def test_calendar_has_a_whole_day_per_space_and_folds_long_lines(programme, tmp_path):
    raw = export.write_programme_calendar(programme, tmp_path / "p.ics").read_bytes()
    assert raw.count(b"BEGIN:VEVENT") == 4
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    unfolded = raw.replace(b"\r\n ", b"").decode()
    entry = programme.entries[0]
    assert f"DTSTART;VALUE=DATE:{entry.due:%Y%m%d}" in unfolded
    assert r'SUMMARY:TLP:AMBER Assess Ånd\, "x"' in unfolded


def test_terminal_says_order_rules_and_who_answers(programme):
    text = "\n".join(export.programme_lines(programme))
    for words in ("TLP:AMBER", "A. Maire, security coordinator", "events, then last-assessment",
                  "at most 2 a month", "1 space could not be analysed"):  # fmt: skip
        assert words in text

"""The commands spaces, city add-layer, correct and survey-sheet, as a person types them."""

import json
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import openpyxl
import pypdf
import pytest
import shapely
from hamlet import EAST, EPSG, NORTH, degrees, metres, store_hamlet
from typer.testing import CliRunner

from parvis.approach.results import UncertainInput
from parvis.city.assemble import build_table
from parvis.cli import app
from parvis.cli.survey_sheet import write_survey_sheet
from parvis.io.corrections import list_corrections
from parvis.io.store import load_city, save_city
from parvis.terms import Grade


@pytest.fixture
def city(parvis_home):
    base = store_hamlet()
    outline = metres(shapely.box(20, -4, 60, 4))
    spaces = build_table(
        "polygon",
        [outline, metres(shapely.box(70, -4, 90, 4))],
        {"area": np.array([320.0, 160.0]), "is_inferred": np.array([False, True])},
        texts={"id": ["way/5", "node/6"], "name": ["Corn Market", ""]},
        coded={"kind": ["market_place", "square"]},
    )
    return save_city(replace(base, spaces=spaces))


def run(*words):
    return CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)


def refused(*words):
    """Run in a process of its own, as the exit code is made outside typer."""
    done = subprocess.run(
        [sys.executable, "-m", "parvis", *map(str, words)], capture_output=True, text=True
    )
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.returncode, done.stderr


def test_spaces_are_listed_for_people_and_machines(city, tmp_path):
    lines = run("spaces", "hamlet").output.splitlines()
    assert "market place" in lines[0]
    assert "320 m²" in lines[0]
    assert "outline inferred" in lines[1]
    listed = json.loads(run("spaces", "hamlet", "--json").output)
    assert listed["spaces"][0] == {
        "id": "way/5",
        "name": "Corn Market",
        "kind": "market_place",
        "area_m2": 320,
        "is_inferred": False,
    }


def test_spaces_of_one_kind_and_as_geojson(city, tmp_path):
    path = tmp_path / "spaces.geojson"
    run("spaces", "hamlet", "--kind", "square", "--geojson", path)
    (feature,) = json.loads(path.read_text())["features"]
    assert feature["properties"]["id"] == "node/6"
    outline = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert outline.contains(shapely.Point(degrees(80, 0)))


def test_unknown_kind_of_space_is_one_sentence_and_exit_code_3(city):
    code, said = refused("spaces", "hamlet", "--kind", "squares")
    assert code == 3
    assert "market_place" in said


def test_geojson_that_cannot_be_written_is_one_sentence(city, tmp_path):
    code, _ = refused("spaces", "hamlet", "--geojson", tmp_path)
    assert code == 3


def test_added_layer_says_what_was_taken_and_what_not(city, tmp_path):
    path = tmp_path / "posts.csv"
    good, bad = (",".join(map(str, degrees(x, 2))) for x in (10, 20))
    path.write_text(f"lon,lat,kind\n{good},bollard\n{bad},cow\n")
    said = run("city", "add-layer", "hamlet", path, "--as", "barriers").output
    assert "Taken: 1 features (1 bollard), from EPSG:4326, grade B." in said
    assert "1 × kinds that this layer cannot have: cow (rows 3)" in said
    document = json.loads(
        run("city", "add-layer", "hamlet", path, "--as", "barriers", "--json").output
    )
    assert document["taken"] == {"bollard": 1}
    assert document["not_taken"] == [{"row": 3, "reason": "unknown_kind", "value": "cow"}]
    assert document["layer"]["order"] == 2


def test_layers_are_listed_and_taken_away(city, tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text("lon,lat\n" + ",".join(map(str, degrees(10, 2))) + "\n")
    assert "No layers yet" in run("city", "layers", "hamlet").output
    for _ in range(2):
        run("city", "add-layer", "hamlet", path, "--as", "trees")
    assert "adds to trees: 1 features of posts.csv" in run("city", "layers", "hamlet").output
    assert run("city", "layers", "hamlet", "--remove", 1).output == "Removed layer 1 (posts).\n"
    (left,) = json.loads(run("city", "layers", "hamlet", "--json").output)["layers"]
    assert left["order"] == 2
    assert len(load_city("hamlet").furniture) == 1
    code, said = refused("city", "layers", "hamlet", "--remove", 1)
    assert code == 3
    assert "002-posts" in said


def sheet(tmp_path, value):
    lon, lat = degrees(50, 1)
    path = tmp_path / "measured.csv"
    path.write_text(
        f"kind;value;method;person;date;lon;lat\nwidth;{value};tape;A;2026-05-01;{lon};{lat}\n"
    )
    return path


def test_corrections_are_entered_listed_and_undone(city, tmp_path):
    path = sheet(tmp_path, 4.2)
    assert "1 corrections would be added" in run("correct", "hamlet", path, "--check").output
    assert "1 corrections added, 0 known already" in run("correct", "hamlet", path).output
    line = run("correct", "hamlet", "--list").output
    assert "width 4.2 m" in line
    assert "grade A" in line
    row = json.loads(run("correct", "hamlet", "--list", "--json").output)["corrections"][0]
    assert (row["kind"], row["value_m"], row["conflict"]) == ("width", 4.2, "")
    assert "Taken back" in run("correct", "hamlet", "--undo", row["id"][:8]).output
    assert "No corrections yet" in run("correct", "hamlet", "--list").output


def test_negative_width_is_refused_with_row_and_column(city, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "parvis", "correct", "hamlet", str(sheet(tmp_path, -4.2))],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "row 2, value: '-4.2' is not a length above 0" in done.stderr


def test_correct_needs_exactly_one_task(city):
    assert run("correct", "hamlet").exit_code == 2


def entry(key, what, x, *, label="Long Street", value=float("nan")):
    return UncertainInput(
        key=key, what=what, value=value, sigma=1.5, grade=Grade.C, x=EAST + x, y=NORTH + 1,
        label=label, access_points=(1,),
    )  # fmt: skip


def result(*inputs):
    return SimpleNamespace(
        inputs=inputs,
        epsg=EPSG,
        space_id="way/5",
        space_name="Corn Market",
        space_kind="market_place",
        protected_area=shapely.to_wkb(metres(shapely.box(20, -4, 60, 4))),
        provenance={"created": "2026-05-01T10:00:00+00:00", "run_id": "a1" * 16},
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_survey_sheet_is_a_plan_and_a_workbook_that_reads_back(city, tmp_path, language):
    made = result(
        entry("clear_width:access-point/1", "clear_width", 20),
        entry("street_width:way/1", "street_width", 90, value=7.25),
        entry("obstacle:node/31", "obstacle", 0, label="bollard"),
        entry("ground:access-point/1", "ground", 40, label=""),
    )
    plan, book = write_survey_sheet(made, city, tmp_path / "out", language)
    reader = pypdf.PdfReader(plan)
    text = "".join(page.extract_text() for page in reader.pages)
    assert all(f"M{number}" in text for number in (1, 2, 3, 4))
    assert "TLP:AMBER" in text
    assert "Corn Market" in text
    assert reader.trailer["/Root"]["/Lang"].startswith(language)
    filled = openpyxl.load_workbook(book)
    names = [cell.value for cell in filled.active[4]]
    for row, answer in zip(range(5, 9), (3.1, 4.4, "no", None), strict=True):
        said = {"method": "tape", "person": "A", "date": "2026-05-02"}
        said |= {"there": answer} if answer == "no" else {"value": answer}
        for name, cell in said.items():
            filled.active.cell(row, names.index(name) + 1).value = cell
    filled.save(tmp_path / "filled.xlsx")
    said = run("correct", "hamlet", tmp_path / "filled.xlsx").output
    assert "3 corrections added, 0 known already, 1 rows not filled in." in said
    assert [row["kind"] for row in list_corrections("hamlet")] == ["gap", "width", "bollard"]
    after = load_city("hamlet")
    assert after.segments.width[0] == pytest.approx(4.4)
    assert [str(kind) for kind in after.points.words("kind")] == ["gap"]


def test_technical_columns_of_the_workbook_are_hidden(city, tmp_path):
    made = result(entry("street_width:way/1", "street_width", 90, value=7.25))
    _, book = write_survey_sheet(made, city, tmp_path)
    sheet = openpyxl.load_workbook(book).active
    hidden = {
        sheet[f"{letter}4"].value
        for letter, column in sheet.column_dimensions.items()
        if column.hidden
    }
    assert {"kind"} <= hidden
    assert not hidden & {"number", "value", "method", "note"}


def test_nothing_to_measure_still_makes_a_sheet(city, tmp_path):
    plan, book = write_survey_sheet(result(), city, tmp_path)
    assert "No single fact" in pypdf.PdfReader(plan).pages[0].extract_text()
    assert openpyxl.load_workbook(book).active.max_row == 4

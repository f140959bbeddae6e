"""``parvis approach``: its JSON contract, what a person reads, and what it says when it cannot."""

import errno
import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from hamlet import in_degrees, metres, store_hamlet
from typer.testing import CliRunner

from parvis.city.assemble import build_table
from parvis.cli import app, main
from parvis.io.store import save_city

MEANING = "What a vehicle could physically reach; not a forecast and not a likelihood."
OUTLINES = {
    "cross.geojson": shapely.Polygon([(10, 0), (30, 4), (30, 0), (10, 4)]),
    "far.geojson": shapely.box(90_000, 0, 90_050, 9),
    "points.geojson": shapely.MultiPoint([(10, 0), (30, 4)]),
}


def store_market() -> None:
    """Store the hamlet with a market place in its street and two spaces of one name."""
    shapes = [shapely.box(90, -4, 120, 4), shapely.box(20, 0, 30, 4), shapely.box(40, 0, 50, 4)]
    spaces = build_table(
        "polygon",
        [metres(shape) for shape in shapes],
        {"area": np.array([240.0, 40.0, 40.0]), "is_inferred": np.zeros(3, dtype=bool)},
        texts={
            "id": ["way/5", "way/6", "way/7"],
            "name": ["Corn Market", "Well Place", "Well Place"],
        },
        coded={"kind": ["market_place", "square", "square"]},
    )
    save_city(replace(store_hamlet(), spaces=spaces))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the hamlet, and an analysis of its market on record."""
    home = tmp_path_factory.mktemp("approach") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(home))
        store_market()
    return home


@pytest.fixture(autouse=True)
def at_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(home))
    monkeypatch.chdir(tmp_path)


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object
) -> tuple[int, str]:
    """Exit code and the one sentence on stderr."""
    monkeypatch.setattr(sys, "argv", ["parvis", *map(str, words)])
    monkeypatch.setattr("parvis.cli.keep_kernels", lambda: None)
    with pytest.raises(SystemExit) as caught:
        main()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    return int(caught.value.code or 0), said.err


@pytest.fixture(scope="module")
def document(home: Path) -> dict:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(home))
        return json.loads(run("approach", "hamlet", "Corn Market", "--vehicles", "M1", "--json"))


def test_access_points_have_the_keys_that_other_parts_rely_on(document: dict) -> None:
    assert document["access_points"]
    for point in document["access_points"]:
        assert {
            "id", "clear_width_m", "speed_kmh", "energy_kj", "angle_deg", "required_rating",
            "grade",
        } <= point.keys()  # fmt: skip
        assert point["speed_kmh"].keys() == {"typical", "cautious", "limit"}
        assert point["grade"] == "C"
        assert point["reasons"][0] == "clear width not verified"


def test_typical_is_at_most_cautious_and_cautious_at_most_limit(document: dict) -> None:
    for point in document["access_points"]:
        speeds = [point["speed_kmh"][name] for name in ("typical", "cautious", "limit")]
        known = [speed for speed in speeds if speed is not None]
        assert known == sorted(known)
        assert known


def test_packs_in_json_have_id_kind_and_version() -> None:
    packs = json.loads(run("packs", "list", "--json"))["packs"]
    assert packs
    assert all({"id", "kind", "version"} <= pack.keys() for pack in packs)


def test_a_person_reads_the_cautious_speed_rounded_up_to_5_km_per_hour(document: dict) -> None:
    said = run("approach", "hamlet", "way/5", "--vehicles", "M1")
    for point in document["access_points"]:
        shown = math.ceil(point["speed_kmh"]["cautious"] / 5 - 1e-9) * 5
        assert point["said_speed_kmh"] == shown
        line = next(x for x in said.splitlines() if x.split()[:1] == [str(point["id"])])
        assert f" {shown} km/h " in line
        assert "screening only" in line


def test_meaning_stands_beside_the_figures(document: dict) -> None:
    assert document["meaning"] == MEANING
    assert MEANING in run("approach", "hamlet", "way/5", "--vehicles", "M1").splitlines()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere", "x"], 'There is no city "nowhere"'),
        (["hamlet", "Corn Markt"], "names that come near: Corn Market"),
        (["hamlet", "Well Place"], "way/6 (square, 40 m²); way/7 (square, 40 m²)"),
        (["hamlet"], "Name a public space or give a polygon file with --area"),
        (["hamlet", "way/5", "--area", "far.geojson"], "one of them"),
        (["hamlet", "way/5", "--vehicles", "X9"], "There is no vehicle class X9; there are M1"),
        (["hamlet", "way/5", "--vehicles", ""], 'There is no vehicle class ""; there are M1'),
        (["hamlet", "way/5", "--vehicles", " , "], 'There is no vehicle class ""; there are M1'),
        (["hamlet", "way/5", "--design", "fast"], "choose one of typical, cautious, limit"),
        (["hamlet", "way/5", "--threat", "none.yaml"], "none.yaml does not exist"),
        (["hamlet", "way/5", "--threat", "bad.yaml"], "bad.yaml breaks the rules of its kind"),
        (["hamlet", "way/5", "--threat", "bad.yaml", "--vehicles", "M1"], "leave out --threat"),
        (["hamlet", "--area", "none.geojson"], "There is no file none.geojson."),
        (["hamlet", "--area", "cross.geojson"], "cross.geojson crosses itself near"),
        (["hamlet", "--area", "far.geojson"], "lies outside hamlet"),
        (["hamlet", "--area", "points.geojson"], "a protected area must be a polygon"),
    ],
)
def test_user_errors_are_one_sentence_and_exit_code_3(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "bad.yaml").write_text("foo: bar\n")
    for name, shape in OUTLINES.items():
        (tmp_path / name).write_text(shapely.to_geojson(in_degrees(shape)))
    code, said = refused(monkeypatch, capsys, "approach", *words)
    assert code == 3
    assert sentence in said


def test_user_errors_are_json_where_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = refused(monkeypatch, capsys, "approach", "hamlet", "Corn", "--json")
    assert code == 3
    assert json.loads(said)["code"] == "space_unknown"


@pytest.mark.parametrize("command", ["report", "survey-sheet"])
def test_out_on_a_file_is_refused_before_anything_is_computed(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "notes.txt").touch()
    code, said = refused(monkeypatch, capsys, command, "hamlet", "none", "--out", "notes.txt/out")
    assert code == 3
    assert "notes.txt is a file, and a folder is needed" in said


def test_data_directory_that_cannot_be_made_is_one_sentence(
    town: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "file" / "home"))
    code, said = refused(monkeypatch, capsys, "city", "import", town)
    assert code == 3
    assert "cannot be written (not a directory): set PARVIS_HOME to a folder of your own" in said


def test_extract_without_streets_is_named(
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "walls.osm").write_text(
        '<osm version="0.6"><node id="1" lat="52" lon="9"/><node id="2" lat="52.1" lon="9"/>'
        '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="barrier" v="wall"/></way></osm>'
    )
    code, said = refused(monkeypatch, capsys, "city", "import", "walls.osm")
    assert code == 3
    assert said.startswith("parvis: walls.osm holds no street a vehicle could use")
    assert [path.name for path in (home / "cities").iterdir()] == ["hamlet"]


def test_damaged_record_of_an_earlier_result_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = home / "cities" / "hamlet" / "runs" / "way-6.json"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("{")
    code, said = refused(monkeypatch, capsys, "approach", "hamlet", "way/6")
    broken.unlink()
    assert code == 3
    assert "way-6.json, is damaged: delete it" in said


def test_full_disk_under_the_kernels_is_one_sentence_and_exit_code_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "kernel.nbi")

    monkeypatch.setattr("parvis.io.analyses.analyse_approach", fail)
    code, said = refused(monkeypatch, capsys, "approach", "hamlet", "way/5")
    assert code == 4
    assert "No space is left to write kernel.nbi" in said


@pytest.mark.parametrize(("version", "age"), [(0, "an older"), (9, "a newer")])
def test_store_of_another_version_names_the_way_out(
    version: int,
    age: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "home"))
    store_market()
    path = tmp_path / "home" / "cities" / "hamlet" / "city.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"store_version": version}))
    code, said = refused(monkeypatch, capsys, "approach", "hamlet", "way/5")
    assert code == 3
    assert f"was written by {age} version of Parvis: import it again" in said
    assert run("city", "list") == "hamlet: written by another version of Parvis: import it again\n"


def fill_in(book: Path, values: dict[str, float]) -> None:
    """Enter what a person measured with a tape, by number of the place on the survey sheet."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook.active
    names = [cell.value for cell in sheet[4]]
    for cells in sheet.iter_rows(min_row=5):
        if (value := values.get(str(cells[0].value))) is None:
            continue
        said = {"value": value, "method": "tape", "person": "A. Surveyor", "date": "2026-05-02"}
        for name, entry in said.items():
            cells[names.index(name)].value = entry
    workbook.save(book)


def test_measuring_a_clear_width_lifts_its_grade_and_keeps_the_numbers(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "home"))
    run("city", "import", town, "--name", "demo")
    run("survey-sheet", "demo", "Market Square", "--vehicles", "N1", "--out", "survey")
    runs = tmp_path / "home" / "cities" / "demo" / "runs"
    (before,) = (json.loads(path.read_text()) for path in runs.iterdir())
    shown = json.loads(run("city", "show", "demo", "--json"))["results"]
    assert [result["is_outdated"] for result in shown] == [False]

    book = tmp_path / "survey" / "survey-sheet.xlsx"
    cells = list(openpyxl.load_workbook(book).active.iter_rows(min_row=4, values_only=True))
    rows = [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]
    measured = next(row for row in rows if row["key"].startswith("clear_width:"))
    assert measured["used"].endswith("(C)")
    width = float(measured["used"].split()[0])
    streets = [row for row in rows if row["key"].startswith("street_width:")]
    values = {row["number"]: float(row["used"].split()[0]) for row in streets}
    values[measured["number"]] = width - 0.1
    fill_in(book, values)
    assert f"{len(values)} corrections added" in run("correct", "demo", book)
    listed = json.loads(run("correct", "demo", "--list", "--json"))["corrections"]
    assert [row["kind"] for row in listed].count("gap") == 1
    assert {(row["grade"], row["conflict"]) for row in listed} == {("A", "")}
    (result,) = json.loads(run("city", "show", "demo", "--json"))["results"]
    assert result["is_outdated"] is True
    assert "outdated: the city's data have changed" in run("city", "show", "demo")

    after = json.loads(run("approach", "demo", "Market Square", "--vehicles", "N1", "--json"))
    points = {point["id"]: point for point in after["access_points"]}
    assert set(points) == {point["id"] for point in before["access_points"]}
    lifted = points[int(measured["key"].rpartition("/")[2])]
    assert lifted["clear_width_reason"] == "measured_on_site"
    assert lifted["clear_width_grade"] == "A"
    assert lifted["grade"] != "C"
    assert not lifted["is_screening_only"]
    assert lifted["clear_width_m"] == pytest.approx(width - 0.1, abs=0.01)
    others = [point for point in points.values() if point is not lifted]
    assert all(point["clear_width_reason"] == "not_verified" for point in others)
    (result,) = json.loads(run("city", "show", "demo", "--json"))["results"]
    assert result["is_outdated"] is False


def test_an_assessment_is_filled_from_an_analysis_and_names_it(document: dict) -> None:
    file = "market.assessment.json"
    run("assess", "new", "site-vulnerability", "--subject", "Corn Market", "--output", file)
    fill = ("assess", "fill", file, "hamlet", "Corn Market", "--vehicles", "M1", "--json")
    first = json.loads(run(*fill))
    n_points = len(document["access_points"])
    assert first["taken"]["n_access_points"] == n_points
    answers = json.loads(Path(file).read_text(encoding="utf-8"))["answers"]
    assert all(first["run"][:16] in answer["note"] for answer in answers)
    assert json.loads(run(*fill))["taken"] == {}
    run("assess", "answer", file, "n_access_points", "99")
    again = json.loads(run(*fill))
    assert again["differs"] == {"n_access_points": [99.0, n_points]}
    assert json.loads(run(*fill, "--replace"))["taken"] == {"n_access_points": n_points}

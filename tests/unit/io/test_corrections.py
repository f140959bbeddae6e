"""Corrections are read back all or nothing, kept, undone, and survive a new import."""

import datetime as dt
import hashlib

import openpyxl
import pytest
import shapely
from hamlet import degrees, store_hamlet
from vector_files import write

from parvis.io.correction_rows import CorrectionsColumnsError, CorrectionsInvalidError
from parvis.io.corrections import (
    CorrectionUnknownError,
    list_corrections,
    read_corrections,
    take_corrections,
    undo_correction,
)
from parvis.io.layers import add_layer
from parvis.io.store import StoreBrokenError, load_base, load_city
from parvis.io.vector import VectorUnreadableError

TODAY = dt.date(2026, 6, 1)
TRIANGLE = "POLYGON ((9 51.99, 9.001 51.99, 9.001 51.991, 9 51.99))"
HEADER = ("number", "kind", "value", "there", "method", "person", "date", "note", "rating", "state",
          "osm", "lon", "lat", "wkt", "photo")  # fmt: skip
GOOD = {"kind": "width", "value": 4.2, "method": "tape", "person": "A. Surveyor",
        "date": "2026-05-01"}  # fmt: skip


def at(x, y):
    lon, lat = degrees(x, y)
    return {"lon": lon, "lat": lat}


@pytest.fixture
def city(parvis_home):
    store_hamlet()
    return parvis_home / "cities" / "hamlet"


def sheet(tmp_path, *rows, header=HEADER):
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append([row.get(name) for name in header])
    path = tmp_path / "measured.xlsx"
    book.save(path)
    return path


def take(path, **kwargs):
    return take_corrections("hamlet", path, today=TODAY, **kwargs)


def problems(path, **kwargs):
    with pytest.raises(CorrectionsInvalidError) as error:
        take(path, **kwargs)
    lines = error.value.details["listed"].splitlines()
    assert error.value.details["n"] == len(lines)
    return [line.strip().split(":")[0] for line in lines]


def test_measured_width_prevails_with_grade_a(city, tmp_path):
    taken = take(sheet(tmp_path, GOOD | at(50, 1)))
    assert (len(taken.added), len(taken.known), taken.n_blank) == (1, 0, 0)
    segments = load_city("hamlet").segments
    assert segments.width[0] == pytest.approx(4.2)
    assert segments.width_grade[0] == 1
    assert load_base("hamlet").segments.width[0] != pytest.approx(4.2)


def test_reading_a_file_twice_adds_nothing(city, tmp_path):
    path = sheet(tmp_path, GOOD | at(50, 1), {**GOOD, "kind": "bollard", "value": 1} | at(60, 3))
    assert len(take(path).added) == 2
    again = take(path)
    assert (len(again.added), len(again.known)) == (0, 2)
    assert len(list_corrections("hamlet")) == 2


def test_check_stores_nothing(city, tmp_path):
    assert len(take(sheet(tmp_path, GOOD | at(50, 1)), is_check=True).added) == 1
    assert list_corrections("hamlet") == []
    assert not (city / "corrections").exists()


def test_rows_of_a_survey_sheet_left_empty_are_skipped(city, tmp_path):
    taken = take(sheet(tmp_path, {"number": "M1", "kind": "width"}, GOOD | at(50, 1)))
    assert (len(taken.added), taken.n_blank) == (1, 1)


def test_person_can_be_given_for_all_rows(city, tmp_path):
    row = {k: v for k, v in GOOD.items() if k != "person"} | at(50, 1)
    assert problems(sheet(tmp_path, row)) == ["row 2, person"]
    assert take(sheet(tmp_path, row), person="B. Surveyor").added[0].person == "B. Surveyor"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"kind": "cow"}, "kind"),
        ({"kind": None}, "kind"),
        ({"value": -4.2}, "value"),
        ({"value": 0}, "value"),
        ({"value": 4200}, "value"),
        ({"value": "wide"}, "value"),
        ({"value": None, "there": "yes"}, "value"),
        ({"method": "guess"}, "method"),
        ({"method": None}, "method"),
        ({"there": "perhaps"}, "there"),
        ({"date": "2026-06-02"}, "date"),
        ({"date": "May"}, "date"),
        ({"date": None}, "date"),
        ({"lon": "x"}, "lon"),
        ({"lat": 91}, "lat"),
        ({"lon": 0.0}, "lon"),
        ({"lon": None}, "lon"),
        ({"osm": "street 5"}, "osm"),
        ({"osm": "way/999"}, "osm"),
        ({"wkt": "POINT (9"}, "wkt"),
        (
            {"wkt": "POLYGON ((9 51.99, 9.001 51.99, 9.001 51.991, 9 51.99))", "kind": "bollard"},
            "wkt",
        ),
        ({"photo": "missing.jpg"}, "photo"),
        ({"photo": "../"}, "photo"),
        ({"rating": "strong", "kind": "bollard", "value": 1}, "rating"),
        ({"rating": "V/7200[N2B]/64/90:1.5"}, "rating"),
        ({"state": "closed"}, "state"),
        ({"note": "x" * 501}, "note"),
        ({"kind": "wall", "value": 1, **at(50, 300)}, "wkt"),
        ({"kind": "tree", "there": "no", "value": 1}, "there"),
        (at(50, 400), "lon"),
    ],
)
def test_cell_that_cannot_be_used_is_named(city, tmp_path, change, column):
    assert problems(sheet(tmp_path, GOOD | at(50, 1) | change)) == [f"row 2, {column}"]


def test_all_problems_of_all_rows_are_listed_and_nothing_is_stored(city, tmp_path):
    bad = {"kind": "cow", "method": "guess", "date": "x", "person": "A", **at(50, 1)}
    path = sheet(tmp_path, GOOD | at(50, 1), bad, GOOD | at(50, 1) | {"value": -1})
    assert problems(path) == ["row 3, kind", "row 3, method", "row 3, date", "row 4, value"]
    assert list_corrections("hamlet") == []


@pytest.mark.parametrize("header", [("kind", "value"), ("a", "b"), ("kind", "method", "value")])
def test_sheet_without_its_columns_is_refused(city, tmp_path, header):
    with pytest.raises(CorrectionsColumnsError):
        take(sheet(tmp_path, GOOD, header=header))


def test_broken_workbook_is_one_clear_error(city, tmp_path):
    path = tmp_path / "measured.xlsx"
    path.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(VectorUnreadableError):
        take(path)


@pytest.mark.parametrize("date", ["2026-05-01", "01.05.2026", "01/05/2026", dt.date(2026, 5, 1),
                                  ])  # fmt: skip
def test_dates_are_read_in_the_usual_forms(city, tmp_path, date):
    assert take(sheet(tmp_path, GOOD | at(50, 1) | {"date": date})).added[0].date == "2026-05-01"


def test_geopackage_of_corrections_is_read(city, tmp_path):
    path = write(
        tmp_path / "c.gpkg", "GPKG", [shapely.Point(degrees(50, 1))],
        kind=["width"], value=[3.7], method=["plan"], person=["A"], date=["2026-05-01"],
    )  # fmt: skip
    taken = take(path)
    assert (taken.added[0].value, str(taken.added[0].grade)) == (3.7, "B")


def test_polygon_of_ground_and_line_of_wall_are_read_from_wkt(city, tmp_path):
    corners = [degrees(*p) for p in ((0, 30), (20, 30), (20, 50), (0, 30))]
    ring = ", ".join(f"{lon:.8f} {lat:.8f}" for lon, lat in corners)
    line = ", ".join(f"{lon:.8f} {lat:.8f}" for lon, lat in corners[:2])
    taken = take(
        sheet(
            tmp_path,
            {**GOOD, "kind": "ground", "value": None, "there": "no", "wkt": f"POLYGON (({ring}))"},
            {**GOOD, "kind": "wall", "value": 1.1, "wkt": f"LINESTRING ({line})"},
        )
    )
    assert [str(c.kind) for c in taken.added] == ["ground", "wall"]
    found = load_city("hamlet")
    assert found.areas.words("kind")[-1] == "ground_not_drivable"
    assert found.areas.geometry[-1].area == pytest.approx(200, rel=0.02)
    assert found.lines.tags(0)["height"] == "1.1"


def test_existing_obstacle_is_found_and_removed_by_its_place(city, tmp_path):
    gone = {**GOOD, "kind": "bollard", "value": None, "there": "no", "method": "seen"}
    take(sheet(tmp_path, gone | at(2, 1)))
    assert len(load_base("hamlet").points) == 1
    assert len(load_city("hamlet").points) == 0
    assert list_corrections("hamlet")[0]["osm"] == "node/31"


def test_photo_is_copied_with_its_hash(city, tmp_path):
    (tmp_path / "gate.jpg").write_bytes(b"picture")
    take(sheet(tmp_path, GOOD | at(50, 1) | {"photo": "gate.jpg"}))
    (row,) = list_corrections("hamlet")
    assert row["photo_sha256"] == hashlib.sha256(b"picture").hexdigest()
    assert (city / "corrections" / "photos" / row["photo"]).read_bytes() == b"picture"


def test_undo_takes_back_and_keeps_the_record(city, tmp_path):
    taken = take(sheet(tmp_path, GOOD | at(50, 1)))
    undo_correction("hamlet", taken.added[0].id[:8], person="B")
    assert list_corrections("hamlet") == []
    assert load_city("hamlet").segments.width[0] == load_base("hamlet").segments.width[0]
    assert len(list((city / "corrections").glob("*.json"))) == 2
    assert len(take(sheet(tmp_path, GOOD | at(50, 1))).added) == 1


@pytest.mark.parametrize("text", ["", "zz", "0000"])
def test_undo_of_an_unknown_id_is_an_error(city, tmp_path, text):
    take(sheet(tmp_path, GOOD | at(50, 1)))
    with pytest.raises(CorrectionUnknownError):
        undo_correction("hamlet", text)


def test_corrections_survive_a_new_import(city, tmp_path):
    take(sheet(tmp_path, GOOD | at(50, 1)))
    store_hamlet(north=2.0)
    found = load_city("hamlet")
    assert found.segments.width[0] == pytest.approx(4.2)
    assert found.manifest["conflicts"] == []


@pytest.mark.parametrize(
    ("change", "reason"), [({"north": -9.0}, "by 9.0 m"), ({"is_first": False}, "moved by")]
)
def test_street_that_moved_is_a_listed_conflict(city, tmp_path, change, reason):
    take(sheet(tmp_path, GOOD | at(50, 1)))
    store_hamlet(**change)
    assert len(load_city("hamlet").manifest["conflicts"]) == 1
    assert reason in list_corrections("hamlet")[0]["conflict"]
    assert load_city("hamlet").segments.width[0] != pytest.approx(4.2)


def test_stored_statements_come_back_as_they_were_entered(city, tmp_path):
    row = {**GOOD, "kind": "bollard", "value": 0.9, "rating": "V/7200[N2B]/64/90:1.5",
           "state": "closed", "note": "Ä, é", **at(60, 3)}  # fmt: skip
    said = take(sheet(tmp_path, row)).added[0]
    (back,) = read_corrections(city, load_base("hamlet").epsg)
    assert shapely.distance(said.geometry, back.geometry) < 1e-3
    for name in ("id", "kind", "value", "is_there", "method", "person", "date", "note", "rating",
                 "state", "plate"):  # fmt: skip
        assert getattr(said, name) == getattr(back, name)


def test_damaged_record_is_named(city, tmp_path):
    take(sheet(tmp_path, GOOD | at(50, 1)))
    (city / "corrections" / "000001.json").write_text('{"version": 1}')
    with pytest.raises(StoreBrokenError) as error:
        load_city("hamlet")
    assert "000001.json" in error.value.details["name"]


def test_correction_can_speak_of_a_feature_of_a_layer(city, tmp_path):
    lon, lat = degrees(30, 3)
    table = tmp_path / "b.csv"
    table.write_text(f"lon,lat,kind\n{lon:.8f},{lat:.8f},bollard\n")
    add_layer("hamlet", table, "barriers")
    gone = {**GOOD, "kind": "bollard", "value": None, "there": "no", "method": "seen"}
    take(sheet(tmp_path, gone | at(30, 3)))
    assert len(load_city("hamlet").points) == 1

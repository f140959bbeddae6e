"""What files of incidents hold, which rows are rejected, and what the commands say."""

import gzip
import json

import openpyxl
import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.errors import ParvisError
from parvis.incidents.records import Precision
from parvis.io.incident_mapping import ColumnMapping, guess_mapping, read_mapping, write_mapping
from parvis.io.incident_request import SummaryRequest, summarise
from parvis.io.incident_table import read_incidents
from parvis.io.incident_zones import read_populations, read_zones
from parvis.report.messages import describe

GOOD = (
    "id,date,lon,lat,kind\n1,2026-03-01 18:30,10.01,50.01,theft\n2,2026-03-02 20:00,10.02,50.02,\n"
)
UNKNOWN = "it is not known how much is reported"


def run(*arguments: object):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def write(tmp_path):
    def written(name: str, text: str):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def zones(write):
    squares = []
    for code, west in (("A", 10.0), ("B", 10.015)):
        ring = [[west, 50.0], [west + 0.015, 50.0], [west + 0.015, 50.03], [west, 50.03],
                [west, 50.0]]  # fmt: skip
        properties = {"code": code, "name": f"{code} district"}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        squares.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return write("zones.geojson", json.dumps({"type": "FeatureCollection", "features": squares}))


def refusal(function, *args, **options) -> str:
    with pytest.raises(ParvisError) as caught:
        function(*args, **options)
    return describe(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_gzip(tmp_path, delimiter):
    path = tmp_path / "incidents.csv.gz"
    path.write_bytes(gzip.compress(GOOD.replace(",", delimiter).encode()))
    read = read_incidents(path)
    assert read.incidents.n() == 2
    assert read.incidents.precision is Precision.MINUTE
    assert read.incidents.is_placed.all()
    assert not read.rejected


def test_a_workbook_says_the_same(tmp_path):
    book = openpyxl.Workbook()
    for line in GOOD.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "incidents.xlsx")
    assert read_incidents(tmp_path / "incidents.xlsx").incidents.n() == 2


def test_missing_and_masked_coordinates_are_counted_and_never_placed(write):
    rows = "".join(f"2026-03-0{day},{place},x\n" for day, place in
                   enumerate(["0,0", ",", "NA,NA", "0.0,0.0", "10.0,50.0"], start=1))  # fmt: skip
    read = read_incidents(write("a.csv", "date,lon,lat,kind\n" + rows))
    assert read.incidents.n() == 5
    assert read.incidents.n_without_place == 4
    assert not read.rejected


def test_every_rejected_row_is_told_with_its_reason(write):
    text = (
        "id,date,lon,lat,count\n"
        "1,2026-03-01,10,50,1\n"
        "2,2026-02-30,10,50,1\n"
        "3,2026-03-01,ten,50,1\n"
        "4,2026-03-01,10,95,1\n"
        "5,2026-03-01,10,50,1.5\n"
        "1,2026-03-01,10,50,1\n"
        "7,2026-03-01,10,50\n"
    )
    read = read_incidents(write("a.csv", text))
    assert read.incidents.n() == 1
    assert [(each.row, each.column, each.value) for each in read.rejected] == [
        (3, "date", "2026-02-30"),
        (4, "lon", "ten"),
        (5, "lat", "95"),
        (6, "count", "1.5"),
        (7, "id", "1"),
        (8, "count", "4 cells"),
    ]


@pytest.mark.parametrize(
    ("times", "precision"),
    [
        ("2026-01,2026-02", Precision.MONTH),
        ("2026-01-01,2026-02-01", Precision.MONTH),
        ("2026-01-01,2026-02-03", Precision.DAY),
        ("03/02/2026,25/02/2026", Precision.DAY),
        ("2026-01-01T10:15:00Z,2026-02-03T11:00:00+02:00", Precision.MINUTE),
    ],
)
def test_precision_of_times(write, times, precision):
    rows = "".join(f"{each},A\n" for each in times.split(","))
    read = read_incidents(write("a.csv", f"date,area\n{rows}"))
    assert read.incidents.precision is precision
    assert str(read.incidents.start.astype("datetime64[M]")[-1]) == "2026-02"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('date,lon,lat\n2026-03-01,"10,5",50\n2026-03-01,10.5,50\n', "are mixed"),
        ("date,x,y\n2026-03-01,500000,5600000\n", "coordinate system"),
        ("date,lon,lat\n2026-03-01,500000,5600000\n", "give --crs"),
        ("date,date\n1,2\n", "one date only"),
        ("date,lon,lat\n", "no row"),
        ("date,area\n03/02/2026,A\n04/02/2026,A\n", "cannot be told apart"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(write, text, said):
    assert said in refusal(read_incidents, write("a.csv", text))


def test_counts_by_area_need_no_coordinates(write):
    read = read_incidents(
        write("a.csv", "area,month,count\nA,2026-01,12\nB,2026-01,0\nA,2026-02,3\n")
    )
    found = summarise(read, SummaryRequest(period="month", populations={"A": 500.0, "B": 100.0}))
    assert {each.name: each.count.n for each in found.areas} == {"A": 15, "B": 0}
    assert {each.name: each.count.n for each in found.periods} == {"2026-01": 12, "2026-02": 3}
    assert found.areas[0].rate.value == pytest.approx(15 / 500 * 1000 / (59 / 365.25))
    assert found.areas[1].rate.high > 0.0


def test_a_saved_mapping_comes_back(tmp_path):
    mapping = ColumnMapping(time="When", x="E", y="N", crs="EPSG:25833", time_format="%d.%m.%Y")
    write_mapping(tmp_path / "m.yaml", mapping)
    assert read_mapping(tmp_path / "m.yaml") == mapping
    assert guess_mapping(["When", "Longitude", "lat"]).columns == {"x": "Longitude", "y": "lat"}


def test_incidents_fall_into_areas_by_place(write, zones):
    read = read_incidents(write("a.csv", GOOD + "3,2026-03-03 01:00,11.0,50.0,theft\n"))
    found = summarise(read, SummaryRequest(zones=read_zones(zones, read.incidents.epsg)))
    assert {each.name: each.count.n for each in found.areas} == {"A": 1, "B": 1, "": 1}
    assert found.n_outside == 1


def test_codes_that_a_list_lacks_are_listed(write):
    codes = write("codes.yaml", "source: a list of 2026\ncodes: {theft: '0502', assault: '0201'}\n")
    text = "date,kind\n" + "2026-03-01,theft\n" * 3 + "2026-03-01,piracy\n" * 2
    result = run("incidents", "summarise", write("a.csv", text), "--codes", codes, "--json")
    found = json.loads(result.stdout)
    assert {each["name"]: each["count"]["n"] for each in found["kinds"]} == {"0502": 3, "": 2}
    assert found["codes_unmatched"] == {"piracy": 2}


def test_unknown_areas_and_bad_populations_are_said(write):
    path = write("a.csv", "area,date\nA,2026-03-01\n")
    people = write("p.csv", "code,population\nX,100\n")
    result = run("incidents", "summarise", path, "--population", people)
    assert isinstance(result.exception, ParvisError)
    assert "1 areas (X) are not in a.csv" in describe(result.exception)
    for row, said in (("A,0", "more than 0"), ("A,5\nA,6", "each once")):
        assert said in refusal(read_populations, write("p.csv", f"code,population\n{row}\n"))


def test_every_result_carries_its_reporting_rate_or_that_it_is_unknown(write, tmp_path):
    path = write("a.csv", GOOD)
    rate = ("--reporting-rate", "0.38", "--reporting-source", "victim survey 2025")
    for command in ("summarise", "hotspots"):
        cells = ("--cell", "300") if command == "hotspots" else ()
        assert UNKNOWN in run("incidents", command, path, *cells).stdout
        assert (
            "38% is reported (victim survey 2025)"
            in run("incidents", command, path, *cells, *rate).stdout
        )
        document = json.loads(run("incidents", command, path, *cells, "--json").stdout)
        assert UNKNOWN in document["reporting"]["text"]
    out = tmp_path / "counts.csv"
    run("incidents", "summarise", path, "--out", out)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert all(line.endswith(",unknown,") for line in lines[1:])
    assert len(lines) > 1


def test_nothing_is_written_while_rows_are_rejected(write, tmp_path):
    path, out = write("a.csv", GOOD + "3,never,10.0,50.0,theft\n"), tmp_path / "out.csv"
    result = run("incidents", "summarise", path, "--out", out)
    assert "row 4" in describe(result.exception)
    assert not out.exists()
    preview = run("incidents", "summarise", path, "--preview").stdout
    assert "row 4, date: 'never'" in preview
    assert run("incidents", "summarise", path, "--out", out, "--skip-rejected").exit_code == 0
    assert out.exists()


def test_cells_are_written_without_small_counts_or_single_incidents(write, tmp_path):
    rows = "".join(
        f"2026-03-{day:02d},{10.0 + day % 5 * 0.001},{50.0 + hot * 0.001}\n"
        for hot in range(40)
        for day in range(1, 1 + (20 if hot in (20, 21) else 1))
    )
    out = tmp_path / "cells.geojson"
    path = write("a.csv", "date,lon,lat\n" + rows)
    result = run("incidents", "hotspots", path, "--cell", "100", "--out", out, "--repeats")
    assert result.exit_code == 0, result.output
    assert "[100, 200) m" in result.stdout
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert features
    for feature in features:
        assert feature["geometry"]["type"] == "Polygon"
        assert feature["properties"]["count"] not in (1, 2)


def test_near_repeats_need_days(write):
    path = write("a.csv", "month,lon,lat\n2026-01,10,50\n2026-02,10.01,50\n2026-02,10.02,50\n")
    result = run("incidents", "hotspots", path, "--repeats")
    assert "not its month" in describe(result.exception)


def test_areas_are_named_in_the_order_of_their_names(write, zones):
    rows = "".join(f"2026-03-0{n},10.02,50.01\n" for n in range(1, 9))
    path = write("a.csv", "date,lon,lat\n" + rows)
    text = json.loads(zones.read_text(encoding="utf-8"))
    third = json.loads(json.dumps(text["features"][0]).replace("A district", "C district"))
    third["properties"]["code"] = "C"
    text["features"].insert(0, third)
    zones.write_text(json.dumps(text), encoding="utf-8")
    result = run("incidents", "hotspots", path, "--zones", zones, "--json")
    names = [each["name"] for each in json.loads(result.stdout)["areas"]]
    assert names == ["A district", "B district", "C district"]


def test_areas_without_people_are_left_out_of_rates_and_told(write, zones):
    text = json.loads(zones.read_text(encoding="utf-8"))
    for code in "CDE":
        more = json.loads(json.dumps(text["features"][0]))
        more["properties"] = {"code": code, "name": code}
        text["features"].append(more)
    zones.write_text(json.dumps(text), encoding="utf-8")
    people = write("p.csv", "code,population\nA,10\nB,20\nC,30\nD,40\n")
    path = write("a.csv", "date,lon,lat\n2026-03-01,10.02,50.01\n2026-03-02,10.01,50.01\n")
    command = ("incidents", "hotspots", path, "--zones", zones, "--population")
    found = json.loads(run(*command, people, "--json").stdout)
    assert [each["code"] for each in found["areas"]] == ["A", "B", "C", "D"]
    assert (found["n_compared"], found["n_without_people"]) == (4, 1)
    assert "1 areas left out" in run(*command, people).stdout
    nobody = write("n.csv", "code,population\nX,10\n")
    assert "not in populations" in describe(run(*command, nobody).exception)

"""A municipal register is read whatever its header looks like; all rows or none."""

import math

import numpy as np
import openpyxl
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from pyproj import Transformer
from vector_files import write

from parvis.approach.ground import build_ground
from parvis.city.register import register_row, with_register
from parvis.io.barrier_register import (
    RegisterEmptyError,
    RegisterInvalidError,
    read_barrier_register,
)
from parvis.io.municipal_tables import TableColumnsError
from parvis.io.vector import CrsMissingError
from parvis.packs.content import load_ground_rules
from parvis.report.messages import describe
from parvis.terms import Scenario

EAST, NORTH = 400_000.0, 5_800_000.0
RATING = "V/7200[N2B]/64/90:1.5"


def at(x, y):
    return EAST + x, NORTH + y


def box(x0, y0, x1, y1):
    return shapely.box(*at(x0, y0), *at(x1, y1))


@pytest.fixture(scope="module")
def city():
    house = {"addr:street": "Große Marktstraße", "addr:housenumber": "12"}
    far = {"addr:street": "Ringstraße", "addr:housenumber": "1"}
    return draw_city(
        [
            Street([at(0, 0), at(400, 0)], name="Große Marktstraße"),
            Street([at(200, -300), at(200, 300)], name="Rue de l'Église"),
            Street([at(0, 300), at(20, 300)], name="Hill Street"),
            Street([at(380, -300), at(400, -300)], name="Hill Street"),
        ],
        areas=[
            Thing("building", box(100, 8, 120, 20), tags=house),
            Thing("building", box(0, 100, 10, 110), tags=far),
            Thing("building", box(390, -110, 400, -100), tags=far),
            Thing("square", box(0, -6, 400, 6)),
        ],
    )


def degrees(x, y):
    return Transformer.from_crs(25832, 4326, always_xy=True).transform(*at(x, y))


def sheet(path, rows, *, merged=(), name="Register"):
    book = openpyxl.Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    book.save(path)
    return path


def test_german_table_with_merged_header_below_title_lines(city, tmp_path):
    lon, lat = degrees(50, 0)
    path = sheet(
        tmp_path / "sperren.xlsx",
        [
            ["Stadt Musterburg: Verzeichnis der Zufahrtssperren"],
            ["Stand: 2026", None, None, None, None, None, None],
            [],
            ["Lfd. Nr.", "Art der Sperre", "Anprallklasse", "Zustand", "Lage", None, "Länge [cm]"],
            [None, None, None, None, "Längengrad", "Breitengrad", None],
            ["Altstadt"],
            ["S1", "Betonblock", RATING, "geschlossen", lon, lat, 600],
            ["S2", "Versenkpoller", "ohne", "abgesenkt", lon, lat, None],
        ],
        merged=["A1:G1", "E4:F4", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "G4:G5", "A6:G6"],
    )
    reading = read_barrier_register(path, city)
    first, second = reading.barriers
    assert (first.row, first.id, first.kind, first.rating) == (7, "S1", "block", RATING)
    assert (first.state, first.length, first.placed) == ("closed", 6.0, "coordinates")
    assert (first.geometry.x, first.geometry.y) == pytest.approx(at(50, 0), abs=0.05)
    assert (second.kind, second.rating, second.state) == ("bollard", "", "lowered")
    assert math.isnan(second.length)
    assert [(note.row, note.code) for note in reading.notes] == [(6, "heading")]


def test_french_csv_with_decimal_commas_and_a_title(city, tmp_path):
    path = tmp_path / "registre.csv"
    x, y = at(200, 100)
    path.write_text(
        "Ville de Modèle, service de la voirie\n"
        "Numéro;Type de barrière;Classe de résistance;État;Coordonnée X;Coordonnée Y;Nombre\n"
        f"7;Borne escamotable;non classé;relevé;{x:.1f};{y:.1f};4\n".replace(".", ",")
        + f"8;Jardinière;{RATING};;{x:.1f};{y:.1f};\n",
        encoding="cp1252",
    )
    reading = read_barrier_register(path, city, crs="25832")
    assert [(b.kind, b.state, b.count) for b in reading.barriers] == [
        ("bollard", "closed", 4),
        ("planter", "closed", 0),
    ]
    assert reading.barriers[0].geometry.distance(shapely.Point(x, y)) < 0.01


def test_table_in_metres_without_a_system_is_refused(city, tmp_path):
    x, y = at(10, 0)
    path = sheet(tmp_path / "r.xlsx", [["type", "x", "y", "state"], ["block", x, y, "closed"]])
    with pytest.raises(CrsMissingError):
        read_barrier_register(path, city)


def test_each_row_may_name_its_system(city, tmp_path):
    there = Transformer.from_crs(25832, 25833, always_xy=True).transform(*at(10, 0))
    path = sheet(
        tmp_path / "r.xlsx",
        [["type", "x", "y", "EPSG"], ["block", *there, 25833], ["block", *at(10, 0), "EPSG:25832"]],
    )
    first, second = read_barrier_register(path, city).barriers
    assert first.geometry.distance(second.geometry) < 0.01


@pytest.mark.parametrize(
    "address",
    ["Große Marktstraße 12", "Grosse Marktstr. 12", "12 Große Marktstraße", "12, große marktstraße",
     "Große Marktstraße 12, 12345 Musterburg", "Große Marktstraße, 12"],
)  # fmt: skip
def test_address_is_found_at_its_house_in_the_citys_own_data(city, tmp_path, address):
    path = sheet(tmp_path / "r.xlsx", [["Type", "Address", "State"], ["block", address, "closed"]])
    reading = read_barrier_register(path, city)
    assert reading.barriers[0].placed == "address"
    place = reading.barriers[0].geometry
    assert (place.x, place.y) == pytest.approx(at(110, 0), abs=11)
    assert place.y == pytest.approx(NORTH)
    assert [note.code for note in reading.notes] == ["by_address"]


def test_street_alone_gives_its_middle_and_says_so(city, tmp_path):
    rows = [["Dispositif", "Rue", "N° de voirie"], ["borne", "rue de l'eglise", 99]]
    reading = read_barrier_register(sheet(tmp_path / "r.xlsx", rows), city)
    barrier = reading.barriers[0]
    assert barrier.placed == "street"
    assert (barrier.geometry.x, barrier.geometry.y) == pytest.approx(at(200, 0))
    assert [note.code for note in reading.notes] == ["by_street"]
    assert not barrier.is_standing


@pytest.mark.parametrize(
    ("address", "code"),
    [("Nowhere Lane 3", "address_not_found"), ("Ringstraße 1", "address_ambiguous"),
     ("Hill Street", "address_ambiguous"), (None, "no_place")],
)  # fmt: skip
def test_address_that_cannot_be_told_is_listed_and_not_guessed(city, tmp_path, address, code):
    rows = [["Type", "Rating", "Address"], ["block", RATING, address],
            ["block", RATING, "Große Marktstraße 12"]]  # fmt: skip
    reading = read_barrier_register(sheet(tmp_path / "r.xlsx", rows), city)
    (unplaced,) = reading.nowhere
    assert (unplaced.row, unplaced.placed, unplaced.geometry.is_empty) == (2, "nowhere", True)
    assert code in {note.code for note in reading.notes if note.row == 2}
    assert [barrier.row for barrier in reading.barriers] == [3]


def test_all_that_is_wrong_is_said_at_once(city, tmp_path):
    lon, lat = degrees(50, 0)
    rows = [
        ["type", "rating", "state", "lon", "lat", "epsg", "x", "y", "length", "number"],
        ["block", "K99", "closed", lon, lat],
        ["block", "", "half open", lon, lat],
        ["block", "", "closed", lat, lon],
        ["block", "", "closed", "east", lat],
        ["block", "", "closed", None, None, 999999, 1, 2],
        ["block", "", "closed", lon, lat, None, None, None, -3, 1.5],
        ["block", "", "closed", 200, 100],
    ]
    with pytest.raises(RegisterInvalidError) as caught:
        read_barrier_register(sheet(tmp_path / "r.xlsx", rows), city)
    text = describe(caught.value)
    assert caught.value.details["n"] == 8
    for row, what in ((2, "K99"), (3, "half open"), (4, "exchanged"), (5, "east"), (6, "999999"),
                      (7, "-3"), (7, "1.5"), (8, "200")):  # fmt: skip
        assert any(f"row {row}," in line and what in line for line in text.split("\n")), (row, text)


def test_formula_without_a_result_is_named(city, tmp_path):
    rows = [["type", "address", "rating"], ["block", '=CONCAT("a","b")', "unrated"]]
    with pytest.raises(RegisterInvalidError, match="spreadsheet"):
        read_barrier_register(sheet(tmp_path / "r.xlsx", rows), city)


def test_header_alone_and_no_header_are_said(city, tmp_path):
    with pytest.raises(RegisterEmptyError):
        read_barrier_register(sheet(tmp_path / "a.xlsx", [["type", "address", "rating"]]), city)
    with pytest.raises(TableColumnsError) as caught:
        read_barrier_register(sheet(tmp_path / "b.xlsx", [["colour", "weight"], [1, 2]]), city)
    assert "address" in describe(caught.value)


def test_sheet_with_the_header_is_found_among_others(city, tmp_path):
    path = sheet(tmp_path / "r.xlsx", [["type", "address"], ["block", "Große Marktstr. 12"]])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Cover", 0).append(["Barrier register of the town"])
    book.save(path)
    assert len(read_barrier_register(path, city).barriers) == 1


@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", "gpkg"), ("GeoJSON", "geojson")])
def test_vector_file_in_another_system(city, tmp_path, driver, suffix):
    lines = np.array([shapely.LineString([degrees(50, -3), degrees(50, 3)])])
    path = write(tmp_path / f"r.{suffix}", driver, lines, Typ=["Mauer"], Anprallklasse=[RATING],
                 Zustand=["fest"])  # fmt: skip
    barrier = read_barrier_register(path, city).barriers[0]
    assert (barrier.kind, barrier.rating, barrier.state) == ("wall", RATING, "closed")
    assert barrier.geometry.length == pytest.approx(6.0, abs=0.01)


def test_rated_closed_barriers_become_obstacles_of_the_ground(city, tmp_path):
    rows = [["type", "rating", "state", "x", "y", "EPSG", "length"]]
    rows += [["block", RATING, "closed", *at(50, 0), 25832, 8]]
    rows += [["rising bollard", RATING, "lowered", *at(300, 0), 25832, None]]
    rows += [["block", RATING, "removed", *at(350, 0), 25832, 8]]
    reading = read_barrier_register(sheet(tmp_path / "r.xlsx", rows), city)
    laid = with_register(city, reading.barriers)
    assert laid.hash != city.hash
    assert [layer["name"] for layer in laid.manifest["layers"]] == ["register"]
    rules = load_ground_rules()
    bounds = (*at(0, -50), *at(400, 50))
    ground = build_ground(laid, bounds, scenario=Scenario.TYPICAL, rules=rules)
    rated = {register_row(item.feature): item for item in ground.existing if item.is_rated}
    assert {row: item.state for row, item in rated.items()} == {2: "closed", 3: "lowered"}
    line = rated[2].geometry
    assert line.length == pytest.approx(8.0)
    assert np.ptp(np.asarray(line.coords)[:, 0]) == pytest.approx(0.0, abs=1e-6)
    held = build_ground(
        laid, bounds, scenario=Scenario.TYPICAL, rules=rules, holding=frozenset({rated[2].feature})
    )
    lost = ground.surfaces[0].area - held.surfaces[0].area
    assert lost == pytest.approx(8.3 * 0.3, abs=0.5)


def test_columns_that_are_not_understood_are_said_and_klasse_is(tmp_path, city):
    x, y = at(50, 0)
    header = ["Art", "Klasse", "Zustand", "x", "y", "Plakette", "Baujahr"]
    rows = [["Poller", "V/1500[M1]/64/90", "fest", x, y, RATING, 2019]]
    reading = read_barrier_register(sheet(tmp_path / "r.xlsx", [header, *rows]), city, crs="25832")
    assert reading.barriers[0].rating == "V/1500[M1]/64/90"
    assert {(note.code, note.value) for note in reading.notes} == {
        ("column_rated", "Plakette"), ("columns_unused", "Baujahr"), ("standard_missing", "2"),
    }  # fmt: skip


def test_fields_of_a_vector_file_that_are_not_understood_are_said(tmp_path, city):
    path = write(
        tmp_path / "r.gpkg", "GPKG", [shapely.Point(at(50, 0))], crs="EPSG:25832",
        kind=["poller"], plakette=[RATING],
    )  # fmt: skip
    reading = read_barrier_register(path, city)
    assert [(note.code, note.value) for note in reading.notes] == [("column_rated", "plakette")]

"""The command layout, as a person types it, on the Christmas market of the fictional town."""

import io
import json
import re
from dataclasses import replace

import openpyxl
import pypdf
import pytest
import shapely
from drawn_city import Street, Thing, draw_city
from market_inputs import make_market_inputs
from typer.testing import CliRunner

from parvis.city.select import select_space
from parvis.cli import app
from parvis.events.layout import ItemKind
from parvis.io.layouts import read_layout
from parvis.io.osm import import_city
from parvis.io.store import load_city, save_city

SHEETS = [
    "acceptance.en.xlsx",
    "gate-duties.en.pdf",
    "gate-duties.en.xlsx",
    "order-list.en.xlsx",
    "phases.en.ics",
    "set-up-plan.en.pdf",
]


@pytest.fixture(scope="module")
def home(town, tmp_path_factory):
    """A data directory with the town, and the market's files beside it."""
    folder = tmp_path_factory.mktemp("market")
    import_city(town, name="town", home=folder / "home")
    city = load_city("town", home=folder / "home")
    space = city.spaces.geometry[select_space(city, "Market Square")]
    make_market_inputs(folder / "in", city, space)
    return folder


def run(home, *words):
    environment = {"PARVIS_HOME": str(home / "home")}
    done = CliRunner().invoke(
        app, ["layout", *map(str, words)], env=environment, catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def flat(path):
    pages = pypdf.PdfReader(path).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_market_goes_from_dirty_files_to_the_sheets(home, tmp_path):
    files = home / "in"
    said = run(
        home, "add", "town", "xmas", "--space", "Market Square",
        "--geometry", files / "Weihnachtsmarkt_V3_final.dxf",
        "--schedule", files / "Ablauf Weihnachtsmarkt.xlsx",
        "--control-points", files / "passpunkte.csv", "--barriers", files / "sperren.xlsx",
    )  # fmt: skip
    assert "4 phases, 24 items, 3 gates" in said
    assert "Control points miss by 0.00" in said
    assert "Not used: 1 of drawing layer RAHMEN" in said
    assert "Gate T3 is open in phase Markt and nobody stands there (Tore, row 7)" in said
    assert "xmas: Market Square" in run(home, "list", "town")
    layout = read_layout("town", "xmas", home=home / "home")
    assert {gate.id: len(gate.openings) for gate in layout.gates} == {"T1": 3, "T2": 1, "T3": 1}
    (stage,) = [item for item in layout.items if item.kind is ItemKind.STAGE]
    assert stage.id == "BÜHNE"
    assert stage.geometry.area == pytest.approx(48.0, abs=0.05)
    assert len(layout.unplaced) == 3
    shown = json.loads(run(home, "show", "town", "xmas", "--json"))
    assert [phase["n_times"] for phase in shown["phases"]] == [1, 27, 27, 1]
    rows = json.loads(run(home, "check", "town", "xmas", "--egress-only", "--json"))["phases"]
    market = next(row for row in rows if row["phase"] == "Markt")
    assert market["outcome"] == "pass"
    assert market["minutes_allowed"] == 8.0
    assert market["persons_per_minute_left"] < market["persons_per_minute"]
    assert {way["exit"] for way in market["exits"]} >= {"T2", "T3"}
    assert [gate["staffed_by"] for gate in market["gates"]][-1] == ""
    run(home, "sheets", "town", "xmas", "--out", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == SHEETS
    plan = pypdf.PdfReader(io.BytesIO((tmp_path / "set-up-plan.en.pdf").read_bytes()))
    assert "Scale 1:500" in plan.pages[0].extract_text()
    order = openpyxl.load_workbook(tmp_path / "order-list.en.xlsx").active
    counted = {row[0]: row[2] for row in order.iter_rows(min_row=6, values_only=True)}
    accepted = openpyxl.load_workbook(tmp_path / "acceptance.en.xlsx").active
    numbers = [row[0] for row in accepted.iter_rows(min_row=6, values_only=True)]
    is_block = [isinstance(number, int) for number in numbers]
    assert counted["Block 2,4 m"] == sum(is_block) - 1
    assert numbers.count("T1") == 1
    assert "Removed" in run(home, "remove", "town", "xmas")
    assert "No layouts yet" in run(home, "list", "town")


def at(x, y):
    return 400_000.0 + x, 5_800_000.0 + y


def box(x0, y0, x1, y1):
    return shapely.box(*at(x0, y0), *at(x1, y1))


@pytest.fixture(scope="module")
def square(tmp_path_factory):
    """A data directory with a drawn square that opens south and north, and its market's files."""
    folder = tmp_path_factory.mktemp("square")
    whole = box(0, 0, 60, 40)
    houses = [
        box(-20, -10, 17, -1), box(43, -10, 80, -1), box(-20, 41, 24, 50), box(36, 41, 80, 50),
        box(-20, -1, -1, 41), box(61, -1, 80, 41),
    ]  # fmt: skip
    city = draw_city(
        [
            Street([at(30, -90), at(30, 20)], name="South Street"),
            Street([at(30, 20), at(30, 130)], name="North Street"),
        ],
        areas=[Thing("building", house, id=i + 1) for i, house in enumerate(houses)]
        + [Thing("square", whole, id=90)],
        spaces=[Thing("square", whole, id=90, tags={"name": "Market Square"})],
    )
    bounds = (*at(-40, -100), *at(100, 140))
    save_city(replace(city, name="town", bounds=bounds), home=folder / "home")
    make_market_inputs(folder / "in", city, whole)
    return folder


@pytest.mark.slow
def test_market_goes_from_dirty_files_to_closure_and_papers(square, tmp_path):
    home, files = square, square / "in"
    run(
        home, "add", "town", "advent", "--space", "Market Square",
        "--geometry", files / "Weihnachtsmarkt_V3_final.dxf",
        "--schedule", files / "Ablauf Weihnachtsmarkt.xlsx",
        "--control-points", files / "passpunkte.csv", "--barriers", files / "sperren.xlsx",
    )  # fmt: skip
    run(home, "sheets", "town", "advent", "--out", tmp_path)
    run(
        home, "closure", "town", "advent", "Markt", "--vehicles", "N2B",
        "--stock", files / "lager.xlsx", "--out", tmp_path / "plan.json",
        "--tender", tmp_path / "tender.xlsx", "--report", tmp_path,
    )  # fmt: skip
    made = {path.name for path in tmp_path.iterdir()}
    assert made >= {*SHEETS, "plan.json", "council-paper.en.pdf"}
    paper = flat(tmp_path / "council-paper.en.pdf")
    for said in ("advent", "Markt (open)", "14 × stall", "27 times"):
        assert said in paper
    assert not re.search(r"\d+\s*(km|kJ)|V/|\d[.,]\d+ m\b|T[123]\b|[MN]\d[A-G]?\b", paper)
    annex = flat(tmp_path / "restricted-annex.en.copy-1-of-1.pdf")
    assert "Event advent, phase Markt (open): 11:00 to 21:00, 27 times" in annex
    assert "staffed by NOBODY" in annex
    plan = json.loads((tmp_path / "plan.json").read_text())
    lines = [line for option in plan["plans"] for line in option["lines"]]
    assert (tmp_path / "tender.xlsx").is_file() == bool(plan["plans"])
    assert ("What can really be had" in annex) == bool(lines)


def test_form_is_written(home, tmp_path):
    run(home, "template", tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book.sheetnames == ["phases", "items", "gates"]

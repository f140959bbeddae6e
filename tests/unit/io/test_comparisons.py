"""Designs are compared place by place with the same question, and the present's runs stay."""

import csv
import json
from dataclasses import replace

import numpy as np
import openpyxl
import pypdf
import pytest
import shapely
from design_files import gpkg, refusal
from hamlet import metres, store_hamlet
from typer.testing import CliRunner

from parvis.approach.comparison import DesignsDifferError, compare_results
from parvis.city.assemble import build_table
from parvis.cli import app
from parvis.io.analyses import analyse_space
from parvis.io.comparisons import compare_designs
from parvis.io.home import existing_city
from parvis.io.runs import earlier_run
from parvis.io.store import load_city, save_city
from parvis.io.variants import add_variant, load_design, read_variant, variant_folder
from parvis.report.comparison import (
    comparison_document,
    comparison_lines,
    place_state,
    table_rows,
    write_table,
)
from parvis.report.comparison_maps import write_comparison_map

VEHICLES = ["M1"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data directory with the hamlet, a market in its street and two designs of its east end."""
    root = tmp_path_factory.mktemp("compare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(root / "home"))
        spaces = build_table(
            "polygon",
            [metres(shapely.box(90, -5, 110, 5))],
            {"area": np.array([200.0]), "is_inferred": np.zeros(1, dtype=bool)},
            texts={"id": ["way/5"], "name": ["=Corn Market"]},
            coded={"kind": ["market_place"]},
        )
        save_city(replace(store_hamlet(), spaces=spaces))
        limit = shapely.box(109, -6, 140, 6)
        closed = shapely.LineString([(110.5, -5.5), (110.5, 5.5)])
        posts = [shapely.Point(112, y) for y in (-3.0, -1.5, 0.0, 1.5, 3.0)]
        add_variant("hamlet", "walled", [gpkg(root / "w.gpkg", limit=[limit], walls=[closed])])
        add_variant("hamlet", "posts", [gpkg(root / "p.gpkg", limit=[limit], bollards=posts)])
    return root / "home"


@pytest.fixture(scope="module")
def compared(home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(home))
        return compare_designs("hamlet", "way/5", ["walled", "posts"], vehicles=VEHICLES)


@pytest.fixture(autouse=True)
def at_home(home, monkeypatch):
    monkeypatch.setenv("PARVIS_HOME", str(home))


def test_places_are_matched_and_the_walled_end_is_no_longer_open(compared):
    assert compared.designs == ("present", "walled", "posts")
    states = [tuple(place_state(place, at) for at in range(3)) for place in compared.places]
    assert sorted(states) == [("open", "limit only", "open"), ("open", "open", "open")]
    totals = compared.totals
    assert [item.n_access_points for item in totals] == [2, 1, 2]
    assert totals[1].clear_width < totals[0].clear_width


def test_what_differs_is_told_in_neutral_words(compared):
    lines = comparison_lines(compared)
    said = "\n".join(lines)
    assert "TLP:AMBER" in said
    assert "walled beside the present: reached at the physical limit only at" in said
    assert "posts beside the present: no place is opened or closed" in said
    for word in ("better", "worse", "score", "rank", "safe"):
        assert word not in said.lower()


def test_the_document_and_the_table_hold_the_same_figures(compared, tmp_path):
    document = comparison_document(compared)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert len({design["city_hash"] for design in document["designs"]}) == 3
    header, rows = table_rows(compared)
    assert len(rows) == len(compared.places) + 1
    column = header.index("walled: clear_width_m")
    assert rows[-1][column] == document["designs"][1]["clear_width_m"]
    with write_table(compared, tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert read[0] == header
    assert [row[-1] for row in read[1:]] == ["TLP:AMBER"] * len(rows)
    book = openpyxl.load_workbook(write_table(compared, tmp_path / "t.xlsx"))
    sheet = book["comparison"]
    assert [cell.value for cell in sheet[3]] == header
    assert sheet.cell(1, 1).value == "TLP:AMBER  =Corn Market"
    assert sheet.cell(3 + len(rows), 1).value == "all"
    assert book["designs"].max_row == 4
    refusal("comparison_file", write_table, compared, tmp_path / "t.ods")


def test_maps_stand_side_by_side_as_drawing_and_document(compared, tmp_path):
    names = compared.designs[1:]
    cities = [load_city("hamlet"), *(load_design("hamlet", name) for name in names)]
    limits = [None, *(read_variant("hamlet", name).limit for name in names)]
    for suffix, start in (("svg", b"<?xml"), ("pdf", b"%PDF")):
        path = write_comparison_map(compared, cities, limits, tmp_path / f"m.{suffix}")
        assert path.read_bytes().startswith(start)
    refusal("comparison_file", write_comparison_map, compared, cities, limits, tmp_path / "m.bmp")


def test_runs_of_a_variant_lie_apart_from_those_of_the_present(compared):
    present = earlier_run(existing_city("hamlet"), "way/5")
    walled = earlier_run(variant_folder("hamlet", "walled"), "way/5")
    assert present is not None
    assert walled is not None
    assert present.city_hash == load_city("hamlet").hash
    assert walled.city_hash == load_design("hamlet", "walled").hash
    numbers = {number for number, _ in present.access_points}
    shared = {number for number, _ in walled.access_points}
    assert numbers & shared
    analyse_space("hamlet", "way/5", vehicles=VEHICLES, variant="walled")
    assert earlier_run(existing_city("hamlet"), "way/5") == present


def test_egress_is_judged_where_the_number_of_people_is_known(compared):
    assert {item.egress.outcome for item in compared.totals} == {"verify"}
    cities = [load_city("hamlet"), *(load_design("hamlet", n) for n in compared.designs[1:])]
    again = compare_results(compared.designs, compared.results, cities, people=1e6)
    assert {item.egress.outcome for item in again.totals} == {"fail"}
    assert any("(fail, 125000 needed)" in line for line in comparison_lines(again))


def test_gaps_between_posts_are_narrower_than_the_street(compared):
    place = next(p for p in compared.places if place_state(p, 1) != "open")
    assert max(place.gaps[0]) == pytest.approx(10.0, abs=0.2)
    assert {check.outcome for check in place.checks[0]} == {"pass"}
    assert place.gaps[1] == ()
    assert max(place.gaps[2]) == pytest.approx(1.85, abs=0.15)
    assert min(place.gaps[2]) == pytest.approx(1.2, abs=0.05)


def test_results_of_different_questions_are_not_compared(compared):
    other = replace(compared.results[1], space_id="way/6")
    with pytest.raises(DesignsDifferError):
        compare_results(("present", "a"), (compared.results[0], other), [load_city("hamlet")] * 2)


def test_a_comparison_needs_known_variants(home):
    refusal("comparison_without_variant", compare_designs, "hamlet", "way/5", [])
    said = refusal("variant_unknown", compare_designs, "hamlet", "way/5", ["c"])
    assert said["listed"] == "posts, walled"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_report_sets_variants_beside_the_present(home, tmp_path, monkeypatch, language):
    monkeypatch.setenv("PARVIS_HOME", str(home))
    words = ("--vehicles", "M1", "--compare", "walled", "--out", str(tmp_path), "--lang", language)
    done = CliRunner().invoke(app, ["report", "hamlet", "way/5", *words], catch_exceptions=False)
    assert done.exit_code == 0
    (annex,) = tmp_path.glob("restricted-annex*.pdf")
    said = " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(annex).pages).split())
    expected = {
        "en": ("Present and variants", "walled beside the present: "),
        "fr": ("État présent et variantes", "walled, à côté de l'état présent : "),
    }
    for words in expected[language]:
        assert words in said
    (paper,) = tmp_path.glob("council-paper*.pdf")
    assert "walled" not in " ".join(p.extract_text() for p in pypdf.PdfReader(paper).pages)

"""``parvis variant``: what a person reads and types, from template to comparison."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from design_files import gpkg
from hamlet import metres, store_hamlet
from typer.testing import CliRunner

from parvis.city.assemble import build_table
from parvis.cli import app
from parvis.errors import InputError
from parvis.io.store import save_city
from parvis.report.messages import describe

LIMIT = shapely.box(109, -6, 140, 6)
WALL = shapely.LineString([(110.5, -5.5), (110.5, 5.5)])


@pytest.fixture
def home(parvis_home, tmp_path, monkeypatch):
    spaces = build_table(
        "polygon",
        [metres(shapely.box(90, -5, 110, 5))],
        {"area": np.array([200.0]), "is_inferred": np.zeros(1, dtype=bool)},
        texts={"id": ["way/5"], "name": ["Corn Market"]},
        coded={"kind": ["market_place"]},
    )
    save_city(replace(store_hamlet(), spaces=spaces))
    monkeypatch.chdir(tmp_path)
    return parvis_home


def run(*words):
    done = CliRunner().invoke(app, ["variant", *map(str, words)], catch_exceptions=True)
    if isinstance(done.exception, InputError):
        return describe(done.exception)
    assert done.exit_code == 0, done.output
    return done.output


def test_add_says_what_goes_what_comes_and_what_was_not_understood(home, tmp_path):
    file = gpkg(tmp_path / "a.gpkg", limit=[LIMIT.buffer(150)], walls=[WALL], notes=[WALL])
    said = run("add", "hamlet", "a", file)
    assert "Brought in: 1 wall." in said
    assert "Taken out of the present there: 1 barriers." in said
    assert "The design has no layer for barriers" in said
    assert "Layers whose name says nothing, left out: 1 notes" in said
    assert run("list", "hamlet").startswith("a: 1 features")
    shown = json.loads(run("show", "hamlet", "a", "--json"))
    assert shown["with_present"]["streets_ended"] == 1
    assert run("remove", "hamlet", "a", "--yes") == "Removed a.\n"
    assert "No variants yet" in run("list", "hamlet")


def test_json_of_add_lists_every_row_that_was_not_taken(home, tmp_path):
    file = gpkg(tmp_path / "a.gpkg", limit=[LIMIT], walls=[WALL], trees=[LIMIT.buffer(30)])
    said = json.loads(run("add", "hamlet", "a", file, "--json"))
    assert said["taken"] == {"wall": 1}
    assert [(row["layer"], row["reason"]) for row in said["not_taken"]] == [
        ("trees", "geometry_type")
    ]


def test_what_layers_mean_is_given_as_name_and_meaning(home, tmp_path):
    file = gpkg(tmp_path / "a.gpkg", limit=[LIMIT], **{"A-1": [WALL]})
    assert "NAME=LAYER" in run("add", "hamlet", "a", file)
    assert "does not say what a layer means" in run("add", "hamlet", "a", file, "--layer", "A-1")
    assert "Brought in: 1 cliff" in run("add", "hamlet", "a", file, "--layer", "A-1=walls:cliff")


def test_a_template_is_written_and_read_back(home, tmp_path):
    said = run("template", "hamlet", "Corn Market", "--out", "start.gpkg")
    assert said.startswith("start.gpkg: limit")
    assert "Brought in" in run("add", "hamlet", "same", "start.gpkg")
    assert "is no GeoPackage" in run("template", "hamlet", "way/5", "--out", "start.dxf")


def test_compare_prints_a_table_and_checks_names_before_it_computes(home, tmp_path):
    run("add", "hamlet", "a", gpkg(tmp_path / "a.gpkg", limit=[LIMIT], walls=[WALL]))
    assert "Name at least one variant" in run("compare", "hamlet", "way/5")
    wrong = run("compare", "hamlet", "way/5", "--variant", "b")
    assert wrong == 'The city hamlet has no variant "b"; there are: a.'
    for option, name in (("--out", "t.doc"), ("--map", "m.bmp")):
        said = run("compare", "hamlet", "way/5", "--variant", "a", option, name)
        assert "by its name" in said
    said = run("compare", "hamlet", "way/5", "--variant", "a", "--vehicles", "M1", "--out", "t.csv")
    assert "Access points: present 2, a 1" in said
    assert (tmp_path / "t.csv").is_file()

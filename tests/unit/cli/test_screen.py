"""``parvis screen``: what it asks for, what it writes, and what it says when it cannot."""

import csv
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely
from hamlet import in_degrees, store_hamlet
from screening_samples import outcome
from typer.testing import CliRunner

from parvis.city.assemble import build_table
from parvis.cli import app, main
from parvis.io.store import load_city, save_city

WHO = ["--authority", "City of Hamlet", "--responsible", "A. Maire, coordinator"]
RULES = ["--order", "data-grade", "--every", "24"]


def analysed(n_workers: int):
    """Stand in for the analysis, which is not what is tested here."""

    def run(jobs) -> Iterator:
        for job in jobs:
            question = job.question
            yield job, outcome(0, id=question.space_id, name=question.space_name)

    assert n_workers >= 1
    return run


@pytest.fixture(autouse=True)
def limits(parvis_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hamlet with two places, and its boundary as a file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("parvis.io.screening_workers.local_runner", analysed)
    hamlet = store_hamlet()
    west, south, _, _ = hamlet.bounds
    shapes = [shapely.box(west + x, south, west + x + 9, south + 4) for x in (20, 60)]
    spaces = build_table(
        "polygon",
        shapes,
        {"area": shapely.area(shapes), "is_inferred": np.zeros(2, dtype=bool)},
        texts={"id": ["way/5", "way/6"], "name": ["Corn Market", "Well Place"]},
        coded={"kind": ["market_place", "square"]},
    )
    save_city(replace(hamlet, spaces=spaces))
    path = tmp_path / "limits.geojson"
    shape = in_degrees(shapely.box(-50, -50, 250, 200))
    geometry = json.loads(shapely.to_geojson(shape))
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}))
    return path


def run(*words: str):
    return CliRunner().invoke(app, ["screen", *words])


def refused(capsys, monkeypatch, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["parvis", "screen", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0), capsys.readouterr().err.strip()


def test_programme_is_written_in_four_formats_that_say_whose_it_is(tmp_path):
    done = run("hamlet", "--boundary", "limits.geojson", *WHO, *RULES, "--out", "out")
    assert done.exit_code == 0, done.output
    for words in ("TLP:AMBER", "City of Hamlet", "A. Maire, coordinator", "Order: data-grade"):
        assert words in done.output
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == [f"hamlet-programme.{e}" for e in ("csv", "geojson", "gpkg", "ics")]
    with (tmp_path / "out" / "hamlet-programme.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["id"] for row in rows} == {"way/5", "way/6"}
    assert {row["responsible"] for row in rows} == {"A. Maire"}


def test_template_is_filled_in_and_orders_the_programme(tmp_path):
    done = run("hamlet", "--boundary", "limits.geojson", "--template", "t.xlsx")
    assert done.output.strip() == "t.xlsx  2 spaces to fill in"
    book = openpyxl.load_workbook("t.xlsx")
    book.active["C4"] = 9
    book.save("t.xlsx")
    words = ["--programme", "t.xlsx", "--order", "events", "--every", "12", "--out", "out"]
    assert run("hamlet", "--boundary", "limits.geojson", *WHO, *words).exit_code == 0
    with (tmp_path / "out" / "hamlet-programme.csv").open(encoding="utf-8-sig") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["way/6", "way/5"]


GIVEN = {
    "--boundary": "limits.geojson",
    "--authority": "City of Hamlet",
    "--responsible": "A. Maire, coordinator",
    "--order": "data-grade",
    "--every": "24",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--boundary": None}, "give --boundary FILE"),
        ({"--boundary": "none.gpkg"}, "none.gpkg"),
        ({"--authority": None}, "authority is empty"),
        ({"--responsible": " , "}, "name is empty"),
        ({"--responsible": "A. Maire"}, "role is empty"),
        ({"--order": None}, "give --order with some of events, people"),
        ({"--order": "speed,events"}, "'speed' is no criterion"),
        ({"--order": "events"}, "--template FILE writes one"),
        ({"--every": None}, "--every MONTHS"),
        ({"--every": "0"}, "--every 0 makes no sense"),
        ({"--per-month": "0"}, "--per-month 0 makes no sense"),
        ({"--programme": "none.xlsx"}, "There is no table none.xlsx"),
        ({"--out": "limits.geojson/x"}, "is a file, and a folder is needed"),
        ({"--vehicles": "TANK"}, "TANK"),
        ({"--design": "quick"}, "quick"),
        ({"--scheduler": "nonsense://x:1"}, "No Dask scheduler answers at nonsense://x:1"),
        ({"--crs": "moon"}, "moon"),
    ],
)
def test_what_is_missing_or_wrong_is_one_sentence(changed, said, capsys, monkeypatch):
    words = [w for option, value in (GIVEN | changed).items() if value for w in (option, value)]
    code, sentence = refused(capsys, monkeypatch, "hamlet", *words)
    assert code == 3
    assert sentence.startswith("parvis: ") and "\n" not in sentence
    assert said in sentence


def test_one_city_that_cannot_be_screened_leaves_the_other_alone(capsys, monkeypatch, tmp_path):
    save_city(replace(load_city("hamlet"), name="thorp"))
    files = ["--boundary", "limits.geojson"] * 2
    code, sentence = refused(
        capsys, monkeypatch, "nowhere", "thorp", *files, *WHO, *RULES, "--out", "out"
    )
    assert code == 3
    assert sentence.startswith("parvis: nowhere was not screened: ")
    assert (tmp_path / "out" / "thorp-programme.csv").is_file()


def test_template_is_for_one_city(capsys, monkeypatch):
    code, sentence = refused(
        capsys, monkeypatch, "hamlet", "thorp", "--own-boundary", "--template", "t.csv"
    )
    assert (code, sentence) == (3, "parvis: --template goes with one city; 2 are named.")


def test_what_is_missing_is_asked_for_at_a_terminal():
    answers = ["own", "City of Hamlet", "A. Maire, coordinator", "data-grade", "24"]
    asked = at_terminal(["-m", "parvis", "screen", "hamlet"], answers)
    for words in ("boundary", "Authority", "Person responsible", "Criteria", "Months"):
        assert words in asked
    assert "came without a boundary" in asked


def at_terminal(words: list[str], answers: list[str]) -> str:
    """Run Python at a terminal of its own and return what stands there at the end."""
    terminal, inside = pty.openpty()
    heard = b""
    with subprocess.Popen([sys.executable, *words], stdin=inside, stdout=inside, stderr=inside):
        os.close(inside)
        with suppress(OSError):
            for answer in answers:
                while not heard.endswith(b": "):
                    heard += os.read(terminal, 1)
                os.write(terminal, f"{answer}\n".encode())
                heard += os.read(terminal, 1)
            while part := os.read(terminal, 4096):
                heard += part
        os.close(terminal)
    return heard.decode()

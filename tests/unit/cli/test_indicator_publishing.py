"""``parvis indicators publish`` hides what must be hidden, and publishes only when told to."""

import csv
import datetime as dt
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from parvis.cli.indicators import app
from parvis.errors import ParvisError
from parvis.indicators.values import Observation, observations_of
from parvis.io.observations import save_delivery
from parvis.io.releases import releases

RUNNER = CliRunner()
ASKED = ("publish", "--indicator", "SEC-02", "--period", "2025")


@pytest.fixture(autouse=True)
def _data(tmp_path, monkeypatch):
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path))
    rows = [
        Observation(
            "SEC-02", "2025", area, None, "per_100k_people", "poisson",
            numerator=count, denominator=20_000.0,
        )
        for area, count in (("city", 100.0), ("D1", 3.0), ("D2", 40.0), ("D3", 57.0))
    ]  # fmt: skip
    save_delivery(observations_of(rows), received=dt.date(2026, 1, 2))


@pytest.fixture
def areas(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("area\nD1\nD2\nD3\n", encoding="utf-8")
    return ("--areas", str(path), "--reason", "The council asked for districts")


def said(*words) -> str:
    done = RUNNER.invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_city_alone_is_published_unless_areas_are_asked_for():
    document = json.loads(said(*ASKED, "--json"))
    assert [row["area"] for row in document["figures"]] == ["city"]
    assert document["release"] is None
    assert releases() == ()


def test_areas_are_refused_without_a_reason(areas):
    with pytest.raises(ParvisError):
        said(*ASKED, *areas[:2])


def test_a_small_count_and_its_partner_are_hidden_alike(areas, tmp_path):
    out = tmp_path / "figures.csv"
    text = said(*ASKED, *areas, "--look", "--out", str(out))
    assert "2 figures to publish, 2 hidden" in text
    assert "D1 (few): 0 to 43, protected" in text
    with out.open(encoding="utf-8", newline="") as file:
        rows = {row["area"]: row for row in csv.DictReader(file)}
    assert rows["D1"]["flag"] == rows["D2"]["flag"] == "c"
    assert rows["D1"]["count"] == rows["D2"]["value"] == ""
    assert "few" not in out.read_text()


def test_a_release_is_kept_only_when_asked_for(areas):
    assert "Kept as release" in said(*ASKED, *areas, "--write", "--title", "Districts")
    (kept,) = releases()
    assert kept.title == "Districts"
    assert kept.reason == "The council asked for districts"
    again = json.loads(said(*ASKED, *areas, "--json", "--look"))
    assert all(each["is_protected"] for each in again["audit"])


@pytest.mark.parametrize(
    "words",
    [
        ("publish", "--indicator", "SEC-99", "--period", "2025"),
        (*ASKED, "--out", "figures.xlsx"),
    ],
)
def test_wrong_options_are_named(words):
    assert RUNNER.invoke(app, list(words)).exit_code == 2


def test_the_command_line_starts_without_linear_programming():
    code = "import parvis.cli.indicators, sys; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

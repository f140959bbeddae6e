"""``parvis report --closure`` plans with the same question and says so in both documents."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import closure_samples as samples
import pypdf
import pytest
from typer.testing import CliRunner

from parvis.cli import app
from parvis.closure.plan import Wishes
from parvis.closure.stock import StockPlan
from parvis.io.closures import ClosureOptionError, Supplies

runner = CliRunner()
PRICED = {"prices": {"currency": "EUR"}}
SUPPLY = StockPlan(
    assignments=(), staying_open=(), cost=0, budget=None, energy_open=0.0,
    least_cost_to_close=None, unavailable=(), today=dt.date(2026, 1, 1), needed_by=None,
    is_optimal=True, gap=0.0, notices=(),
)  # fmt: skip


@pytest.fixture
def planned(monkeypatch, city, result_with):
    calls = []

    def analyse(name, space, **options):
        return city, result_with(speed_maps=(), access_points=(), inputs=(), profiles=())

    def close(name, space, **options):
        calls.append((name, space, options))
        return SimpleNamespace(
            result=replace(samples.make_open_closure(), provenance=PRICED),
            register=None,
            supply=SUPPLY,
        )

    monkeypatch.setattr("parvis.io.analyses.analyse_space", analyse)
    monkeypatch.setattr("parvis.io.closures.close_space", close)
    return calls


def run(*words: str):
    return runner.invoke(app, ["report", "town", "Corn Market", *words], catch_exceptions=False)


def test_a_closure_is_planned_when_it_is_asked_for(planned, tmp_path):
    outcome = run(
        "--out", str(tmp_path), "--closure", "--emergency-access", "3", "--vehicles", "M1,N2B",
        "--design", "limit", "--stock", "s.xlsx", "--budget", "5000", "--people", "400",
        "--permanence", "any", "--family", "2=gate", "--existing", "r.csv",
        "--existing-crs", "25832", "--needed-by", "2030-01-01", "--accept-front", "N2A",
        "--prices", "p.yaml",
    )  # fmt: skip
    assert outcome.exit_code == 0
    name, space, asked = planned[0]
    assert (name, space, asked["design"]) == ("town", "Corn Market", "limit")
    assert asked["vehicles"] == ["M1", "N2B"]
    assert asked["wishes"] == Wishes(
        emergency_access=(3,), families={2: "gate"}, permanence="", people=400.0,
        accepted_classes=frozenset(["N2A"]),
    )  # fmt: skip
    assert asked["supplies"] == Supplies(Path("s.xlsx"), 5000.0, "2030-01-01")
    assert (asked["existing"], asked["existing_crs"]) == (Path("r.csv"), "25832")
    assert asked["prices"] == Path("p.yaml")
    assert (tmp_path / "council-paper.en.pdf").is_file()
    annex = pypdf.PdfReader(tmp_path / "restricted-annex.en.copy-1-of-1.pdf")
    said = " ".join(" ".join(page.extract_text() for page in annex.pages).split())
    assert "The solver proved that no other choice leaves less open" in said


def test_no_closure_is_planned_when_none_is_asked_for(planned, tmp_path):
    assert run("--out", str(tmp_path)).exit_code == 0
    assert planned == []


@pytest.mark.parametrize(
    "words", [("--stock", "s.xlsx"), ("--permanence", "permanent"), ("--people", "5")]
)
def test_options_of_a_closure_are_refused_without_one(planned, tmp_path, words):
    with pytest.raises(ClosureOptionError) as caught:
        run("--out", str(tmp_path), *words)
    assert caught.value.details["options"] == words[0]
    assert planned == []

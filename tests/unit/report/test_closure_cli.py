"""``parvis report --closure`` plans with the same question and says so in both documents."""

from types import SimpleNamespace

import closure_samples as samples
import pytest
from typer.testing import CliRunner

from parvis.cli import app

runner = CliRunner()


@pytest.fixture
def planned(monkeypatch, city, result_with):
    calls = []

    def analyse(name, space, **options):
        return city, result_with(speed_maps=(), access_points=(), inputs=(), profiles=())

    def close(name, space, **options):
        calls.append((name, space, options))
        return SimpleNamespace(result=samples.make_open_closure())

    monkeypatch.setattr("parvis.io.analyses.analyse_space", analyse)
    monkeypatch.setattr("parvis.io.closures.close_space", close)
    return calls


def run(*words: str):
    return runner.invoke(app, ["report", "town", "Corn Market", *words], catch_exceptions=False)


def test_a_closure_is_planned_when_it_is_asked_for(planned, tmp_path):
    outcome = run(
        "--out", str(tmp_path), "--closure", "--emergency-access", "3", "--vehicles", "M1,N2B",
        "--design", "limit",
    )  # fmt: skip
    assert outcome.exit_code == 0
    name, space, asked = planned[0]
    assert (name, space, asked["design"]) == ("town", "Corn Market", "limit")
    assert asked["vehicles"] == ["M1", "N2B"]
    assert asked["wishes"].emergency_access == (3,)
    assert (tmp_path / "council-paper.en.pdf").is_file()


def test_no_closure_is_planned_when_none_is_asked_for(planned, tmp_path):
    assert run("--out", str(tmp_path)).exit_code == 0
    assert planned == []

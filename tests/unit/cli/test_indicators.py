"""``parvis indicators`` from files to lines and JSON."""

import json

import pytest
from typer.testing import CliRunner

from parvis.cli.indicators import app
from parvis.indicators.composite.errors import NormalisationRefusedError

RUNNER = CliRunner()
META = """iCode,iName,Type,Parent,Direction,Low,High,Core,Sphere
Index,All,Aggregate,,,,,,
Security,Security,Aggregate,Index,,,,,
Feeling,Feeling,Aggregate,Index,,,,,
theft,Thefts,Indicator,Security,-1,0,50,1,
robbery,Robberies,Indicator,Security,-1,0,10,,
night,Safe at night,Indicator,Feeling,1,0,100,,subjective
"""
DATA = """uCode,uName,Time,theft,robbery,night
town,Tessenmark,2024,20,2,40
town,Tessenmark,2025,15,,55
"""
ERRORS = """uCode,Time,iCode,Model,Count,StandardError,Factor
town,2024,theft,count,20,,1
town,2024,night,share,,2,100
town,2025,night,share,,2,100
"""


@pytest.fixture
def files(tmp_path):
    for name, text in (("data", DATA), ("meta", META), ("errors", ERRORS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return [str(tmp_path / "data.csv"), str(tmp_path / "meta.csv")]


def said(*words):
    done = RUNNER.invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_composite_shows_themes_and_what_is_missing(files):
    lines = said("composite", *files).splitlines()
    assert lines[0].split() == ["Security", "Feeling", "there"]
    assert lines[1].split() == ["town", "2024", "70.0", "40.0", "100%"]
    assert lines[2].split() == ["town", "2025", "–", "55.0", "75%"]
    assert "not enough data" in lines[-1]


def test_composite_as_json_keeps_everything_apart(files):
    found = json.loads(said("composite", *files, "--overall", "geometric", "--json"))
    assert found["situation"] == "one-city-several-periods"
    first, second = found["rows"]
    assert first["scores"]["Feeling"] == pytest.approx(1 + 99 * 0.4)
    assert first["objective"]["Feeling"] is None
    assert first["subjective"]["Feeling"] == first["scores"]["Feeling"]
    assert second["scores"]["Index"] is None
    assert second["shares"]["Security"] == 0.5
    assert list(first["overall_by_other_means"]) == [
        "arithmetic",
        "geometric",
        "generalised 0.5",
        "generalised -1",
    ]
    assert found["coherence"] == []
    assert "correlations" not in found["notices"]


def test_gaps_are_filled_only_when_asked_for_and_then_said(files):
    found = json.loads(said("composite", *files, "--impute", "carry-forward", "--json"))
    assert found["imputed"] == [{"unit": "town", "period": "2025", "indicator": "robbery"}]
    assert found["rows"][1]["scores"]["Security"] == pytest.approx(75)
    assert "Values filled in: 1" in said("composite", *files, "--impute", "carry-forward")


def test_what_does_not_fit_a_city_alone_is_refused(files):
    with pytest.raises(NormalisationRefusedError):
        said("composite", *files, "--normalise", "min-max")


def test_words_that_are_none_are_wrong_usage(files):
    for words in (["--normalise", "magic"], ["--impute", "guess"], ["--group", "side"]):
        assert RUNNER.invoke(app, ["composite", *files, *words]).exit_code == 2
    assert RUNNER.invoke(app, ["sensitivity", *files, "--vary", "luck"]).exit_code == 2


def test_sensitivity_says_whether_a_score_rose_and_what_to_blame(files, tmp_path):
    words = [
        "sensitivity",
        *files,
        "--errors",
        str(tmp_path / "errors.csv"),
        "--node",
        "Feeling",
        "--draws",
        "256",
        "--vary",
        "weights",
    ]
    found = json.loads(said(*words, "--json"))
    (change,) = found["changes"]
    assert change["verdict"] == "rose"
    assert change["change"] == pytest.approx(15)
    assert found["probability_above"] == {"units": ["town"], "p": [[None]]}
    held = found["rows"][0]["scores"]["Feeling"]
    assert held["data"]["low"] < 40 < held["data"]["high"]
    factors = {each["factor"]: each for each in found["sensitivity"]["factors"]}
    assert set(factors) == {"data", "weights"}
    assert factors["data"]["total"] > 0.9
    text = said(*words)
    assert "town: rose, 2024 to 2025" in text
    assert "What the spread is due to" in text


def test_what_has_no_score_is_said_and_blames_nothing(files, tmp_path):
    data = tmp_path / "data.csv"
    data.write_text(DATA.replace(",40", ",").replace(",55", ","), encoding="utf-8")
    words = ["sensitivity", *files, "--node", "Feeling", "--draws", "16"]
    found = json.loads(said(*words, "--json"))
    assert found["sensitivity"] is None
    assert [each["verdict"] for each in found["changes"]] == ["not enough data"]
    assert "not enough data" in said(*words)


def test_the_base_period_can_be_named(files):
    found = json.loads(
        said("composite", *files, "--normalise", "base-year", "--base", "2025", "--json")
    )
    assert found["rows"][1]["scores"]["night"] == pytest.approx(100)
    assert found["rows"][0]["scores"]["night"] == pytest.approx(100 * 40 / 55)

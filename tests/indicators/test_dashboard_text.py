"""The dashboard on the command line: halves side by side, words for changes, no overall number."""

import datetime as dt
import json
from pathlib import Path

import pytest
from dashboards import CATALOGUE, board, counted, seen
from typer.testing import CliRunner

from parvis.cli.indicators import app
from parvis.indicators.values import observations_of
from parvis.io.observations import save_delivery
from parvis.packs.errors import PackInvalidError
from parvis.packs.loader import pack_text
from parvis.packs.themes import read_themes, shipped_themes
from parvis.report.dashboard_text import dashboard_document, dashboard_lines

ROWS = (
    counted("SEC-06", "2020", 400, 50_000),
    counted("SEC-06", "2025", 300, 50_000),
    seen("SEN-07", "2025", 42.0, standard_error=1.5, n=600),
    seen("SEN-01", "2020", 50.0, standard_error=1.5, n=600),
    seen("SEN-01", "2025", 51.0, standard_error=1.5, n=600),
    seen("QOL-02", "2021", 7.0),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path))
    save_delivery(observations_of(ROWS), received=dt.date(2026, 1, 5), home=tmp_path)
    return tmp_path


def test_halves_stand_side_by_side() -> None:
    lines = list(dashboard_lines(board(*ROWS, base="2020"), CATALOGUE, shipped_themes(), width=160))
    at = lines.index("  Burglary")
    left, right = lines[at + 2].split(" | ")
    assert left.strip() == "SEC-06 Burglary of dwellings: 6 per 1,000 dwellings (range of chance"
    assert right.startswith("SEN-07 Worry about crime (beside): 42 points")
    assert all(len(line) <= 160 for line in lines)


def test_changes_are_told_in_words() -> None:
    text = " ".join(
        " ".join(
            dashboard_lines(board(*ROWS, base="2020"), CATALOGUE, shipped_themes(), width=300)
        ).split()
    )
    assert "fell since 2020" in text
    assert "no demonstrable change" in text
    assert "overall" not in text.lower()


def test_the_document_is_plain_data() -> None:
    document = json.loads(
        json.dumps(dashboard_document(board(*ROWS, base="2020"), CATALOGUE, shipped_themes()))
    )
    assert document["missing_share"] == pytest.approx(1 - 4 / 70)
    (block,) = (each for each in document["blocks"] if each["key"] == "SEC")
    (theme,) = (each for each in block["themes"] if each["key"] == "burglary")
    assert theme["perceived"]["beside"] == ["SEN-07"]
    (card,) = theme["objective"]["indicators"]
    assert card["since_base"]["change"] == "fell"
    assert card["since_base"]["ratio"]["value"] == pytest.approx(0.75)
    assert card["is_complete_count"]


def test_the_command_shows_what_was_delivered(home: Path) -> None:
    run = CliRunner().invoke(app, ["show", "--area", "city", "--period", "2025", "--base", "2020"])
    assert run.exit_code == 0, run.output
    assert "SEC Urban security: 1 of 15 indicators have a value, of 2025" in run.output
    as_json = CliRunner().invoke(app, ["show", "--area", "city", "--period", "2025", "--json"])
    assert json.loads(as_json.output)["base_period"] is None


def test_an_area_without_observations_is_refused_by_name(home: Path) -> None:
    run = CliRunner().invoke(app, ["show", "--area", "town", "--period", "2025"])
    assert run.exit_code != 0
    assert "city" in run.output


def test_recorded_crime_stands_beside_how_much_is_reported() -> None:
    rows = [*ROWS, counted("SEC-02", "2025", 700, 1e5)]
    rate = seen("SEC-12", "2024", 38.0, standard_error=3.0, n=150)
    unknown, known = (
        " ".join(
            " ".join(dashboard_lines(board(*each), CATALOGUE, shipped_themes(), width=300)).split()
        )
        for each in (rows, [*rows, rate])
    )
    assert "SEC-02: recorded crime; how much is reported is not known" in unknown
    assert "SEC-02: recorded crime; 38 % of victims reported (2024)" in known
    assert "SEC-06: recorded crime; how much is reported is not known" in known


# Themes


def test_every_indicator_is_at_home_in_one_theme() -> None:
    assert sorted(shipped_themes().home_of) == sorted(CATALOGUE.indicators)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("[SEC-06]", "[SEC-06, SEC-05]", "SEC-05 is at home in 'theft' already"),
        ("[SEC-06]", "[SEC-66]", "'SEC-66' is not in the catalogue"),
        ("[QOL-06, QOL-08]", "[QOL-06, QOL-08, SEN-04]", "belongs to the block SEN"),
        ("    beside: [SOC-08]", "    beside: [SOC-06]", "SOC-06 is in this theme already"),
        ("key: burglary", "key: theft", "'theft' is given twice"),
        ("key: burglary", "key: other", "'other' is the key of 'other'"),
        ("[BCK-09, BCK-10, BCK-11]", "[BCK-09, BCK-10]", "BCK-11 is at home in no theme"),
        ("evidence: rotterdam", "evidence: nobody", "not listed under 'evidence'"),
        ('fr: {name: "Cambriolages", ', "fr: {", "'name' is missing"),
    ],
)
def test_mistakes_in_themes_are_named(before: str, after: str, what: str) -> None:
    text = pack_text("themes")
    assert before in text
    with pytest.raises(PackInvalidError) as caught:
        read_themes(text.replace(before, after, 1), name="themes.yaml")
    assert what in str(caught.value.details["problems"])

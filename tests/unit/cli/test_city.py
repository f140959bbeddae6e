"""``parvis city``: what it prints, and what it says when it cannot."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parvis.cli import app, main

runner = CliRunner()


def run(*arguments: str) -> str:
    done = runner.invoke(app, ["city", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def fail(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["parvis", "city", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def test_town_is_imported_shown_listed_and_removed(town: Path, parvis_home: Path) -> None:
    said = run("import", str(town), "--name", "demo")
    assert "streets" in said
    assert "bollards" in said
    assert "Data grade C" in said
    assert "No elevation: level ground is assumed." in said
    assert run("show", "demo") == said
    listed = json.loads(run("list", "--json"))["cities"]
    assert [row["name"] for row in listed] == ["demo"]
    assert "demo:" in run("list")
    shown = json.loads(run("show", "demo", "--json"))
    assert shown["counts"]["points"]["bollard"] > 0
    assert shown["grade"] == "C"
    assert run("remove", "demo", "--yes") == "Removed demo.\n"
    assert "No city yet" in run("list")


def test_removing_asks_first(town: Path, parvis_home: Path) -> None:
    run("import", str(town), "--name", "demo")
    done = runner.invoke(app, ["city", "remove", "demo"], input="n\n")
    assert done.exit_code != 0
    assert (parvis_home / "cities" / "demo").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["import", "none.osm.pbf"], "There is no file none.osm.pbf."),
        (["import", __file__], "is not an OpenStreetMap extract by its name"),
        (["show", "nowhere"], 'There is no city "nowhere"'),
        (["remove", "nowhere"], 'There is no city "nowhere"'),
        (["import", "x.osm", "--bbox", "1,2,3"], "west,south,east,north"),
        (["import", "x.osm", "--bbox", "1,2,3,4", "--municipality", "x"], "Give only one of"),
        (["import", "x.osm", "--name", "../x"], "is not usable"),
        (["import", "x.osm", "--bbox", "-8.7,41.1,-8.5,41.2"], "There is no file x.osm."),
    ],
)
def test_user_errors_are_one_sentence(
    arguments: list[str],
    sentence: str,
    parvis_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fail(monkeypatch, *arguments) == 3
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_user_errors_are_json_where_asked(
    parvis_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail(monkeypatch, "show", "nowhere", "--json") == 3
    assert json.loads(capsys.readouterr().err)["code"] == "unknown_city"


@pytest.mark.parametrize("command", ["import", "list", "show", "remove"])
def test_help_has_an_example(command: str) -> None:
    assert "Example: parvis city" in " ".join(run(command, "--help").split())

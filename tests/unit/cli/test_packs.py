"""``parvis packs`` as it is used."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parvis.cli.packs import app
from parvis.errors import ParvisError
from parvis.packs import LARGEST_FILE

run = CliRunner()

THREAT = """\
pack: threat-statement
authority: Police of the canton
reference: 2026-17
date: 2026-05-04
classes: [M1, N2B]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_list_gives_id_kind_and_version_for_machines() -> None:
    result = run.invoke(app, ["list", "--json"])
    packs = json.loads(result.stdout)["packs"]
    assert {"id", "kind", "version", "status"} <= packs[0].keys()
    assert "vehicle-classes" in [pack["kind"] for pack in packs]


def test_list_has_one_line_per_pack() -> None:
    result = run.invoke(app, ["list"])
    assert "urn:parvis:ground-rules:default" in result.stdout


def test_show_prints_the_pack_as_it_is_written() -> None:
    result = run.invoke(app, ["show", "urn:parvis:vehicle-classes:default"])
    assert result.stdout.startswith("pack: vehicle-classes\n")
    content = json.loads(run.invoke(app, ["show", "surfaces", "--json"]).stdout)
    assert content["pack"] == "surfaces"


def test_show_refuses_an_unknown_pack() -> None:
    result = run.invoke(app, ["show", "cake"])
    assert isinstance(result.exception, ParvisError)


def test_check_without_files_checks_the_packs_of_parvis() -> None:
    result = run.invoke(app, ["check"])
    assert result.exit_code == 0
    assert "in order" in result.stdout


def test_check_names_every_faulty_file(tmp_path: Path) -> None:
    good, bad, binary = (tmp_path / name for name in ("good.yaml", "bad.yaml", "binary.yaml"))
    good.write_text(THREAT)
    bad.write_text(THREAT.replace("date: 2026-05-04", "date: soon"))
    binary.write_bytes(b"pack: a\n\xff\xfe")
    paths = [str(path) for path in (good, bad, binary, tmp_path / "none.yaml", tmp_path)]
    result = run.invoke(app, ["check", *paths])
    assert result.exit_code == 3
    assert f"{good}: threat-statement, in order" in result.stdout
    assert "line 4, date" in result.stderr
    assert "line 2, it is not UTF-8 text" in result.stderr
    assert "does not exist" in result.stderr
    assert result.stderr.count("parvis: ") == 4
    document = json.loads(run.invoke(app, ["check", "--json", *paths]).stdout)
    assert [row["ok"] for row in document["packs"]] == [True, False, False, False, False]


def test_check_refuses_a_huge_file(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * (LARGEST_FILE + 1))
    result = run.invoke(app, ["check", str(path)])
    assert result.exit_code == 3
    assert "larger than" in result.stderr


def test_schema_is_printed(tmp_path: Path) -> None:
    result = run.invoke(app, ["schema", "threat-statement"])
    assert json.loads(result.stdout)["$id"] == "urn:parvis:schema:threat-statement-1"


def test_an_example_can_be_copied_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "threat.yaml"
    path.write_text(run.invoke(app, ["example", "threat-statement"]).stdout)
    assert run.invoke(app, ["check", str(path)]).exit_code == 0


COMMANDS = ["list", "show", "check", "schema", "example", "release", "next-version"]


@pytest.mark.parametrize("command", [*COMMANDS, "to-xlsx", "from-xlsx"])
def test_help_has_an_example(command: str) -> None:
    assert "Example" in run.invoke(app, [command, "--help"]).stdout


@pytest.fixture
def park(tmp_path: Path) -> Path:
    path = tmp_path / "park-check.yaml"
    text = run.invoke(app, ["example", "framework"]).stdout
    path.write_text(text.replace("status: draft", "status: current", 1), encoding="utf-8")
    return path


def test_own_frameworks_are_listed_and_shown(park: Path, home: Path) -> None:
    own = home / "frameworks"
    own.mkdir(parents=True)
    park.rename(own / park.name)
    (own / "broken.yaml").write_text("pack: framework\n")
    result = run.invoke(app, ["list", "--json"])
    assert "broken.yaml breaks the rules of its kind: line 1, id: this key is" in result.stderr
    listed = json.loads(result.stdout)["packs"]
    mine = next(pack for pack in listed if pack["id"] == "urn:parvis:framework:park-check")
    assert (mine["kind"], mine["title"], mine["is_own"]) == ("framework", "Park check", True)
    for name in ("park-check", "urn:parvis:framework:park-check"):
        assert "\npack: framework\n" in run.invoke(app, ["show", name]).stdout
    shown = json.loads(run.invoke(app, ["show", "park-check", "--json"]).stdout)
    assert shown["name"] == "Park check"
    templates = run.invoke(app, ["list", "--templates", "--json"]).stdout
    assert len(json.loads(templates)["packs"]) > len(listed)


def test_a_framework_goes_through_a_spreadsheet(park: Path, tmp_path: Path) -> None:
    book, again = tmp_path / "park.xlsx", tmp_path / "again.yaml"
    assert run.invoke(app, ["to-xlsx", str(park), str(book)]).exit_code == 0
    assert run.invoke(app, ["from-xlsx", str(book), str(again)]).exit_code == 0
    assert run.invoke(app, ["check", str(again)]).exit_code == 0
    again_book = tmp_path / "again.xlsx"
    assert run.invoke(app, ["to-xlsx", str(again), str(again_book)]).exit_code == 0
    last = tmp_path / "last.yaml"
    assert run.invoke(app, ["from-xlsx", str(again_book), str(last)]).exit_code == 0
    assert last.read_text(encoding="utf-8") == again.read_text(encoding="utf-8")


def test_a_released_framework_changes_with_a_new_version_only(park: Path) -> None:
    early = run.invoke(app, ["next-version", str(park)])
    assert isinstance(early.exception, ParvisError)
    assert run.invoke(app, ["release", str(park)]).exit_code == 0
    assert run.invoke(app, ["release", str(park)]).exit_code == 0
    assert run.invoke(app, ["check", str(park)]).exit_code == 0
    text = park.read_text(encoding="utf-8")
    park.write_text(text.replace("Trim the hedges", "Cut the hedges"), encoding="utf-8")
    changed = run.invoke(app, ["check", str(park)])
    assert changed.exit_code == 3
    assert "line 7, version: version 1 is released and frozen" in changed.stderr
    park.write_text(text, encoding="utf-8")
    assert run.invoke(app, ["next-version", str(park)]).exit_code == 0
    assert (park.parent / "former" / "park-check-1.yaml").read_text(encoding="utf-8") == text
    following = park.read_text(encoding="utf-8")
    assert "\nversion: 2\nstatus: draft\nreplaces:\n  version: 1\n" in following
    assert "# Facts of the subject" in following
    assert run.invoke(app, ["check", str(park)]).exit_code == 0
    draft = run.invoke(app, ["release", str(park)])
    assert "only a framework whose status is current" in str(draft.exception)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- key: meeting_point", "- key: gathering",
         "replaces: does not say what becomes of 'meeting_point'"),
        ("  version: 1\n", "  version: 1\n  renamed: {meting_point: lit}\n",
         "there is no question before 'meting_point'; perhaps 'meeting_point'"),
        ("  version: 1\n", "  version: 1\n  dropped: [bins]\n",
         "replaces.dropped.0: there is no question before 'bins'"),
        ("kind: place", "kind: text", "was of kind place and is of kind text: give it another key"),
        ("{key: partly, name: Partly met", "{key: half, name: Half met",
         "replaces.levels: does not say what becomes of partly of the scale 'met'"),
    ],
)  # fmt: skip
def test_a_new_version_says_how_answers_move_on(old: str, new: str, told: str, park: Path) -> None:
    run.invoke(app, ["release", str(park)])
    run.invoke(app, ["next-version", str(park)])
    text = park.read_text(encoding="utf-8").replace("lit >= partly", "lit >= yes")
    text = text.replace("overlooked <= partly", "overlooked <= no")
    park.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run.invoke(app, ["check", str(park)])
    assert result.exit_code == 3
    assert told in result.stderr


def test_a_renamed_table_takes_its_columns_along(park: Path) -> None:
    run.invoke(app, ["release", str(park)])
    run.invoke(app, ["next-version", str(park)])
    text = park.read_text(encoding="utf-8").replace("gates.", "doors.")
    text = text.replace("- key: gates\n", "- key: doors\n")
    text = text.replace("  version: 1\n", "  version: 1\n  renamed: {gates: doors}\n", 1)
    park.write_text(text, encoding="utf-8")
    result = run.invoke(app, ["check", str(park)])
    assert result.exit_code == 0, result.stderr

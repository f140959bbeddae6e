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


@pytest.mark.parametrize("command", ["list", "show", "check", "schema", "example"])
def test_help_has_an_example(command: str) -> None:
    assert "Example" in run.invoke(app, [command, "--help"]).stdout

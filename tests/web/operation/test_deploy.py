"""One instance per authority: own keys, own port, own host name, never written twice."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "deploy" / "instance.sh"


def run(folder, *words):
    return subprocess.run(
        ["sh", str(SCRIPT), *words],
        env={**os.environ, "ROOT": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(folder, name):
    file = folder / "etc" / "parvis" / f"{name}.env"
    lines = (line for line in file.read_text().splitlines() if line and line[0] != "#")
    return dict(line.split("=", 1) for line in lines)


def test_two_instances_share_nothing(tmp_path):
    assert run(tmp_path, "tessenmark", "parvis.tessenmark.example").returncode == 0
    assert run(tmp_path, "overfield", "parvis.overfield.example").returncode == 0
    one, other = settings_of(tmp_path, "tessenmark"), settings_of(tmp_path, "overfield")
    for name in ("SECRET_KEY", "AUDIT_KEY", "HOSTS", "PORT", "DATA"):
        assert one[f"PARVIS_{name}"] != other[f"PARVIS_{name}"]
    assert one["PARVIS_SECRET_KEY"] != one["PARVIS_AUDIT_KEY"]
    assert len(one["PARVIS_AUDIT_KEY"]) == 96
    assert (tmp_path / "etc/parvis/tessenmark.env").stat().st_mode & 0o077 == 0


def test_an_instance_that_is_there_keeps_its_keys(tmp_path):
    run(tmp_path, "tessenmark", "parvis.tessenmark.example")
    before = settings_of(tmp_path, "tessenmark")
    assert "is there already" in run(tmp_path, "tessenmark", "other.example").stderr
    assert settings_of(tmp_path, "tessenmark") == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["A b", "x.example"], "NAME (A b)"),
        (["../etc", "x.example"], "NAME (../etc)"),
        (["one", "https://x.example"], "HOST (https://x.example)"),
        (["one", ""], "HOST ()"),
        (["one", "x.example", "mysql://x"], "DATABASE_URL (mysql://x)"),
        (["two", "taken.example"], "Another instance answers to taken.example"),
    ],
)
def test_a_bad_word_is_said_and_nothing_is_written(tmp_path, words, sentence):
    run(tmp_path, "first", "taken.example")
    done = run(tmp_path, *words)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert [file.name for file in (tmp_path / "etc/parvis").iterdir()] == ["first.env"]


def test_every_setting_of_an_instance_is_one_the_application_or_its_units_read(tmp_path):
    run(tmp_path, "tessenmark", "parvis.tessenmark.example")
    text = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("src/parvis_web", "src/parvis", "deploy/systemd")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".service"}
    )
    for name in settings_of(tmp_path, "tessenmark"):
        assert name.startswith("NUMBA_") or name in text, name


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy/systemd").glob("*.service")), ids=str)
def test_units_run_commands_that_there_are(unit):
    from django.core.management import get_commands

    started = re.findall(r"-m parvis_web (\w+)", unit.read_text(encoding="utf-8"))
    assert started, unit
    assert set(started) <= set(get_commands())

"""Every command explains itself with an example, and the reference in docs/ is what --help says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from parvis.cli import COMMANDS, app

ROOT = Path(__file__).parents[2]


def commands(command, name: str) -> list[tuple[str, object]]:
    if not hasattr(command, "list_commands"):
        return [(name, command)]
    found = []
    for child in command.list_commands(None):
        found += commands(command.get_command(None, child), f"{name} {child}")
    return found


ALL = commands(typer.main.get_command(app), "parvis")


@pytest.mark.parametrize("name", COMMANDS)
def test_module_of_every_listed_command_exists(name):
    assert any(known.split()[1] == name for known, _ in ALL)


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_help_of_a_command_has_an_example(name, command):
    text = f"{command.help or ''} {command.epilog or ''}"
    assert re.search(rf"{name}\b", text), f"{name} --help shows no example"


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_option_has_a_help_text(name, command):
    missing = [p.name for p in command.params if not getattr(p, "help", None) and p.name != "help"]
    assert missing == []


def test_reference_of_commands_is_current():
    script = ROOT / "scripts" / "reference.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_documents_use_options_that_exist():
    known = {
        name: {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
        for name, command in ALL
    }
    wrong = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if "_build" in path.parts:
            continue
        text = re.sub(r"\\\n\s*", " ", path.read_text())
        for match in re.finditer(r"(?:^|`|\$ |&& )(parvis [^\n`|&#]*)", text, re.MULTILINE):
            words = match.group(1).split()
            fitting = [n for n in known if words[: len(n.split())] == n.split()]
            if not fitting or words[1] == "web":  # those: test_web_commands.py
                continue
            options = {w.split("=")[0].strip("[],.)") for w in words if w.startswith("--")}
            unknown = options - known[max(fitting, key=len)] - {"--help"}
            if unknown:
                wrong.append(f"{path.relative_to(ROOT)}: {match.group(1)}: {sorted(unknown)}")
    assert wrong == []

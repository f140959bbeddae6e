"""The page of the web application's commands names each of them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "web-commands.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    path.stem
    for path in (ROOT / "src" / "parvis_web").glob("*/management/commands/*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("name", COMMANDS)
def test_page_names_every_command(name):
    assert re.search(rf"`{name}\b", PAGE)


@pytest.mark.parametrize("name", COMMANDS)
def test_page_names_every_option_of_a_command(name):
    (path,) = (ROOT / "src" / "parvis_web").glob(f"*/management/commands/{name}.py")
    options = re.findall(r'add_argument\(\s*"(--[\w-]+)"', path.read_text(encoding="utf-8"))
    words = name.replace("_", "[ _]")
    told = " ".join(re.findall(rf"^\| `{words}\b.*$", PAGE, re.MULTILINE))
    assert [option for option in options if option not in told] == []


def test_page_names_no_command_that_does_not_exist():
    named = set(re.findall(r"^\| `([a-z_]+)(?: (?:verify|anchor))?\b", PAGE, re.MULTILINE))
    assert named - set(COMMANDS) == set()

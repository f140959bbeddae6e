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
    words = name.replace("_", "[ _]")
    told = " ".join(re.findall(rf"^\| `{words}\b.*$", PAGE, re.MULTILINE))
    assert {option for option in options_of(name) if option not in told} == set()


def test_page_names_no_command_that_does_not_exist():
    named = set(re.findall(r"^\| `([a-z_]+)(?: (?:verify|anchor))?\b", PAGE, re.MULTILINE))
    assert named - set(COMMANDS) == set()


def options_of(name: str) -> set[str]:
    (path,) = (ROOT / "src" / "parvis_web").glob(f"*/management/commands/{name}.py")
    return set(re.findall(r'add_argument\(\s*"(--[\w-]+)"', path.read_text(encoding="utf-8")))


def test_documents_use_commands_and_options_that_exist():
    django = {"check": {"--deploy"}, "migrate": set(), "shell": set()}
    known = {name: options_of(name) for name in COMMANDS} | django
    known["audit"] = known["audit_verify"] | known["audit_anchor"]
    wrong = []
    for path in [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]:
        if "_build" in path.parts:
            continue
        text = re.sub(r"\\\n\s*", " ", path.read_text(encoding="utf-8"))
        for match in re.finditer(
            r"(?:bin/parvis web|parvis web|parvis-web \w+) ([^\n`|&#]*)", text
        ):
            words = match.group(1).split()
            options = {word for word in words if word.startswith("--")} - {"--help"}
            if not words or not re.fullmatch(r"[a-z_]+[,.;:]?", words[0]):
                continue
            name = words[0].strip(",.;:")
            if name not in known or options - known[name]:
                wrong.append(f"{path.relative_to(ROOT)}: {match.group(0)}")
    assert wrong == []

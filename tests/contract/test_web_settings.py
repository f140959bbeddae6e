"""The page of settings names every variable that is read, and no other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"^\| `([A-Z][A-Z_]+)`", PAGE, re.MULTILINE))
READ = re.compile(r"""env\.(text|switch|number|words)\(\s*f?["']([^"']+)["']""")
SUFFIXES = re.compile(r"names = \(([^)]+)\)")


def variables() -> dict[str, str]:
    """Every variable that the application asks the environment for, with how."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "src" / "parvis_web").rglob("*.py")):
        for how, name in READ.findall(path.read_text(encoding="utf-8")):
            if "{" not in name:
                found[name] = how
    return found


VARIABLES = variables()


def sign_on_names() -> set[str]:
    source = (ROOT / "src/parvis_web/config/sign_on.py").read_text(encoding="utf-8")
    listed = SUFFIXES.search(source)
    assert listed, "the names of a sign-on's variables are no longer listed in one place"
    return set(re.findall(r'"(\w+)"', listed[1]))


def test_variables_are_found_at_all():
    assert {"PARVIS_DATA", "DATABASE_URL", "PARVIS_IMPORT_DIR", "PARVIS_DEMO"} <= set(VARIABLES)


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_page_names_every_variable_that_is_read(name):
    assert name in NAMED


def test_page_names_no_variable_that_nothing_reads():
    read_by = [
        *(ROOT / "src").rglob("*.py"),
        *(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
    ]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in read_by)
    plain = {name for name in NAMED if not re.match(r"PARVIS_(OIDC|SAML)_", name)}
    assert {name for name in plain if not re.search(rf"\b{name}\b", sources)} == set()


def test_page_names_the_variables_of_each_sign_on():
    suffixes = {name.upper() for name in sign_on_names()}
    named = {name.split("_", 2)[2] for name in NAMED if re.match(r"PARVIS_(OIDC|SAML)_", name)}
    assert named == suffixes


def test_page_marks_what_may_lie_in_a_file():
    marked = set(re.findall(r"^\| `([A-Z][A-Z_]+)` †", PAGE, re.MULTILINE))
    expected = {name for name, how in VARIABLES.items() if how != "switch"}
    assert marked - {n for n in marked if re.match(r"PARVIS_(OIDC|SAML)_", n)} == expected

"""The page of the API names every address and method of its description, and every collection."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
PATHS = json.loads((ROOT / "tests/web/api/openapi.json").read_text(encoding="utf-8"))["paths"]
PREFIX = "/api/v1"
OWN = sorted(path for path in PATHS if not path.startswith(f"{PREFIX}/ogc"))


def test_description_has_addresses():
    assert len(OWN) > 5


@pytest.mark.parametrize("path", OWN)
def test_page_names_every_address_with_its_methods(path):
    short = path.removeprefix(PREFIX)
    row = re.search(rf"^\| `{re.escape(short)}` \| ([A-Z, ]+) \|", PAGE, re.MULTILINE)
    assert row, short
    assert row[1].split(", ") == [method.upper() for method in PATHS[path]]


def test_page_names_every_collection():
    source = (ROOT / "src/parvis_web/api/feature_collections.py").read_text(encoding="utf-8")
    keys = re.findall(r'^    key = "([\w-]+)"', source, re.MULTILINE)
    assert keys
    assert [key for key in keys if f"| `{key}` |" not in PAGE] == []


def test_page_names_every_code_of_a_problem():
    source = (ROOT / "src/parvis_web/api/problems.py").read_text(encoding="utf-8")
    codes = re.findall(r'problem\(\d{3}, "(\w+)"', source)
    assert codes
    assert [code for code in codes if f"`{code}`" not in PAGE] == []

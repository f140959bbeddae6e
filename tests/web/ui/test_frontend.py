"""What is built from frontend/: pinned by digest alone, small, and asking no other host."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import parvis_web

REPOSITORY = Path(__file__).parents[3]
FRONTEND = REPOSITORY / "frontend"
BUILT = Path(parvis_web.__file__).parent / "ui/static/parvis"
COCKPIT_BYTES = 250_000
WALK_BYTES = 100_000
"""Fetched at once before somebody goes out, perhaps over a bad network."""
PAGE_BYTES = 60_000
"""Room for the page's own HTML beside scripts and styles."""

is_built = pytest.mark.skipif(
    not (BUILT / "base.js").exists(), reason="not built: sh scripts/frontend.sh"
)


def test_lock_file_names_digests_and_no_host():
    text = (FRONTEND / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert "registry" not in text
    assert all(entry.get("integrity") for name, entry in packages.items() if name)


def test_packages_are_pinned_exactly():
    package = json.loads((FRONTEND / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}.values()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


@is_built
def test_scripts_and_styles_of_a_page_are_light():
    loaded = ["base.js", "base-style.css", "theme.js"]
    assert sum((BUILT / name).stat().st_size for name in loaded) < COCKPIT_BYTES - PAGE_BYTES


@is_built
def test_the_shell_of_a_walk_is_light():
    loaded = ["walk.js", "walk-style.css", "walk-worker.js"]
    assert sum((BUILT / name).stat().st_size for name in loaded) < WALK_BYTES


@is_built
def test_styles_ask_no_other_host():
    for name in ("base-style.css", "map-style.css", "walk-style.css"):
        addresses = re.findall(r"url\(([^)]*)\)", (BUILT / name).read_text())
        assert addresses
        assert all(address.strip("\"'").startswith("./fonts/") for address in addresses)


@is_built
def test_speed_colours_are_those_of_printed_maps():
    from parvis.report.maps import BAND_COLOURS

    style = (FRONTEND / "src/map/style.js").read_text()
    tokens = (FRONTEND / "src/styles/tokens.css").read_text()
    for band, colour in enumerate(BAND_COLOURS, 1):
        assert colour in style
        assert f"--speed-{band}: {colour};" in tokens


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on PATH")
def test_scripts_pass_their_own_tests():
    done = subprocess.run(
        ["node", "--test"], cwd=FRONTEND, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout

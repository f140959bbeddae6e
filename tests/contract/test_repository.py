"""What must not stand in a tracked file, and which way imports point."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".txt", ".cff", ".typ", ".json", ".rst", ""}

if not (ROOT / ".git").exists():
    pytest.skip("not a git checkout", allow_module_level=True)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.suffix in TEXT and path.is_file()]


FILES = tracked()


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_tracked_file_names_a_package_index():
    files = [path for path in FILES if path != Path(__file__)]
    hosts = re.compile(r"(--(extra-)?index-url|--find-links|pypi\.org/simple|://[^\s/]*artifact)")
    found = [line for line in lines_with(hosts, files) if "--no-emit-index-url" not in line]
    assert found == []


def test_no_tracked_file_holds_a_path_of_one_machine():
    files = [path for path in FILES if path != Path(__file__) and path.name != "LICENSE"]
    assert lines_with(re.compile(r"(?<![\w.])/(home|root|work|Users)/\w"), files) == []


def test_requirements_are_pinned_with_hashes():
    for name in ("run", "dev", "bench"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==", text, re.MULTILINE)
        assert len(pins) > 10
        for block in re.split(r"\n(?=\S)", text):
            if "==" in block.split("\n")[0]:
                assert "--hash=sha256:" in block, block.split("\n")[0]


def test_no_file_of_the_library_is_longer_than_it_should_be():
    long = {
        str(path.relative_to(ROOT)): count
        for path in FILES
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src")
        if path.parent.name != "migrations"  # written by Django
        if (count := len(path.read_text().splitlines())) > 620
    }
    assert long == {}


def test_imports_point_downwards():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_analyses_open_no_files_and_print_nothing():
    pattern = re.compile(r"(^|[^\w.])(open|print)\(|\.read_text\(|\.write_text\(|\.write_bytes\(")
    files = [
        path
        for path in FILES
        if path.suffix == ".py"
        and any(path.is_relative_to(ROOT / "src/parvis" / part) for part in ("city", "approach"))
    ]
    assert lines_with(pattern, files) == []


def test_benchmark_libraries_are_not_used_by_the_product():
    peers = r"^\s*(import|from) (geopandas|osmnx|pyrosm|networkit{})\b"
    source = [path for path in FILES if path.is_relative_to(ROOT / "src")]
    assert lines_with(re.compile(peers.format("|networkx")), source) == []
    tests = [path for path in FILES if path.is_relative_to(ROOT / "tests")]
    assert lines_with(re.compile(peers.format("")), tests) == []

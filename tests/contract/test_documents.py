"""Documents point at things that exist."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "decisions").glob("*.md"),
        *(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts),
    ]
)


def exists(name: str) -> bool:
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_to_files(path):
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [
        link
        for link in links
        if not re.match(r"[a-z]+:", link) and not (path.parent / link).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_of_modules_and_functions_exist(path):
    names = set(re.findall(r"`(parvis(?:_web)?(?:\.\w+)+)`", path.read_text()))
    assert {name for name in names if not exists(name)} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_documents_exist(path):
    text = path.read_text()
    found = re.findall(r"`((?:src|tests|docs|scripts|packs|benchmarks|decisions)/[\w./-]+)`", text)
    assert [name for name in found if not (ROOT / name).exists()] == []


def test_every_decision_has_status_and_reasons():
    for path in sorted((ROOT / "decisions").glob("*.md")):
        if path.name != "README.md":
            text = path.read_text()
            assert text.startswith("# "), path.name
            for word in ("Status", "Context", "Decision", "Consequences", "Alternatives"):
                assert word in text, f"{path.name} lacks {word}"

"""What is said of a real place is public: published text names no space of a real extract."""

import re
from pathlib import Path

import osmium
import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".md", ".json", ".csv", ".txt", ".svg", ".cff", ".html"}
LEAST_LENGTH = 6

# Words of everyday language that are also names of spaces somewhere.
GENERIC = {
    "market square", "station square", "church square", "city centre", "town hall", "old town",
    "market place", "marketplace", "the square", "garden", "gardens", "park", "playground",
    "courtyard", "forecourt", "promenade", "plaza", "piazza", "square", "station", "passage",
    "castle", "central park", "theatre", "university", "library", "school yard", "car park",
    "terrace", "the garden", "skatepark", "skate park", "kiosk", "market street", "church place",
    "school", "harbour", "boulevard", "cathedral", "museum", "fountain", "esplanade", "ring road",
    "bastion", "campus", "church", "spielplatz", "parkplatz", "jardin", "jardim", "parking",
}  # fmt: skip


def names_of_spaces(extract: Path) -> set[str]:
    found = set()
    processor = osmium.FileProcessor(str(extract)).with_filter(osmium.filter.KeyFilter("name"))
    for item in processor:
        tags = dict(item.tags)
        is_space = (
            tags.get("place") in {"square", "neighbourhood"}
            or tags.get("highway") in {"pedestrian", "living_street"}
            or tags.get("leisure") in {"park", "garden"}
            or tags.get("amenity") in {"marketplace"}
        )
        if is_space:
            found |= {value for key, value in tags.items() if key.split(":")[0] == "name"}
    return {
        name.strip()
        for name in found
        if len(name.strip()) >= LEAST_LENGTH and name.strip().lower() not in GENERIC
    }


def published() -> list[Path]:
    files = [ROOT / "README.md"]
    for folder in ("docs", "benchmarks/results"):
        files += [
            path
            for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in TEXT and "_build" not in path.parts
        ]
    return files


def test_published_text_names_no_space_of_a_real_city(shared_data):
    extracts = sorted((shared_data / "osm").glob("*.osm*"))
    assert extracts
    names = set().union(*(names_of_spaces(path) for path in extracts))
    assert len(names) > 100
    pattern = re.compile(
        r"(?<!\w)(" + "|".join(re.escape(name) for name in sorted(names)) + r")(?!\w)",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in published()
        for match in pattern.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("word", ["Helsinki", "Narinkka", "Monaco", "Porto", "Nice"])
def test_published_text_names_no_city_that_was_looked_at(word):
    pattern = re.compile(rf"(?<!\w){word}(?!\w)")
    found = [str(path) for path in published() if pattern.search(path.read_text(errors="replace"))]
    assert found == []

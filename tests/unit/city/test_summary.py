"""What a person is told after an import."""

from dataclasses import replace
from pathlib import Path

import pytest

from parvis.city.model import City
from parvis.city.summary import summarise
from parvis.io.osm import build_city
from parvis.io.osm_read import read_extract


@pytest.fixture(scope="module")
def city(town: Path) -> City:
    return build_city(read_extract(town), name="town")


def counted(city: City, **changes: object) -> City:
    counts = dict(city.manifest["counts"]) | changes
    return replace(city, manifest=dict(city.manifest) | {"counts": counts})


def test_summary_counts_what_there_is(city: City) -> None:
    summary = summarise(city)
    text = " ".join(summary.holds)
    assert f"{city.manifest['counts']['areas']['building']:,} buildings" in text
    assert summary.grade == "C"
    assert "screening only" in summary.grade_meaning
    assert summary.as_dict()["counts"]["streets"] == len(city.streets)


def test_one_is_said_in_the_singular(city: City) -> None:
    text = " ".join(summarise(counted(city, furniture={"bench": 1, "tree": 2})).holds)
    assert "1 bench" in text
    assert "1 benches" not in text
    assert "2 trees" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"areas": {}}, "No buildings"),
        ({"areas": {"building": 1}, "street_km": 50.0}, "Few buildings"),
        ({"lines": {}}, "No kerb lines"),
        ({"points": {}}, "No bollards"),
        ({"spaces": {}}, "No public spaces"),
    ],
)
def test_what_is_missing_is_said_with_its_meaning(
    city: City, changes: dict[str, object], sentence: str
) -> None:
    assert any(note.startswith(sentence) for note in summarise(counted(city, **changes)).notes)


def test_cut_ways_layers_and_conflicts_are_told(city: City) -> None:
    manifest = dict(city.manifest) | {
        "cut": {
            "ways_with_missing_nodes": 7,
            "streets_cut": 1,
            "relations_with_missing_members": 1,
            "relations_dropped": 0,
        },
        "layers": [{"name": "kerbs-2024", "as": "kerbs"}],
        "corrections": 3,
        "conflicts": [{}],
        "context": 1000.0,
    }
    notes = " ".join(summarise(replace(city, manifest=manifest)).notes)
    assert "7 ways cut at the extract's edge, of these 1 street" in notes
    assert "1 multipolygon with members outside" in notes
    assert "kerbs-2024 (kerbs)" in notes
    assert "3 local corrections" in notes
    assert "1 correction to look at again" in notes
    assert "1,000 m around it" in notes

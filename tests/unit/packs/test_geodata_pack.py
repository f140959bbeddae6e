"""The definitions a city's map is measured by, and what is refused of them."""

import pytest

from parvis.io.packs import check_pack
from parvis.packs.errors import PackInvalidError
from parvis.packs.geodata import read_geodata, shipped_geodata
from parvis.packs.loader import pack_text
from parvis.report.messages import describe


@pytest.fixture(scope="module")
def text():
    return pack_text("geodata")


def test_distances_are_those_of_the_standards_and_marked_where_they_are_our_own():
    rules = shipped_geodata()
    reach = {entry.key: rules.reach(entry) for entry in rules.entries}
    assert rules.open_space.within.value == 400
    assert (reach["bus_tram"], reach["rail"], reach["library"]) == (500, 1000, 1125)
    assert rules.evidence[rules.open_space.within.evidence].verified
    assert rules.evidence[rules.walking.speed.evidence].confidence == "low"


@pytest.mark.parametrize(
    ("said", "instead", "problem"),
    [
        ("within: {value: 500, evidence: sdg-own}", "", "needs either 'within' or 'minutes'"),
        ("{value: 4.5, evidence: own}", "{value: 4.5, evidence: hearsay}", "'hearsay'"),
        ("{value: 4.5, evidence: own}", "{value: 0, evidence: own}", "speed"),
        ("- key: rail", "- key: school", "'school' is given twice"),
        ("- key: health", "- key: food", "'food' is given twice"),
        ('["amenity=library"]', '["amenity=a=b"]', "tags"),
    ],
)
def test_what_cannot_be_used_is_named(text, said, instead, problem):
    assert said in text
    with pytest.raises(PackInvalidError) as caught:
        read_geodata(text.replace(said, instead, 1), name="own.yaml")
    assert problem in describe(caught.value)


def test_the_pack_can_be_checked_as_a_file(text, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    assert check_pack(path).kind == "geodata"

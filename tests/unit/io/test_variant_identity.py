"""A design that copies the present of the fictional town, through a file, changes no figure."""

import numpy as np
import pytest
import shapely

from parvis.approach.ground import build_ground
from parvis.city.select import select_space
from parvis.io.analyses import analyse_space
from parvis.io.osm import import_city
from parvis.io.store import load_city
from parvis.io.variant_template import write_template
from parvis.io.variants import add_variant, load_design
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

SPACES = ("Market Square", "Rampart Park", "Tesse Promenade")


@pytest.fixture(scope="module")
def home(town, tmp_path_factory):
    root = tmp_path_factory.mktemp("identity")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARVIS_HOME", str(root / "home"))
        import_city(town, name="town")
        for space in SPACES:
            file = root / "start.gpkg"
            write_template("town", space, file)
            add_variant("town", space.split()[0].lower(), [file])
    return root / "home"


@pytest.fixture(autouse=True)
def at_home(home, monkeypatch):
    monkeypatch.setenv("PARVIS_HOME", str(home))


@pytest.mark.parametrize("space", SPACES)
def test_ground_of_the_copied_present_is_that_of_the_present(space):
    city, copy = load_city("town"), load_design("town", space.split()[0].lower())
    facts = copy.manifest["variant"]
    assert (facts["streets_ended"], facts["widths_measured"]) == (0, 0)
    assert sum(facts["taken_out"].values()) > 0
    bounds = city.spaces.geometry[select_space(city, space)].buffer(60).bounds
    for scenario in Scenario:
        before, after = (
            build_ground(each, bounds, scenario=scenario, rules=load_ground_rules())
            for each in (city, copy)
        )
        assert before.levels == after.levels
        for one, other in zip(before.surfaces, after.surfaces, strict=True):
            assert shapely.symmetric_difference(one, other).buffer(-0.001).area < 1e-6


def test_analysis_of_the_copied_present_gives_the_same_access_points():
    _, present = analyse_space("town", "Market Square", vehicles=["M1"])
    _, copied = analyse_space("town", "Market Square", vehicles=["M1"], variant="market")
    assert present.access_points
    assert present.provenance["city_hash"] != copied.provenance["city_hash"]
    assert present.provenance["run_id"] != copied.provenance["run_id"]
    for one, other in zip(present.access_points, copied.access_points, strict=True):
        assert (one.id, one.existing, one.only_limit, one.governing, one.grade) == (
            other.id, other.existing, other.only_limit, other.governing, other.grade,
        )  # fmt: skip
        assert one.clear_width == pytest.approx(other.clear_width, abs=1e-3)
        for a, b in zip(one.classes, other.classes, strict=True):
            assert a.required_rating == b.required_rating
            assert [a.speed.typical, a.speed.limit] == pytest.approx(
                [b.speed.typical, b.speed.limit], abs=1e-6
            )
    for a, b in zip(present.profiles, copied.profiles, strict=True):
        np.testing.assert_allclose(a.typical, b.typical, atol=1e-6)

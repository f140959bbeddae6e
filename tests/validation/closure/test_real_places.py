"""
Closure plans of real places keep what they promise.

Source: OpenStreetMap extracts outside the repository. Nothing of a place but whether the plan's
own rules hold on it is looked at; no figure of it stands here.
"""

import pytest
import shapely
from closure_lines import below

from parvis.approach.perimeter import cut_boundary
from parvis.approach.window import Window, window_bounds
from parvis.closure.plan import plan_closure
from parvis.closure.schedule import schedule_line
from parvis.closure.verify import still_reached_by
from parvis.io.analyses import ask_about_space
from parvis.io.osm import import_city
from parvis.packs import load_barrier_products
from parvis.packs.content import load_ground_rules, load_parameter_draws

PLACES = [("helsinki-centre-2019.osm.pbf", "Narinkkatori")]


@pytest.fixture(scope="module", params=PLACES, ids=[place for _, place in PLACES])
def planned(request, shared_data, tmp_path_factory):
    extract, place = request.param
    home = tmp_path_factory.mktemp("home")
    import_city(shared_data / "osm" / extract, name="real", home=home)
    city, question = ask_about_space("real", place, vehicles=["N2B"], home=home)
    result = plan_closure(
        city,
        question,
        rules=load_ground_rules(),
        draws=load_parameter_draws(),
        products=load_barrier_products(),
    )
    return city, question, result


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_line_holds_and_one_rating_step_less_reopens_the_place(planned):
    city, question, result = planned
    plan = result.plans[0]
    assert all(item.holds for item in plan.lines)
    assert plan.still_reached_by == ()
    enclosed = shapely.from_wkb(plan.enclosed)
    reach = shapely.union_all(
        [enclosed, *(shapely.LineString(x.line.geometry) for x in plan.lines)]
    )
    window = Window(
        city,
        question.area,
        cut_boundary(question.area),
        window_bounds(reach, 120.0),
        load_ground_rules(),
    )
    for index, item in enumerate(plan.lines):
        lines = list(plan.lines)
        for cover in item.coverage:
            slower = below(load_barrier_products(), cover.required)
            lines[index] = schedule_line(item.line, products=slower, choose=item.option.family)
            assert not lines[index].holds
            reached = still_reached_by(
                window, lines, question.vehicles, enclosed=enclosed, holding={}
            )
            assert reached == (cover.vehicle,)

"""Options, choice, elements and checks of one line of the barrier schedule."""

import math
from dataclasses import replace

import numpy as np
import pytest
from closure_lines import arriving, rated_line, with_ratings

from parvis.approach.vehicles import load_vehicle_classes
from parvis.closure.coverage import cover_class
from parvis.closure.options import chicane_for_radius
from parvis.closure.prices import NoRatedProductError, price_of, price_per_metre
from parvis.closure.schedule import (
    UnknownFamilyError,
    opened_width,
    rescue_check,
    schedule_line,
)
from parvis.openness.site import LineContext
from parvis.packs import load_barrier_products, openness_requirements
from parvis.report.messages import describe
from parvis.report.wording import Wording
from parvis.terms import GRAVITY, KMH_PER_MPS

PRODUCTS = load_barrier_products()


def option_of(scheduled, key: str):
    return next(item for item in scheduled.options if key in (item.family, item.scheme))


def test_options_lower_the_speed_first_and_then_follow_the_seven_schemes() -> None:
    scheduled = schedule_line(rated_line(), products=PRODUCTS)
    assert scheduled.options[0].scheme == "traffic_calming"
    orders = [option.order for option in scheduled.options[1:]]
    assert orders == sorted(orders)
    assert {1, 2, 3, 5, 6, 7} == set(orders)
    assert scheduled.options[0].order == 4


def test_the_cheapest_permanent_product_that_covers_every_class_is_laid_out() -> None:
    scheduled = schedule_line(rated_line(12.0, {"M1": 80.0, "N2B": 60.0}), products=PRODUCTS)
    suitable = [
        option.cost.low + option.cost.high
        for option in scheduled.options
        if option.is_suitable and option.permanence == "permanent"
    ]
    chosen = scheduled.option
    assert chosen.family == "fixed-bollard-deep"
    assert chosen.cost.low + chosen.cost.high == min(suitable)
    assert not chosen.cost.is_verified
    assert scheduled.holds
    assert (chosen.n_elements, len(scheduled.elements), len(scheduled.gaps)) == (8, 8, 9)
    medium = PRODUCTS.families[0].levels[1]
    assert (chosen.cost.low, chosen.cost.high) == (8 * medium.cost_low, 8 * medium.cost_high)


def test_a_class_beyond_every_test_is_named_and_the_line_does_not_hold() -> None:
    scheduled = schedule_line(rated_line(12.0, {"M1": 125.0, "N2B": 60.0}), products=PRODUCTS)
    assert not scheduled.holds
    assert scheduled.open_to == ("M1",)
    cover = scheduled.coverage[0]
    assert (cover.verdict, cover.reason) == ("NONE_TESTED", "above_tested_speeds")
    assert "class_not_covered" in scheduled.residual_risks
    assert "does_not_cover" in scheduled.option.reasons


def test_where_no_product_covers_any_class_nothing_is_chosen() -> None:
    line = rated_line(12.0, {"N2B": 60.0}, penetration_limit=0.2)
    scheduled = schedule_line(line, products=PRODUCTS)
    assert (scheduled.chosen, scheduled.elements, scheduled.gaps) == (-1, (), ())
    assert scheduled.option is None
    assert not scheduled.holds
    assert scheduled.open_to == ("N2B",)
    assert {"class_not_covered", "everything_stays"} <= set(scheduled.residual_risks)
    offered = option_of(scheduled, "fixed-bollard-deep")
    assert offered.coverage[0].reason == "penetration_exceeds"
    assert option_of(scheduled, "traffic_calming").reasons == ("no_lower_tested_speed",)


def test_energy_alone_is_never_accepted() -> None:
    heavy = {"ISO 22343-1 V/7200[N2B]/64/90:1.0": "ISO 22343-1 V/30000[N3G]/48/90:1.0"}
    products = with_ratings("fixed-bollard-deep", heavy)
    line = rated_line(12.0, {"N2B": 60.0})
    cover = cover_class(line.classes[0], ["ISO 22343-1 V/30000[N3G]/48/90:1.0"])
    assert (cover.verdict, cover.holds, cover.reason) == ("KE_INDICATIVE", False, "energy_only")
    medium = replace(products.families[0], levels=products.families[0].levels[1:2])
    only = replace(products, families=(medium,))
    assert not schedule_line(line, products=only, choose="fixed-bollard-deep").holds


def test_a_heavier_test_vehicle_holds_once_the_adviser_accepts_its_front() -> None:
    entry = arriving("M1", 60.0)
    ratings = ["ISO 22343-1 V/7200[N2B]/80/90:1.0"]
    refused = cover_class(entry, ratings)
    assert (refused.verdict, refused.holds) == ("DOMINATES", False)
    assert refused.reason == "front_geometry"
    accepted = cover_class(entry, ratings, accepted_classes=["N2B"])
    assert (accepted.verdict, accepted.holds, accepted.reason) == (
        "DOMINATES", True, "heavier_vehicle",
    )  # fmt: skip
    scheduled = schedule_line(rated_line(), products=PRODUCTS, accepted_classes=["N2B"])
    assert "front_not_accepted" in scheduled.residual_risks


def test_among_ratings_that_suffice_the_least_is_named() -> None:
    ratings = [f"ISO 22343-1 V/7200[N2B]/{kmh}/90:1.0" for kmh in (112, 48, 80, 64)]
    assert cover_class(arriving("N2B", 60.0), ratings).offered == ratings[3]
    assert cover_class(arriving("N2B", 110.0), ratings[1:]).offered == ratings[2]


def test_a_line_for_rescue_services_gets_an_opening_and_its_risks() -> None:
    line = rated_line(12.0, keeps_emergency_access=True)
    scheduled = schedule_line(line, products=PRODUCTS, choose="fixed-bollard-deep")
    option = scheduled.option
    assert option.scheme == "controlled_inclusion"
    assert {element.kind for element in scheduled.elements} == {"bollard", "rising_bollard"}
    opens = [element.is_operable for element in scheduled.elements]
    first, last = opens.index(True), len(opens) - opens[::-1].index(True)
    assert all(opens[first:last])
    check = next(check for check in scheduled.checks if check.key == "emergency_access")
    assert check.outcome == "pass"
    clear = sum(scheduled.gaps[first : last + 1]) + sum(
        element.length for element in scheduled.elements[first:last]
    )
    assert check.value == pytest.approx(clear)
    assert clear >= openness_requirements()["emergency_width"]
    assert {"lowered_state", "tailgating", "deception", "duress"} <= set(scheduled.residual_risks)
    fixed = schedule_line(rated_line(12.0), products=PRODUCTS, choose="fixed-bollard-deep")
    assert option.cost.high > fixed.option.cost.high
    assert "lowered_state" not in fixed.residual_risks
    for item in scheduled.options:
        if item.family in ("concrete-block", "water-filled-barrier"):
            assert "no_operable_element" in item.reasons


def test_a_line_narrower_than_rescue_services_need_fails_by_how_much() -> None:
    line = rated_line(3.0, keeps_emergency_access=True)
    scheduled = schedule_line(line, products=PRODUCTS, choose="fixed-bollard-deep")
    check = next(check for check in scheduled.checks if check.key == "emergency_access")
    assert check.outcome == "fail"
    assert check.missing == pytest.approx(openness_requirements()["emergency_width"] - 3.0)
    assert all(element.is_operable for element in scheduled.elements)


def test_an_opening_is_as_weak_as_its_operable_elements() -> None:
    drop = {
        text: None
        for level in PRODUCTS.family("rising-bollard").levels
        for text in level.ratings
        if "[N2B]" in text
    }
    line = rated_line(12.0, keeps_emergency_access=True)
    scheduled = schedule_line(
        line, products=with_ratings("rising-bollard", drop), choose="fixed-bollard-deep"
    )
    assert not scheduled.holds
    assert scheduled.open_to == ("N2B",)


def test_permanence_narrows_the_choice_but_not_the_options() -> None:
    line = rated_line(12.0, {"N2B": 30.0})
    permanent = schedule_line(line, products=PRODUCTS)
    temporary = schedule_line(line, products=PRODUCTS, permanence="temporary")
    either = schedule_line(line, products=PRODUCTS, permanence="")
    assert temporary.option.family == "mobile-vehicle-barrier"
    assert {"set_up_time", "misplacement", "surface_sliding"} <= set(temporary.residual_risks)
    assert either.option.cost.low <= min(permanent.option.cost.low, temporary.option.cost.low)
    assert [o.family for o in permanent.options] == [o.family for o in temporary.options]


def test_a_planner_picks_a_family_even_an_unrated_one() -> None:
    scheduled = schedule_line(rated_line(), products=PRODUCTS, choose="concrete-block")
    assert scheduled.option.family == "concrete-block"
    assert scheduled.elements
    assert not scheduled.holds
    assert scheduled.coverage[0].reason == "unrated"
    assert "unrated_mass" in scheduled.residual_risks
    with pytest.raises(UnknownFamilyError) as caught:
        schedule_line(rated_line(), products=PRODUCTS, choose="concrete-blok")
    assert "concrete-block" in describe(caught.value)


def test_a_picked_family_that_is_too_long_leaves_the_line_without_elements() -> None:
    scheduled = schedule_line(rated_line(2.0), products=PRODUCTS, choose="sliding-gate")
    assert scheduled.chosen == -1
    assert "element_too_long" in option_of(scheduled, "sliding-gate").reasons


def test_a_line_as_narrow_as_a_gap_needs_no_element() -> None:
    scheduled = schedule_line(rated_line(1.1), products=PRODUCTS)
    assert scheduled.elements == ()
    assert scheduled.gaps == (1.1,)
    assert scheduled.option.cost.high == 0
    assert [check.key for check in scheduled.checks] == ["accessible_width", "egress_flow"]


def test_calming_says_the_speed_that_makes_a_rating_possible_and_the_bend_for_it() -> None:
    line = rated_line(12.0, {"M1": 125.0, "N2B": 60.0})
    option = option_of(schedule_line(line, products=PRODUCTS), "traffic_calming")
    assert option.is_suitable
    assert option.reasons == ("makes_rating_possible", "directly_before_line")
    assert option.speed_after == pytest.approx(112 / KMH_PER_MPS)
    friction = load_vehicle_classes(["M1"])[0].limit.friction
    assert option.radius_needed == pytest.approx(option.speed_after**2 / (friction * GRAVITY))
    length, shift = chicane_for_radius(option.radius_needed, clear_width=7.0, vehicle_width=1.5)
    aside = shift - 5.5
    assert (length**2 + aside**2) / (4 * aside) == pytest.approx(option.radius_needed)


def test_calming_lowers_the_rating_by_one_tested_speed_where_all_is_covered() -> None:
    option = option_of(schedule_line(rated_line(), products=PRODUCTS), "traffic_calming")
    assert option.reasons[0] == "lowers_rating"
    assert option.speed_after == pytest.approx(48 / KMH_PER_MPS)
    slow = option_of(
        schedule_line(rated_line(12.0, {"N2B": 10.0}), products=PRODUCTS), "traffic_calming"
    )
    assert slow.reasons == ("no_lower_tested_speed",)
    assert math.isnan(slow.speed_after)


def test_a_bend_tighter_than_the_vehicle_turns_is_said() -> None:
    option = option_of(
        schedule_line(rated_line(12.0, {"N3G": 30.0}), products=PRODUCTS), "traffic_calming"
    )
    assert "tighter_than_vehicle_turns" in option.reasons


def test_doing_nothing_suits_only_where_nothing_arrives() -> None:
    reached = option_of(schedule_line(rated_line(), products=PRODUCTS), "do_nothing")
    assert (reached.is_suitable, reached.reasons) == (False, ("stays_open",))
    free = schedule_line(rated_line(12.0, {}), products=PRODUCTS)
    assert option_of(free, "do_nothing").is_suitable
    assert free.chosen == -1
    stands = schedule_line(rated_line(is_existing=True), products=PRODUCTS)
    assert "barrier_here_does_not_hold" in option_of(stands, "do_nothing").reasons


def test_checks_name_what_fails_and_by_how_much() -> None:
    context = LineContext(crosses_tram=True, crosses_cycleway=True, n_trees=1, nearest_tree=2.0)
    scheduled = schedule_line(rated_line(), products=PRODUCTS, context=context)
    checks = {check.key: check for check in scheduled.checks}
    assert list(checks) == [
        "accessible_width", "egress_flow", "cycle_passage", "contrast", "visible_height",
        "tram", "tree_roots", "utilities",
    ]  # fmt: skip
    assert checks["cycle_passage"].missing == pytest.approx(0.3)
    assert checks["accessible_width"].outcome == "pass"
    assert checks["accessible_width"].details["is_nominal"]
    assert checks["egress_flow"].details["before"] == pytest.approx(984)
    assert checks["egress_flow"].value == pytest.approx(820)
    assert "cycle_opening" in scheduled.residual_risks
    narrow = schedule_line(rated_line(1.4), products=PRODUCTS)
    assert narrow.checks[0].missing == pytest.approx(1.2 - 1.15 / 2)


def test_elements_of_a_bent_line_lie_on_it_and_follow_its_direction() -> None:
    bent = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]])
    scheduled = schedule_line(rated_line(geometry=bent), products=PRODUCTS, choose="rated-planter")
    first, last = scheduled.elements[0], scheduled.elements[-1]
    assert first.y == pytest.approx(0.0)
    assert first.rotation == pytest.approx(0.0)
    assert last.x == pytest.approx(10.0)
    assert last.rotation == pytest.approx(math.pi / 2)
    assert (first.length, first.width) == (1.8, 1.2)


def test_prices_rise_with_what_arrives_and_weigh_what_no_product_covers() -> None:
    lorry = ("N2B", "V/7200[N2B]/64/90", "next_tested_speed")
    fast = ("M1", "", "above_tested_speeds")
    heavy = ("N3G", "", "no_tested_mass")
    bollard = PRODUCTS.families[0]
    dearest = max(
        price_of(family, level)
        for family, level in PRODUCTS.rated("permanent")
        if not family.is_operable
    )
    assert price_per_metre(PRODUCTS, []) == 0
    assert price_per_metre(PRODUCTS, [lorry]) == price_of(bollard, bollard.levels[1])
    one = price_per_metre(PRODUCTS, [lorry, fast])
    assert one == price_per_metre(PRODUCTS, [lorry]) + 10 * dearest
    assert price_per_metre(PRODUCTS, [lorry, fast, heavy]) == one + dearest
    assert price_per_metre(PRODUCTS, [fast, lorry]) == one
    assert price_per_metre(PRODUCTS, [lorry, fast, heavy]) < 2**25


def test_a_list_without_rated_products_is_refused_in_a_sentence() -> None:
    unrated = replace(
        PRODUCTS, id="urn:own", families=tuple(f for f in PRODUCTS.families if not f.is_rated)
    )
    with pytest.raises(NoRatedProductError) as caught:
        price_per_metre(unrated, [("N2B", "V/7200[N2B]/64/90", "")])
    assert "urn:own" in describe(caught.value)
    assert schedule_line(rated_line(), products=unrated).chosen == -1


def test_a_plan_without_an_opening_keeps_rescue_vehicles_out_and_says_by_how_much() -> None:
    fixed = schedule_line(rated_line(12.0), products=PRODUCTS)
    gate = schedule_line(rated_line(8.0, id=2), products=PRODUCTS, choose="rising-bollard")
    mixed = schedule_line(
        rated_line(12.0, id=3, keeps_emergency_access=True),
        products=PRODUCTS, choose="rated-planter",
    )  # fmt: skip
    unlaid = schedule_line(rated_line(9.0, {}), products=PRODUCTS)
    assert opened_width(fixed) == pytest.approx(1.2)
    assert opened_width(gate) == pytest.approx(8.0)
    assert opened_width(mixed) == pytest.approx(
        next(check.value for check in mixed.checks if check.key == "emergency_access")
    )
    assert opened_width(unlaid) == 9.0
    check = rescue_check([fixed])
    assert (check.outcome, check.details) == ("fail", {"line": 1})
    assert check.missing == pytest.approx(openness_requirements()["emergency_width"] - 1.2)
    found = rescue_check([fixed, gate, mixed])
    assert (found.outcome, found.details) == ("pass", {"line": 2})


def test_a_line_without_width_is_no_division_by_zero() -> None:
    scheduled = schedule_line(rated_line(0.0), products=PRODUCTS)
    assert scheduled.gaps == (0.0,)
    assert scheduled.checks[1].details["lost"] == 0.0


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
def test_every_code_of_a_line_has_words(language: str) -> None:
    wording = Wording(language)
    full = LineContext(True, True, True, 1, 1.0, 1, True)
    lines = [
        rated_line(width, {"M1": speed, "N3G": 30.0}, keeps_emergency_access=keeps,
                   is_existing=keeps, penetration_limit=limit)
        for width in (1.0, 2.0, 12.0)
        for speed in (5.0, 60.0, 125.0)
        for keeps in (False, True)
        for limit in (0.1, 3.0)
    ] + [rated_line(12.0, {})]  # fmt: skip
    for line in lines:
        for family in ("", "concrete-block", "fixed-bollard-deep"):
            scheduled = schedule_line(line, products=PRODUCTS, context=full, choose=family)
            for option in scheduled.options:
                for reason in option.reasons:
                    assert wording.has(f"closure.option_reason.{reason}"), reason
                for cover in option.coverage:
                    assert wording.has(f"closure.coverage_reason.{cover.reason}"), cover.reason
                    assert wording.has(f"closure.verdict.{cover.verdict}")
            for check in scheduled.checks:
                assert wording.has(f"closure.check.{check.key}"), check.key
                if check.outcome == "verify":
                    assert wording.has(f"closure.look_at.{check.key}"), check.key

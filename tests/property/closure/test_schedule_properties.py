"""Elements, gaps, prices and coverage of a line, whatever its width and whoever arrives."""

import math
from dataclasses import replace

import numpy as np
from closure_lines import arriving, rated_line, with_ratings
from hypothesis import assume, given
from hypothesis import strategies as st

from parvis.approach.ratings import parse_rating
from parvis.closure.elements import lay_out_row, place_elements
from parvis.closure.prices import price_per_metre
from parvis.closure.schedule import schedule_line
from parvis.packs import load_barrier_products
from parvis.terms import KMH_PER_MPS

PRODUCTS = load_barrier_products()
TESTED = (16, 32, 48, 64, 80, 96, 112)
widths = st.floats(0.3, 150.0)
families = st.sampled_from(PRODUCTS.families)
fixed_with_partner = st.sampled_from([f for f in PRODUCTS.families if f.operable_with])
vehicles = st.sampled_from(["M1", "N1G", "N1", "N2B", "N3D", "N3G"])
arrivals = st.dictionaries(vehicles, st.floats(2.0, 130.0), min_size=1, max_size=6)
wheelchairs = st.sampled_from([0.0, 1.2])


@given(widths, families, wheelchairs)
def test_no_gap_is_wider_than_allowed_and_everything_adds_up(width, family, wheelchair) -> None:
    row = lay_out_row(width, family, wheelchair=wheelchair)
    if row is None:
        assert family.least_length > width / 2
        return
    assert len(row.gaps) == len(row.lengths) + 1
    assert math.isclose(sum(row.gaps) + sum(row.lengths), width, abs_tol=1e-9)
    assert max(row.gaps) <= family.greatest_gap + 1e-9
    assert min(row.gaps) >= 0.0
    for length in row.lengths:
        assert family.least_length - 1e-9 <= length <= family.length + 1e-9
    free = sum(row.gaps)
    if wheelchair and free >= wheelchair and row.lengths:
        assert max(row.gaps) >= wheelchair - 1e-9


@given(widths, fixed_with_partner, st.floats(2.0, 6.0), wheelchairs)
def test_an_opening_opens_as_far_as_the_width_allows(width, family, opening, wheelchair) -> None:
    opener = PRODUCTS.family(family.operable_with)
    row = lay_out_row(width, family, opener=opener, opening=opening, wheelchair=wheelchair)
    assume(row is not None)
    assert math.isclose(sum(row.gaps) + sum(row.lengths), width, abs_tol=1e-9)
    assert max(row.gaps) <= family.greatest_gap + 1e-9
    if row.lengths:
        first = row.is_opening.index(True)
        n = sum(row.is_opening)
        assert all(row.is_opening[first : first + n])
        opened = sum(row.lengths[first : first + n]) + sum(row.gaps[first : first + n + 1])
        assert math.isclose(opened, row.opened)
        assert row.opened >= min(opening, width) - 1e-9


@given(widths, widths, st.sampled_from([None, 3.7]), families)
def test_a_wider_line_never_needs_fewer_elements(one, other, opening, family) -> None:
    opener = PRODUCTS.family(family.operable_with)
    narrow, wide = (
        lay_out_row(width, family, opener=opener, opening=opening or 0.0, wheelchair=1.2)
        for width in sorted((one, other))
    )
    assume(narrow is not None and wide is not None)
    assert len(narrow.lengths) <= len(wide.lengths)


@given(
    st.lists(st.tuples(st.floats(-40, 40), st.floats(-40, 40)), min_size=2, max_size=4),
    st.sampled_from(["fixed-bollard-deep", "rising-bollard"]),
)
def test_on_a_bent_line_no_gap_between_round_elements_is_wider(corners, key) -> None:
    geometry = np.array(corners)
    assume(np.hypot(*np.diff(geometry, axis=0).T).min() > 2.0)
    line = rated_line(geometry=geometry)
    family = PRODUCTS.family(key)
    row = lay_out_row(line.width, family, wheelchair=1.2)
    elements = place_elements(geometry, row, family)
    assert [element.number for element in elements] == list(range(1, len(elements) + 1))
    places = np.array([[element.x, element.y] for element in elements])
    if len(places) > 1:
        between = np.hypot(*np.diff(places, axis=0).T) - family.length
        assert between.max() <= max(row.gaps) + 1e-9


def triples(speeds):
    found = [arriving(vehicle, speed) for vehicle, speed in speeds.items()]
    return [(item.vehicle, item.required_rating, item.rating_reason) for item in found]


@given(arrivals, vehicles, st.floats(2.0, 130.0), st.sampled_from(["permanent", "temporary", ""]))
def test_a_faster_or_a_further_class_never_gets_cheaper_coverage(
    speeds, vehicle, speed, permanence
) -> None:
    present = price_per_metre(PRODUCTS, triples(speeds), permanence=permanence)
    faster = speeds | {vehicle: max(speed, speeds.get(vehicle, 0.0))}
    assert present > 0
    assert isinstance(present, int)
    assert price_per_metre(PRODUCTS, triples(faster), permanence=permanence) >= present
    before, after = (
        schedule_line(rated_line(20.0, chosen), products=PRODUCTS, permanence=permanence)
        for chosen in (speeds, faster)
    )
    if before.holds and after.holds:
        assert after.option.cost.low + after.option.cost.high >= (
            before.option.cost.low + before.option.cost.high
        )


@given(arrivals, st.data())
def test_one_rating_step_less_reopens_the_line(speeds, data) -> None:
    line = rated_line(20.0, speeds)
    scheduled = schedule_line(line, products=PRODUCTS)
    assume(scheduled.holds)
    assert scheduled.open_to == ()
    entry = data.draw(st.sampled_from(line.classes))
    family = scheduled.option.family
    required = parse_rating(entry.required_rating)
    step = TESTED.index(round(required.speed * KMH_PER_MPS))
    lower = {
        text: text.replace(f"/{round(offered.speed * KMH_PER_MPS)}/", f"/{TESTED[step - 1]}/")
        if step
        else None
        for level in PRODUCTS.family(family).levels
        for text in level.ratings
        for offered in [parse_rating(text)]
        if offered.vehicle_class == entry.vehicle and offered.speed >= required.speed - 1e-9
    }
    reopened = schedule_line(line, products=with_ratings(family, lower), choose=family)
    assert not reopened.holds
    assert reopened.open_to == (entry.vehicle,)
    assert "class_not_covered" in reopened.residual_risks


@given(arrivals, widths, st.booleans(), st.floats(0.0, 20.0))
def test_every_line_says_what_stays_and_what_is_chosen_never_holds_by_energy_alone(
    speeds, width, keeps, limit
) -> None:
    line = rated_line(width, speeds, keeps_emergency_access=keeps, penetration_limit=limit)
    scheduled = schedule_line(line, products=PRODUCTS)
    assert {"slow_encroachment", "tool_attack"} <= set(scheduled.residual_risks)
    places = [(item.scheme != "traffic_calming", item.order) for item in scheduled.options]
    assert places == sorted(places)
    for cover in (cover for option in scheduled.options for cover in option.coverage):
        assert not (cover.holds and cover.verdict not in ("EXACT", "DOMINATES"))
        if cover.holds:
            assert parse_rating(cover.offered).penetration <= limit
    if scheduled.chosen >= 0:
        assert math.isclose(
            sum(scheduled.gaps) + sum(item.length for item in scheduled.elements), width,
            abs_tol=1e-9,
        )  # fmt: skip
        assert scheduled.option.n_elements == len(scheduled.elements)
        assert scheduled.option.permanence == "permanent"
    else:
        assert scheduled.open_to == tuple(item.vehicle for item in line.classes)


@given(arrivals)
def test_a_lower_penetration_limit_never_holds_more(speeds) -> None:
    held = [
        {
            cover.vehicle
            for cover in schedule_line(
                rated_line(12.0, speeds, penetration_limit=limit),
                products=PRODUCTS, choose="fixed-bollard-shallow",
            ).coverage
            if cover.holds
        }
        for limit in (1.0, 3.0)
    ]  # fmt: skip
    assert held[0] <= held[1]
    assert not held[0]


def test_lists_of_prices_are_compared_by_identity() -> None:
    cheap = replace(
        PRODUCTS.families[0],
        levels=tuple(replace(level, cost_low=1, cost_high=1) for level in
                     PRODUCTS.families[0].levels),
    )  # fmt: skip
    other = replace(PRODUCTS, families=(cheap,))
    required = triples({"N2B": 50.0})
    assert price_per_metre(other, required) == 1
    assert price_per_metre(PRODUCTS, required) > 1

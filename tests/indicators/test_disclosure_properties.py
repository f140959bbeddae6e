"""Nothing hidden shows through: judged by the linear programme, and by trying every table."""

import random

import pytest
from disclosure_tables import CITY, by_trying, crossed, key
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from parvis.errors import ParvisError
from parvis.indicators.disclosure import (
    Cell,
    Known,
    Reason,
    Relation,
    audit,
    default_rules,
    protect,
)
from parvis.indicators.disclosure.errors import ProtectionImpossibleError

RULES = default_rules()
LEAST = RULES.least_count
counts = st.one_of(st.integers(0, 9), st.integers(0, 60))
tables = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(counts, min_size=n, max_size=n), min_size=2, max_size=4)
)
bases = st.sampled_from([None, None, 5, 10])


@settings(max_examples=25, deadline=None)
@given(tables, bases)
def test_what_is_hidden_is_protected_in_the_eyes_of_the_linear_programme(table, base):
    cells, relations = crossed(table)
    plan = protect(cells, relations, base=base)
    assert set(plan.shown) | set(plan.hidden) == {cell.key for cell in cells}
    for cell in cells:
        assert cell.key not in plan.shown or not 0 < cell.count < LEAST
    for found in audit(cells, relations, plan.hidden, base=base):
        assert found.is_protected, found
        if found.reason is Reason.FEW:
            assert found.low <= 1
            assert found.high >= LEAST


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2), bases)
def test_trying_every_table_tells_no_more_than_the_programme_says(table, base):
    cells, relations = crossed(table)
    plan = protect(cells, relations, base=base)
    most = 2 * LEAST + sum(sum(row) for row in table)
    found = by_trying(cells, plan.shown, base=base, most=most)
    for each in audit(cells, relations, plan.hidden, base=base):
        low, high = found[each.key]
        assert each.low <= low + 1e-6
        assert each.high >= high - 1e-6
        if each.reason is Reason.FEW:
            assert low <= 1
            assert high >= LEAST
        else:
            assert high > low


@settings(max_examples=20, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_cells_and_relations_does_not_matter(table, shuffle: random.Random):
    cells, relations = crossed(table)
    plan = protect(cells, relations)
    shuffle.shuffle(cells)
    mixed = [
        Relation(each.total, tuple(shuffle.sample(each.parts, len(each.parts))))
        for each in relations
    ]
    shuffle.shuffle(mixed)
    again = protect(cells, mixed)
    assert again.hidden == plan.hidden
    assert again.shown == plan.shown


@settings(max_examples=25, deadline=None)
@given(tables, st.data())
def test_publishing_less_never_narrows_what_a_hidden_cell_can_be(table, data):
    cells, relations = crossed(table)
    plan = protect(cells, relations)
    assume(plan.shown and plan.hidden)
    less = data.draw(st.sampled_from(plan.shown))
    before = {each.key: each for each in audit(cells, relations, plan.hidden)}
    fewer = [
        Cell(cell.key, cell.count, is_wanted=cell.is_wanted and cell.key != less) for cell in cells
    ]
    for each in audit(fewer, relations, plan.hidden):
        assert each.low <= before[each.key].low + 1e-6
        assert each.high >= before[each.key].high - 1e-6
        assert each.is_protected


@settings(max_examples=25, deadline=None)
@given(tables, st.data())
def test_a_later_release_gives_away_nothing_the_earlier_one_hid(table, data):
    cells, relations = crossed(table)
    plan = protect(cells, relations)
    known = [
        Known(cell.key, cell.count, cell.count, "first") for cell in cells if cell.key in plan.shown
    ]
    wanted = data.draw(st.sets(st.sampled_from([cell.key for cell in cells])))
    later = [Cell(cell.key, cell.count, is_wanted=cell.key in wanted) for cell in cells]
    second = protect(later, relations, known=known)
    for found in audit(later, relations, {**plan.hidden, **second.hidden}, known=known):
        assert found.is_protected, found


def test_a_total_and_all_but_one_part_never_stand_together():
    cells, relations = crossed([[3, 30], [20, 40], [25, 60]])
    plan = protect(cells, relations)
    for relation in relations:
        all_of_it = (relation.total, *relation.parts)
        assert sum(each in plan.hidden for each in all_of_it) != 1


def test_a_part_is_not_found_by_subtracting_from_an_earlier_total():
    city, one, two = Cell(key(CITY), 43), Cell(key("D1"), 3), Cell(key("D2"), 40)
    relation = Relation(city.key, (one.key, two.key))
    known = [Known(city.key, 43, 43, "2026-01-01-1")]
    city = Cell(city.key, 43, is_wanted=False)
    plan = protect([city, one, two], [relation], known=known)
    assert plan.hidden == {one.key: Reason.FEW, two.key: Reason.SECONDARY}


def test_what_is_known_for_good_is_refused_unless_it_is_accepted():
    cells = [Cell(key(CITY), 43), Cell(key("D1"), 3), Cell(key("D2"), 40)]
    relations = [Relation(cells[0].key, (cells[1].key, cells[2].key))]
    known = [
        Known(cells[0].key, 43, 43, "2026-01-01-1"),
        Known(cells[2].key, 40, 40, "2026-02-01-1"),
    ]
    with pytest.raises(ProtectionImpossibleError) as caught:
        protect(cells, relations, known=known)
    assert caught.value.details["known"] == "2026-01-01-1, 2026-02-01-1"
    plan = protect(cells, relations, known=known, accepted=[cells[1].key])
    assert cells[1].key in plan.hidden
    assert plan.accepted == (cells[1].key,)


def test_what_is_lost_already_stops_no_release_that_it_is_no_part_of():
    cells = [Cell(key(CITY), 43), Cell(key("D1"), 3, is_wanted=False), Cell(key("D2"), 40)]
    known = [Known(cells[0].key, 43, 43, "first"), Known(cells[2].key, 40, 40, "first")]
    plan = protect(cells, [Relation(cells[0].key, (cells[1].key, cells[2].key))], known=known)
    assert plan.lost == (key("D1"),)
    assert plan.shown == (key("D2"), key(CITY))
    assert not plan.intervals[key("D1")].is_protected


def test_an_earlier_figure_that_was_revised_tells_nothing_of_today():
    cells = [Cell(key(CITY), 44), Cell(key("D1"), 3), Cell(key("D2"), 41)]
    known = [Known(cells[2].key, 40, 40, "2026-01-01-1")]
    plan = protect(cells, [Relation(cells[0].key, (cells[1].key, cells[2].key))], known=known)
    assert plan.revised == (known[0],)


def test_areas_of_areas_are_protected_through_every_level():
    districts = {"D1": 3, "D2": 30, "D3": 25, "D4": 40}
    halves = {"North": ("D1", "D2"), "South": ("D3", "D4")}
    cells = [Cell(key(area), n) for area, n in districts.items()]
    cells += [Cell(key(a), sum(districts[p] for p in parts)) for a, parts in halves.items()]
    cells.append(Cell(key(CITY), sum(districts.values())))
    relations = [Relation(key(a), tuple(key(p) for p in parts)) for a, parts in halves.items()]
    relations.append(Relation(key(CITY), tuple(key(a) for a in halves)))
    plan = protect(cells, relations)
    assert plan.hidden == {key("D1"): Reason.FEW, key("D2"): Reason.SECONDARY}


def test_parts_whose_rest_is_unknown_are_bounded_only():
    cells = [Cell(key(CITY), 50), Cell(key("D1"), 3), Cell(key("D2"), 40)]
    plan = protect(cells, [Relation(cells[0].key, (cells[1].key, cells[2].key))])
    assert plan.hidden == {key("D1"): Reason.FEW}


@pytest.mark.parametrize("problem", [Cell(key(CITY), -1), Cell(key(CITY), 5, group=4)])
def test_a_cell_that_cannot_be_is_refused(problem):
    with pytest.raises(ParvisError):
        protect([problem])


def test_a_cell_given_twice_is_refused():
    with pytest.raises(ParvisError):
        protect([Cell(key(CITY), 7), Cell(key(CITY), 7)])

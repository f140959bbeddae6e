"""A change carried into a baseline gives what a full run of the changed ground gives, exactly."""

import math
from functools import lru_cache

import numpy as np
import shapely
from drawn_city import Street, Thing, draw_city
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from parvis.approach.cells import erode, link_cells
from parvis.approach.changed_cells import Footprint, changed_cells, erode_ground
from parvis.approach.changes import AddBarrier, CloseGround, NarrowMouth, OpenGround
from parvis.approach.perimeter import cut_boundary
from parvis.approach.vehicles import load_vehicle_classes
from parvis.approach.what_if import WhatIf, full_run, what_if
from parvis.approach.what_if_baseline import Baseline
from parvis.approach.window import Window
from parvis.errors import InputError
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

SIDE = 72.0
N_HEADINGS = 16


@lru_cache(maxsize=4)
def baseline(kind: int) -> Baseline:
    """A cross of streets around a square, a bridge over one of them and a closed courtyard."""
    streets = [
        Street([(-30, 36), (36, 36), (102, 36)], width=9.0),
        Street([(36, -30), (36, 36), (36, 102)], width=8.0),
        Street([(-30, 10), (36, 10), (102, 10)], width=6.0),
    ]
    if kind == 1:
        streets += [
            Street([(14, 10), (14, 24)], width=6.0),
            Street([(14, 24), (14, 60)], width=6.0, level=1, flags=frozenset({"bridge"})),
            Street([(14, 60), (36, 60)], width=6.0),
        ]
    square = shapely.box(28, 30, 50, 52)
    city = draw_city(
        streets,
        areas=[
            Thing("building", shapely.box(44, 14, 70, 28), id=50),
            Thing("pedestrian", shapely.box(50, 18, 60, 24), id=51),
        ],
        spaces=[Thing("square", square, id=60)],
    )
    area = shapely.box(36, 38, 46, 48)
    window = Window(
        city,
        area,
        cut_boundary(area),
        (0.0, 0.0, SIDE, SIDE),
        load_ground_rules(),
        n_headings=N_HEADINGS,
    )
    vehicle = load_vehicle_classes(["N1"])[0]
    return Baseline.prepare(window, vehicle, Scenario.LIMIT)


def lines(draw) -> shapely.LineString:
    x, y = draw(st.floats(2, SIDE - 2)), draw(st.floats(2, SIDE - 2))
    half, way = draw(st.floats(0.5, 15)), draw(st.floats(0, math.pi))
    dx, dy = half * math.cos(way), half * math.sin(way)
    return shapely.LineString([(x - dx, y - dy), (x + dx, y + dy)])


def discs(draw) -> shapely.Polygon:
    x, y = draw(st.floats(0, SIDE)), draw(st.floats(0, SIDE))
    return shapely.Point(x, y).buffer(draw(st.floats(0.5, 9)), quad_segs=draw(st.integers(1, 4)))


@st.composite
def one_change(draw):
    kind = draw(st.sampled_from(["barrier", "close", "open", "break", "narrow"]))
    if kind == "barrier":
        return AddBarrier(lines(draw))
    if kind == "close":
        return CloseGround(discs(draw))
    if kind == "narrow":
        return NarrowMouth(lines(draw), draw(st.floats(0.0, 5.0)))
    return OpenGround(discs(draw), includes_obstacles=kind == "break")


def accepted(function, *arguments) -> WhatIf:
    try:
        return function(*arguments)
    except InputError:
        assume(False)
        raise


def assert_equal(one: WhatIf, other: WhatIf) -> None:
    left, right = one.run_ups(), other.run_ups()
    assert left.keys() == right.keys()
    for level, values in left.items():
        np.testing.assert_array_equal(values, right[level])
    np.testing.assert_array_equal(one.reachable, other.reachable)
    for name in ("speed", "direction", "angle", "row", "column", "heading"):
        np.testing.assert_array_equal(getattr(one.after, name), getattr(other.after, name))


relaxed = settings(
    deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


@relaxed
@given(kind=st.integers(0, 1), changes=st.lists(one_change(), min_size=1, max_size=3))
def test_what_if_equals_the_full_run(kind, changes):
    start = baseline(kind)
    before = start.run_up.copy()
    quick = accepted(what_if, start, changes)
    assert_equal(quick, full_run(start, changes))
    np.testing.assert_array_equal(start.run_up, before)
    assert not start.due.any()


@relaxed
@given(kind=st.integers(0, 1), change=one_change())
def test_closing_never_raises_and_opening_never_lowers(kind, change):
    start = baseline(kind)
    present = full_run(start, [])
    after = accepted(what_if, start, [change])
    before, now = present.run_ups(), after.run_ups()
    levels = before.keys() | now.keys()
    shape = next(iter(before.values())).shape
    nothing = np.zeros(shape, dtype=np.uint16)
    for level in levels:
        was, will = before.get(level, nothing), now.get(level, nothing)
        if isinstance(change, OpenGround):
            assert (will >= was).all()
        else:
            assert (will <= was).all()


@relaxed
@given(
    kind=st.integers(0, 1),
    changes=st.lists(one_change(), min_size=2, max_size=4),
    random=st.randoms(use_true_random=False),
)
def test_order_of_changes_does_not_matter(kind, changes, random):
    start = baseline(kind)
    one = accepted(what_if, start, changes)
    shuffled = list(changes)
    random.shuffle(shuffled)
    assert_equal(one, what_if(start, shuffled))


@relaxed
@given(st.data())
def test_changed_cells_are_those_of_the_changed_ground(data):
    """Against eroding and rasterising the whole: removed ground exactly, added ground no less."""
    half, bounds = 1.1, (0.0, 0.0, 40.0, 30.0)
    surface = shapely.box(2.03, 3.01, 37.07, 26.02).difference(
        shapely.box(15.04, 9.02, 22.06, 17.03)
    )
    grid = link_cells([surface], half_width=half, cell=1.0, bounds=bounds)
    ground = erode_ground([surface], [], level=0, half_width=half, bounds=bounds, grid=grid)
    x, y = data.draw(st.floats(3, 36)), data.draw(st.floats(4, 25))
    shape = shapely.Point(x, y).buffer(data.draw(st.floats(0.2, 6)), quad_segs=3)
    closed, _ = changed_cells(grid, ground, Footprint(removed=(shape,)))
    left = shapely.difference(erode(surface, half), shapely.buffer(shape, half - 0.02, quad_segs=8))
    touched, vertical, horizontal = _flags(left, bounds)
    np.testing.assert_array_equal(closed.is_ground[0], touched)
    np.testing.assert_array_equal(closed.right[0][:, :-1], vertical)
    np.testing.assert_array_equal(closed.up[0][:-1], horizontal)
    opened, _ = changed_cells(grid, ground, Footprint(added=(shape,)))
    whole = shapely.union(surface, shape).intersection(shapely.box(*bounds))
    exact = shapely.buffer(whole, -half, quad_segs=16)
    touched, vertical, horizontal = _flags(exact, bounds)
    assert (opened.is_ground[0] >= touched).all()
    assert (opened.right[0][:, :-1] >= vertical).all()
    assert (opened.up[0][:-1] >= horizontal).all()
    loose = shapely.buffer(whole, 0.06 - half, quad_segs=16)
    touched, vertical, horizontal = _flags(loose, bounds)
    assert (opened.is_ground[0] <= touched).all()
    assert (opened.right[0][:, :-1] <= vertical).all()


@relaxed
@given(st.data())
def test_row_of_posts_leaves_the_cells_of_the_changed_ground(data):
    half, bounds = 1.1, (0.0, 0.0, 60.0, 30.0)
    surface = shapely.box(2.03, 3.01, 57.07, 26.02)
    grid = link_cells([surface], half_width=half, cell=1.0, bounds=bounds)
    ground = erode_ground([surface], [], level=0, half_width=half, bounds=bounds, grid=grid)
    line = shapely.LineString([(3, data.draw(st.floats(4, 25))), (56, data.draw(st.floats(4, 25)))])
    places = line.interpolate(np.arange(0.0, line.length, data.draw(st.floats(0.8, 20.0))))
    posts = shapely.buffer(places, data.draw(st.floats(0.05, 1.5)), quad_segs=4)
    closed, looked_at = changed_cells(grid, ground, Footprint(removed=tuple(posts)))
    grown = shapely.buffer(posts, half - 0.02, quad_segs=8)
    left = shapely.difference(erode(surface, half), shapely.union_all(grown))
    touched, vertical, horizontal = _flags(left, bounds)
    np.testing.assert_array_equal(closed.is_ground[0], touched)
    np.testing.assert_array_equal(closed.right[0][:, :-1], vertical)
    np.testing.assert_array_equal(closed.up[0][:-1], horizontal)
    differs = (closed.right != grid.right) | (closed.up != grid.up)
    differs |= closed.is_ground != grid.is_ground
    assert np.isin(np.flatnonzero(differs), looked_at).all()


def _flags(surface, bounds):
    from parvis.approach.cells import rasterise

    rows, columns = int(bounds[3]), int(bounds[2])
    touched, vertical, horizontal = rasterise(
        surface, cell=1.0, bounds=bounds, rows=rows, columns=columns
    )
    return touched, vertical[:, 1:-1], horizontal[1:-1]

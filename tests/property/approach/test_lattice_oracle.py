"""The lattice kernel against slow, obvious label correcting on the same moves, and its laws."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.approach.cells import CellGrid
from parvis.approach.lattice import EntryStates, LatticeField, reachable_cells, solve_lattice
from parvis.approach.lattice_moves import STEP_COLUMN, STEP_ROW, forward_of
from parvis.approach.lattice_relax import gained_run_up
from parvis.approach.lattice_trace import trace_state
from parvis.approach.vehicles import VehicleParameters

VEHICLE = VehicleParameters(
    acceleration=2.0,
    specific_power=20.0,
    friction=0.45,
    width=2.0,
    turning_radius=3.0,
    top_speed=9.0,
)
N_HEADINGS = 16


@st.composite
def random_grids(draw, most_levels=2):
    """Random links, two levels with portals, and a few cells that are protected."""
    levels = draw(st.integers(1, most_levels))
    rows, columns = draw(st.integers(1, 7)), draw(st.sampled_from([5, 9, 34]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    openness = draw(st.sampled_from([0.6, 0.85, 1.0]))
    shape = (levels, rows, columns)
    right = random.random(shape) < openness
    up = random.random(shape) < openness
    right[:, :, -1] = False
    up[:, -1, :] = False
    terminal = random.random(shape) < draw(st.sampled_from([0.0, 0.1]))
    portals = np.zeros((0, 4), dtype=np.int32)
    if levels == 2:
        place = np.argwhere(random.random((rows, columns)) < 0.05)
        ones = np.zeros((len(place), 1), dtype=np.int64)
        portals = np.hstack([ones, ones + 1, place]).astype(np.int32)
    grid = CellGrid(
        origin_x=0.0,
        origin_y=0.0,
        cell=1.0,
        levels=tuple(range(levels)),
        is_ground=np.ones(shape, dtype=np.bool_),
        right=right,
        up=up,
        portals=portals,
    )
    reachable = random.random(shape) < draw(st.sampled_from([0.7, 1.0]))
    n = draw(st.integers(0, 3))
    entry = EntryStates(
        level=random.integers(0, levels, n),
        row=random.integers(0, rows, n),
        column=random.integers(0, columns, n),
        direction=random.uniform(-7.0, 7.0, n),
        speed=random.uniform(0.0, 12.0, n),
    )
    return grid, reachable, terminal, entry


@st.composite
def random_heights(draw, shape):
    """Level ground, or slopes of up to 15 %."""
    if draw(st.booleans()):
        return None
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rise = random.uniform(-0.15, 0.15, 2)
    row, column = np.indices(shape[1:])
    bumps = random.uniform(-0.02, 0.02, shape)
    return (rise[0] * row + rise[1] * column + bumps).astype(np.float32)


def solve(case, vehicle=VEHICLE, height=None):
    grid, reachable, terminal, entry = case
    return solve_lattice(
        grid,
        vehicle=vehicle,
        reachable=reachable,
        terminal=terminal,
        entry=entry,
        height=height,
        n_headings=N_HEADINGS,
    )


def dense(field: LatticeField) -> np.ndarray:
    """Run-ups by heading, level, row, column."""
    return field.numbers.unpack(field.run_up)


def oracle(field: LatticeField) -> np.ndarray:
    """Label correcting over single states, following links one by one."""
    grid, moves = field.grid, field.moves
    levels, rows, columns = grid.is_ground.shape
    allowed = field.reachable | field.terminal
    run_up = np.zeros((moves.n_headings, levels, rows, columns), dtype=np.int64)

    def gained(state, level, r, c, gain, cap):
        rise = field.height_of((level, r, c)) - field.height_of(state[1:])
        return gained_run_up.py_func(int(run_up[state]), int(gain), int(cap), rise, moves.curve)

    def joined(level, r, c, step):
        """One straight step; protected cells are not left."""
        r2, c2 = r + int(STEP_ROW[step]), c + int(STEP_COLUMN[step])
        if not (0 <= r < rows and 0 <= c < columns and 0 <= r2 < rows and 0 <= c2 < columns):
            return False
        if not (allowed[level, r, c] and allowed[level, r2, c2]) or field.terminal[level, r, c]:
            return False
        link = grid.right if step in (0, 4) else grid.up
        return bool(link[level, min(r, r2), min(c, c2)])

    def follow(level, r, c, step):
        """Whether a step is open, and the protected cells met when it is tried."""
        if step % 2 == 0:
            is_open = joined(level, r, c, step)
            target = (r + int(STEP_ROW[step]), c + int(STEP_COLUMN[step]))
            return is_open, [target] if is_open and field.terminal[(level, *target)] else []
        is_open, met = False, []
        for first, second in ((step - 1, (step + 1) % 8), ((step + 1) % 8, step - 1)):
            if joined(level, r, c, first):
                middle = (r + int(STEP_ROW[first]), c + int(STEP_COLUMN[first]))
                if field.terminal[(level, *middle)]:
                    met.append(middle)
                elif joined(level, *middle, second):
                    is_open = True
        return is_open, met

    def results(state):
        """All states one move leads to, with what it makes of the state's run-up."""
        heading, level, row, column = state
        value = run_up[state]
        if field.terminal[level, row, column] or not field.reachable[level, row, column]:
            return
        forward = forward_of(heading, moves.n_headings)
        if moves.is_columnwise(heading):
            dr, dc = int(moves.line_shifts(heading, columns)[column]), forward
        else:
            dr, dc = forward, int(moves.line_shifts(heading, rows)[row])
        step = next(k for k in range(8) if (STEP_ROW[k], STEP_COLUMN[k]) == (dr, dc))
        is_open, met = follow(level, row, column, step)
        for r, c in [*met, (row + dr, column + dc)] if is_open else met:
            after = gained(state, level, r, c, moves.step_gain[heading], moves.top)
            yield (heading, level, r, c), after
        for one, other, r, c in grid.portals:
            if (row, column) == (r, c) and level in (one, other):
                beyond = other if level == one else one
                if field.reachable[beyond, r, c] and not field.terminal[beyond, r, c]:
                    yield (heading, int(beyond), row, column), value
        for a in range(moves.n_arcs):
            number = heading * moves.n_arcs + a
            r, c = row, column
            for k in range(moves.path_start[number], moves.path_start[number + 1]):
                is_open, met = follow(level, r, c, int(moves.path_step[k]))
                for place in met:
                    after = gained(state, level, *place, moves.path_gain[k], moves.cap[a])
                    yield (int(moves.path_heading[k]), level, *place), after
                r, c = (
                    r + int(STEP_ROW[moves.path_step[k]]),
                    c + int(STEP_COLUMN[moves.path_step[k]]),
                )
                if not is_open:
                    break
                if field.terminal[level, r, c]:
                    after = gained(state, level, r, c, moves.path_gain[k], moves.cap[a])
                    yield (int(moves.path_heading[k]), level, r, c), after
                    break
            else:
                turned = (heading + int(moves.turn[a])) % moves.n_headings
                after = gained(state, level, r, c, moves.gain[number], moves.cap[a])
                yield (turned, level, r, c), after

    for state, units in field.entry_run_up.items():
        run_up[state] = units
    queue = deque(np.ndindex(run_up.shape))
    queued = set(queue)
    while queue:
        state = queue.popleft()
        queued.discard(state)
        for other, value in results(state):
            if value > run_up[other]:
                run_up[other] = value
                if other not in queued:
                    queued.add(other)
                    queue.append(other)
    return run_up


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_kernel_finds_the_same_fixed_point_as_the_oracle(data):
    case = data.draw(random_grids())
    field = solve(case, height=data.draw(random_heights(case[0].is_ground.shape)))
    np.testing.assert_array_equal(dense(field), oracle(field))


@settings(max_examples=20, deadline=None)
@given(random_grids(), st.integers(0, 2**32 - 1))
def test_an_obstacle_never_raises_a_speed(case, seed):
    grid, reachable, terminal, entry = case
    keep = np.random.default_rng(seed).random((2, *grid.right.shape)) < 0.95
    blocked = CellGrid(
        grid.origin_x,
        grid.origin_y,
        grid.cell,
        grid.levels,
        grid.is_ground,
        grid.right & keep[0],
        grid.up & keep[1],
        grid.portals,
    )
    free = solve(case)
    hindered = solve((blocked, reachable, terminal, entry))
    assert np.all(dense(hindered) <= dense(free))


@settings(max_examples=20, deadline=None)
@given(
    random_grids(),
    st.sampled_from(["acceleration", "specific_power", "friction", "top_speed"]),
)
def test_speeds_rise_with_each_parameter_of_the_vehicle(case, name):
    values = {
        field: getattr(VEHICLE, field) for field in VEHICLE.__dataclass_fields__ if field != name
    }
    stronger = VehicleParameters(**values, **{name: getattr(VEHICLE, name) * 1.3})
    weak, strong = solve(case), solve(case, stronger)
    gain = strong.speed_map() - weak.speed_map()
    unit_speed = np.sqrt(2.0 * VEHICLE.acceleration * 1.3 * weak.moves.unit)
    assert np.nanmin(gain, initial=0.0) >= -unit_speed * 0.05


def test_mirrored_and_rotated_grids_give_the_same_speeds():
    random = np.random.default_rng(7)
    shape = (1, 40, 52)
    right, up = random.random(shape) < 0.97, random.random(shape) < 0.97
    right[:, :, -1] = False
    up[:, -1, :] = False
    terminal = np.zeros(shape, dtype=np.bool_)
    terminal[0, 15:20, 20:30] = True
    no_portals = np.zeros((0, 4), dtype=np.int32)

    def speeds(right, up, terminal):
        grid = CellGrid(0.0, 0.0, 1.0, (0,), np.ones_like(terminal), right, up, no_portals)
        field = solve_lattice(
            grid, vehicle=VEHICLE, reachable=grid.is_ground, terminal=terminal, n_headings=32
        )
        return field.speed_map()[0]

    def with_margin(links, axis):
        """Shift links so that they belong to the other cell of the pair."""
        return np.roll(links, 1, axis=axis)

    reference = speeds(right, up, terminal)
    mirrored_right = with_margin(right, 2)[:, :, ::-1]
    mirrored = speeds(mirrored_right.copy(), up[:, :, ::-1].copy(), terminal[:, :, ::-1].copy())
    np.testing.assert_array_equal(mirrored[:, ::-1], reference)
    swapped = speeds(
        up.transpose(0, 2, 1).copy(), right.transpose(0, 2, 1).copy(), terminal.transpose(0, 2, 1)
    )
    np.testing.assert_array_equal(swapped.T, reference)


@settings(max_examples=15, deadline=None)
@given(st.data(), st.integers(0, 2**32 - 1))
def test_every_state_can_be_explained(data, seed):
    case = data.draw(random_grids())
    field = solve(case, height=data.draw(random_heights(case[0].is_ground.shape)))
    random = np.random.default_rng(seed)
    moving = np.argwhere(dense(field) > 0)
    for heading, level, row, column in moving[random.permutation(len(moving))[:10]]:
        trace = trace_state(field, level, row, column, heading)
        assert trace.legs or trace.is_entry
        if trace.legs:
            final = trace.legs[-1].speed_out
            expected = field.moves.speed_of_units(dense(field)[heading, level, row, column])
            assert final == pytest.approx(float(expected), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(random_grids(), st.integers(0, 2**32 - 1))
def test_reachable_cells_follow_links_and_portals(case, seed):
    grid, _, blocked, _ = case
    seeds = np.random.default_rng(seed).random(grid.is_ground.shape) < 0.02
    reached = reachable_cells(grid, seeds, blocked=blocked)
    expected = seeds & ~blocked
    while True:
        grown = expected.copy()
        grown[:, :, 1:] |= expected[:, :, :-1] & grid.right[:, :, :-1]
        grown[:, :, :-1] |= expected[:, :, 1:] & grid.right[:, :, :-1]
        grown[:, 1:, :] |= expected[:, :-1, :] & grid.up[:, :-1, :]
        grown[:, :-1, :] |= expected[:, 1:, :] & grid.up[:, :-1, :]
        for one, other, r, c in grid.portals:
            both = expected[one, r, c] | expected[other, r, c]
            grown[one, r, c] |= both
            grown[other, r, c] |= both
        grown &= ~blocked
        if np.array_equal(grown, expected):
            break
        expected = grown
    np.testing.assert_array_equal(reached, expected)

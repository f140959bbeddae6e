"""
Answer along which lines a place is closed to vehicles at the least cost.

The cut is priced with speeds as they are today, an upper bound; then again and again with speeds
that no walk through the enclosed ground can have, until it stays.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from parvis.approach.analysis import Question
from parvis.approach.lattice import LatticeField
from parvis.approach.window import Approach
from parvis.approach.window_size import Windows
from parvis.closure.cut import Cut, arc_costs, cut_cost, is_closable, minimum_cut
from parvis.closure.cut_ground import CELL, Bounds, CutGround, cut_ground
from parvis.closure.cut_lines import Enclosure, crossings_elsewhere, draw_lines, severed
from parvis.closure.price_field import (
    PriceOf,
    RatingSteps,
    arrival_steps,
    metre_prices,
    rating_steps,
)
from parvis.terms import Scenario

MARGIN = 120.0
"""Lines are looked for up to this far from the protected area. [m]"""

MOST_ROUNDS = 8
"""Re-pricing ends after this many rounds at the latest."""

ALIKE = 2.5
"""Plans whose lines lie this close to each other are one. [m]"""

Progress = Callable[[str, int, int], None]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CutPlan:
    """
    One way to enclose the area.

    Attributes
    ----------
    key : {"cheapest", "nearest", "furthest"}
    lines : tuple of LineString
        From face to face, in the city's CRS. [m]
    enclosed : Polygon or MultiPolygon
        Protected area and what lies between it and the lines.
    cut_cost_first, cut_cost : int
        Of the cut in its own metric, at first prices and with its own barriers standing. [cents]
    rounds : int
        Times the prices were taken anew.
    """

    key: str
    lines: tuple[shapely.LineString, ...]
    enclosed: shapely.Geometry
    cut_cost_first: int
    cut_cost: int
    rounds: int


@dataclass(frozen=True, eq=False)
class Closing:
    """
    The plans for one place.

    Attributes
    ----------
    plans : tuple of CutPlan
        The cheapest first; alternatives only where they differ.
    cannot_close : str
        "" or ``"forbidden_ground_joins"``: the plan is then a partial one.
    where_not : Geometry or None
        Stretches of lines where no barrier may stand, and where other levels would be crossed.
    """

    plans: tuple[CutPlan, ...]
    cannot_close: str = ""
    where_not: shapely.Geometry | None = None


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def closing_lines(
    question: Question,
    windows: Windows,
    *,
    price_of: PriceOf,
    sink_margin: float,
    cautious_ratio: Mapping[str, float],
    hopeless_from: int | None = None,
    holding: frozenset[str] = frozenset(),
    free: shapely.Geometry | None = None,
    forbidden: shapely.Geometry | None = None,
    margin: float = MARGIN,
    n_workers: int = 2,
    progress: Progress = _silent,
) -> Closing:
    """
    Find the lines that close a place at the least cost.

    Parameters
    ----------
    question : Question
    windows : Windows
        Of the question's area and vehicles, see `parvis.approach.window_size.settled_windows`.
    price_of : callable
        Cents per metre of barrier for what arrives, see `parvis.closure.price_field`.
    sink_margin : float
        What must stay between the people line and a line. [m], >= 0
    cautious_ratio : mapping of str to float
        By class, for the cautious design: how far above typical speeds prices are taken, e.g. the
        greatest ratio of cautious to typical speed at the place's access points. [1], >= 1
    hopeless_from : int, optional
        From this price on no product holds: such metres are used only where the place cannot be
        closed without them. [cents m⁻¹]
    holding : frozenset of str
        Barriers that stand already and hold against every class: walls for the cut.
    free : Geometry, optional
        Barriers that stand already and hold against every class. [m]
    forbidden : Geometry, optional
        Surfaces where no barrier may stand. [m]
    margin : float, default 120
        How far from the area lines are looked for; further out counts as street. [m]
    n_workers : int, default 2
        Threads that solve classes side by side.
    progress : callable, optional
        Hears (``"cut"``, done, total).

    Returns
    -------
    Closing

    Notes
    -----
    The cut separates on the upper ground of the least particular class. Prices use the question's
    design: for ``typical`` the P50 set on the typical ground, for ``cautious`` its speeds times
    `cautious_ratio`, and the limit set for what only the upper ground leads to; for ``limit`` the
    limit set throughout. Prices only choose where lines run: what a line requires is analysed
    afterwards. A local optimum of re-pricing: prices only fall, each cut
    lies around the one before.
    """
    window = windows.widest
    ground = window.ground(
        Scenario.LIMIT,
        is_off_road=any(vehicle.is_off_road for vehicle in question.vehicles),
        holding=holding,
    )
    people = question.people_line if question.people_line is not None else question.area
    kept_free = shapely.union(shapely.buffer(people, sink_margin), question.area)
    sink = shapely.buffer(kept_free, CELL)
    nodes = cut_ground(
        ground,
        bounds=_bounds_around(sink, margin, windows),
        sink=sink,
        free=free,
        forbidden=forbidden,
    )
    pricing = _Pricing(question, windows, cautious_ratio, price_of, nodes, n_workers)
    progress("cut", 0, 3)
    first = pricing.prices(~nodes.is_sink)
    cut = least_cut(nodes, first, hopeless_from)
    first_cost = cut.cost
    progress("cut", 1, 3)

    price, rounds, nearest = first, 0, cut.outside_near
    while rounds < MOST_ROUNDS:
        rounds += 1
        price = lowered(price, pricing.prices(cut.outside), cut.outside)
        again = least_cut(replace(nodes, is_sink=~cut.outside), price, hopeless_from)
        is_same = bool((again.outside == cut.outside).all())
        cut = again
        if is_same:
            break
    progress("cut", 2, 3)
    surface = ground.surfaces[ground.levels.index(0)]

    def drawn(outside: Flags, is_reached: Flags) -> Enclosure:
        standing = nodes if cut.is_closed else severed(nodes, outside)
        return draw_lines(
            standing, surface, outside, question.area, kept_free=kept_free, is_reached=is_reached
        )

    best = drawn(cut.outside, _is_priced(price))
    plans = [CutPlan("cheapest", best.lines, best.enclosed, first_cost, cut.cost, rounds)]
    if not cut.is_closed:
        barred = crossings_elsewhere(nodes, cut.outside)
        return _partial(plans[0], forbidden, barred)
    near = drawn(nearest, _is_priced(first))
    if not _are_alike(near.lines, best.lines):
        own = lowered(first, pricing.prices(nearest), nearest)
        cost = cut_cost(nodes, arc_costs(nodes, own), nearest)
        plans.append(CutPlan("nearest", near.lines, near.enclosed, first_cost, cost, 1))
        if cost < cut.cost:
            plans = [replace(plans[1], key="cheapest"), replace(plans[0], key="furthest")]
    progress("cut", 3, 3)
    return Closing(tuple(plans))


def least_cut(nodes: CutGround, price: NDArray[np.int64], hopeless_from: int | None) -> Cut:
    """
    Find the least cut that holds everywhere or, where there is none, the least one.

    Parameters
    ----------
    nodes : CutGround
    price : ndarray of int64, shape (16, n_nodes)
        [cents m⁻¹]
    hopeless_from : int or None
        From this price on a metre does not hold. [cents m⁻¹]
    """
    if hopeless_from is not None:
        hopeless = price[nodes.step, nodes.tail] >= hopeless_from
        holding = replace(nodes, is_forbidden=nodes.is_forbidden | hopeless)
        if is_closable(holding):
            return minimum_cut(holding, price)
    return minimum_cut(nodes, price)


def lowered(price: NDArray[np.int64], anew: NDArray[np.int64], outside: Flags) -> NDArray[np.int64]:
    """
    Lower prices on what leaves the nodes outside a cut.

    Parameters
    ----------
    price, anew : ndarray of int64, shape (16, n_nodes)
        [cents m⁻¹]
    outside : ndarray of bool, shape (n_nodes,)

    Notes
    -----
    Only arcs whose tail lies outside become cheaper, so the next least cut with the smallest
    outside lies within this one's outside (submodularity), and prices taken with this enclosure
    standing are an upper bound for it.
    """
    return np.where(outside, np.minimum(price, anew), price)


def _is_priced(price: NDArray[np.int64]) -> Flags:
    """Return which nodes some class gets to."""
    return np.asarray((price > 0).any(axis=0), dtype=np.bool_)


class _Pricing:
    """Prices of one question, taken anew for each enclosure."""

    def __init__(
        self,
        question: Question,
        windows: Windows,
        cautious_ratio: Mapping[str, float],
        price_of: PriceOf,
        nodes: CutGround,
        n_workers: int,
    ) -> None:
        self.vehicles = question.vehicles
        self.windows = windows
        self.price_of = price_of
        self.nodes = nodes
        self.n_workers = n_workers
        self.steps: dict[str, RatingSteps] = {v.key: rating_steps(v) for v in question.vehicles}
        self.ratio = cautious_ratio if question.design == "cautious" else {}
        self.runs = [
            self.windows.of_vehicle[vehicle.key].prepare(vehicle, scenario)
            for vehicle in question.vehicles
            for scenario in _scenarios(question.design)
        ]

    def prices(self, outside: Flags) -> NDArray[np.int64]:
        """Return prices per metre with everything but `outside` entered and never left."""

        def steps_of(approach: Approach) -> NDArray[np.uint8]:
            key = approach.vehicle.key
            is_typical = approach.scenario is Scenario.TYPICAL
            return arrival_steps(
                self._solve(approach, outside),
                approach.packed.is_ground_level,
                0.5 * approach.parameters.width,
                self.steps[key],
                self.nodes,
                ratio=self.ratio.get(key, 1.0) if is_typical else 1.0,
            )

        with ThreadPoolExecutor(max_workers=max(1, self.n_workers)) as pool:
            found = list(pool.map(steps_of, self.runs))
        arrivals: dict[str, NDArray[np.uint8]] = {}
        for approach, steps in zip(self.runs, found, strict=True):
            known = arrivals.get(approach.vehicle.key)
            arrivals[approach.vehicle.key] = (
                steps if known is None else np.where(known > 0, known, steps)
            )
        order = [self.steps[vehicle.key] for vehicle in self.vehicles]
        return metre_prices(arrivals, order, self.price_of)

    def _solve(self, approach: Approach, outside: Flags) -> LatticeField:
        inside = _on_lattice(self.nodes, ~outside, approach)
        terminal = approach.protected | (inside & approach.reachable)
        window = self.windows.of_vehicle[approach.vehicle.key]
        enclosed = replace(approach, protected=terminal, reachable=approach.reachable & ~terminal)
        return window.solve(enclosed).field


def _scenarios(design: str) -> tuple[Scenario, ...]:
    """Return the runs of a design, the one that governs where it arrives first."""
    return (Scenario.LIMIT,) if design == "limit" else (Scenario.TYPICAL, Scenario.LIMIT)


def _on_lattice(nodes: CutGround, inside: Flags, approach: Approach) -> NDArray[np.bool_]:
    """Return the cells of a lattice's ground level whose nearest node of the cut is inside."""
    grid = approach.packed.grid
    level = nodes.grid.levels.index(0)
    known = np.zeros(nodes.grid.is_ground.shape, dtype=np.int8)
    known[nodes.node_level, nodes.node_row, nodes.node_column] = 1 + inside
    nearest = distance_transform_edt(known[level] == 0, return_distances=False, return_indices=True)
    label = known[level][tuple(nearest)] == 2
    layer = grid.levels.index(0)
    flags = np.zeros(grid.is_ground.shape, dtype=np.bool_)
    row, column = np.nonzero(approach.packed.is_ground_level)
    x = grid.origin_x + (column + 0.5) * grid.cell - nodes.grid.origin_x
    y = grid.origin_y + (row + 0.5) * grid.cell - nodes.grid.origin_y
    r, c = (np.floor(value / nodes.grid.cell).astype(np.int64) for value in (y, x))
    is_in = (r >= 0) & (r < label.shape[0]) & (c >= 0) & (c < label.shape[1])
    flags[layer, row[is_in], column[is_in]] = label[r[is_in], c[is_in]]
    return flags


def _bounds_around(sink: shapely.Geometry, margin: float, windows: Windows) -> Bounds:
    """Return the box around the sink that all windows cover."""
    west, south, east, north = (float(value) for value in shapely.bounds(sink))
    boxes = [window.bounds for window in windows.of_vehicle.values()]
    return (
        max(west - margin, *(box[0] for box in boxes)),
        max(south - margin, *(box[1] for box in boxes)),
        min(east + margin, *(box[2] for box in boxes)),
        min(north + margin, *(box[3] for box in boxes)),
    )


def _are_alike(one: Sequence[shapely.LineString], other: Sequence[shapely.LineString]) -> bool:
    """Tell whether lines lie within `ALIKE` of each other."""
    if not one or not other:
        return len(one) == len(other)
    first, second = shapely.multilinestrings(list(one)), shapely.multilinestrings(list(other))
    return bool(shapely.hausdorff_distance(first, second) <= ALIKE)


def _partial(
    plan: CutPlan, forbidden: shapely.Geometry | None, elsewhere: Sequence[shapely.Geometry]
) -> Closing:
    """Return what can be closed of a plan that runs over forbidden ground or other levels."""
    no_barrier = shapely.MultiPolygon() if forbidden is None else forbidden
    drawn = np.array(plan.lines, dtype=object)
    barred = shapely.intersection(drawn, no_barrier)
    kept = shapely.get_parts(shapely.difference(drawn, no_barrier))
    lines = tuple(line for line in kept if line.length > 0.0)
    where_not = shapely.union_all([*barred, *elsewhere])
    return Closing((replace(plan, lines=lines),), "forbidden_ground_joins", where_not)

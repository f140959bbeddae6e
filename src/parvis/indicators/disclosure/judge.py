"""What can a hidden cell be, for those who know everything published: the linear programme."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from parvis.indicators.disclosure.model import Need
from parvis.indicators.disclosure.system import TOLERANCE, Floats, Rows, System

ROUNDS, STALE = 24, 2
"""Programmes for many cells at once, and how many may find nothing new."""
PER_PROGRAMME = 1000
"""Cells that are put into one programme, in whole components."""
FAR = 100.0
"""How many times the widest need a cell without one may move, so that programmes have an end."""


@dataclass(frozen=True, eq=False)
class Part:
    """
    Cells that can move, with the relations that bind them, none of which reaches out of it.

    Attributes
    ----------
    cells, relations : ndarray
        Ascending.
    rows : csr_array, shape (len(relations), len(cells))
    """

    cells: Rows
    relations: Rows
    rows: csr_array


@dataclass(eq=False)
class Proof:
    """
    How far each cell is proved to rise and to fall, from its count; grows as proofs are found.

    Attributes
    ----------
    up, down : ndarray, shape (n,)
    """

    up: Floats
    down: Floats

    def add(self, cells: Rows, moves: Floats) -> None:
        """Take in one possible state of the cells."""
        self.up[cells] = np.maximum(self.up[cells], moves)
        self.down[cells] = np.maximum(self.down[cells], -moves)

    def lacks(self, system: System, needs: Mapping[int, Need]) -> list[int]:
        """Return the cells whose need is not proved yet."""
        return [cell for cell, need in needs.items() if not is_met(system, self, cell, need)]


def is_met(system: System, proof: Proof, cell: int, need: Need) -> bool:
    """Return whether what is proved of a cell is enough."""
    low = system.counts[cell] - proof.down[cell]
    high = system.counts[cell] + proof.up[cell]
    return bool(
        low <= need.low + TOLERANCE
        and high >= need.high - TOLERANCE
        and high - low >= need.width - TOLERANCE
    )


def parts_of(system: System, free: NDArray[np.bool_]) -> Iterator[Part]:
    """Yield the cells that can move, in parts that do not bind each other, some to a programme."""
    cells = np.flatnonzero(free)
    if not len(cells):
        return
    rows = csr_array(system.rows[:, cells])
    bound = np.flatnonzero(np.diff(rows.indptr) > 0)
    rows = csr_array(rows[bound])
    n_rows, n_cells = rows.shape
    entries = rows.tocoo()
    graph = csr_array(
        (np.ones(len(entries.data)), (entries.row, n_rows + entries.col)),
        shape=(n_rows + n_cells, n_rows + n_cells),
    )
    _, label = connected_components(graph, directed=False)
    sizes = np.bincount(label[n_rows:], minlength=int(label.max()) + 1)
    chunk = (np.cumsum(sizes) - sizes) // PER_PROGRAMME
    of_row, of_cell = chunk[label[:n_rows]], chunk[label[n_rows:]]
    for each in np.unique(of_cell):
        some, cols = np.flatnonzero(of_row == each), np.flatnonzero(of_cell == each)
        yield Part(cells[cols], bound[some], csr_array(csr_array(rows[some])[:, cols]))


def prove(
    system: System, low: Floats, high: Floats, needs: Mapping[int, Need], proof: Proof
) -> None:
    """
    Look for states of the cells that prove what is needed of many of them at once.

    Each programme moves as many of the cells that still lack proof as it can, up or down at random,
    no further than is needed. What it finds is possible, so it is proof; what it does not find
    `limits_of` decides.
    """
    free = (high - low) > TOLERANCE
    random = np.random.default_rng(0)
    lacking = np.zeros(len(system.cells), dtype=bool)
    for part in parts_of(system, free):
        mine = [int(cell) for cell in part.cells if int(cell) in needs]
        reach_up, reach_down = _reach(system, part, low, high, needs)
        stale = 0
        for _ in range(ROUNDS):
            open_ = [cell for cell in mine if not is_met(system, proof, cell, needs[cell])]
            if not open_:
                break
            before = proof.up[open_].sum() + proof.down[open_].sum()
            lacking[:] = False
            lacking[open_] = True
            weights = _wanted(system, part, needs, proof, lacking, random)
            found = _solve(system, part, -weights, -reach_down, reach_up)
            if found is not None:
                proof.add(part.cells, found)
            if proof.up[open_].sum() + proof.down[open_].sum() <= before:
                stale += 1
            if stale > STALE:
                break


def limits_of(
    system: System, low: Floats, high: Floats, cells: list[int], proof: Proof | None = None
) -> dict[int, tuple[float, float]]:
    """Return the exact least and greatest count of each of `cells`, two programmes a cell."""
    found = {cell: (float(system.counts[cell]), float(system.counts[cell])) for cell in cells}
    asked = set(cells)
    for part in parts_of(system, (high - low) > TOLERANCE):
        down, up = system.counts[part.cells] - low[part.cells], high[part.cells]
        up = up - system.counts[part.cells]
        for at in [i for i, cell in enumerate(part.cells) if int(cell) in asked]:
            cell = int(part.cells[at])
            ends = []
            for sign in (-1.0, 1.0):
                weights = np.zeros(len(part.cells))
                weights[at] = -sign
                moves = _solve(system, part, weights, -down, up)
                if moves is None:
                    ends.append(sign * np.inf)
                    continue
                ends.append(float(moves[at]))
                if proof is not None:
                    proof.add(part.cells, moves)
            count = float(system.counts[cell])
            found[cell] = (max(count + ends[0], float(low[cell])), count + ends[1])
            if proof is not None:
                proof.down[cell] = max(proof.down[cell], count - found[cell][0])
                proof.up[cell] = max(proof.up[cell], found[cell][1] - count)
    return found


def _reach(
    system: System, part: Part, low: Floats, high: Floats, needs: Mapping[int, Need]
) -> tuple[Floats, Floats]:
    """Return how far cells may rise and fall while many are to move at once."""
    counts = system.counts[part.cells]
    mine = [needs.get(int(cell)) for cell in part.cells]
    far = max((need.width + need.high - need.low for need in mine if need), default=1.0)
    least = np.array([FAR * far if n is None or n.low == n.high else far for n in mine])
    return np.minimum(high[part.cells] - counts, least), counts - low[part.cells]


def _wanted(
    system: System,
    part: Part,
    needs: Mapping[int, Need],
    proof: Proof,
    lacking: NDArray[np.bool_],
    random: np.random.Generator,
) -> Floats:
    """Return in which direction each cell that lacks proof is to move, and how dearly."""
    weights = np.zeros(len(part.cells))
    signs = random.choice([-1.0, 1.0], len(part.cells))
    for at in np.flatnonzero(lacking[part.cells]):
        cell = int(part.cells[at])
        need, count = needs[cell], system.counts[cell]
        lacks_up = count + proof.up[cell] < need.high - TOLERANCE
        lacks_down = count - proof.down[cell] > need.low + TOLERANCE
        sign = signs[at]
        if lacks_up != lacks_down:
            sign = 1.0 if lacks_up else -1.0
        weights[at] = sign * (1.0 + random.random())
    return weights


def _solve(system: System, part: Part, cost: Floats, low: Floats, high: Floats) -> Floats | None:
    """Return the possible moves of least cost; None where it has no end."""
    bounds = np.column_stack([low, high])
    found = linprog(cost, **bound_by(system, part, part.rows, bounds))
    if found.x is None:
        return None
    return np.asarray(found.x, dtype=np.float64)


def bound_by(system: System, part: Part, rows: csr_array, bounds: Floats) -> dict[str, Any]:
    """Return what `linprog` takes as constraints of moves, whose coefficients are `rows`."""
    whole = np.flatnonzero(system.complete[part.relations])
    loose = np.flatnonzero(~system.complete[part.relations])
    found: dict[str, Any] = {"bounds": bounds, "method": "highs"}
    if len(whole):
        found |= {"A_eq": rows[whole], "b_eq": np.zeros(len(whole))}
    if len(loose):
        found |= {"A_ub": rows[loose], "b_ub": system.gaps[part.relations[loose]]}
    return found

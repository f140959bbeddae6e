"""
Answer what a change of the ground does to the speeds at a boundary, without a new full run.

A baseline is prepared once per class; after that each list of changes takes a small part of the
time of a full run and gives the same values, run-up by run-up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parvis.approach.access_points import open_stretches
from parvis.approach.arrivals import Arrivals, fastest_arrivals, find_crossings
from parvis.approach.changed_cells import Footprint, changed_cells
from parvis.approach.changes import Change, RemoveBarrier, ReplaceBarrier, compile_changes
from parvis.approach.lattice import LatticeField, reachable_cells
from parvis.approach.lattice_repair import (
    Places,
    lower_run_ups,
    raise_run_ups,
    states_that_lost,
)
from parvis.approach.lattice_repair_arrive import meet_again
from parvis.approach.lattice_repair_places import group_cells, reached_again, repacked
from parvis.approach.planes import pack_levels
from parvis.approach.sources import open_to_streets
from parvis.approach.what_if_baseline import Baseline, portal_pairs

ENTRY_SPEEDS_KEPT = "what_if_entry_speeds_kept"
"""Notice: a barrier that closed a street was removed; vehicles may enter the window faster."""


@dataclass(frozen=True, eq=False)
class WhatIf:
    """
    What a list of changes does.

    Attributes
    ----------
    baseline : Baseline
    before, after : Arrivals
        Fastest arrival at each metre of the boundary.
    reachable : ndarray of bool, shape (n_levels, rows, columns)
        Ground outside the protected area that vehicles reach afterwards.
    state : ndarray of int64, shape (n,)
        States of the baseline that were changed; none after a full run.
    run_up : ndarray of uint16, shape (n,)
        What they have now. [units]
    full_field : LatticeField or None
        Of a full run.
    layer_of_level : mapping of int to int
        Layer of the states each level lies in.
    notices : tuple of str
        Codes of what a reader should know.
    """

    baseline: Baseline
    before: Arrivals
    after: Arrivals
    reachable: NDArray[np.bool_]
    state: NDArray[np.int64]
    run_up: NDArray[np.uint16]
    full_field: LatticeField | None
    layer_of_level: Mapping[int, int]
    notices: tuple[str, ...]

    @property
    def is_full_run(self) -> bool:
        """
        Whether all was solved anew.

        So it is on sloping ground, and where ground comes into use that the layers of the baseline
        have no place for.
        """
        return self.full_field is not None

    @property
    def opened(self) -> NDArray[np.bool_]:
        """Metres that a vehicle crosses now and did not before, shape (n,)."""
        return np.isnan(self.before.speed) & ~np.isnan(self.after.speed)

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Metres that no vehicle crosses any more, shape (n,)."""
        return ~np.isnan(self.before.speed) & np.isnan(self.after.speed)

    @property
    def stretches(self) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
        """Open stretches of the boundary before and after, as indices of metres."""
        boundary = self.baseline.window.boundary
        before, after = (
            open_stretches(~np.isnan(arrivals.speed), boundary)
            for arrivals in (self.before, self.after)
        )
        return before, after

    def run_ups(self) -> dict[int, NDArray[np.uint16]]:
        """
        Return the run-up of every state after the changes, by level.

        Returns
        -------
        dict from level to ndarray of uint16, shape (n_headings, rows, columns)
            [units]; 0 off the ground in use, levels without such ground are missing.
        """
        if self.full_field is not None:
            dense = self.full_field.numbers.unpack(self.full_field.run_up)
        else:
            values = self.baseline.run_up.copy()
            values[self.state] = self.run_up
            by_cell = values.reshape(-1, self.baseline.table.n_headings)
            dense = self.baseline.field.numbers.unpack(by_cell.T)
        in_use = self.reachable | self.baseline.sources.protected
        found = {}
        for level, cells in zip(self.baseline.grid.levels, in_use, strict=True):
            if level in self.layer_of_level:
                values = np.where(cells, dense[:, self.layer_of_level[level]], np.uint16(0))
                if values.any():
                    found[level] = values
        return found


def what_if(
    baseline: Baseline, changes: Sequence[Change], *, footprint: Footprint | None = None
) -> WhatIf:
    """
    Carry changes of the ground into a baseline.

    Parameters
    ----------
    baseline : Baseline
        Left as it is.
    changes : sequence of Change
        In any order.
    footprint : Footprint, optional
        What `compile_changes` makes of them on `baseline.present`, where that is known.

    Returns
    -------
    WhatIf
        Equal to `full_run`, run-up by run-up.

    Raises
    ------
    parvis.errors.InputError
        For changes that do nothing, cannot be, or undo each other.

    Notes
    -----
    Speeds with which vehicles enter the window are kept as the street field of the present network
    gives them. Closing ground can only lower them, so they stay an upper bound; where a barrier
    that closes a street is removed they may rise, and a notice says so. Ground that new barriers
    cut off from all streets outside the window is no starting place any more.
    """
    if footprint is None:
        footprint = compile_changes(changes, baseline.present)
    grid, candidates = changed_cells(baseline.grid, baseline.ground, footprint)
    sources, numbers, terminal = (
        baseline.sources,
        baseline.field.numbers,
        baseline.approach.protected,
    )
    reachable = reached_again(
        sources.seeds,
        sources.entries,
        sources.protected,
        grid.is_ground,
        grid.right,
        grid.up,
        grid.portals.astype(np.int64),
        sources.piece_before,
        sources.n_before,
        baseline.rows_of_level,
    )
    kept = grid.is_ground & (reachable | sources.protected)
    is_other = np.flatnonzero(reachable != baseline.reachable)
    base = baseline.approach.packed.grid
    packed = replace(
        base, is_ground=base.is_ground.copy(), right=base.right.copy(), up=base.up.copy()
    )
    steps = baseline.places.steps.copy()
    cells, fits = repacked(
        np.union1d(candidates, is_other),
        baseline.kept,
        kept,
        baseline.grid.right,
        grid.right,
        baseline.grid.up,
        grid.up,
        baseline.layer_of_level,
        numbers.stacked_row,
        numbers.stride,
        terminal,
        packed.is_ground,
        packed.right,
        packed.up,
        steps,
    )
    if not fits or baseline.field.height is not None:
        return full_run(baseline, changes)
    level, row, column = np.unravel_index(is_other, reachable.shape)
    layer = baseline.layer_of_level[level]
    reached = baseline.approach.reachable.copy()
    for is_in in (False, True):
        these = reachable.reshape(-1)[is_other] == is_in
        reached[layer[these], row[these], column[these]] = is_in
    moved = numbers.numbers(layer, row, column)
    is_allowed = baseline.places.is_allowed.copy()
    is_allowed[moved] = (reached | terminal)[layer, row, column]
    after = baseline.places._replace(steps=steps, is_allowed=is_allowed)
    pairs = portal_pairs(grid, kept, reached & ~terminal, baseline.layer_of_level, numbers)
    if not np.array_equal(pairs, baseline.pairs):
        group, first_member, member = group_cells(pairs, numbers.n_cells)
        after = after._replace(group=group, first_member=first_member, member=member)
        cells = np.concatenate([cells, _regrouped(baseline, after, pairs)])
    cells = np.unique(np.concatenate([cells, moved]))
    crossings = find_crossings(
        packed, baseline.window.boundary, reachable=reached, protected=terminal
    )
    run_up, table, before = baseline.run_up, baseline.table, baseline.places
    log = np.empty((0, 2), dtype=np.int64)
    with baseline.lock:
        try:
            suspects = states_that_lost(run_up, table, before, after, cells)
            gone = cells[before.is_allowed[cells] & ~after.is_allowed[cells]]
            log = lower_run_ups(run_up, table, after, suspects, gone, baseline.due)
            log = np.concatenate([log, raise_run_ups(run_up, table, before, after, cells)])
            met = meet_again(
                run_up, table, before, after, cells, log, baseline.met, baseline.is_near
            )
            log = np.concatenate([log, met])
            is_touched = np.zeros(len(run_up), dtype=np.bool_)
            is_touched[log[:, 0]] = True
            state = np.flatnonzero(is_touched)
            values = run_up[state]
            arrivals = fastest_arrivals(baseline.field, baseline.window.boundary, crossings)
        finally:
            run_up[log[::-1, 0]] = log[::-1, 1]
    return WhatIf(
        baseline=baseline,
        before=baseline.arrivals,
        after=arrivals,
        reachable=reachable,
        state=state,
        run_up=values,
        full_field=None,
        layer_of_level=baseline.approach.packed.layer_of_level,
        notices=_notices(baseline, changes),
    )


def full_run(baseline: Baseline, changes: Sequence[Change]) -> WhatIf:
    """
    Solve the changed ground from scratch: what `what_if` is measured against.

    Parameters
    ----------
    baseline : Baseline
    changes : sequence of Change

    Returns
    -------
    WhatIf
    """
    footprint = compile_changes(changes, baseline.present)
    grid, _ = changed_cells(baseline.grid, baseline.ground, footprint)
    sources, approach = baseline.sources, baseline.approach
    reachable = open_to_streets(
        reachable_cells(grid, sources.seeds, blocked=sources.protected),
        grid,
        reachable_before=sources.reachable_before,
        grid_before=sources.grid_before,
        entries=sources.entries,
    )
    packed = pack_levels(grid, reachable | sources.protected)
    reached, terminal = np.zeros_like(packed.usable), np.zeros_like(packed.usable)
    for level, layer in packed.layer_of_level.items():
        reached[layer] |= reachable[grid.levels.index(level)]
        terminal[layer] |= sources.protected[grid.levels.index(level)]
    boundary = baseline.window.boundary
    crossings = find_crossings(packed.grid, boundary, reachable=reached, protected=terminal)
    solved = baseline.window.solve(
        replace(approach, packed=packed, reachable=reached, protected=terminal, crossings=crossings)
    )
    return WhatIf(
        baseline=baseline,
        before=baseline.arrivals,
        after=solved.arrivals,
        reachable=reachable,
        state=np.empty(0, dtype=np.int64),
        run_up=np.empty(0, dtype=np.uint16),
        full_field=solved.field,
        layer_of_level=packed.layer_of_level,
        notices=_notices(baseline, changes),
    )


def _regrouped(baseline: Baseline, after: Places, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells that portals join with others than before."""
    known = {tuple(pair) for pair in baseline.pairs.tolist()}
    now = {tuple(pair) for pair in pairs.tolist()}
    touched = np.array(sorted({cell for pair in known ^ now for cell in pair}), dtype=np.int64)
    found = [touched]
    for places in (baseline.places, after):
        for group in np.unique(places.group[touched]):
            if group >= 0:
                first, last = places.first_member[group], places.first_member[group + 1]
                found.append(places.member[first:last])
    return np.concatenate(found)


def _notices(baseline: Baseline, changes: Sequence[Change]) -> tuple[str, ...]:
    removed = [
        change.removed if isinstance(change, ReplaceBarrier) else change for change in changes
    ]
    features = {one.feature for one in removed if isinstance(one, RemoveBarrier) and one.feature}
    holds = {item.feature for item in baseline.approach.ground.existing if item.holds}
    return (ENTRY_SPEEDS_KEPT,) if features & holds else ()

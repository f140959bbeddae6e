"""Answer what has to be kept of a solved window so that changes of its ground are quick."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from parvis.approach.arrivals import Arrivals
from parvis.approach.cells import CellGrid
from parvis.approach.changed_cells import ErodedGround, erode_ground
from parvis.approach.changes import PresentGround
from parvis.approach.lattice import LatticeField, entry_run_ups, reachable_cells
from parvis.approach.lattice_layout import CellNumbers
from parvis.approach.lattice_repair import Places
from parvis.approach.lattice_repair_places import group_cells
from parvis.approach.lattice_repair_table import MoveTable, move_table
from parvis.approach.rated_barriers import holding_barriers
from parvis.approach.sources import label_pieces, open_to_streets
from parvis.approach.vehicles import VehicleClass
from parvis.approach.window import Approach, Window, _entry_cells, _entry_states
from parvis.terms import Scenario

_BESIDE = 1.0
"""What a barrier takes away lies within this distance of where it is mapped. [m]"""


@dataclass(frozen=True, eq=False)
class Sources:
    """
    Where vehicles come from; arrays of shape (n_levels, rows, columns).

    Attributes
    ----------
    seeds, entries, protected : ndarray of bool
        Cells of streets, cells where streets come into the window, protected cells.
    grid_before : CellGrid
        Without rated barriers.
    reachable_before : ndarray of bool
        Ground reached there: what `sources.open_to_streets` asks for.
    piece_before : ndarray of int32
        Piece of it each cell belongs to, -1 for none.
    n_before : int
        Pieces.
    """

    seeds: NDArray[np.bool_]
    entries: NDArray[np.bool_]
    protected: NDArray[np.bool_]
    grid_before: CellGrid
    reachable_before: NDArray[np.bool_]
    piece_before: NDArray[np.int32]
    n_before: int


@dataclass(frozen=True, eq=False)
class Baseline:
    """
    A solved window of one class and scenario, with what changes of its ground need.

    Attributes
    ----------
    window : Window
    approach : Approach
    field : LatticeField
    arrivals : Arrivals
    present : PresentGround
        What changes are laid over.
    ground : ErodedGround
    grid : CellGrid
        All levels, not packed.
    sources : Sources
    reachable, kept : ndarray of bool, shape (n_levels, rows, columns)
        Cells vehicles reach, and those of the ground that are in use, protected ones too.
    rows_of_level : ndarray of int64, shape (n_levels, 2)
        See `lattice_repair_places.reached_again`.
    layer_of_level : ndarray of int64, shape (n_levels,)
        Layer of the packed grid, -1 for levels without.
    table : MoveTable
    places : Places
    pairs : ndarray of int64, shape (k, 2)
        Cells that portals join.
    met : ndarray of int64
        Protected cells beside others.
    is_near : ndarray of bool, shape (n_cells,)
        Cells from which an arc may meet one of them.
    run_up : ndarray of uint16, shape (n_cells * n_headings,)
        By state; see `lattice_repair_table.MoveTable`. [units]
    due : ndarray of uint16, shape (n_cells * n_headings,)
        Zeros, for `lattice_repair.lower_run_ups`.
    lock : Lock
        Held while `run_up` and `due` are in use.
    """

    window: Window
    approach: Approach
    field: LatticeField
    arrivals: Arrivals
    present: PresentGround
    ground: ErodedGround
    grid: CellGrid
    sources: Sources
    reachable: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    rows_of_level: NDArray[np.int64]
    layer_of_level: NDArray[np.int64]
    table: MoveTable
    places: Places
    pairs: NDArray[np.int64]
    met: NDArray[np.int64]
    is_near: NDArray[np.bool_]
    run_up: NDArray[np.uint16]
    due: NDArray[np.uint16]
    lock: Any

    @classmethod
    def prepare(
        cls,
        window: Window,
        vehicle: VehicleClass,
        scenario: Scenario,
        *,
        holding: frozenset[str] | None = None,
    ) -> "Baseline":
        """
        Solve a window once and keep what changes will need.

        Parameters
        ----------
        window : Window
        vehicle : VehicleClass
        scenario : Scenario
            The upper one answers cautiously.
        holding : frozenset of str, optional
            Rated barriers taken to hold; by default those that do at the speeds there.

        Returns
        -------
        Baseline
        """
        if holding is None:
            holding = holding_barriers(window, vehicle, scenario)
        solved = window.solve(window.prepare(vehicle, scenario, holding=holding))
        approach, field = solved.approach, solved.field
        numbers, terminal = field.numbers, approach.protected
        ground = approach.ground
        level = ground.levels.index(0)
        grid = window._grid(ground, approach.parameters.width)
        sources, reachable = _sources(window, approach, grid, has_barriers=bool(holding))
        kept = grid.is_ground & (reachable | sources.protected)
        layers = approach.packed.layer_of_level
        layer_of_level = np.array([layers.get(one, -1) for one in grid.levels], dtype=np.int64)
        table = move_table(field.moves, numbers)
        pairs = portal_pairs(grid, kept, approach.reachable & ~terminal, layer_of_level, numbers)
        outer = terminal & ndimage.binary_dilation(~terminal, np.ones((1, 3, 3), dtype=np.bool_))
        side = 2 * table.reach + 1
        run_up = np.ascontiguousarray(field.run_up.T)
        free = window.ground(
            scenario, is_off_road=vehicle.is_off_road and scenario is Scenario.LIMIT
        )
        return cls(
            window=window,
            approach=approach,
            field=replace(field, run_up=run_up.T),
            arrivals=solved.arrivals,
            present=PresentGround(
                surface=ground.surfaces[level],
                blocked=ground.blocked,
                existing=_existing(approach, free.surfaces[free.levels.index(0)]),
            ),
            ground=erode_ground(
                ground.surfaces,
                ground.portals,
                level=level,
                half_width=0.5 * approach.parameters.width,
                bounds=ground.bounds,
                grid=grid,
            ),
            grid=grid,
            sources=sources,
            reachable=reachable,
            kept=kept,
            rows_of_level=_rows_of_levels(grid, level),
            layer_of_level=layer_of_level,
            table=table,
            places=_places(approach, field, pairs),
            pairs=pairs,
            met=np.flatnonzero(_by_number(outer, numbers)),
            is_near=_by_number(ndimage.maximum_filter(outer, size=(1, side, side)), numbers),
            run_up=run_up.reshape(-1),
            due=np.zeros(run_up.size, dtype=np.uint16),
            lock=Lock(),
        )


def portal_pairs(
    grid: CellGrid,
    kept: NDArray[np.bool_],
    free: NDArray[np.bool_],
    layer_of_level: NDArray[np.int64],
    numbers: CellNumbers,
) -> NDArray[np.int64]:
    """
    Return the cells that portals join, as pairs of cell numbers.

    Parameters
    ----------
    grid : CellGrid
        All levels.
    kept : ndarray of bool, shape (n_levels, rows, columns)
        Cells in use.
    free : ndarray of bool, shape (n_layers, rows, columns)
        Cells that vehicles reach and leave.
    layer_of_level : ndarray of int64, shape (n_levels,)
    numbers : CellNumbers

    Returns
    -------
    ndarray of int64, shape (k, 2)
    """
    one, other, row, column = (grid.portals[:, k].astype(np.int64) for k in range(4))
    layers = layer_of_level[one], layer_of_level[other]
    is_usable = kept[one, row, column] & kept[other, row, column]
    is_usable &= (layers[0] >= 0) & (layers[1] >= 0)
    is_usable &= free[layers[0], row, column] & free[layers[1], row, column]
    ends = [numbers.numbers(layer, row, column)[is_usable] for layer in layers]
    return np.asarray(np.column_stack(ends).reshape(-1, 2))


def _sources(
    window: Window, approach: Approach, grid: CellGrid, *, has_barriers: bool
) -> tuple[Sources, NDArray[np.bool_]]:
    """Return where vehicles come from, and the ground of all levels that they reach."""

    def reached(ground: Any, cells: CellGrid) -> tuple[NDArray[np.bool_], ...]:
        entries = _entry_cells(cells, approach.street_entries)
        seeds = window._carriageway_cells(ground, cells) | entries
        protected = window._protected(cells)
        return seeds, entries, protected, reachable_cells(cells, seeds, blocked=protected)

    seeds, entries, protected, reachable = reached(approach.ground, grid)
    grid_before, reachable_before = grid, reachable
    if has_barriers:
        is_off_road = approach.vehicle.is_off_road and approach.scenario is Scenario.LIMIT
        free = window.ground(approach.scenario, is_off_road=is_off_road)
        grid_before = window._grid(free, approach.parameters.width)
        reachable_before = reached(free, grid_before)[3]
        reachable = open_to_streets(
            reachable,
            grid,
            reachable_before=reachable_before,
            grid_before=grid_before,
            entries=entries,
        )
    pieces, n_before = label_pieces(reachable_before, grid_before)
    index = [grid_before.levels.index(level) for level in grid.levels]
    sources = Sources(
        seeds=seeds,
        entries=entries,
        protected=protected,
        grid_before=grid_before,
        reachable_before=reachable_before,
        piece_before=pieces[index].astype(np.int32),
        n_before=n_before,
    )
    return sources, reachable


def _places(approach: Approach, field: LatticeField, pairs: NDArray[np.int64]) -> Places:
    """Return what the cells of a solved window are."""
    numbers, n_headings = field.numbers, field.moves.n_headings
    terminal, everywhere = approach.protected, np.ones_like(approach.reachable)
    steps = np.zeros(terminal.shape, dtype=np.uint8)
    for direction in range(8):
        steps |= field.open_steps[direction].astype(np.uint8) << direction
    entries, _ = _entry_states(replace(approach, reachable=everywhere))
    rows = [
        (int(numbers.stacked_row[level, row] * numbers.stride + column) * n_headings + heading, v)
        for (heading, level, row, column), v in entry_run_ups(
            entries, field.moves, everywhere
        ).items()
        if numbers.stacked_row[level, row] >= 0
    ]
    entered = np.array(sorted(rows), dtype=np.int64).reshape(-1, 2)
    has_entry = np.zeros(numbers.n_cells, dtype=np.bool_)
    has_entry[entered[:, 0] // n_headings] = True
    group, first_member, member = group_cells(pairs, numbers.n_cells)
    return Places(
        steps=_by_number(steps, numbers),
        is_allowed=_by_number(approach.reachable | terminal, numbers),
        is_terminal=_by_number(terminal, numbers),
        group=group,
        first_member=first_member,
        member=member,
        has_entry=has_entry,
        entry_state=np.ascontiguousarray(entered[:, 0]),
        entry_run_up=np.ascontiguousarray(entered[:, 1]),
    )


def _existing(approach: Approach, free: BaseGeometry) -> Mapping[str, BaseGeometry]:
    """Return what each obstacle of level 0 takes away from the ground."""
    ground = approach.ground
    surface = ground.surfaces[ground.levels.index(0)]
    taken = shapely.get_parts(shapely.difference(free, surface))
    found: dict[str, BaseGeometry] = {}
    for item in ground.existing:
        if item.level != 0:
            continue
        is_its = item.holds & (shapely.distance(taken, item.geometry) < _BESIDE)
        found[item.feature] = shapely.union_all(taken[is_its])
    return found


def _rows_of_levels(grid: CellGrid, level: int) -> NDArray[np.int64]:
    """Return the rows of each level that may hold ground; all of the level that changes."""
    n_levels, rows, _ = grid.is_ground.shape
    result = np.zeros((n_levels, 2), dtype=np.int64)
    for index in range(n_levels):
        occupied = np.flatnonzero(grid.is_ground[index].any(axis=1))
        if index == level:
            result[index] = 0, rows
        elif len(occupied):
            result[index] = occupied[0], occupied[-1] + 1
    return result


def _by_number(values: NDArray[Any], numbers: CellNumbers) -> NDArray[Any]:
    """Return values of cells, shape (n_layers, rows, columns), by cell number."""
    padded = np.zeros((len(numbers.row_of_row), numbers.stride), dtype=values.dtype)
    padded[:, : numbers.shape[2]] = values[numbers.level_of_row, numbers.row_of_row]
    return padded.reshape(-1)

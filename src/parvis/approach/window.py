"""How fast the vehicles of one class arrive at a boundary, solved in one window around it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from parvis.approach.arrivals import (
    Arrivals,
    Crossings,
    fastest_arrivals,
    find_crossings,
    protected_cells,
)
from parvis.approach.cells import CellGrid
from parvis.approach.ground import Ground, build_ground, ground_cells
from parvis.approach.lattice import EntryStates, LatticeField, reachable_cells, solve_lattice
from parvis.approach.perimeter import Boundary
from parvis.approach.planes import PackedGrid, pack_levels
from parvis.approach.sources import open_to_streets
from parvis.approach.street_field import StreetField
from parvis.approach.street_field_entries import (
    StreetCrossings,
    StreetEntries,
    entry_states,
    height_at,
    street_crossings,
)
from parvis.approach.street_fields import StreetFields
from parvis.approach.vehicles import VehicleClass, VehicleParameters
from parvis.city.model import City
from parvis.packs.content import GroundRules
from parvis.terms import Scenario

Bounds = tuple[float, float, float, float]

# GEOS builds indices of prepared geometries and trees on first use, which two threads may not do.
_GEOMETRY_LOCK = Lock()

CELL = 1.0
"""Cell size of the lattice. [m]"""

BLOCK = 8.0
"""Windows end on multiples of this, a multiple of every cell size in use. [m]"""

N_HEADINGS = 64
"""Headings of the lattice."""

ENTRY_SPACING = 0.5
"""Distance between entry states across a street. [m]"""

ENTRY_REACH = 50.0
"""A vehicle may enter at any direction that crosses its street within this length. [m]"""

ENTRY_DIRECTIONS = 2.0 * math.pi / 64
"""Step between entry directions. [rad]"""


@dataclass(frozen=True, eq=False)
class Approach:
    """
    Everything a window needs to know before the lattice is solved, for one class and scenario.

    Attributes
    ----------
    vehicle : VehicleClass
    scenario : Scenario
    parameters : VehicleParameters
    ground : Ground
    packed : PackedGrid
    reachable, protected : ndarray of bool, shape (n_layers, rows, columns)
    crossings : Crossings
    street_field : StreetField
    street_entries : StreetEntries
    """

    vehicle: VehicleClass
    scenario: Scenario
    parameters: VehicleParameters
    ground: Ground
    packed: PackedGrid
    reachable: NDArray[np.bool_]
    protected: NDArray[np.bool_]
    crossings: Crossings
    street_field: StreetField
    street_entries: StreetEntries


@dataclass(frozen=True, eq=False)
class Solved:
    """
    A solved window.

    Attributes
    ----------
    approach : Approach
    field : LatticeField
    arrivals : Arrivals
    entry_of_cell : mapping of (layer, row, column) to int
        Row in the street entries that seeded a cell.
    """

    approach: Approach
    field: LatticeField
    arrivals: Arrivals
    entry_of_cell: Mapping[tuple[int, int, int], int]


class Window:
    """
    The ground and streets around one protected area; remembers what classes share.

    Parameters
    ----------
    city : City
    area : shapely Polygon or MultiPolygon
        Protected area. [m]
    boundary : Boundary
        Of `area`.
    bounds : tuple of float
        min x, min y, max x, max y. [m]
    rules : GroundRules
    cell : float, default 1
        Cell size of the lattice. [m]
    n_headings : int, default 64
    fields : StreetFields, optional
        Of the city, shared by its windows.
    open_area : shapely Polygon or MultiPolygon, optional
        What is open ground by definition; by default `area`. [m]
    """

    def __init__(
        self,
        city: City,
        area: Any,
        boundary: Boundary,
        bounds: Bounds,
        rules: GroundRules,
        *,
        cell: float = CELL,
        n_headings: int = N_HEADINGS,
        fields: StreetFields | None = None,
        open_area: Any = None,
    ) -> None:
        self.city = city
        self.area = area
        self.open_area = area if open_area is None else open_area
        self.boundary = boundary
        self.bounds = bounds
        self.rules = rules
        self.cell = cell
        self.n_headings = n_headings
        self._grounds: dict[tuple[Scenario, bool, frozenset[str]], Ground] = {}
        self._seeds: dict[int, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
        self._crossings: StreetCrossings | None = None
        self._coarser: dict[tuple[float, int], Window] = {}
        self._terrain = city.elevation if is_sloping(city, rules) else None
        self._fields = fields or StreetFields(city, is_sloping=self._terrain is not None)

    def coarser(self, *, cell: float, n_headings: int) -> "Window":
        """Return a window on the same ground with a coarser lattice, made once."""
        with _GEOMETRY_LOCK:
            key = (cell, n_headings)
            if key not in self._coarser:
                window = Window(
                    self.city,
                    self.area,
                    self.boundary,
                    self.bounds,
                    self.rules,
                    cell=cell,
                    n_headings=n_headings,
                    fields=self._fields,
                    open_area=self.open_area,
                )
                window._grounds = self._grounds
                self._coarser[key] = window
            return self._coarser[key]

    def prepare(
        self,
        vehicle: VehicleClass,
        scenario: Scenario,
        *,
        parameters: VehicleParameters | None = None,
        holding: frozenset[str] = frozenset(),
    ) -> Approach:
        """
        Build ground, cells, reachability and street field of a class.

        Parameters
        ----------
        vehicle : VehicleClass
        scenario : Scenario
        parameters : VehicleParameters, optional
            Taken instead of the scenario's own set.
        holding : frozenset of str
            Rated barriers whose rating holds against the class.

        Returns
        -------
        Approach
        """
        values = parameters or vehicle.parameters(scenario)
        off_road = vehicle.is_off_road and scenario is Scenario.LIMIT
        ground = self.ground(scenario, is_off_road=off_road, holding=holding)
        grid = self._grid(ground, values.width)
        protected = self._protected(grid)
        field = self._street_field(values, ground, passes_steps=off_road)
        entries = entry_states(field, self.city, self.bounds, crossings=self._street_crossings())
        reachable = self._reached(ground, grid, entries, protected)
        if holding:
            free = self.ground(scenario, is_off_road=off_road)
            free_grid = self._grid(free, values.width)
            reachable = open_to_streets(
                reachable,
                grid,
                reachable_before=self._reached(
                    free, free_grid, entries, self._protected(free_grid)
                ),
                grid_before=free_grid,
                entries=_entry_cells(grid, entries),
            )
        packed = pack_levels(grid, reachable | protected)
        index = [grid.levels.index(level) for level in packed.layer_of_level]
        layers = list(packed.layer_of_level.values())
        reached = np.zeros_like(packed.usable)
        kept = np.zeros_like(packed.usable)
        for level, layer in zip(index, layers, strict=True):
            reached[layer] |= reachable[level]
            kept[layer] |= protected[level]
        return Approach(
            vehicle=vehicle,
            scenario=scenario,
            parameters=values,
            ground=ground,
            packed=packed,
            reachable=reached,
            protected=kept,
            crossings=find_crossings(packed.grid, self.boundary, reachable=reached, protected=kept),
            street_field=field,
            street_entries=entries,
        )

    def solve(self, approach: Approach) -> Solved:
        """Solve the lattice and take the arrivals at the boundary."""
        entry, entry_of_cell = _entry_states(approach)
        field = solve_lattice(
            approach.packed.grid,
            vehicle=approach.parameters,
            reachable=approach.reachable,
            terminal=approach.protected,
            entry=entry,
            height=self._heights(approach.packed),
            n_headings=self.n_headings,
        )
        arrivals = fastest_arrivals(field, self.boundary, approach.crossings)
        return Solved(approach, field, arrivals, entry_of_cell)

    def _heights(self, packed: PackedGrid) -> NDArray[np.float32] | None:
        """Return terrain heights at the cells' middles; other levels count as level ground."""
        if self._terrain is None:
            return None
        grid = packed.grid
        n_layers, rows, columns = grid.is_ground.shape
        row, column = np.indices((rows, columns))
        known = height_at(
            self._terrain,
            np.asarray(grid.origin_x + (column + 0.5) * grid.cell, dtype=np.float64).ravel(),
            np.asarray(grid.origin_y + (row + 0.5) * grid.cell, dtype=np.float64).ravel(),
        ).reshape(rows, columns)
        is_known = np.isfinite(known)
        if not is_known.any():
            return None
        nearest = distance_transform_edt(~is_known, return_distances=False, return_indices=True)
        heights = np.full((n_layers, rows, columns), np.median(known[is_known]), dtype=np.float32)
        ground = grid.levels.index(0)
        heights[ground] = np.where(packed.is_ground_level, known[tuple(nearest)], heights[ground])
        return heights

    def ground(
        self,
        scenario: Scenario,
        *,
        is_off_road: bool = False,
        holding: frozenset[str] = frozenset(),
    ) -> Ground:
        """Return the ground of a scenario, built once."""
        key = (scenario, is_off_road, holding)
        with _GEOMETRY_LOCK:
            if key not in self._grounds:
                self._grounds[key] = build_ground(
                    self.city,
                    self.bounds,
                    scenario=scenario,
                    rules=self.rules,
                    is_off_road=is_off_road,
                    holding=holding,
                    protected_area=self.open_area,
                )
            return self._grounds[key]

    def _reached(
        self,
        ground: Ground,
        grid: CellGrid,
        entries: StreetEntries,
        protected: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        seeds = self._carriageway_cells(ground, grid) | _entry_cells(grid, entries)
        return reachable_cells(grid, seeds, blocked=protected)

    def _protected(self, grid: CellGrid) -> NDArray[np.bool_]:
        with _GEOMETRY_LOCK:
            return protected_cells(grid, self.area)

    def _grid(self, ground: Ground, width: float) -> CellGrid:
        return ground_cells(ground, half_width=0.5 * width, cell=self.cell)

    def _carriageway_cells(self, ground: Ground, grid: CellGrid) -> NDArray[np.bool_]:
        """Return the ground cells whose middle lies on a carriageway; each is looked at once."""
        with _GEOMETRY_LOCK:
            if id(ground) not in self._seeds:
                none = np.zeros_like(grid.is_ground)
                self._seeds[id(ground)] = (none, none.copy())
            cells, is_known = self._seeds[id(ground)]
            for level, ways in enumerate(ground.carriageways):
                row, column = np.nonzero(grid.is_ground[level] & ~is_known[level])
                if len(row) and not shapely.is_empty(ways):
                    shapely.prepare(ways)
                    x = grid.origin_x + (column + 0.5) * grid.cell
                    y = grid.origin_y + (row + 0.5) * grid.cell
                    cells[level, row, column] = shapely.contains_xy(ways, x, y)
                is_known[level, row, column] = True
            return cells & grid.is_ground

    def _street_field(
        self, parameters: VehicleParameters, ground: Ground, *, passes_steps: bool
    ) -> StreetField:
        closed = frozenset(item.osm_id for item in ground.existing if item.holds)
        return self._fields.field(parameters, passes_steps=passes_steps, closed=closed)

    def _street_crossings(self) -> StreetCrossings:
        with _GEOMETRY_LOCK:
            if self._crossings is None:
                self._crossings = street_crossings(self.city, self.bounds)
            return self._crossings


def is_sloping(city: City, rules: GroundRules) -> bool:
    """Tell whether a city's terrain is fine enough to be driven on."""
    elevation = city.elevation
    return elevation is not None and elevation.source_cell <= rules.coarse_elevation


def window_bounds(area: Any, margin: float) -> Bounds:
    """
    Return the box around an area with a margin.

    Parameters
    ----------
    area : shapely Polygon or MultiPolygon
        [m]
    margin : float
        A multiple of `BLOCK`, so that cells and lines of windows of different margins and cell
        sizes coincide. [m]

    Returns
    -------
    tuple of float
        min x, min y, max x, max y, all multiples of `BLOCK`. [m]
    """
    west, south, east, north = (float(value) / BLOCK for value in shapely.bounds(area))
    return (
        math.floor(west) * BLOCK - margin,
        math.floor(south) * BLOCK - margin,
        math.ceil(east) * BLOCK + margin,
        math.ceil(north) * BLOCK + margin,
    )


def _entry_cells(grid: CellGrid, entries: StreetEntries) -> NDArray[np.bool_]:
    cells = np.zeros_like(grid.is_ground)
    level_index = {level: index for index, level in enumerate(grid.levels)}
    for k in range(len(entries)):
        index = level_index.get(int(entries.level[k]))
        if index is not None:
            row, column = _across(grid, entries, k)
            cells[index, row, column] = True
    return cells


def _entry_states(
    approach: Approach,
) -> tuple[EntryStates, dict[tuple[int, int, int], int]]:
    grid, entries = approach.packed.grid, approach.street_entries
    free = approach.reachable & ~approach.protected
    columns: list[tuple[int, int, int, float, float]] = []
    entry_of_cell: dict[tuple[int, int, int], int] = {}
    for k in range(len(entries)):
        layer = approach.packed.layer_of_level.get(int(entries.level[k]))
        if layer is None:
            continue
        speed = float(entries.speed[k])
        spread = math.atan2(float(entries.width[k]), ENTRY_REACH)
        n_aside = math.ceil(spread / ENTRY_DIRECTIONS)
        directions = [
            float(entries.direction[k]) + step * ENTRY_DIRECTIONS
            for step in range(-n_aside, n_aside + 1)
        ]
        for r, c in zip(*(part.tolist() for part in _across(grid, entries, k)), strict=True):
            if free[layer, r, c]:
                columns += [(layer, r, c, direction, speed) for direction in directions]
                known = entry_of_cell.get((layer, r, c))
                if known is None or speed > float(entries.speed[known]):
                    entry_of_cell[layer, r, c] = k
    table = np.array(columns, dtype=np.float64).reshape(-1, 5)
    states = EntryStates(
        level=table[:, 0].astype(np.int64),
        row=table[:, 1].astype(np.int64),
        column=table[:, 2].astype(np.int64),
        direction=table[:, 3],
        speed=table[:, 4],
    )
    return states, entry_of_cell


def _across(
    grid: CellGrid, entries: StreetEntries, k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells across the street just inside the window at entry `k`."""
    half = 0.5 * float(entries.width[k])
    aside = np.arange(-half, half + 1e-9, ENTRY_SPACING)
    direction = float(entries.direction[k])
    x = entries.x[k] + 0.6 * grid.cell * math.cos(direction) - aside * math.sin(direction)
    y = entries.y[k] + 0.6 * grid.cell * math.sin(direction) + aside * math.cos(direction)
    _, rows, columns = grid.is_ground.shape
    row = np.floor((y - grid.origin_y) / grid.cell).astype(np.int64)
    column = np.floor((x - grid.origin_x) / grid.cell).astype(np.int64)
    keep = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    cells = np.unique(row[keep] * columns + column[keep])
    return cells // columns, cells % columns

"""What do cells, their totals and what is known of them say together: one linear system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from parvis.indicators.disclosure.errors import CountedCellError
from parvis.indicators.disclosure.model import Cell, Key, Known, Reason, Relation

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
TOLERANCE = 1e-6
"""What a linear programme may be off."""


@dataclass(frozen=True, eq=False)
class System:
    """
    Cells and relations as arrays, in order of their keys.

    Moves are counted from today's counts: a cell can rise by `up` and fall by `down` for those who
    know what is published.

    Attributes
    ----------
    cells : tuple of Cell
    index : mapping from Key to int
    counts : ndarray, shape (n,)
    rows : csr_array, shape (m, n)
        A relation each: 1 at parts, -1 at the total.
    gaps : ndarray, shape (m,)
        By how much parts fall short of their total; 0 where they are complete.
    complete : ndarray of bool, shape (m,)
    known_low, known_high : ndarray, shape (n,)
        What is known of a cell that is hidden today, from earlier releases and its group.
    releases : mapping from int to tuple of str
        Releases that told of a cell.
    revised : tuple of Known
        Earlier figures that do not hold today.
    """

    cells: tuple[Cell, ...]
    index: Mapping[Key, int]
    counts: Floats
    rows: csr_array
    gaps: Floats
    complete: NDArray[np.bool_]
    known_low: Floats
    known_high: Floats
    releases: Mapping[int, tuple[str, ...]]
    revised: tuple[Known, ...]

    def limits(self, shown: NDArray[np.bool_], *, base: int | None) -> tuple[Floats, Floats]:
        """Return least and greatest counts everybody can tell, cell by cell."""
        low, high = self.known_low.copy(), self.known_high.copy()
        if base is None:
            low[shown] = high[shown] = self.counts[shown]
        else:
            least, most = rounded_from(rounded(self.counts[shown], base), base)
            low[shown] = np.maximum(low[shown], least)
            high[shown] = np.minimum(high[shown], most)
        return low, high


def rounded(counts: Floats, base: int) -> Floats:
    """
    Return counts rounded to the nearest multiple of `base`, halves upwards, each by itself.

    Rounded by itself a count is the same in every table and every release, so that no two figures
    of it narrow it down; rounding that keeps totals additive gives one count several figures.
    """
    return np.floor(counts / base + 0.5) * base


def rounded_from(told: Floats, base: int) -> tuple[Floats, Floats]:
    """
    Return the least and the greatest count that are rounded to a figure.

    Examples
    --------
    >>> [each.tolist() for each in rounded_from(np.array([0.0, 5.0]), 5)]
    [[0.0, 3.0], [2.0, 7.0]]
    """
    half = base / 2.0
    return np.maximum(np.ceil(told - half), 0.0), np.ceil(told + half) - 1.0


def system_of(
    cells: Iterable[Cell], relations: Iterable[Relation] = (), known: Sequence[Known] = ()
) -> System:
    """
    Bring cells, relations and what earlier releases told together.

    Parameters
    ----------
    cells : iterable of Cell
        Earlier figures of cells that are not here are added, with what they told.
    relations : iterable of Relation
    known : sequence of Known

    Raises
    ------
    CountedCellError
    """
    by_key: dict[Key, Cell] = {}
    for cell in cells:
        _check(cell)
        if cell.key in by_key:
            raise CountedCellError(cell=" ".join(cell.key), problem="stands twice")
        by_key[cell.key] = cell
    for each in known:
        if each.key not in by_key:
            by_key[each.key] = Cell(each.key, round((each.low + each.high) / 2), is_wanted=False)
    ordered = tuple(by_key[key] for key in sorted(by_key))
    index = {cell.key: row for row, cell in enumerate(ordered)}
    counts = np.array([cell.count for cell in ordered], dtype=np.float64)
    low = np.zeros(len(ordered))
    high = np.array(
        [np.inf if cell.group is None else cell.group for cell in ordered], dtype=np.float64
    )
    told: dict[int, tuple[str, ...]] = {}
    revised = []
    for each in known:
        at = index[each.key]
        if not each.low - TOLERANCE <= counts[at] <= each.high + TOLERANCE:
            revised.append(each)
            continue
        low[at], high[at] = max(low[at], each.low), min(high[at], each.high)
        told[at] = (*told.get(at, ()), each.release)
    rows, gaps, complete = _rows(relations, index, counts)
    return System(
        cells=ordered,
        index=index,
        counts=counts,
        rows=rows,
        gaps=gaps,
        complete=complete,
        known_low=low,
        known_high=high,
        releases=told,
        revised=tuple(revised),
    )


def shown_mask(system: System, hidden: Mapping[Key, Reason]) -> NDArray[np.bool_]:
    """Return which cells are published: those wanted and not hidden."""
    return np.array(
        [cell.is_wanted and cell.key not in hidden for cell in system.cells], dtype=bool
    )


def _check(cell: Cell) -> None:
    problem = ""
    if cell.count < 0 or cell.count != int(cell.count):
        problem = f"{cell.count} is no count"
    elif cell.group is not None and cell.group < cell.count:
        problem = f"{cell.count} is more than its group of {cell.group}"
    if problem:
        raise CountedCellError(cell=" ".join(cell.key), problem=problem)


def _rows(
    relations: Iterable[Relation], index: Mapping[Key, int], counts: Floats
) -> tuple[csr_array, Floats, NDArray[np.bool_]]:
    """
    Return relations as rows.

    Parts that add up to their total are taken as complete, which is what somebody who looks for
    hidden counts would try. Where they are more than their total, as are answers of which several
    may be given, each part is at most the total.
    """
    values: list[float] = []
    columns: list[int] = []
    starts = [0]
    gaps: list[float] = []
    complete: list[bool] = []

    def add(parts: Sequence[int], total: int, *, is_complete: bool) -> None:
        columns.extend((*parts, total))
        values.extend((*([1.0] * len(parts)), -1.0))
        starts.append(len(columns))
        gaps.append(float(counts[total] - counts[list(parts)].sum()))
        complete.append(is_complete)

    for each in sorted(set(relations), key=lambda one: (one.total, one.parts)):
        if each.total not in index:
            continue
        total = index[each.total]
        parts = [index[key] for key in each.parts if key in index]
        left = counts[total] - counts[parts].sum()
        if not parts:
            continue
        if left < -TOLERANCE:
            for part in parts:
                if counts[part] <= counts[total]:
                    add([part], total, is_complete=False)
            continue
        add(parts, total, is_complete=each.is_complete and left < TOLERANCE)
    shape = (len(gaps), len(counts))
    rows = csr_array((np.array(values), np.array(columns, dtype=np.int64), np.array(starts)), shape)
    return rows, np.array(gaps), np.array(complete, dtype=bool)

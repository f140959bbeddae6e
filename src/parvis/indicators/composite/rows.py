"""Which row of a table of values is which unit in which period."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.errors import InfiniteValueError, RowTwiceError, ShapeError
from parvis.indicators.composite.tree import Floats, Tree


@dataclass(frozen=True)
class Rows:
    """
    Units and periods of the rows of a table; rows may stand in any order.

    Attributes
    ----------
    units : tuple of str
        Of each row.
    periods : tuple of str
        Of each row; all the same where there is one. They sort as text: 2024, 2025-03.

    Raises
    ------
    RowTwiceError
        If a unit stands twice in a period.
    """

    units: tuple[str, ...]
    periods: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.periods:
            object.__setattr__(self, "periods", ("",) * len(self.units))
        if len(self.periods) != len(self.units):
            raise ShapeError(what="periods", found=len(self.periods), expected=len(self.units))
        for (unit, period), n in Counter(zip(self.units, self.periods, strict=True)).items():
            if n > 1:
                raise RowTwiceError(unit=unit, period=period)

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Unit, with its period where there are several."""
        if self.n_periods < 2:
            return self.units
        return tuple(f"{u} {p}" for u, p in zip(self.units, self.periods, strict=True))

    @cached_property
    def n_units(self) -> int:
        """How many units there are, however many periods."""
        return len(set(self.units))

    @cached_property
    def n_periods(self) -> int:
        """How many periods there are."""
        return len(set(self.periods))

    @cached_property
    def row_of(self) -> dict[tuple[str, str], int]:
        """Row by unit and period."""
        pairs = zip(self.units, self.periods, strict=True)
        return {pair: row for row, pair in enumerate(pairs)}

    def successive(self) -> tuple[tuple[int, int], ...]:
        """Return rows of the same unit in one period and in its next, earlier row first."""
        found = []
        for unit in dict.fromkeys(self.units):
            mine = sorted(p for u, p in self.row_of if u == unit)
            found += [
                (self.row_of[unit, before], self.row_of[unit, after])
                for before, after in pairwise(mine)
            ]
        return tuple(found)

    def take(self, places: Sequence[int]) -> "Rows":
        """Return some of the rows."""
        return Rows(
            tuple(self.units[place] for place in places),
            tuple(self.periods[place] for place in places),
        )


def as_values(values: ArrayLike, tree: Tree, rows: Rows | None = None) -> Floats:
    """Return values as floats, (…, rows, indicators); NaN is missing, infinity is refused."""
    table = np.asarray(values, dtype=np.float64)
    if table.ndim < 2 or table.shape[-1] != tree.n_indicators:
        raise ShapeError(
            what="values", found=table.shape, expected=("…", "rows", tree.n_indicators)
        )
    if rows is not None and table.shape[-2] != len(rows):
        raise ShapeError(what="values", found=table.shape, expected=(len(rows), tree.n_indicators))
    if np.isinf(table).any():
        *_, row, column = np.argwhere(np.isinf(table))[0]
        named = rows.labels[row] if rows is not None else row + 1
        raise InfiniteValueError(row=named, key=tree.keys[column])
    return table

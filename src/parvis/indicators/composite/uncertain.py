"""Scores that are not sure: intervals, places, changes, and what may be said of them."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from parvis.indicators.composite.errors import NodeUnknownError
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.ranks import standings
from parvis.indicators.composite.rows import Rows
from parvis.indicators.composite.tree import Bools, Floats, Ints, Tree

COVERED = 0.95


class Moved(StrEnum):
    """What may be said of a change."""

    ROSE = "rose"
    FELL = "fell"
    UNCLEAR = "no demonstrable change"
    NO_ERRORS = "errors of the data are not known"
    NO_DATA = "not enough data"


@dataclass(frozen=True)
class Interval:
    """
    Quantiles of the draws; NaN where fewer than half of them have a score.

    Attributes
    ----------
    low, median, high : ndarray, shape (rows, nodes)
        Between low and high lie 95 % of the draws. From data, also NaN for rows without errors.
    """

    low: Floats
    median: Floats
    high: Floats

    def only(self, known: Bools) -> "Interval":
        """Return the interval where `known`, NaN elsewhere."""
        ends = (self.low, self.median, self.high)
        return Interval(*(np.where(known, end, np.nan) for end in ends))


@dataclass(frozen=True)
class Movement:
    """
    A unit's change from one period to the next.

    Attributes
    ----------
    unit, before, after : str
    change : float
        Of the nominal scores.
    low, high : float
        Between them lie 95 % of the changes drawn.
    p_rose : float
        Probability that the score rose; ties count half. NaN where data or errors are lacking.
    verdict : Moved
        ``rose`` or ``fell`` where the interval lies on one side of zero, and errors of the data
        are known for both periods.
    """

    unit: str
    before: str
    after: str
    change: float
    low: float
    high: float
    p_rose: float
    verdict: Moved


@dataclass(frozen=True)
class Uncertainty:
    """
    Scores with their uncertainty.

    Attributes
    ----------
    tree : Tree
    rows : Rows
    keys : tuple of str
        Themes, blocks and, where asked for, the overall number.
    nominal : ndarray, shape (rows, nodes)
        Scores by the method that was chosen, from the values as they are.
    data, method, both : Interval or None
        From the errors of the data alone, from the choices alone, and from both; None where
        nothing of the kind varies.
    draws : ndarray, shape (draws, rows, nodes)
        Scores behind `both`, or behind the only kind there is.
    has_errors : ndarray of bool, shape (rows, nodes)
        Whether a value below the node has an error; others are taken as exact.
    n_draws, seed : int
    notices : tuple of Notice
    """

    tree: Tree
    rows: Rows
    keys: tuple[str, ...]
    nominal: Floats
    data: Interval | None
    method: Interval | None
    both: Interval | None
    draws: Floats
    has_errors: Bools
    n_draws: int
    seed: int
    notices: tuple[Notice, ...]

    def of(self, key: str) -> Floats:
        """Return the draws of a node, shape (draws, rows)."""
        if key not in self.keys:
            raise NodeUnknownError(key=key, known=", ".join(self.keys))
        return self.draws[..., self.keys.index(key)]

    def exceeds(self, key: str) -> Floats:
        """Return the probability that the score of a row is above that of another, by pairs."""
        drawn = self.of(key)
        found = np.full((drawn.shape[1],) * 2, np.nan)
        for row in range(drawn.shape[1]):
            gap = drawn[:, row, None] - drawn
            n = (~np.isnan(gap)).sum(axis=0)
            above = (gap > 0).sum(axis=0) + 0.5 * (gap == 0).sum(axis=0)
            found[row] = np.divide(above, n, where=n > 0, out=np.full(n.shape, np.nan))
        np.fill_diagonal(found, np.nan)
        return found

    def share_ordered(self, key: str, *, period: str | None = None) -> float:
        """
        Return the share of pairs of units, in a period, whose order is 95 % sure.

        Units without errors are left out, unless there are none at all: then it is the share of
        pairs that no choice of method turns round.
        """
        period = max(self.rows.periods) if period is None else period
        known = self.has_errors[:, self.keys.index(key)] | (not self.has_errors.any())
        mine = np.flatnonzero(np.array([p == period for p in self.rows.periods]) & known)
        p = self.exceeds(key)[np.ix_(mine, mine)][np.triu_indices(mine.size, 1)]
        p = p[~np.isnan(p)]
        return float((np.maximum(p, 1 - p) >= COVERED).mean()) if p.size else float("nan")

    def places(self, key: str, *, period: str | None = None) -> tuple[Ints, Floats]:
        """Return rows of a period, and low end, median and high end of their places, 1 the best."""
        period = max(self.rows.periods) if period is None else period
        mine = np.flatnonzero([each == period for each in self.rows.periods])
        held = quantiles(standings(self.of(key)[:, mine])[..., None])
        return mine, np.stack([held.low, held.median, held.high])[..., 0]

    def movements(self, key: str) -> tuple[Movement, ...]:
        """Return the change of each unit from each period to its next."""
        drawn, node = self.of(key), self.keys.index(key)
        found = []
        for before, after in self.rows.successive():
            gap = drawn[:, after] - drawn[:, before]
            held = quantiles(gap[:, None, None])
            low, high = float(held.low[0, 0]), float(held.high[0, 0])
            change = float(self.nominal[after, node] - self.nominal[before, node])
            there = gap[~np.isnan(gap)]
            p = float("nan")
            if np.isnan(change + low):
                verdict = Moved.NO_DATA
            elif not self.has_errors[[before, after], node].all():
                verdict = Moved.NO_ERRORS
            else:
                p = float((there > 0).mean() + 0.5 * (there == 0).mean())
                verdict = Moved.ROSE if low > 0 else Moved.FELL if high < 0 else Moved.UNCLEAR
            found.append(
                Movement(
                    unit=self.rows.units[after],
                    before=self.rows.periods[before],
                    after=self.rows.periods[after],
                    change=change,
                    low=low,
                    high=high,
                    p_rose=p,
                    verdict=verdict,
                )
            )
        return tuple(found)


def quantiles(draws: Floats) -> Interval:
    """Return quantiles over the first axis of (draws, rows, nodes), gaps left out."""
    ends = [(1 - COVERED) / 2, 0.5, (1 + COVERED) / 2]
    missing = np.isnan(draws)
    if not missing.any():
        return Interval(*np.quantile(draws, ends, axis=0))
    found = np.full((3, *draws.shape[1:]), np.nan)
    for place in np.ndindex(draws.shape[1:]):
        there = draws[(slice(None), *place)][~missing[(slice(None), *place)]]
        if there.size * 2 >= draws.shape[0]:
            found[(slice(None), *place)] = np.quantile(there, ends)
    return Interval(*found)

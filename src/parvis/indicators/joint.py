"""How do the errors of values from one survey go together, as the same people answered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.composite.draws import JEFFREYS, Replicates

Floats = NDArray[np.float64]
ValueKey = tuple[str, str, str, str]
"""Indicator, period, area and split."""


@dataclass(frozen=True, eq=False, slots=True)
class JointErrors:
    """
    Values of one sample with their covariance.

    Attributes
    ----------
    keys : tuple of ValueKey
    values : ndarray, shape (k,)
        In the units of the indicators.
    covariance : ndarray, shape (k, k)
        From the design, in the same units.
    factors : ndarray, shape (k,)
        What a share was multiplied with, 100 for per cent; 0 for values that are no shares.
    sizes : ndarray, shape (k,)
        Effective answers behind each.
    """

    keys: tuple[ValueKey, ...]
    values: Floats
    covariance: Floats
    factors: Floats
    sizes: Floats

    def draws(self, n: int, *, seed: int = 0) -> Floats:
        """
        Draw values as they could have been, together.

        Parameters
        ----------
        n : int
        seed : int
            The same one gives the same draws.

        Returns
        -------
        ndarray, shape (n, k)
            Shares stay within their ends: they are drawn as log odds, whose covariance is that of
            the shares over ``p (1 - p)`` of either. A share of none or all, whose sample tells no
            variance, is drawn as one of ``(n p + 1/2) / (n + 1)``, by itself.
        """
        is_share = self.factors > 0.0
        scale = np.where(is_share, self.factors, 1.0)
        shares = self.values / scale
        at_end = is_share & ((shares <= 0.0) | (shares >= 1.0))
        sizes = np.maximum(self.sizes, 1.0)
        inner = (sizes * shares + JEFFREYS) / (sizes + 2.0 * JEFFREYS)
        shares = np.where(at_end, inner, np.where(is_share, shares, 0.5))
        slope = np.where(is_share, scale * shares * (1.0 - shares), 1.0)
        spread = self.covariance / np.outer(slope, slope)
        spread[at_end, :] = spread[:, at_end] = 0.0
        own = 1.0 / ((sizes + 2.0 * JEFFREYS) * shares * (1.0 - shares))
        spread[at_end, at_end] = own[at_end]
        root = _root(0.5 * (spread + spread.T))
        moved = np.random.default_rng(seed).standard_normal((n, len(self.keys))) @ root.T
        middle = np.where(is_share, np.log(shares / (1.0 - shares)), self.values)
        drawn = middle + moved
        odds = 0.5 * (1.0 + np.tanh(0.5 * np.where(is_share, drawn, 0.0)))
        return np.asarray(np.where(is_share, scale * odds, drawn))

    def correlation(self, first: ValueKey, second: ValueKey) -> float:
        """Return how far two errors go together, -1 to 1; NaN where one has none."""
        at, other = self.keys.index(first), self.keys.index(second)
        spread = math.sqrt(self.covariance[at, at] * self.covariance[other, other])
        return float(self.covariance[at, other] / spread) if spread > 0.0 else math.nan


def joint_replicates(
    joint: Sequence[JointErrors],
    places: Mapping[ValueKey, tuple[int, int]],
    *,
    n: int,
    seed: int = 0,
) -> tuple[Replicates, ...]:
    """
    Return joint draws of survey values as errors for a composite's Monte Carlo.

    Parameters
    ----------
    joint : sequence of JointErrors
    places : mapping from ValueKey to row and column
        Where each value stands in the composite's table; others are left out.
    n : int
        Draws.
    seed : int

    Returns
    -------
    tuple of Replicates
        One for each sample that has a value in the table. A value that stands in several is taken
        from the last, which is the latest delivery.
    """
    owner = {key: number for number, each in enumerate(joint) for key in each.keys}
    found = []
    for number, each in enumerate(joint):
        kept = [at for at, key in enumerate(each.keys) if key in places and owner[key] == number]
        if kept:
            rows, columns = zip(*(places[each.keys[at]] for at in kept), strict=True)
            drawn = each.draws(n, seed=seed + number)[:, kept]
            found.append(
                Replicates(np.array(rows, dtype=np.intp), np.array(columns, dtype=np.intp), drawn)
            )
    return tuple(found)


def joint_of(document: Mapping[str, Any]) -> tuple[JointErrors, ...]:
    """
    Return the joint errors of such a document.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is none.
    """
    found = []
    for each in document["joint"]:
        keys = [tuple(str(word) for word in key) for key in each["keys"]]
        vectors = [np.asarray(each[name], dtype=np.float64) for name in _VECTORS]
        spread: Floats = np.asarray(each["covariance"], dtype=np.float64)
        k = len(keys)
        if spread.shape != (k, k) or any(vector.shape != (k,) for vector in vectors):
            raise ValueError(spread.shape)
        values, factors, sizes = vectors
        found.append(JointErrors(tuple(_key(key) for key in keys), values, spread, factors, sizes))
    return tuple(found)


def _key(words: tuple[str, ...]) -> ValueKey:
    indicator, period, area, split = words
    return indicator, period, area, split


_VECTORS = ("values", "factors", "sizes")


def _root(spread: Floats) -> Floats:
    """Return a square root of a covariance; directions that rounding made negative are none."""
    values, vectors = np.linalg.eigh(spread)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))

"""Does an incident make others more likely nearby and soon after."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.incidents.errors import IncidentOptionError, IncidentSizeError

Floats = NDArray[np.float64]
MOST_STEPS = 20_000_000_000
"""Pairs times permutations."""


@dataclass(frozen=True, eq=False, slots=True)
class NearRepeats:
    """
    Pairs of incidents by distance and by days between them.

    Attributes
    ----------
    distances : tuple of (float, float)
        Bins of metres, each from its first number up to below its second; ``(0, 0)`` is the
        exact same place.
    days : tuple of (int, int)
        Bins of days in the same way.
    pairs : ndarray of int, shape (distances, days)
    expected : ndarray, shape (distances, days)
        Mean over permutations.
    ratio : ndarray
        Pairs over those expected; NaN where none are.
    p : ndarray
        Chance of at least as many pairs where time and place are unrelated.
    n_incidents, permutations, seed : int
    """

    distances: tuple[tuple[float, float], ...]
    days: tuple[tuple[int, int], ...]
    pairs: NDArray[np.int64]
    expected: Floats
    ratio: Floats
    p: Floats
    n_incidents: int
    permutations: int
    seed: int


def near_repeats(
    xy: ArrayLike,
    day: ArrayLike,
    *,
    distances: Sequence[float] = (100.0, 200.0, 300.0, 400.0),
    days: Sequence[int] = (7, 14, 21, 28),
    permutations: int = 999,
    seed: int = 1,
) -> NearRepeats:
    """
    Count pairs of incidents near in space and time, beside what chance would give.

    Parameters
    ----------
    xy : array_like, shape (n, 2)
        Places; distances are straight lines. [m]
    day : array_like of int, shape (n,)
        Day of each incident, counted from any day.
    distances : sequence of float
        Upper ends of the bins, rising: a pair exactly at an end belongs to the next bin. The
        exact same place is a bin of its own before them. [m]
    days : sequence of int
        Upper ends of the bins, rising; the first begins with the same day.
    permutations : int
        How often the days are dealt out anew, at least 99.
    seed : int

    Returns
    -------
    NearRepeats

    Raises
    ------
    IncidentOptionError, IncidentSizeError

    Notes
    -----
    Knox's test with dates permuted among places; ``p = (1 + permutations with at least as many
    pairs) / (1 + permutations)`` [1]_.

    References
    ----------
    .. [1] S. D. Johnson et al., "Space-time patterns of risk: a cross national assessment of
       residential burglary victimization", Journal of Quantitative Criminology 23, 2007, 201-219.
    """
    places, when = np.asarray(xy, dtype=np.float64), np.asarray(day, dtype=np.int64)
    n = len(when)
    if places.shape != (n, 2) or n < 2 or not np.isfinite(places).all():
        accepted = "a place and a day for each of at least two incidents"
        raise IncidentOptionError(what="Incidents", value=f"{n}", accepted=accepted)
    for what, ends in (("Distances", distances), ("Days", days)):
        if not len(ends) or np.any(np.diff([0.0, *ends]) <= 0.0):
            accepted = "rising numbers above 0"
            value = ", ".join(f"{end:g}" for end in ends)
            raise IncidentOptionError(what=what, value=value, accepted=accepted)
    if permutations < 99:
        raise IncidentOptionError(
            what="Permutations", value=f"{permutations}", accepted="at least 99"
        )
    first, second, space = _near_pairs(places, distances, permutations)
    width = len(days)
    bin_of_gap = np.searchsorted(np.asarray(days), np.arange(int(days[-1]) + 1), side="right")
    n_bins = (len(distances) + 1) * (width + 1)
    base = space * (width + 1)

    def counted(order: NDArray[np.int64]) -> NDArray[np.int64]:
        gap = np.minimum(np.abs(order[first] - order[second]), days[-1])
        return np.bincount(base + bin_of_gap[gap], minlength=n_bins)

    observed = counted(when)
    drawn = np.random.default_rng(seed)
    total, as_many = np.zeros(n_bins), np.zeros(n_bins, dtype=np.int64)
    for _ in range(permutations):
        found = counted(drawn.permutation(when))
        total += found
        as_many += found >= observed
    shape = (len(distances) + 1, width + 1)
    pairs, mean = observed.reshape(shape)[:, :-1], (total / permutations).reshape(shape)[:, :-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(mean > 0.0, pairs / mean, np.nan)
    ends = [0.0, *(float(end) for end in distances)]
    marks = [0, *(int(end) for end in days)]
    return NearRepeats(
        distances=((0.0, 0.0), *pairwise(ends)),
        days=tuple(pairwise(marks)),
        pairs=pairs,
        expected=mean,
        ratio=ratio,
        p=((as_many + 1) / (permutations + 1)).reshape(shape)[:, :-1],
        n_incidents=n,
        permutations=permutations,
        seed=seed,
    )


def _near_pairs(
    places: Floats, distances: Sequence[float], permutations: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs nearer than the last end, with their bin: 0 is the exact same place."""
    from scipy.spatial import cKDTree

    tree = cKDTree(places)
    n = (int(tree.count_neighbors(tree, distances[-1])) - len(places)) // 2
    if n * permutations > MOST_STEPS:
        most = MOST_STEPS // permutations
        raise IncidentSizeError(what="Pairs of incidents near each other", n=n, most=most)
    found = tree.query_pairs(distances[-1], output_type="ndarray")
    first, second = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    apart = np.hypot(*(places[first] - places[second]).T)
    is_inside = apart < distances[-1]
    first, second, apart = first[is_inside], second[is_inside], apart[is_inside]
    bins = np.searchsorted(np.asarray(distances), apart, side="right") + 1
    return first, second, np.where(apart == 0.0, 0, bins)

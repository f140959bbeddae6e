"""Which numbers can be counts, populations and confidence levels."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.errors import CountError, LevelError, PopulationError

Floats = NDArray[np.float64]


def checked_level(level: float) -> float:
    """Return a confidence level within 0 to 1; LevelError otherwise."""
    if not (math.isfinite(level) and 0.0 < level < 1.0):
        raise LevelError(value=level)
    return float(level)


def checked_counts(values: ArrayLike, what: str) -> Floats:
    """Return counts as floats; CountError names the first that is none."""
    counts = np.asarray(values, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.isfinite(counts) & (counts >= 0.0) & (counts == np.floor(counts)))
    for row in np.argwhere(wrong)[:1]:
        raise CountError(what=what, row=int(row[0]) + 1, value=float(counts[tuple(row)]))
    return counts


def checked_populations(values: ArrayLike, *, can_be_zero: bool = False) -> Floats:
    """Return populations as floats; PopulationError names the first that is none."""
    people = np.asarray(values, dtype=np.float64)
    least = 0.0 if can_be_zero else np.nextafter(0.0, 1.0)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.isfinite(people) & (people >= least))
    for row in np.flatnonzero(wrong)[:1]:
        raise PopulationError(row=int(row) + 1, value=float(people.flat[row]))
    return people

"""What is known of each recorded incident: when, where, of what kind."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Times = NDArray[np.datetime64]
NONE = -1
"""Code of a label that is not said."""


class Precision(StrEnum):
    """How exactly a file says when incidents happened."""

    NONE = "none"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, eq=False, slots=True)
class Labels:
    """
    A word for each incident, kept once.

    Attributes
    ----------
    codes : ndarray of int32, shape (n,)
        Position in `names`; -1 where nothing is said.
    names : tuple of str
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Incidents:
    """
    Recorded incidents of one file.

    Attributes
    ----------
    xy : ndarray, shape (n, 2)
        Metres in `epsg`; NaN where the place is missing or masked.
    epsg : int
        0 where no incident has a place.
    weight : ndarray of float64, shape (n,)
        How many incidents a row stands for; 1 in files of single incidents.
    start, end : ndarray of datetime64[m], shape (n,)
        When it happened, or between when and when; NaT where nothing is said.
    precision : Precision
    kind, place, area : Labels or None
        Kind of incident, kind of place, code of the area it was recorded in.
    """

    xy: Floats
    epsg: int
    weight: Floats
    start: Times
    end: Times
    precision: Precision
    kind: Labels | None = None
    place: Labels | None = None
    area: Labels | None = None

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def is_placed(self) -> Bools:
        """Which incidents have a place on the map."""
        return np.asarray(np.isfinite(self.xy).all(axis=1))

    @property
    def n_without_place(self) -> int:
        """How many incidents have none: missing or masked coordinates."""
        return int(self.weight[~self.is_placed].sum())

    def n(self) -> int:
        """Return how many incidents there are."""
        return int(self.weight.sum())

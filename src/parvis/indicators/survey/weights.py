"""What weights of a sample are usable, and how many answers are they worth."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.estimates import Note
from parvis.indicators.survey.errors import WeightMissingError, WeightZeroError

Floats = NDArray[np.float64]
N_NAMED = 5


class ZeroWeights(StrEnum):
    """What a weight of zero means."""

    REFUSE = "refuse"
    """An error: someone with weight zero was left out for a reason that should be known."""
    LEAVE_OUT = "leave_out"
    """The row is no answer; its cluster stays in the design."""


def checked_weights(values: ArrayLike, rule: ZeroWeights) -> tuple[Floats, list[Note]]:
    """
    Return weights as floats, with a note where rows are left out.

    Raises
    ------
    WeightMissingError, WeightZeroError
    """
    weights = np.asarray(values, dtype=np.float64)
    missing = ~(np.isfinite(weights) & (weights >= 0.0))
    if missing.any():
        raise WeightMissingError(n=int(missing.sum()), rows=_rows(missing))
    zero = weights == 0.0
    if not zero.any() and weights.size:
        return weights, []
    if rule is ZeroWeights.REFUSE or zero.all():
        raise WeightZeroError(n=int(zero.sum()), rows=_rows(zero))
    return weights, [Note("survey_weights_left_out", {"n": int(zero.sum())})]


def kish_size(weights: Floats) -> float:
    """
    Return how many equally weighted answers are as precise, by the weights alone.

    Notes
    -----
    ``(sum w)² / sum w²`` [1]_. It knows nothing of clusters and strata: an approximation.

    References
    ----------
    .. [1] L. Kish, "Survey Sampling", 1965, section 11.7.

    Examples
    --------
    >>> kish_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    total = float(weights.sum())
    return total * total / float(weights @ weights) if total else 0.0


def _rows(wrong: NDArray[np.bool_]) -> str:
    return ", ".join(str(row + 1) for row in np.flatnonzero(wrong)[:N_NAMED])

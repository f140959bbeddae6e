"""What can be said where only weights are known, and nothing of how the sample was drawn."""

import math

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.checks import checked_level
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.limits import wilson_limits
from parvis.indicators.survey.errors import AnswerValuesError
from parvis.indicators.survey.linear import answers
from parvis.indicators.survey.weights import ZeroWeights, checked_weights, kish_size


def kish_proportion(
    weights: ArrayLike,
    hits: ArrayLike,
    *,
    level: float = LEVEL,
    zero_weights: ZeroWeights | str = ZeroWeights.REFUSE,
) -> Estimate:
    """
    Estimate a share approximately, from weights alone.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Persons each row stands for, > 0.
    hits : array_like, shape (n,)
        1 or true for those who have the property, 0 or false for others, NaN where missing.
    level : float
    zero_weights : ZeroWeights

    Returns
    -------
    Estimate
        Wilson's interval for Kish's effective size; always flagged as estimated, with a note that
        it knows nothing of clusters. It is too narrow where the sample was drawn in clusters.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, WeightMissingError, WeightZeroError, LevelError

    Examples
    --------
    >>> found = kish_proportion([1.0, 1.0, 2.0, 2.0], [1, 0, 1, 0])
    >>> found.value, round(found.n_effective, 2), found.flags[0].value
    (0.5, 3.6, 'e')
    """
    level = checked_level(level)
    counted, notes = checked_weights(weights, ZeroWeights(zero_weights))
    said = answers(hits, counted.size, "answers")
    there = ~np.isnan(said) & (counted > 0.0)
    wrong = there & (said != 0.0) & (said != 1.0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise AnswerValuesError(
            what="answers", value=float(said[row]), row=row + 1, accepted="0, 1 or missing"
        )
    notes.append(Note("survey_kish"))
    missing = int(np.count_nonzero(np.isnan(said)))
    if missing:
        notes.append(Note("survey_missing", {"n": missing}))
    if not there.any():
        return Estimate(None, None, None, level=level, n=0).withheld(Note("estimate_no_answers"))
    w, y = counted[there], said[there]
    size, share = kish_size(w), float(w @ y / w.sum())
    low, high = wilson_limits(share * size, size, level=level)
    return Estimate(
        value=share,
        low=float(low),
        high=float(high),
        level=level,
        standard_error=math.sqrt(share * (1.0 - share) / size),
        n=int(y.size),
        n_effective=size,
        method=Method.WILSON_KISH,
        flags=(Flag.ESTIMATED,),
        notes=tuple(notes),
    )

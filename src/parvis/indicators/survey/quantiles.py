"""Which value do so many of the people stay below."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.checks import checked_level
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.survey.estimate import mean
from parvis.indicators.survey.intervals import student
from parvis.indicators.survey.linear import By, Sample, answers, groups_of
from parvis.indicators.survey.results import ALL, Estimates

Floats = NDArray[np.float64]
_TIE = 1e-12
"""Sums of weights that differ by less than this share are the same."""


def quantile(
    sample: Sample,
    values: ArrayLike,
    share: float,
    *,
    by: By = None,
    level: float = LEVEL,
) -> Estimates:
    """
    Estimate a quantile.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    values : array_like, shape (n,)
        NaN where missing.
    share : float
        0.5 for the median; above 0 and below 1.
    by : array_like, shape (n,), optional
    level : float

    Returns
    -------
    Estimates
        The least value with at least `share` of the people at or below it. `covariance` holds the
        variances only.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError

    Notes
    -----
    Limits are the quantiles at the limits of the share that lies at or below the estimate; the
    standard error is their distance over two quantiles of Student's distribution [1]_.

    References
    ----------
    .. [1] R. S. Woodruff, "Confidence intervals for medians and other position measures", Journal
       of the American Statistical Association 47, 1952, 635-646.
    """
    level, share = checked_level(level), checked_level(share)
    n = sample.n_rows
    said, groups = answers(values, n, "values"), groups_of(by, n)
    labels = groups.labels if groups else (ALL,)
    there = ~np.isnan(said) & (sample.weights > 0.0)
    found, below = [], np.full(n, np.nan)
    sorted_by_group = []
    for at in range(len(labels)):
        inside = np.flatnonzero(there & (groups.codes == at)) if groups else np.flatnonzero(there)
        order = inside[np.argsort(said[inside], kind="stable")]
        reached = np.cumsum(sample.weights[order])
        sorted_by_group.append((said[order], reached))
        if order.size:
            middle = _at(said[order], reached, share)
            below[inside] = said[inside] <= middle
            found.append(middle)
        else:
            found.append(np.nan)
    shares = mean(sample, below, by=groups, level=level)
    made = [
        _limited(value, each, ordered, level)
        for value, (_, each), ordered in zip(found, shares, sorted_by_group, strict=True)
    ]
    missing = int(np.count_nonzero(np.isnan(said)))
    if missing:
        made = [each.marked(notes=[Note("survey_missing", {"n": missing})]) for each in made]
    errors = [np.nan if each.standard_error is None else each.standard_error for each in made]
    return Estimates(labels, tuple(made), np.diag(np.square(errors)))


def _limited(
    value: float, share: Estimate, ordered: tuple[Floats, Floats], level: float
) -> Estimate:
    if share.value is None:
        return share
    kept = tuple(note for note in share.notes if note.code != "survey_missing")
    bare = replace(
        share, value=value, low=None, high=None, standard_error=None, n_effective=None, notes=kept
    )
    if share.low is None or share.high is None or share.df is None:
        return bare
    low, high = (_at(*ordered, max(min(each, 1.0), 0.0)) for each in (share.low, share.high))
    if share.low <= 0.0 or share.high >= 1.0:
        return replace(bare, method=Method.WOODRUFF).marked(
            [Flag.UNRELIABLE], [Note("survey_quantile_open")]
        )
    error = (high - low) / (2.0 * student(share.df, level))
    return replace(bare, low=low, high=high, standard_error=error, method=Method.WOODRUFF)


def _at(values: Floats, reached: Floats, share: float) -> float:
    """Return the least value at which the sum of weights reaches `share` of all."""
    wanted = share * reached[-1] * (1.0 - _TIE)
    return float(values[min(int(np.searchsorted(reached, wanted)), values.size - 1)])

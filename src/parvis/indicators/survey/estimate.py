"""What do the answers of a sample say about everybody: totals, means, ratios, shares, gaps."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.checks import checked_level
from parvis.indicators.errors import ChoiceError
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.survey.errors import AnswerValuesError
from parvis.indicators.survey.intervals import SHARE_METHODS, share_limits
from parvis.indicators.survey.linear import (
    By,
    Groups,
    Linear,
    Sample,
    answers,
    covariance,
    groups_of,
    linear,
)
from parvis.indicators.survey.results import (
    ALL,
    Estimates,
    error_at,
    notes_of,
    nothing,
    symmetric,
    with_interval,
)
from parvis.indicators.survey.weights import kish_size

Floats = NDArray[np.float64]
LEAST_HITS = 5.0
"""Effective answers that a share needs on either side for its interval to hold."""


def total(sample: Sample, values: ArrayLike, *, by: By = None, level: float = LEVEL) -> Estimates:
    """
    Estimate the sum of a variable over the population.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    values : array_like, shape (n,)
        NaN where missing; what is missing counts as nothing, and a note says how much is.
    by : array_like, shape (n,), optional
        Groups to estimate for; the whole design is kept for each.
    level : float

    Returns
    -------
    Estimates
        With Student's interval of the linearised variance, see `linear`.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError
    """
    groups = groups_of(by, sample.n_rows)
    found = linear(sample, answers(values, sample.n_rows, "values"), None, groups, is_total=True)
    return symmetric(sample, found, groups, level, None)


def mean(sample: Sample, values: ArrayLike, *, by: By = None, level: float = LEVEL) -> Estimates:
    """
    Estimate the mean of a variable; parameters, result and errors as of `total`.

    Examples
    --------
    >>> from parvis.indicators.survey.design import survey_design
    >>> design = survey_design([2.0, 2.0, 3.0, 3.0], strata=["a", "a", "b", "b"])
    >>> found = mean(design, [1.0, 3.0, 4.0, 8.0]).one
    >>> found.value, round(found.standard_error, 4)
    (4.4, 1.2649)
    """
    groups = groups_of(by, sample.n_rows)
    said = answers(values, sample.n_rows, "values")
    found = linear(sample, said, None, groups)
    return symmetric(sample, found, groups, level, _variances(sample, said, groups, found))


def ratio(
    sample: Sample,
    above: ArrayLike,
    below: ArrayLike,
    *,
    by: By = None,
    level: float = LEVEL,
) -> Estimates:
    """
    Estimate a sum over another sum; parameters, result and errors as of `total`.

    Rows where either is missing are left out.
    """
    groups = groups_of(by, sample.n_rows)
    found = linear(
        sample,
        answers(above, sample.n_rows, "values above the line"),
        answers(below, sample.n_rows, "values below the line"),
        groups,
    )
    return symmetric(sample, found, groups, level, None)


def proportion(
    sample: Sample,
    hits: ArrayLike,
    *,
    by: By = None,
    level: float = LEVEL,
    method: Method | str = Method.LOGIT,
    df: float | None = None,
) -> Estimates:
    """
    Estimate the share that has a property.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    hits : array_like, shape (n,)
        1 or true for those who have it, 0 or false for others, NaN where missing.
    by, level
        As of `total`.
    method : :class:`~parvis.indicators.estimates.Method`
        Interval, one of those of `share_limits`.
    df : float, optional
        Degrees of freedom instead of those of the design.

    Returns
    -------
    Estimates
        Shares within 0 to 1. Where all or none have the property, or where fewer than five
        effective answers stand on either side, notes say so.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError, ChoiceError

    Notes
    -----
    Where all or none have it, the sample tells no variance; the limits are the exact ones of as
    many answers as the weights are worth (`kish_size`).
    """
    chosen = _share_method(method)
    level = checked_level(level)
    groups = groups_of(by, sample.n_rows)
    said = answers(hits, sample.n_rows, "answers")
    wrong = ~((said == 0.0) | (said == 1.0) | np.isnan(said))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise AnswerValuesError(
            what="answers", value=float(said[row]), row=row + 1, accepted="0, 1 or missing"
        )
    found = linear(sample, said, None, groups)
    spread = covariance(sample, found.values, found.parts)
    labels = groups.labels if groups else (ALL,)
    made = []
    for at in range(len(labels)):
        freedom = float(found.df[at]) if df is None else df
        error = error_at(spread, at)
        made.append(
            _share(sample, said, groups, at, found, error, level, freedom, chosen).marked(
                notes=notes_of(sample, found, groups)
            )
        )
    return Estimates(labels, tuple(made), spread)


def design_effect(sample: Sample, values: ArrayLike, *, replacement: bool = False) -> float | None:
    """
    Tell how many times the variance of a mean is that of a simple random sample of equal size.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    values : array_like, shape (n,)
    replacement : bool
        Whether the simple sample is drawn with replacement; without, it takes part of a population
        of the size that the weights sum to.

    Returns
    -------
    float or None
        None where fewer than two answers or no spread tell nothing.

    References
    ----------
    L. Kish, "Survey Sampling", 1965, section 8.2.
    """
    said = answers(values, sample.n_rows, "values")
    found = linear(sample, said, None, None)
    spread = _variances(sample, said, None, found)[0]
    n = int(found.n[0])
    if n < 2 or not spread > 0.0:
        return None
    there = ~np.isnan(said)
    size = float(sample.weights[there].sum())
    simple = spread / n * (1.0 if replacement else (size - n) / size)
    return float(covariance(sample, found.values, found.parts)[0, 0] / simple) if simple else None


def _share(
    sample: Sample,
    said: Floats,
    groups: Groups | None,
    at: int,
    found: Linear,
    error: float,
    level: float,
    df: float,
    method: Method,
) -> Estimate:
    n, share = int(found.n[at]), float(found.values[at])
    if n == 0 or math.isnan(share):
        return nothing(level, n)
    if df < 1.0 or math.isnan(error):
        return with_interval(share, error, df, level, n, method)
    # A sum of weights over itself may end a hair's breadth from 1.
    is_end = min(share, 1.0 - share) < 1e-12
    if is_end:
        from parvis.indicators.limits import exact_share_limits

        share = float(round(share))
        there = ~np.isnan(said)
        if groups:
            there &= groups.codes == at
        size = kish_size(sample.weights[there])
        low, high = exact_share_limits(share * size, size, level=level)
        limited = Estimate(share, float(low), float(high), level, 0.0, n, size, df, Method.BETA)
        return limited.marked([Flag.UNRELIABLE], [Note("survey_all_or_none")])
    if error == 0.0:
        return Estimate(share, share, share, level, 0.0, n, None, df, method)
    low_high = share_limits(share, error, df=df, n=n, level=level, method=method)
    effective = share * (1.0 - share) / error**2
    made = Estimate(share, *low_high, level, error, n, effective, df, method)
    fewest = min(share, 1.0 - share) * min(effective, n)
    if fewest < LEAST_HITS:
        return made.marked([Flag.UNRELIABLE], [Note("survey_few_hits", {"least": LEAST_HITS})])
    return made


def _variances(sample: Sample, said: Floats, groups: Groups | None, found: Linear) -> Floats:
    """Return the variance of the variable in the population, by group."""
    k = found.values.size
    rows: Any = slice(None)
    if int(found.n.sum()) != said.size:
        inside = ~np.isnan(said) & (sample.weights > 0.0)
        rows = np.flatnonzero(inside & (groups.codes >= 0)) if groups else np.flatnonzero(inside)
    y, w = said[rows], sample.weights[rows]
    if groups:
        codes = groups.codes[rows]
        away = y - found.values[codes]
        sums = np.bincount(codes, w * away * away, k)
        weights = np.bincount(codes, w, k)
    else:
        away = y - found.values[0]
        sums, weights = np.array([np.einsum("i,i,i", w, away, away)]), np.array([w.sum()])
    n = found.n.astype(np.float64)
    known = (n > 1.0) & (weights > 0.0)
    spread = sums / np.where(known, weights, 1.0) * n / np.where(known, n - 1.0, 1.0)
    return np.where(known, spread, np.nan)


def _share_method(method: Method | str) -> Method:
    known = {each.value: each for each in SHARE_METHODS}
    if method not in known:
        raise ChoiceError(what="interval", value=str(method), accepted=", ".join(known))
    return known[str(method)]

"""Errors of estimates as errors of the values that a composite is made of."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.draws import (
    JEFFREYS,
    DataErrors,
    count_errors,
    independent_covariance,
    survey_errors,
)
from parvis.indicators.composite.errors import ShapeError
from parvis.indicators.estimates import Estimate, Method

COUNTS = frozenset({Method.POISSON, Method.BYAR, Method.DOBSON, Method.DOBSON_REPEATS})
SHARES = frozenset(
    {
        Method.WILSON,
        Method.WILSON_KISH,
        Method.LOGIT,
        Method.XLOGIT,
        Method.LIKELIHOOD,
        Method.ARCSINE,
        Method.BETA,
    }
)


def errors_of_estimates(
    rows: ArrayLike,
    columns: ArrayLike,
    estimates: Sequence[Estimate],
    *,
    factors: ArrayLike = 1.0,
) -> tuple[DataErrors, ...]:
    """
    Return error models for estimates, by how their intervals were made.

    Parameters
    ----------
    rows, columns : array_like of int, shape (cells,)
        Which values of the table.
    estimates : sequence of Estimate
        Refused ones, and those without interval and standard error, are left out: their values
        count as exact, which the result says.
    factors : array_like, shape (cells,) or a number
        What an estimate is multiplied with to give the value: 100 for a share in per cent.

    Returns
    -------
    tuple of DataErrors
        Rates and counts by their number of events; shares logit-normal; the rest normal. Errors
        are independent: where several estimates come from one survey, use
        :func:`~parvis.indicators.composite.draws.survey_errors` with its covariance.

    Notes
    -----
    A share of 0 or 1 of n answers takes the place of ``(n p + 1/2) / (n + 1)``. A standard error
    that is not given is the width of the interval over twice the normal quantile.
    """
    row, column = np.atleast_1d(rows).astype(np.intp), np.atleast_1d(columns).astype(np.intp)
    if not row.size == column.size == len(estimates):
        raise ShapeError(what="estimates", found=len(estimates), expected=row.size)
    scale = np.broadcast_to(np.asarray(factors, dtype=np.float64), row.shape)
    counted: list[tuple[int, float, float]] = []
    shares: list[tuple[int, float, float]] = []
    means: list[tuple[int, float, float]] = []
    for cell, each in enumerate(estimates):
        if each.value is None:
            continue
        if each.method in COUNTS and each.n:
            counted.append((cell, float(each.n), each.value / each.n * float(scale[cell])))
            continue
        error = _standard_error(each)
        if error is None:
            continue
        if each.method in SHARES:
            shares.append((cell, *_inside(each, error)))
        else:
            means.append((cell, each.value, error))
    found: list[DataErrors] = []
    if counted:
        at, events, value = (np.array(part) for part in zip(*counted, strict=True))
        found.append(count_errors(row[at], column[at], events, value))
    for cells, is_share in ((shares, True), (means, False)):
        if cells:
            at, value, error_of = (np.array(part) for part in zip(*cells, strict=True))
            found.append(
                survey_errors(
                    row[at],
                    column[at],
                    value,
                    independent_covariance(error_of),
                    factors=scale[at],
                    is_share=is_share,
                )
            )
    return tuple(found)


def _standard_error(each: Estimate) -> float | None:
    if each.standard_error is not None:
        return each.standard_error
    if each.low is None or each.high is None:
        return None
    return (each.high - each.low) / (2 * NormalDist().inv_cdf((1 + each.level) / 2))


def _inside(each: Estimate, error: float) -> tuple[float, float]:
    """Return a share strictly between 0 and 1 and its standard error."""
    value = float(each.value or 0.0)
    if 0 < value < 1:
        return value, error
    n = float(each.n_effective or each.n or 1)
    value = (n * value + JEFFREYS) / (n + 2 * JEFFREYS)
    return value, float(np.sqrt(value * (1 - value) / (n + 2 * JEFFREYS)))

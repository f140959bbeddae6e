"""What the values could have been as well: joint draws from the errors of counts and surveys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.errors import CovarianceError, ErrorModelError, ShapeError
from parvis.indicators.composite.tree import Bools, Floats, Ints

JEFFREYS = 0.5
"""Added to a count, so that one of zero is not taken as certain."""
SLACK = 1e-9
"""Part of the greatest eigenvalue by which a covariance may miss being one, by rounding."""


@dataclass(frozen=True)
class CountErrors:
    """
    Values that are counts of independent events times a constant.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (cells,)
        Which values.
    counts : ndarray, shape (cells,)
        >= 0.
    factors : ndarray, shape (cells,)
        Value of one event: 1 for a count, 1,000 / population for a rate per thousand. > 0.
    """

    rows: Ints
    columns: Ints
    counts: Floats
    factors: Floats


@dataclass(frozen=True)
class SurveyErrors:
    """
    Values of one survey, whose errors go together because the same people answered.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (cells,)
        Which values.
    estimates : ndarray, shape (cells,)
        Shares within 0 to 1 where `is_share`, otherwise means.
    covariance : ndarray, shape (cells, cells)
        Of the estimates, from the design. Symmetric, without negative directions.
    factors : ndarray, shape (cells,)
        What the estimate is multiplied with to give the value: 100 for per cent.
    is_share : bool
    """

    rows: Ints
    columns: Ints
    estimates: Floats
    covariance: Floats
    factors: Floats
    is_share: bool = True


@dataclass(frozen=True)
class Replicates:
    """
    Values with draws made elsewhere, such as a bootstrap over places or respondents.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (cells,)
        Which values.
    draws : ndarray, shape (draws, cells)
        In the unit of the values; whole rows are drawn, so what goes together stays together.
    """

    rows: Ints
    columns: Ints
    draws: Floats


DataErrors = CountErrors | SurveyErrors | Replicates


def count_errors(
    rows: ArrayLike, columns: ArrayLike, counts: ArrayLike, factors: ArrayLike = 1.0
) -> CountErrors:
    """
    Check counts and the value of one event.

    Parameters
    ----------
    rows, columns : array_like of int, shape (cells,)
    counts, factors : array_like, shape (cells,) or a number

    Returns
    -------
    CountErrors
    """
    row, column = _places(rows, columns)
    n = np.broadcast_to(np.asarray(counts, dtype=np.float64), row.shape)
    each = np.broadcast_to(np.asarray(factors, dtype=np.float64), row.shape)
    _refuse(np.asarray(~(n >= 0) | np.isinf(n)), row, column, "count", "0 or more")
    _refuse(
        np.asarray(~(each > 0) | np.isinf(each)), row, column, "value of one event", "more than 0"
    )
    return CountErrors(row, column, n, each)


def survey_errors(
    rows: ArrayLike,
    columns: ArrayLike,
    estimates: ArrayLike,
    covariance: ArrayLike,
    *,
    factors: ArrayLike = 1.0,
    is_share: bool = True,
) -> SurveyErrors:
    """
    Check estimates of one survey and their covariance.

    Parameters
    ----------
    rows, columns : array_like of int, shape (cells,)
    estimates : array_like, shape (cells,)
        Shares strictly between 0 and 1 where `is_share`: of 0 or 1, no covariance tells the error.
    covariance : array_like, shape (cells, cells)
    factors : array_like, shape (cells,) or a number
    is_share : bool, default True

    Returns
    -------
    SurveyErrors

    Raises
    ------
    ErrorModelError
        If an estimate cannot be used.
    CovarianceError
        If the covariance is none.
    """
    row, column = _places(rows, columns)
    values = np.broadcast_to(np.asarray(estimates, dtype=np.float64), row.shape)
    each = np.broadcast_to(np.asarray(factors, dtype=np.float64), row.shape)
    if is_share:
        wrong = ~((values > 0) & (values < 1))
        _refuse(wrong, row, column, "share", "more than 0 and less than 1")
    else:
        _refuse(~np.isfinite(values), row, column, "estimate", "a number")
    matrix = np.asarray(covariance, dtype=np.float64)
    _root(matrix, row.size)
    return SurveyErrors(row, column, values, matrix, each, is_share)


def replicates(rows: ArrayLike, columns: ArrayLike, draws: ArrayLike) -> Replicates:
    """
    Check draws made elsewhere.

    Parameters
    ----------
    rows, columns : array_like of int, shape (cells,)
    draws : array_like, shape (draws, cells)

    Returns
    -------
    Replicates
    """
    row, column = _places(rows, columns)
    table = np.atleast_2d(np.asarray(draws, dtype=np.float64))
    if table.shape[1] != row.size:
        raise ShapeError(what="draws", found=table.shape, expected=("draws", row.size))
    _refuse(np.asarray(~np.isfinite(table).all(axis=0)), row, column, "draw", "a number")
    return Replicates(row, column, table)


def draw_values(
    values: Floats, errors: Sequence[DataErrors], n: int, rng: np.random.Generator
) -> Floats:
    """
    Draw tables of values.

    Parameters
    ----------
    values : ndarray, shape (rows, indicators)
        Those without an error model, and missing ones, stay as they are.
    errors : sequence of DataErrors
    n : int
        Draws.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, rows, indicators)

    Notes
    -----
    Counts O are drawn from Gamma(O + 1/2), the posterior under Jeffreys' prior [1]_, whose
    quantiles lie between the two ends of the exact Poisson interval. Shares p of a survey are
    logit-normal with covariance ``C_ij / (p_i (1 - p_i) p_j (1 - p_j))`` (delta method), means
    normal, both jointly for a survey; replicates are drawn with replacement, whole rows at a time.

    References
    ----------
    .. [1] L. D. Brown, T. T. Cai, A. DasGupta, "Interval Estimation in Exponential Families",
       Statistica Sinica 13, 2003, pp. 19-49.
    """
    found = np.broadcast_to(values, (n, *values.shape)).copy()
    for source in errors:
        match source:
            case CountErrors():
                drawn = rng.standard_gamma(source.counts + JEFFREYS, (n, source.counts.size))
                drawn = drawn * source.factors
            case SurveyErrors():
                drawn = _survey_draws(source, n, rng) * source.factors
            case Replicates():
                drawn = source.draws[rng.integers(source.draws.shape[0], size=n)]
        there = ~np.isnan(values[source.rows, source.columns])
        found[:, source.rows[there], source.columns[there]] = drawn[:, there]
    return found


def independent_covariance(errors: ArrayLike) -> Floats:
    """
    Return the covariance of estimates whose errors have nothing to do with each other.

    Parameters
    ----------
    errors : array_like, shape (cells,)
        Standard errors. >= 0.

    Returns
    -------
    ndarray, shape (cells, cells)

    Notes
    -----
    For indicators from the same people this makes intervals too narrow or too wide: use the
    design's covariance where it is known.
    """
    return np.diag(np.asarray(errors, dtype=np.float64) ** 2)


def _survey_draws(source: SurveyErrors, n: int, rng: np.random.Generator) -> Floats:
    normal = rng.standard_normal((n, source.estimates.size))
    if not source.is_share:
        return source.estimates + normal @ _root(source.covariance, source.estimates.size).T
    slope = source.estimates * (1 - source.estimates)
    matrix = source.covariance / np.outer(slope, slope)
    logit = np.log(source.estimates) - np.log1p(-source.estimates)
    return 1 / (1 + np.exp(-(logit + normal @ _root(matrix, logit.size).T)))


def _root(matrix: Floats, size: int) -> Floats:
    """Return a root of a covariance, which may have directions without any spread."""
    if matrix.shape != (size, size):
        raise CovarianceError(reason=f"its shape is {matrix.shape}, not ({size}, {size})")
    if not np.isfinite(matrix).all():
        raise CovarianceError(reason="an entry is missing")
    if not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0):
        raise CovarianceError(reason="it is not symmetric")
    if not size:
        return matrix
    sizes, directions = np.linalg.eigh((matrix + matrix.T) / 2)
    if sizes[0] < -SLACK * max(sizes[-1], 0.0) or sizes[-1] < 0:
        raise CovarianceError(reason="a combination of values would have a negative variance")
    return directions * np.sqrt(np.maximum(sizes, 0.0))


def _places(rows: ArrayLike, columns: ArrayLike) -> tuple[Ints, Ints]:
    row, column = np.atleast_1d(rows).astype(np.intp), np.atleast_1d(columns).astype(np.intp)
    if row.shape != column.shape:
        raise ShapeError(what="columns", found=column.shape, expected=row.shape)
    return row, column


def _refuse(wrong: Bools, rows: Ints, columns: Ints, what: str, accepted: str) -> None:
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise ErrorModelError(
            row=int(rows[place]) + 1, column=int(columns[place]) + 1, what=what, accepted=accepted
        )

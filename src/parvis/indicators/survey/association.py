"""Do two things go together in the population, as far as the sample can tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.estimates import LEVEL
from parvis.indicators.survey.design import Design, summed
from parvis.indicators.survey.errors import AnswerValuesError, SurveyRowsError
from parvis.indicators.survey.gaps import several
from parvis.indicators.survey.intervals import student
from parvis.indicators.survey.linear import Sample, groups_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IndependenceTest:
    """
    A test of independence.

    Attributes
    ----------
    statistic : float
        F.
    df_above, df_below : float
    p_value : float
        Probability of a statistic at least as great if the two had nothing to do with each other.
    """

    statistic: float
    df_above: float
    df_below: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Regression:
    """
    A linear regression.

    Attributes
    ----------
    names : tuple of str
        The constant first.
    values, standard_errors, low, high : ndarray, shape (k,)
    covariance : ndarray, shape (k, k)
    df : float
    """

    names: tuple[str, ...]
    values: Floats
    standard_errors: Floats
    low: Floats
    high: Floats
    covariance: Floats
    df: float


def independence(sample: Sample, rows: ArrayLike, columns: ArrayLike) -> IndependenceTest:
    """
    Test whether two variables in categories are independent in the population.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    rows, columns : array_like, shape (n,)
        Categories; rows with nothing in either are left out.

    Returns
    -------
    IndependenceTest

    Raises
    ------
    SurveyRowsError, AnswerValuesError

    Notes
    -----
    Pearson's statistic over the mean generalised design effect, with its second-order correction,
    against the F distribution [1]_.

    References
    ----------
    .. [1] J. N. K. Rao, A. J. Scott, "On chi-squared tests for multiway contingency tables with
       cell proportions estimated from survey data", Annals of Statistics 12, 1984, 46-60.
    """
    from scipy.special import fdtrc

    first, second = groups_of(rows, sample.n_rows), groups_of(columns, sample.n_rows)
    assert first is not None  # noqa: S101
    assert second is not None  # noqa: S101
    r, c = len(first.labels), len(second.labels)
    if r < 2 or c < 2:
        found = first.labels if r < 2 else second.labels
        raise AnswerValuesError(
            what="rows" if r < 2 else "columns",
            value=", ".join(found),
            row=1,
            accepted="at least two categories",
        )
    cell = np.where((first.codes < 0) | (second.codes < 0), -1, first.codes * c + second.codes)
    indicators = (cell[:, None] == np.arange(r * c)).astype(np.float64)
    indicators[cell < 0] = np.nan
    cells = several(sample, list(indicators.T), [str(each) for each in range(r * c)])
    shares = np.array([0.0 if each.value is None else each.value for each in cells.estimates])
    expected = np.outer(shares.reshape(r, c).sum(1), shares.reshape(r, c).sum(0)).ravel()
    pearson = float(((shares - expected) ** 2 / expected).sum())
    effects = np.linalg.eigvals(_generalised_effects(shares, cells.covariance, r, c)).real
    ndf = float(effects.sum() ** 2 / (effects**2).sum())
    ddf = ndf * sample.df
    statistic = pearson / float(effects.sum())
    return IndependenceTest(statistic, ndf, ddf, float(fdtrc(ndf, ddf, statistic)))


def regression(
    sample: Design,
    answer: ArrayLike,
    explained_by: dict[str, ArrayLike],
    *,
    level: float = LEVEL,
) -> Regression:
    """
    Fit a weighted linear regression with its design-based covariance.

    Parameters
    ----------
    sample : Design
    answer : array_like, shape (n,)
    explained_by : mapping of str to array_like, shape (n,)
        Numeric variables; a constant is added. Rows where anything is NaN are left out.
    level : float

    Returns
    -------
    Regression
        A difference of two groups is the regression on a variable of 0 and 1.

    Raises
    ------
    SurveyRowsError, AnswerValuesError

    Notes
    -----
    ``V = A⁻¹ V(sum w x e) A⁻¹`` with ``A = sum w x x'`` [1]_; degrees of freedom are those of the
    design less the number of variables.

    References
    ----------
    .. [1] D. A. Binder, "On the variances of asymptotically normal estimators from complex
       surveys", International Statistical Review 51, 1983, 279-292.
    """
    n = sample.n_rows
    columns = [np.ones(n)]
    columns += [np.asarray(each, dtype=np.float64) for each in explained_by.values()]
    y = np.asarray(answer, dtype=np.float64)
    for name, each in zip(("answers", "constant", *explained_by), (y, *columns), strict=True):
        if each.shape != (n,):
            raise SurveyRowsError(what=name, found=each.size, expected=n)
    X = np.stack(columns, axis=1)
    there = np.isfinite(y) & np.isfinite(X).all(axis=1) & (sample.weights > 0.0)
    X, y, w = X[there], y[there], sample.weights[there]
    cross = (X * w[:, None]).T @ X
    if np.linalg.matrix_rank(cross) < cross.shape[0]:
        raise AnswerValuesError(
            what=", ".join(explained_by),
            value="a sum of the others",
            row=1,
            accepted="variables of which none follows from the others",
        )
    inverse = np.linalg.inv(cross)
    values = inverse @ (X.T @ (w * y))
    scores = (X * (w * (y - X @ values))[:, None]) @ inverse
    spread = sample.covariance(summed(scores, sample.unit[there], sample.n_units))
    errors = np.sqrt(np.diag(spread))
    df = sample.df - len(explained_by)
    half = student(df, level) * errors if df >= 1.0 else np.full_like(errors, np.nan)
    names = ("constant", *explained_by)
    return Regression(names, values, errors, values - half, values + half, spread, df)


def _generalised_effects(shares: Floats, spread: Floats, r: int, c: int) -> Floats:
    """Return the design effects of the interactions of a table."""
    main = np.concatenate(
        [np.kron(np.eye(r), np.ones((c, 1))), np.kron(np.ones((r, 1)), np.eye(c))], axis=1
    )
    all_pairs = np.kron(np.eye(r)[:, 1:], np.eye(c)[:, 1:])
    beside = all_pairs - main @ np.linalg.lstsq(main, all_pairs, rcond=None)[0]
    scaled = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0.0)[:, None] * beside
    return np.asarray(np.linalg.solve(beside.T @ scaled, scaled.T @ spread @ scaled))

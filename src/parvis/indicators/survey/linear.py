"""How do ratios of totals, and all that is made of them, vary with the sample."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.survey.codes import codes_of
from parvis.indicators.survey.design import Design, summed
from parvis.indicators.survey.errors import AnswerValuesError, SurveyRowsError
from parvis.indicators.survey.replicates import ReplicateDesign

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Sample = Design | ReplicateDesign


@dataclass(frozen=True, slots=True)
class Groups:
    """
    Groups of rows: those of one code each.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        -1 where a row belongs to no group.
    labels : tuple of str
    n_others : int
        Such rows.
    """

    codes: Codes
    labels: tuple[str, ...]
    n_others: int


By = ArrayLike | Groups | None
"""What estimates are grouped by."""


@dataclass(frozen=True, slots=True)
class Linear:
    """
    Estimates with what their covariance is made of.

    Attributes
    ----------
    values : ndarray, shape (k,)
        NaN for groups without answers.
    parts : ndarray, shape (n_units, k) or (n_replicates, k)
        Sums of linearised values by unit, or the estimates of the replicates.
    n : ndarray of int, shape (k,)
        Answers.
    df : ndarray, shape (k,)
    n_missing : int
        Rows of the groups without an answer.
    """

    values: Floats
    parts: Floats
    n: NDArray[np.int64]
    df: Floats
    n_missing: int


def groups_of(by: By, n: int) -> Groups | None:
    """
    Return the groups of a column; rows with nothing in it belong to none.

    Groups that are made once serve all estimates by the same column.
    """
    if by is None or isinstance(by, Groups):
        return by
    labels = np.asarray(by)
    if labels.shape != (n,):
        raise SurveyRowsError(what="groups", found=labels.size, expected=n)
    there = is_there(labels)
    if there.all():
        codes, known = codes_of(labels)
    else:
        codes = np.full(n, -1, dtype=np.intp)
        codes[there], known = codes_of(labels[there])
    return Groups(codes, tuple(_text(each) for each in known), int((~there).sum()))


def is_there(labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which labels say something: not None, NaN or the empty text."""
    if labels.dtype.kind == "f":
        return ~np.isnan(labels)
    if labels.dtype.kind in "US":
        return np.asarray(labels != np.zeros((), dtype=labels.dtype))
    if labels.dtype.kind == "O":
        return np.array([each is not None and each != "" and each == each for each in labels])
    return np.ones(labels.shape, dtype=np.bool_)


def answers(values: ArrayLike, n: int, what: str) -> Floats:
    """Return answers as floats, NaN where missing; infinite ones are an error."""
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (n,):
        raise SurveyRowsError(what=what, found=found.size, expected=n)
    if not np.isfinite(found.sum()) and np.isinf(found).any():
        row = int(np.flatnonzero(np.isinf(found))[0])
        raise AnswerValuesError(
            what=what, value=float(found[row]), row=row + 1, accepted="finite numbers"
        )
    return found


def linear(
    sample: Sample,
    above: Floats,
    below: Floats | None,
    groups: Groups | None,
    *,
    is_total: bool = False,
) -> Linear:
    """
    Linearise totals, means and ratios, one for each group.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    above : ndarray, shape (n,)
        Summed above the line; NaN where missing.
    below : ndarray, shape (n,), optional
        Summed below the line; the number of answers without it.
    groups : Groups, optional
        All rows are one group without it.
    is_total : bool
        The sum above the line itself.

    Notes
    -----
    ``R = Y/X`` varies as the sum of ``w (y - R x)/X`` does [1]_; rows outside of a group count as
    zero there, so that the whole design is kept.

    References
    ----------
    .. [1] C.-E. Särndal, B. Swensson, J. Wretman, "Model Assisted Survey Sampling", 1992,
       section 5.6.
    """
    k = len(groups.labels) if groups else 1
    rows, n_missing = _rows(sample, above, below, groups)
    codes = groups.codes[rows] if groups else None
    y, x = above[rows], None if below is None else below[rows]
    counts = np.array([y.size]) if codes is None else np.bincount(codes, minlength=k)
    if isinstance(sample, ReplicateDesign):
        values = _ratio(_sums(sample.weights[rows], y, x, codes, k), is_total)
        copies = [
            _ratio(_sums(each, y, x, codes, k), is_total) for each in sample.replicates[rows].T
        ]
        return Linear(values, np.stack(copies), counts, np.full(k, sample.df), n_missing)
    w, unit, n_units = sample.weights[rows], sample.unit[rows], sample.n_units
    is_whole = codes is None and y.size == sample.n_rows
    cell = unit if codes is None else unit * k + codes
    Y = _floats(np.bincount(cell, w * y, n_units * k)).reshape(n_units, k)
    if is_whole:
        there = sample.by_unit[:, None]
    else:
        there = _floats(np.bincount(cell, w, n_units * k)).reshape(n_units, k)
    X = there
    if x is not None:
        X = _floats(np.bincount(cell, w * x, n_units * k)).reshape(n_units, k)
    sums = Y.sum(axis=0), X.sum(axis=0)
    values = _ratio(sums, is_total)
    known = np.where(np.isnan(values), 0.0, values)
    divisor = np.where(counts > 0, sums[1], 1.0)
    parts = Y if is_total else (Y - X * known) / divisor
    if sample.calibration:
        base = sample.calibration.base[rows]
        of = np.zeros(y.size, dtype=np.intp) if codes is None else codes
        explained = sample.calibration.sums_of(rows, base * y, of, k)
        if not is_total:
            lower = sample.calibration.sums_of(rows, base if x is None else base * x, of, k)
            explained = (explained - lower * known) / divisor
        parts = sample.calibration.residual(parts, explained)
    df = np.array([sample.df]) if is_whole else _df(sample, there > 0.0)
    return Linear(values, parts, counts, df, n_missing)


def covariance(sample: Sample, values: Floats, parts: Floats) -> Floats:
    """Return the covariance of linearised estimates, shape (k, k)."""
    if isinstance(sample, ReplicateDesign):
        return sample.covariance(parts, values)
    return sample.covariance(parts)


def joined(blocks: list[Linear]) -> Linear:
    """Return several blocks of estimates from the same sample as one."""
    return Linear(
        np.concatenate([block.values for block in blocks]),
        np.concatenate([block.parts for block in blocks], axis=1),
        np.concatenate([block.n for block in blocks]),
        np.concatenate([block.df for block in blocks]),
        sum(block.n_missing for block in blocks),
    )


def _sums(
    w: Floats, y: Floats, x: Floats | None, codes: Codes | None, k: int
) -> tuple[Floats, Floats]:
    if codes is None:
        below = w.sum() if x is None else w @ x
        return np.array([w @ y]), np.array([below])
    below = np.bincount(codes, w if x is None else w * x, k)
    return _floats(np.bincount(codes, w * y, k)), _floats(below)


def _ratio(sums: tuple[Floats, Floats], is_total: bool) -> Floats:
    if is_total:
        return sums[0]
    below = np.where(sums[1] != 0.0, sums[1], np.nan)
    return np.asarray(sums[0] / below)


def _rows(
    sample: Sample, above: Floats, below: Floats | None, groups: Groups | None
) -> tuple[Any, int]:
    """Return the rows with an answer, a weight and a group, and how many lack only the answer."""
    # One sum tells of a whole column whether anything is missing.
    has_gaps = np.isnan(above.sum()) or (below is not None and np.isnan(below.sum()))
    has_others = groups is not None and groups.n_others > 0
    if not (has_gaps or has_others or sample.has_zero):
        return slice(None), 0
    inside = sample.weights > 0.0
    if groups:
        inside &= groups.codes >= 0
    missing = np.isnan(above) if below is None else np.isnan(above) | np.isnan(below)
    return np.flatnonzero(inside & ~missing), int(np.count_nonzero(missing & inside))


def _df(sample: Design, there: NDArray[np.bool_]) -> Floats:
    """Return clusters less strata, of those in which a group has answers."""
    stage = sample.stages[0]
    clusters = there
    if len(sample.stages) > 1:
        clusters = summed(there.astype(np.float64), sample.first, stage.stratum.size) > 0.0
    strata = summed(clusters.astype(np.float64), stage.stratum, stage.sampled.size) > 0.0
    return np.asarray(clusters.sum(axis=0) - strata.sum(axis=0), dtype=np.float64)


def _floats(sums: NDArray[Any]) -> Floats:
    """Return sums by code as floats; without any rows NumPy counts in whole numbers."""
    return np.asarray(sums, dtype=np.float64)


def _text(label: Any) -> str:
    if isinstance(label, float | np.floating) and float(label).is_integer():
        return str(int(label))
    return str(label)

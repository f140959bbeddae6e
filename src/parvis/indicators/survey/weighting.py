"""How are answers weighted so that the sample has the make-up the population is known to have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.estimates import Note
from parvis.indicators.survey.calibration import Margin, calibration
from parvis.indicators.survey.codes import codes_of
from parvis.indicators.survey.design import Design
from parvis.indicators.survey.errors import (
    DesignMissingError,
    MarginEmptyError,
    MarginsError,
    MarginSumsError,
    MarginTotalError,
    NoConvergenceError,
    SurveyRowsError,
)
from parvis.indicators.survey.linear import Sample, is_there
from parvis.indicators.survey.replicates import ReplicateDesign
from parvis.indicators.survey.weights import kish_size

Floats = NDArray[np.float64]
TRIM = 5.0
"""Weights are cut at this many times their median."""
ROUNDS = 1_000
MET, MET_TRIMMED = 1e-6, 1e-3
"""Known totals count as met within these shares of the population."""
N_NAMED = 5


@dataclass(frozen=True, slots=True)
class Weighting:
    """
    A sample with new weights, and what that did.

    Attributes
    ----------
    sample : Design or ReplicateDesign
    n_rounds : int
        Passes over the margins.
    n_trimmed : int
        Rows whose weight was cut.
    deviation : float
        Greatest distance from a known total, relative to the population.
    factor_low, factor_high : float
        Least and greatest new weight over the old one.
    design_effect : float
        Loss by unequal weights, ``n / kish_size``: how many times as many answers are needed.
    """

    sample: Sample
    n_rounds: int
    n_trimmed: int
    deviation: float
    factor_low: float
    factor_high: float
    design_effect: float


def post_stratify(sample: Sample, cells: ArrayLike, totals: Mapping[str, float]) -> Weighting:
    """
    Weight each cell to its known total.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    cells : array_like, shape (n,)
        Cell of each row.
    totals : mapping of str to float
        Persons in each cell, > 0.

    Returns
    -------
    Weighting

    Raises
    ------
    SurveyRowsError, MarginsError

    References
    ----------
    C.-E. Särndal, B. Swensson, J. Wretman, "Model Assisted Survey Sampling", 1992, section 7.6.
    """
    return rake(sample, {"cells": cells}, {"cells": totals}, trim=None)


def rake(
    sample: Sample,
    margins: Mapping[str, ArrayLike],
    totals: Mapping[str, Mapping[str, float]],
    *,
    trim: float | None = TRIM,
    tolerance: float = 1e-9,
) -> Weighting:
    """
    Weight several margins to their known totals in turn, until all are met.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    margins : mapping of str to array_like, shape (n,)
        Variables in categories; nothing may be missing.
    totals : mapping of str to mapping of str to float
        Persons in each category, > 0; sums of all margins are the same.
    trim : float, optional
        Weights above this many times the median are cut there and the margins met again; None cuts
        nothing.
    tolerance : float
        Greatest change of a category's sum in a round, relative to the population.

    Returns
    -------
    Weighting

    Raises
    ------
    SurveyRowsError, MarginsError, NoConvergenceError

    Notes
    -----
    Iterative proportional fitting [1]_. The variance is that of the calibration estimator.

    References
    ----------
    .. [1] W. E. Deming, F. F. Stephan, "On a least squares adjustment of a sampled frequency table
       when the expected marginal totals are known", Annals of Mathematical Statistics 11, 1940,
       427-444.
    """
    known = {name: _margin(name, column, totals, sample) for name, column in margins.items()}
    targets = [target for _, target in known.values()]
    parts = tuple(margin for margin, _ in known.values())
    _same_population(list(known), targets)
    made = _raked(sample.weights, parts, targets, trim, tolerance)
    if isinstance(sample, ReplicateDesign):
        copies = [
            _raked(each, parts, targets, trim, tolerance).weights for each in sample.replicates.T
        ]
        return _weighting(sample, made, np.stack(copies, axis=1), parts, targets, "survey_raked")
    return _weighting(sample, made, None, parts, targets, "survey_raked")


def calibrate(
    sample: Sample,
    columns: Mapping[str, ArrayLike],
    totals: Mapping[str, float],
    *,
    categories: Mapping[str, ArrayLike] | None = None,
    category_totals: Mapping[str, Mapping[str, float]] | None = None,
) -> Weighting:
    """
    Weight numeric variables and categories to their known totals by the regression estimator.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    columns : mapping of str to array_like, shape (n,)
        Numeric variables; nothing may be missing.
    totals : mapping of str to float
        Their sums over the population.
    categories : mapping of str to array_like, optional
        Variables in categories.
    category_totals : mapping of str to mapping of str to float, optional
        Persons in each category.

    Returns
    -------
    Weighting
        Weights may fall below zero where totals are far from the sample; `factor_low` tells.

    Raises
    ------
    SurveyRowsError, MarginsError

    Notes
    -----
    ``w = d (1 + (T - sum d x)' (sum d x x')⁻¹ x)`` [1]_.

    References
    ----------
    .. [1] J.-C. Deville, C.-E. Särndal, "Calibration estimators in survey sampling", Journal of the
       American Statistical Association 87, 1992, 376-382.
    """
    n = sample.n_rows
    numbers = [_numbers(name, column, n) for name, column in columns.items()]
    missing = [name for name in columns if name not in totals]
    if missing:
        raise MarginsError(what=missing[0], problem="its total is not given")
    shown = {
        name: _margin(name, column, category_totals or {}, sample)
        for name, column in (categories or {}).items()
    }
    parts = tuple(margin for margin, _ in shown.values())
    targets = [target for _, target in shown.values()]
    matrix = np.stack(numbers, axis=1) if numbers else np.empty((n, 0))
    wanted = np.array([float(totals[name]) for name in columns])
    dense = np.concatenate([*_dummies(parts), matrix], axis=1)
    goal = np.concatenate([*targets, wanted])
    weights = _regressed(sample.weights, dense, goal)
    off = float(np.abs(dense.T @ weights - goal).max() / max(float(np.abs(goal).max()), 1.0))
    if off > 1e-6:
        raise MarginsError(
            what=", ".join([*shown, *columns]), problem="the totals contradict each other"
        )
    made = _Made(weights, 1, 0, off)
    copies = None
    if isinstance(sample, ReplicateDesign):
        copies = np.stack([_regressed(each, dense, goal) for each in sample.replicates.T], axis=1)
    return _weighting(sample, made, copies, parts, targets, "survey_calibrated", matrix)


@dataclass(frozen=True, slots=True)
class _Made:
    weights: Floats
    n_rounds: int
    n_trimmed: int
    deviation: float


def _raked(
    base: Floats,
    margins: Sequence[Margin],
    targets: Sequence[Floats],
    trim: float | None,
    tolerance: float,
) -> _Made:
    size, weights = float(targets[0].sum()), base.copy()
    cut = np.zeros(base.size, dtype=np.bool_)
    number, change, deviation = 0, np.inf, np.inf
    for number in range(1, ROUNDS + 1):
        before = weights
        for margin, target in zip(margins, targets, strict=True):
            sums = np.bincount(margin.codes, weights, margin.n)
            weights = weights * (target / np.where(sums > 0.0, sums, 1.0))[margin.codes]
        if trim is not None:
            limit = trim * float(np.median(weights[weights > 0.0]))
            above = weights > limit * (1.0 + 1e-9)
            cut |= above
            weights = np.minimum(weights, limit)
        moved = weights - before
        change = max(
            float(np.abs(np.bincount(each.codes, np.abs(moved), each.n)).max()) for each in margins
        )
        deviation = max(
            float(np.abs(np.bincount(each.codes, weights, each.n) - target).max())
            for each, target in zip(margins, targets, strict=True)
        )
        if change <= tolerance * size or (len(margins) == 1 and trim is None):
            if deviation > (max(tolerance, MET) if trim is None else MET_TRIMMED) * size:
                break
            return _Made(weights, number, int(cut.sum()), deviation / size)
    raise NoConvergenceError(n=number, deviation=deviation / size)


def _regressed(base: Floats, dense: Floats, goal: Floats) -> Floats:
    cross = (dense * base[:, None]).T @ dense
    lacking = goal - dense.T @ base
    slope = np.linalg.pinv(cross, hermitian=True) @ lacking
    weights = base * (1.0 + dense @ slope)
    # A second step takes away what rounding left.
    slope = np.linalg.pinv(cross, hermitian=True) @ (goal - dense.T @ weights)
    return np.asarray(weights + base * (dense @ slope))


def _weighting(
    sample: Sample,
    made: _Made,
    copies: Floats | None,
    margins: tuple[Margin, ...],
    targets: Sequence[Floats],
    code: str,
    numbers: Floats | None = None,
) -> Weighting:
    del targets
    there = sample.weights > 0.0
    factors = made.weights[there] / sample.weights[there]
    effect = float(there.sum()) / kish_size(made.weights)
    note = Note(code, {"n_trimmed": made.n_trimmed, "design_effect": effect})
    done: Sample
    if isinstance(sample, Design):
        matrix = np.empty((sample.n_rows, 0)) if numbers is None else numbers
        kept = calibration(
            sample.weights, made.weights, margins, matrix, sample.unit, sample.n_units
        )
        done = sample.reweighted(made.weights, kept, note)
    else:
        assert copies is not None  # noqa: S101
        done = sample.reweighted(made.weights, copies, note)
    return Weighting(
        done,
        made.n_rounds,
        made.n_trimmed,
        made.deviation,
        float(factors.min()),
        float(factors.max()),
        effect,
    )


def _margin(
    name: str, column: ArrayLike, totals: Mapping[str, Mapping[str, float]], sample: Sample
) -> tuple[Margin, Floats]:
    labels = np.asarray(column)
    if labels.shape != (sample.n_rows,):
        raise SurveyRowsError(what=name, found=labels.size, expected=sample.n_rows)
    _refuse_gaps(name, ~is_there(labels))
    if name not in totals:
        raise MarginsError(what=name, problem="its totals are not given")
    codes, known = codes_of(labels)
    given = {str(label): float(value) for label, value in totals[name].items()}
    spoken = [str(each) for each in known]
    for label in dict.fromkeys([*spoken, *given]):
        value = given.get(label, 0.0)
        if not (np.isfinite(value) and value > 0.0):
            raise MarginTotalError(what=name, label=label)
    weights = np.bincount(codes, sample.weights, known.size)
    silent = [label for label in given if label not in spoken]
    silent += [label for label, sum_ in zip(spoken, weights, strict=True) if sum_ <= 0.0]
    if silent:
        raise MarginEmptyError(what=name, label=silent[0])
    return Margin(codes, known.size), np.array([given[label] for label in spoken])


def _same_population(names: Sequence[str], targets: Sequence[Floats]) -> None:
    if not targets:
        raise MarginsError(what="margins", problem="none is given")
    sums = [float(target.sum()) for target in targets]
    for name, found in zip(names[1:], sums[1:], strict=True):
        if abs(found - sums[0]) > 1e-6 * sums[0]:
            raise MarginSumsError(what=name, found=found, first=names[0], expected=sums[0])


def _numbers(name: str, column: ArrayLike, n: int) -> Floats:
    values = np.asarray(column, dtype=np.float64)
    if values.shape != (n,):
        raise SurveyRowsError(what=name, found=values.size, expected=n)
    _refuse_gaps(name, ~np.isfinite(values))
    return values


def _refuse_gaps(name: str, missing: NDArray[np.bool_]) -> None:
    if missing.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(missing)[:N_NAMED])
        raise DesignMissingError(what=name, n=int(missing.sum()), rows=rows)


def _dummies(margins: Sequence[Margin]) -> list[Floats]:
    return [np.eye(margin.n)[margin.codes] for margin in margins]

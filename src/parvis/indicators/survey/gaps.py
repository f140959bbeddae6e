"""How far are estimates of one sample apart, their covariance included."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.checks import checked_level
from parvis.indicators.errors import ChoiceError
from parvis.indicators.estimates import LEVEL, Estimate, Method, Note
from parvis.indicators.survey.estimate import mean
from parvis.indicators.survey.linear import (
    By,
    Groups,
    Linear,
    Sample,
    answers,
    groups_of,
    joined,
    linear,
)
from parvis.indicators.survey.results import Estimates, symmetric, with_interval


def contrast(
    estimates: Estimates, coefficients: Mapping[str, float], *, level: float = LEVEL
) -> Estimate:
    """
    Estimate a weighted sum of estimates, their covariance included.

    Parameters
    ----------
    estimates : Estimates
    coefficients : mapping of str to float
        By label; others count nothing.
    level : float

    Returns
    -------
    Estimate
        Refused where one of the estimates is.

    Raises
    ------
    ChoiceError, LevelError
    """
    level = checked_level(level)
    for label in coefficients:
        if label not in estimates.labels:
            raise ChoiceError(what="group", value=label, accepted=", ".join(estimates.labels))
    used = [estimates[label] for label in coefficients]
    counted = [each.n for each in used if each.n is not None]
    if any(each.is_refused for each in used):
        return Estimate(None, None, None, level=level).withheld(Note("estimate_no_answers"))
    weights = np.array([coefficients.get(label, 0.0) for label in estimates.labels])
    known = weights != 0.0
    spread = estimates.covariance[np.ix_(known, known)]
    variance = float(weights[known] @ spread @ weights[known])
    value = sum(
        factor * cast("float", each.value)
        for factor, each in zip(coefficients.values(), used, strict=True)
    )
    df = min((each.df for each in used if each.df is not None), default=math.inf)
    notes = {note: None for each in used for note in each.notes if note.code != "survey_few_hits"}
    error = math.sqrt(max(variance, 0.0))
    return with_interval(value, error, df, level, sum(counted), Method.LINEARISED).marked(
        notes=notes
    )


def paired_gap(
    sample: Sample,
    first: ArrayLike,
    second: ArrayLike,
    *,
    by: By = None,
    level: float = LEVEL,
) -> Estimates:
    """
    Estimate the mean of one variable less the mean of another, of the same persons.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    first, second : array_like, shape (n,)
        Each mean is over those who answered that question.
    by, level
        As of `total`.

    Returns
    -------
    Estimates
        `n` are those who answered the question with fewer answers. The covariance of both means is
        taken into account.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError
    """
    groups = groups_of(by, sample.n_rows)
    one, other = (
        linear(sample, answers(each, sample.n_rows, "answers"), None, groups)
        for each in (first, second)
    )
    both = Linear(
        one.values - other.values,
        one.parts - other.parts,
        np.minimum(one.n, other.n),
        np.minimum(one.df, other.df),
        max(one.n_missing, other.n_missing),
    )
    return symmetric(sample, both, groups, level, None)


def group_gap(
    sample: Sample,
    values: ArrayLike,
    *,
    by: ArrayLike,
    first: str,
    second: str,
    level: float = LEVEL,
) -> Estimate:
    """
    Estimate the mean of a variable in one group less its mean in another.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    values : array_like, shape (n,)
    by : array_like, shape (n,)
    first, second : str
        Labels of the groups.
    level : float

    Returns
    -------
    Estimate
        Both groups come from one design: clusters that hold people of both are accounted for.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, ChoiceError, LevelError
    """
    found = mean(sample, values, by=by, level=level)
    return contrast(found, {first: 1.0, second: -1.0}, level=level)


def several(sample: Sample, columns: Sequence[ArrayLike], labels: Sequence[str]) -> Estimates:
    """
    Estimate the means of several variables with their common covariance.

    Raises
    ------
    SurveyRowsError, AnswerValuesError
    """
    blocks = [
        linear(sample, answers(column, sample.n_rows, label), None, None)
        for column, label in zip(columns, labels, strict=True)
    ]
    groups = Groups(np.empty(0, dtype=np.intp), tuple(labels), 0)
    return symmetric(sample, joined(blocks), groups, LEVEL, None)

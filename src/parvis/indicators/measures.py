"""What do the standard questions on safety say, by the definitions of their editions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.errors import ChoiceError
from parvis.indicators.estimates import LEVEL, Estimate
from parvis.indicators.survey.errors import AnswerValuesError, SurveyRowsError
from parvis.indicators.survey.estimate import proportion
from parvis.indicators.survey.gaps import group_gap, paired_gap
from parvis.indicators.survey.linear import By, Sample, answers, is_there
from parvis.indicators.survey.results import Estimates

Floats = NDArray[np.float64]
Kind = TypeVar("Kind", bound=StrEnum)


class FeltSafe(StrEnum):
    """Answers to how safe one feels, or would feel, walking alone in one's area."""

    VERY_SAFE = "very_safe"
    SAFE = "safe"
    UNSAFE = "unsafe"
    VERY_UNSAFE = "very_unsafe"
    NEVER_GOES_OUT = "never_goes_out"
    DONT_KNOW = "dont_know"


class Harassment(StrEnum):
    """Kinds of harassment that the questions tell apart."""

    SEXUAL = "sexual"
    NON_SEXUAL = "non_sexual"
    PHYSICAL = "physical"


class Edition(StrEnum):
    """Editions of indicator 11.7.2, by what they count."""

    PHYSICAL_OR_SEXUAL = "physical_or_sexual"
    """To October 2023."""
    NON_SEXUAL_OR_SEXUAL = "non_sexual_or_sexual"
    """From November 2023."""


COUNTED: Mapping[Edition, frozenset[Harassment]] = {
    Edition.PHYSICAL_OR_SEXUAL: frozenset({Harassment.PHYSICAL, Harassment.SEXUAL}),
    Edition.NON_SEXUAL_OR_SEXUAL: frozenset(
        {Harassment.NON_SEXUAL, Harassment.PHYSICAL, Harassment.SEXUAL}
    ),
}
"""Kinds that an edition counts; physical harassment without a sexual side is a non-sexual one."""


@dataclass(frozen=True, slots=True)
class FeltSafety:
    """
    Who feels safe alone, with both denominators.

    Attributes
    ----------
    all_respondents : Estimates
        Very safe or safe over everybody who answered: the standard.
    going_out : Estimates
        The same without those who never go out.
    never_going_out : Estimates
        Who never goes out, over everybody who answered.
    """

    all_respondents: Estimates
    going_out: Estimates
    never_going_out: Estimates


def felt_safety(
    sample: Sample,
    said: ArrayLike,
    *,
    by: By = None,
    level: float = LEVEL,
) -> FeltSafety:
    """
    Estimate who feels safe walking alone after dark (SDG 16.1.4), or by day.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    said : array_like of str, shape (n,)
        One of `FeltSafe`, nothing where the question was left blank. 'don't know' is an answer.
    by : array_like, shape (n,), optional
    level : float

    Returns
    -------
    FeltSafety

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError

    References
    ----------
    United Nations Statistics Division, SDG indicator metadata 16.1.4: very safe and safe over all
    respondents; blank answers stay blank.
    """
    safe, out = _felt_safe(sample, said)
    went = np.where(out == 1.0, np.nan, safe)
    return FeltSafety(
        proportion(sample, safe, by=by, level=level),
        proportion(sample, went, by=by, level=level),
        proportion(sample, out, by=by, level=level),
    )


def day_night_gap(
    sample: Sample,
    day: ArrayLike,
    night: ArrayLike,
    *,
    by: By = None,
    level: float = LEVEL,
) -> Estimates:
    """
    Estimate how much larger the share is that feels safe by day than after dark.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    day, night : array_like of str, shape (n,)
        One of `FeltSafe` each, of the same persons.
    by : array_like, shape (n,), optional
    level : float

    Returns
    -------
    Estimates
        Differences of shares, within -1 to 1; both answers of a person belong together, see
        `paired_gap`.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, LevelError
    """
    first, second = (_felt_safe(sample, each)[0] for each in (day, night))
    return paired_gap(sample, first, second, by=by, level=level)


def gender_gap(
    sample: Sample,
    night: ArrayLike,
    *,
    gender: ArrayLike,
    men: str,
    women: str,
    level: float = LEVEL,
) -> Estimate:
    """
    Estimate how much larger the share of men is that feels safe after dark than that of women.

    Parameters
    ----------
    sample : Design or ReplicateDesign
    night : array_like of str, shape (n,)
        One of `FeltSafe`.
    gender : array_like, shape (n,)
    men, women : str
        What `gender` says for them.
    level : float

    Returns
    -------
    Estimate
        Difference of shares, within -1 to 1.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, ChoiceError, LevelError
    """
    safe, _ = _felt_safe(sample, night)
    return group_gap(sample, safe, by=gender, first=men, second=women, level=level)


def harassed(
    sample: Sample,
    experiences: Mapping[str, ArrayLike],
    kinds: Mapping[str, Harassment | str],
    *,
    edition: Edition | str,
    by: By = None,
    level: float = LEVEL,
) -> Estimates:
    """
    Estimate who was harassed in the last twelve months (SDG 11.7.2).

    Parameters
    ----------
    sample : Design or ReplicateDesign
    experiences : mapping of str to array_like, shape (n,)
        For each form asked about: 1 or true where it happened in twelve months, 0 or false where
        not, NaN where the question was left blank.
    kinds : mapping of str to Harassment
        What kind each form is.
    edition : Edition
        Values of different editions are not comparable.
    by : array_like, shape (n,), optional
    level : float

    Returns
    -------
    Estimates
        Shares who lived through any form that the edition counts. Whoever left a form blank and
        said yes to no other is missing: it is not known that nothing happened.

    Raises
    ------
    SurveyRowsError, AnswerValuesError, ChoiceError, LevelError

    References
    ----------
    United Nations Statistics Division, SDG indicator metadata 11.7.2, versions to October 2023 and
    from November 2023.
    """
    counted = COUNTED[_choice(Edition, edition, "edition")]
    used = [
        answers(column, sample.n_rows, form)
        for form, column in experiences.items()
        if _choice(Harassment, kinds.get(form, ""), f"kind of {form}") in counted
    ]
    if not used:
        accepted = ", ".join(sorted(each.value for each in counted))
        raise ChoiceError(what="kinds", value=", ".join(experiences), accepted=accepted)
    table = np.stack(used)
    happened = (table == 1.0).any(axis=0)
    blank = np.isnan(table).any(axis=0) & ~happened
    wrong = ~((table == 0.0) | (table == 1.0) | np.isnan(table))
    found = np.where(blank, np.nan, happened.astype(np.float64))
    if wrong.any():
        form, row = (int(each[0]) for each in np.nonzero(wrong))
        raise AnswerValuesError(
            what="answers", value=float(table[form, row]), row=row + 1, accepted="0, 1 or missing"
        )
    return proportion(sample, found, by=by, level=level)


def _felt_safe(sample: Sample, said: ArrayLike) -> tuple[Floats, Floats]:
    """Return who feels safe and who never goes out, NaN where nothing was said."""
    labels = np.asarray(said)
    if labels.shape != (sample.n_rows,):
        raise SurveyRowsError(what="answers", found=labels.size, expected=sample.n_rows)
    there = is_there(labels)
    known = [each.value for each in FeltSafe]
    strange = there & ~np.isin(labels.astype(str), known)
    if strange.any():
        row = int(np.flatnonzero(strange)[0])
        raise AnswerValuesError(
            what="answers", value=str(labels[row]), row=row + 1, accepted=", ".join(known)
        )
    safe = np.isin(labels.astype(str), [FeltSafe.VERY_SAFE.value, FeltSafe.SAFE.value])
    out = labels.astype(str) == FeltSafe.NEVER_GOES_OUT.value
    return np.where(there, safe, np.nan), np.where(there, out, np.nan)


def _choice(kind: type[Kind], value: str, what: str) -> Kind:
    known = [each.value for each in kind]
    if value not in known:
        raise ChoiceError(what=what, value=str(value), accepted=", ".join(known))
    return kind(value)

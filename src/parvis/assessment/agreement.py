"""Do the assessors agree: beyond chance, and where do they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from parvis.assessment.coefficients import (
    Coefficient,
    Metric,
    krippendorff_alpha,
    weighted_kappa,
)
from parvis.assessment.held import span
from parvis.assessment.model import SETTLED, Answer, Assessment, Item
from parvis.assessment.sheet import Sheet

ENOUGH_ASSESSORS = 3
ENOUGH_RATED = 20
COMPARED_KINDS = frozenset({"single", "multiple", "scale", "number", "date"})
"""Kinds of questions on which people can differ; words, places and photos stand side by side."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    How far assessors agree on all questions that share a scale, or the same answers to choose.

    Never of a named person.

    Attributes
    ----------
    of : str
        Key of the scale; the keys of the answers, joined by ``|``.
    n_assessors, n_rated : int
        Assessors; items, counted for each subject, that at least two of them rated.
    is_shown : bool
        There are at least three assessors or twenty rated items; otherwise no coefficient is.
    alpha : Coefficient or None
        Krippendorff's alpha: ordinal for a scale, nominal otherwise.
    kappa_linear, kappa_quadratic : Coefficient or None
        Cohen's weighted kappa, of two assessors and a scale.
    """

    of: str
    n_assessors: int
    n_rated: int
    is_shown: bool
    alpha: Coefficient | None = None
    kappa_linear: Coefficient | None = None
    kappa_quadratic: Coefficient | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """
    An item on which assessors differ.

    Attributes
    ----------
    item : str
    answers : tuple of Answer
        One of each assessor who did not answer "unknown", in alphabetical order.
    levels_apart : int or None
        Of a scale: levels between those farthest apart; 0 where judgements overlap.
    is_settled : bool
        They have settled on an answer.
    needs_rationale : bool
        They lie more than one level apart, and neither the settled answer nor, while there is
        none, each of theirs has a note.
    """

    item: str
    answers: tuple[Answer, ...]
    levels_apart: int | None
    is_settled: bool
    needs_rationale: bool


def agreement(assessments: Assessment | Sequence[Assessment]) -> tuple[Agreement, ...]:
    """
    Return how far assessors agree, for each scale and each set of answers to choose.

    Parameters
    ----------
    assessments : Assessment or sequence of Assessment
        Several subjects of one framework are rated together.
    """
    each = [assessments] if isinstance(assessments, Assessment) else list(assessments)
    rated: dict[str, list[dict[str, float]]] = {}
    sizes: dict[str, tuple[Metric, int]] = {}
    for assessment in each:
        sheet = Sheet(assessment)
        for key, answers in sheet.answers_by_item(assessment.answers).items():
            item = sheet.by_key[key]
            of, metric, size = _common(sheet, item)
            codes = _codes(sheet, item, answers)
            if of and len(codes) >= 2:
                rated.setdefault(of, []).append(codes)
                sizes[of] = metric, size
    return tuple(_agreement(of, rated[of], *sizes[of]) for of in sorted(rated))


def differences(sheet: Sheet, answers: Mapping[str, list[Answer]]) -> tuple[Difference, ...]:
    """Return the items on which assessors differ, settled ones among them, in order."""
    found = (_difference(sheet, item, answers.get(item.key, [])) for item in sheet.items)
    return tuple(each for each in found if each)


def n_compared(sheet: Sheet, answers: Mapping[str, list[Answer]]) -> int:
    """Return the number of items that at least two assessors answered."""
    return sum(
        len(_told(given)) >= 2
        for key, given in answers.items()
        if sheet.by_key[key].question.kind in COMPARED_KINDS
    )


def _told(answers: Sequence[Answer]) -> list[Answer]:
    return [a for a in answers if a.assessor != SETTLED and a.state != "unknown"]


def _difference(sheet: Sheet, item: Item, answers: Sequence[Answer]) -> Difference | None:
    told = _told(answers)
    if len(told) < 2 or item.question.kind not in COMPARED_KINDS:
        return None
    if len({_said(answer) for answer in told}) == 1:
        return None
    settled = [answer for answer in answers if answer.assessor == SETTLED]
    apart = _levels_apart(sheet, item, told)
    has_reason = all(answer.note for answer in settled or told)
    return Difference(
        item=item.key,
        answers=tuple(told),
        levels_apart=apart,
        is_settled=bool(settled),
        needs_rationale=apart is not None and apart > 1 and not has_reason,
    )


def _said(answer: Answer) -> object:
    value = answer.value
    return answer.state, frozenset(value) if isinstance(value, tuple) else value


def _levels_apart(sheet: Sheet, item: Item, told: Sequence[Answer]) -> int | None:
    known = [answer for answer in told if answer.state == "answered"]
    if item.question.kind != "scale" or len(known) < 2:
        return None
    ends = [span(sheet.framework, item, answer) for answer in known]
    return max(0, int(max(low for low, _ in ends) - min(high for _, high in ends)))


def _common(sheet: Sheet, item: Item) -> tuple[str, Metric, int]:
    """Return what an item's answers have in common with others, the metric and their number."""
    asked = item.question
    if asked.kind == "scale":
        return asked.scale or "", "ordinal", len(sheet.values_of(asked.scale or ""))
    if asked.kind == "single":
        return "|".join(sorted(option.key for option in asked.options)), "nominal", 0
    return "", "nominal", 0


def _codes(sheet: Sheet, item: Item, answers: Sequence[Answer]) -> dict[str, float]:
    """Return a number for what each assessor said; of a range its middle."""
    known = [a for a in answers if a.assessor != SETTLED and a.state == "answered"]
    if item.question.kind == "scale":
        ends = {a.assessor: span(sheet.framework, item, a) for a in known}
        return {assessor: (low + high) / 2.0 for assessor, (low, high) in ends.items()}
    if item.question.kind == "single":
        keys = sorted(option.key for option in item.question.options)
        return {answer.assessor: float(keys.index(str(answer.value))) for answer in known}
    return {}


def _agreement(of: str, rated: list[dict[str, float]], metric: Metric, size: int) -> Agreement:
    assessors = sorted({assessor for codes in rated for assessor in codes})
    is_shown = len(assessors) >= ENOUGH_ASSESSORS or len(rated) >= ENOUGH_RATED
    if not is_shown:
        return Agreement(of, len(assessors), len(rated), is_shown=False)
    table = np.array([[codes.get(who, np.nan) for codes in rated] for who in assessors])
    alpha = krippendorff_alpha(table, metric=metric)
    if len(assessors) != 2 or metric != "ordinal":
        return Agreement(of, len(assessors), len(rated), is_shown=True, alpha=alpha)
    first, second = table
    return Agreement(
        of,
        len(assessors),
        len(rated),
        is_shown=True,
        alpha=alpha,
        kappa_linear=weighted_kappa(first, second, n_levels=size, weights="linear"),
        kappa_quadratic=weighted_kappa(first, second, n_levels=size, weights="quadratic"),
    )

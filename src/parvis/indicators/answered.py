"""Which persons count for an indicator by what they said, and which are no part of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.measures import Edition

if TYPE_CHECKING:
    from parvis.packs.question_models import QuestionModule, Rule

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
SEX = "sex"


@dataclass(frozen=True, eq=False, slots=True)
class Answers:
    """
    What was said to one question.

    Attributes
    ----------
    blank : ndarray of bool, shape (n,)
        Who said nothing.
    chosen : mapping from answer to ndarray of bool, shape (n,)
        Who gave it.
    """

    blank: Bools
    chosen: Mapping[str, Bools]

    def gave(self, answers: Iterable[str]) -> Bools:
        """Return who gave one of some answers."""
        found = np.zeros(self.blank.shape, dtype=np.bool_)
        for each in answers:
            if each in self.chosen:
                found |= self.chosen[each]
        return found


class Kind(StrEnum):
    """What a value from answers is."""

    SHARE = "share"
    MEAN = "mean"
    GAP = "gap"


@dataclass(frozen=True, eq=False, slots=True)
class Counted:
    """
    An indicator as values of persons.

    Attributes
    ----------
    kind : Kind
    terms : tuple of (float, ndarray)
        Means of these values of persons, NaN for those who are no part of it, summed with these
        factors. Shares have values of 0 and 1.
    """

    kind: Kind
    terms: tuple[tuple[float, Floats], ...]


def counted(
    rule: "Rule",
    said: Mapping[str, Answers],
    module: "QuestionModule",
    *,
    sex: NDArray[np.object_] | None = None,
    edition: Edition = Edition.NON_SEXUAL_OR_SEXUAL,
) -> Counted | None:
    """
    Return who counts for an indicator.

    Parameters
    ----------
    rule : Rule
    said : mapping from question to Answers
    module : QuestionModule
    sex : ndarray of str, shape (n,), optional
        For gaps between groups.
    edition : Edition
        Of SDG 11.7.2.

    Returns
    -------
    Counted or None
        None where questions it needs were not asked.
    """
    if rule.kind == "gap":
        parts = [counted(module.by_indicator[code], said, module) for code in rule.of]
        if any(part is None for part in parts):
            return None
        signs = (1.0, -1.0)
        terms = [(sign, part.terms[0][1]) for sign, part in zip(signs, parts, strict=True) if part]
        return Counted(Kind.GAP, tuple(terms))
    if rule.kind == "group_gap":
        part = counted(module.by_indicator[rule.of[0]], said, module)
        if part is None or sex is None:
            return None
        values = part.terms[0][1]
        return Counted(
            Kind.GAP,
            tuple(
                (sign, np.where(sex == group, values, np.nan))
                for sign, group in zip((1.0, -1.0), rule.groups, strict=True)
            ),
        )
    if rule.kind == "mean":
        asked = [name for name in rule.questions if name in said]
        if len(asked) < rule.least:
            return None
        return Counted(Kind.MEAN, ((1.0, _mean_score(rule, said, asked)),))
    if any(name not in said for name in rule.questions):
        return None
    if rule.among and rule.among.question not in said:
        return None
    values = _recent(rule, said, edition) if rule.kind == "recent" else _share(rule, said)
    return Counted(Kind.SHARE, ((1.0, values),))


def going_out(rule: "Rule", said: Mapping[str, Answers]) -> Counted | None:
    """Return an indicator without those who never go out; None where nobody is told apart."""
    if not rule.outdoors or any(name not in said for name in rule.questions):
        return None
    values = _share(rule, said)
    stays = said[rule.questions[0]].gave(rule.outdoors)
    return Counted(Kind.SHARE, ((1.0, np.where(stays, np.nan, values)),))


def _share(rule: "Rule", said: Mapping[str, Answers]) -> Floats:
    answers = said[rule.questions[0]]
    values = answers.gave(rule.answers).astype(np.float64)
    values[answers.blank | answers.gave(rule.outside)] = np.nan
    if rule.among:
        values[~said[rule.among.question].gave(rule.among.answers)] = np.nan
    return values


def _mean_score(rule: "Rule", said: Mapping[str, Answers], asked: list[str]) -> Floats:
    ends = min(rule.scores.values()) + max(rule.scores.values())
    table = np.full((len(asked), said[asked[0]].blank.size), np.nan)
    for row, name in zip(table, asked, strict=True):
        for answer, score in rule.scores.items():
            if answer in said[name].chosen:
                row[said[name].chosen[answer]] = ends - score if name in rule.reversed else score
    known = ~np.isnan(table)
    n = known.sum(axis=0)
    sums = np.where(known, table, 0.0).sum(axis=0)
    return np.where(n >= rule.least, sums / np.maximum(n, 1), np.nan)


def _recent(rule: "Rule", said: Mapping[str, Answers], edition: Edition) -> Floats:
    """Return who lived through it lately: pairs of questions, what and when."""
    pairs = list(zip(rule.questions[::2], rule.questions[1::2], strict=True))
    n = said[pairs[0][0]].blank.size
    happened, open_ended = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    for number, (what, when) in enumerate(pairs):
        lately = said[when].gave(rule.answers) & ~said[what].gave([rule.nothing or ""])
        if number and edition is Edition.PHYSICAL_OR_SEXUAL and rule.latest:
            latest = said.get(rule.latest.question)
            lately &= latest.gave(rule.latest.answers) if latest else False
        happened |= lately
        none = said[what].gave([rule.nothing or ""])
        open_ended |= ~none & said[when].blank
    return np.where(open_ended & ~happened, np.nan, happened.astype(np.float64))

"""What an assessment gives: scores, findings, duties and gaps, each with what it rests on."""

import datetime
from dataclasses import dataclass
from typing import Literal

from parvis.assessment.agreement import Agreement, Difference
from parvis.assessment.progress import Progress

At = tuple[str, ...]
DutyStatus = Literal["now", "from", "recommended"]


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A score of numbers: mean, weighted mean, minimum, readiness.

    Attributes
    ----------
    key, method : str
    at : tuple of str
        Entries of the lists the score is given by.
    unit : {'value', 'percent'}
    low, high : float or None
        From what is known; equal unless judgements are ranges. None where nothing is known.
    bounds : tuple of float or None
        Between which it lies whatever the answers that are still missing or unknown turn out to
        be; None at an end without bound.
    scale : tuple of float or None
        Least and greatest value it could have at all.
    n_known, n_unknown, n_missing, n_not_applicable : int
        Items, or scores where it is made of scores.
    is_shown : bool
        Enough is known; otherwise it is told as "not shown".
    lowest : tuple of str
        Minimum: the items that may be the lowest.
    blocked_by, may_block : tuple of str
        Readiness: items that block publication; items not known, which may.
    """

    key: str
    method: str
    at: At
    unit: Literal["value", "percent"]
    low: float | None
    high: float | None
    bounds: tuple[float | None, float | None]
    scale: tuple[float | None, float | None]
    n_known: int
    n_unknown: int
    n_missing: int
    n_not_applicable: int
    is_shown: bool
    lowest: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    may_block: tuple[str, ...] = ()

    @property
    def may_publish(self) -> bool:
        """Nothing blocks publication, and nothing that could is open."""
        return not self.blocked_by and not self.may_block


@dataclass(frozen=True, slots=True)
class Withheld:
    """
    A score that is not shown because too few people answered.

    Attributes
    ----------
    key, method : str
    at : tuple of str
    least_group : int
        People who would have to have answered.
    """

    key: str
    method: str
    at: At
    least_group: int


@dataclass(frozen=True, slots=True)
class Told:
    """
    A condition and whether it holds.

    Attributes
    ----------
    text : str
        The condition.
    holds : bool or None
        None while it is undecided.
    rests_on : tuple of str
        Items it was decided by, or waits for.
    """

    text: str
    holds: bool | None
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether all conditions hold; failed as soon as one does not."""

    key: str
    method: str
    at: At
    outcome: Literal["passed", "failed", "undecided"]
    conditions: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class LadderResult:
    """The lowest and the highest rung that it may be; None below the first rung."""

    key: str
    method: str
    at: At
    low: str | None
    high: str | None
    rungs: tuple[Told, ...]

    @property
    def is_decided(self) -> bool:
        """There is one rung, or surely none."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class MatrixResult:
    """
    The classes that two judgements lead to.

    Attributes
    ----------
    classes : tuple of str
        Lowest first; empty while a judgement is missing.
    possible : tuple of str
        What it may be once everything is judged; empty where it does not apply.
    """

    key: str
    method: str
    at: At
    classes: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of a decision tree that was passed, with the condition that held."""

    step: str
    question: str | None
    when: str | None
    outcomes: tuple[str, ...]
    go: str | None


@dataclass(frozen=True, slots=True)
class Branch:
    """What one answer to the question a tree waits for would lead to."""

    item: str
    value: str
    outcomes: tuple[str, ...]
    stops_at: str | None


@dataclass(frozen=True, slots=True)
class TreeResult:
    """
    How far a decision tree can be walked.

    Attributes
    ----------
    path : tuple of StepTaken
    outcomes : tuple of str
        Reached on the path, in its order.
    stops_at : str or None
        Step that cannot be decided; None where the end was reached.
    waits_for : tuple of str
        Items to be answered before it goes on.
    branches : tuple of Branch
        What each answer to the first of these would lead to.
    reachable : tuple of str
        Outcomes that may still be added.
    """

    key: str
    method: str
    at: At
    path: tuple[StepTaken, ...]
    outcomes: tuple[str, ...]
    stops_at: str | None
    waits_for: tuple[str, ...]
    branches: tuple[Branch, ...]
    reachable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """
    One reference over assessors.

    Attributes
    ----------
    of : str
    n : int or None
        Assessors who said something; None where hidden.
    median, low, high : float or None
    is_hidden : bool
        Fewer people of a team than may be shown.
    """

    of: str
    n: int | None
    median: float | None
    low: float | None
    high: float | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class SpreadResult:
    """Median and range of each reference over assessors; never a total."""

    key: str
    method: str
    at: At
    rows: tuple[SpreadRow, ...]
    weakest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BorichRow:
    """
    Need for training in one item.

    Attributes
    ----------
    at : tuple of str
        Entries of the lists of the item.
    n : int or None
        People who rated both; None where hidden.
    importance, competence : float or None
        Means.
    mwds : float or None
        Mean weighted discrepancy score, ``mean(importance - competence) * mean(importance)``;
        None where hidden or not defined.
    is_hidden : bool
        Fewer people than may be shown.
    """

    item: str
    at: At
    n: int | None
    importance: float | None
    competence: float | None
    mwds: float | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class BorichResult:
    """Needs for training, greatest first; what is hidden or not defined stands last."""

    key: str
    method: str
    at: At
    rows: tuple[BorichRow, ...]


@dataclass(frozen=True, slots=True)
class ProfileResult:
    """Scores side by side, never one number."""

    key: str
    method: str
    at: At
    scores: "tuple[ScoreResult, ...]"


ScoreResult = (
    Figure
    | GateResult
    | LadderResult
    | MatrixResult
    | TreeResult
    | ProfileResult
    | SpreadResult
    | BorichResult
    | Withheld
)


@dataclass(frozen=True, slots=True)
class FindingResult:
    """
    A finding at one slice.

    Attributes
    ----------
    key : str
    at : tuple of str
        Entries of the lists it is told by.
    text : str
        Its name in the framework's language, with the names of the slice.
    severity : str
    measures : tuple of str
        Keys of measures that answer it.
    rests_on : tuple of str
        Items that decided it, or that it waits for.
    """

    key: str
    at: At
    text: str
    severity: str
    measures: tuple[str, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyResult:
    """
    A duty on a day.

    Attributes
    ----------
    key : str
    status : {'now', 'from', 'recommended'}
        ``from``: from `start` on; ``recommended``: no law asks for it.
    is_recommended : bool
        It is well done now although no law asks for it yet.
    start, until : date or None
        First and last day.
    reference : str
    rests_on : tuple of str
        Items that decided it, or that it waits for.
    """

    key: str
    status: DutyStatus
    is_recommended: bool
    start: datetime.date | None
    until: datetime.date | None
    reference: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """
    Something that is not known.

    Attributes
    ----------
    item : str
        Item, ``attribute.key`` or ``finding:key``.
    kind : {'unknown', 'missing', 'unsettled', 'lapsed', 'open', 'attribute', 'finding'}
        ``open``: whether it is asked hangs on an answer that is unknown. ``lapsed``: what was
        chosen is offered no longer, since an earlier answer was changed.
    notes : tuple of str
        Why it cannot be said.
    """

    item: str
    kind: Literal["unknown", "missing", "unsettled", "lapsed", "open", "attribute", "finding"]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """
    All that follows from an assessment as of a day.

    Attributes
    ----------
    on : date
    scores : tuple of ScoreResult
        In the framework's order, slice by slice.
    findings, undecided_findings : tuple of FindingResult
        High severity first.
    duties, undecided_duties : tuple of DutyResult
        In the framework's order; those that do not apply or have ended are left out.
    gaps : tuple of Gap
    progress : Progress
    agreement : tuple of Agreement
    differences : tuple of Difference
        What assessors have yet to settle or to give a reason for.
    n_compared : int
        Items that at least two assessors answered.
    n_assessors : int
        People who answered.
    """

    on: datetime.date
    scores: tuple[ScoreResult, ...]
    findings: tuple[FindingResult, ...]
    undecided_findings: tuple[FindingResult, ...]
    duties: tuple[DutyResult, ...]
    undecided_duties: tuple[DutyResult, ...]
    gaps: tuple[Gap, ...]
    progress: Progress
    agreement: tuple[Agreement, ...]
    differences: tuple[Difference, ...]
    n_compared: int
    n_assessors: int

    def score(self, key: str, at: At = ()) -> ScoreResult:
        """Return the score `key` at a slice; ``KeyError`` where there is none."""
        for score in self.scores:
            if score.key == key and score.at == at:
                return score
        raise KeyError(key, at)

"""What a framework makes of answers: scores, findings, measures and duties."""

import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr

from parvis.packs.base import EvidenceKey, Key, Model
from parvis.packs.framework_questions import Finite, Named, QuestionKey, Text, Tone

Reference = Annotated[
    str, Field(pattern=r"^((section|tag|score):)?[A-Za-z0-9][A-Za-z0-9_.-]*$", strict=True)
]
References = Annotated[tuple[Reference, ...], Field(min_length=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Severity = Literal["high", "medium", "low", "information"]


class ScoreHead(Named):
    """
    What all scores have in common.

    `by` names the lists it is given for one by one. It is not shown where a smaller share than
    `least_known` of its items is known, or fewer people than `least_group` answered.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, validate_by_name=True, validate_by_alias=True
    )

    key: QuestionKey
    by: tuple[Key, ...] = ()
    least_known: Share = 0.5
    least_group: Annotated[StrictInt, Field(ge=1, le=100)] = 1
    evidence: EvidenceKey | None = None


class Valued(ScoreHead):
    """A score of numbers, from items of scales and numbers or from other scores."""

    of: References
    as_: Annotated[Literal["value", "percent"], Field(alias="as")] = "value"


class Mean(Valued):
    """The mean of what is known."""

    method: Literal["mean"]


class WeightedMean(Valued):
    """The mean with weights; items that `weights` does not name weigh 1."""

    method: Literal["weighted-mean"]
    weights: Annotated[
        dict[Reference, Annotated[float, Field(ge=0.0, allow_inf_nan=False)]], Field(min_length=1)
    ]


class Minimum(Valued):
    """The lowest of what is known."""

    method: Literal["minimum"]


class Readiness(Valued):
    """
    The sum over the greatest possible sum, a share in [0, 1].

    Those of `blockers` whose value is below `blocked_below` block publication.
    """

    method: Literal["readiness"]
    blockers: tuple[Reference, ...] = ()
    blocked_below: Finite | None = None


class Gate(ScoreHead):
    """Passed when all conditions hold."""

    method: Literal["gate"]
    conditions: Annotated[tuple[Text, ...], Field(min_length=1)]


class Rung(Named):
    """One rung of a ladder; the lowest may have no condition."""

    when: Text | None = None
    tone: Tone = "neutral"


class Ladder(ScoreHead):
    """The highest rung whose condition holds, and below which all hold unless `independent`."""

    method: Literal["ladder"]
    rungs: Annotated[tuple[Rung, ...], Field(min_length=2)]
    independent: StrictBool = False


class MatrixClass(Named):
    """One class of a matrix."""

    tone: Tone


class Matrix(ScoreHead):
    """A table of classes by the levels of two scales, each lowest first."""

    method: Literal["matrix"]
    rows: Reference
    columns: Reference
    classes: Annotated[tuple[MatrixClass, ...], Field(min_length=2)]
    cells: tuple[tuple[Key, ...], ...]


class Case(Model):
    """What follows when a condition holds; no condition: in all other cases."""

    when: Text | None = None
    outcomes: tuple[Key, ...] = ()
    go: Key | None = None


class Step(Model):
    """One question of a decision tree, with the cases it parts."""

    key: Key
    question: QuestionKey | None = None
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


class Outcome(Named):
    """One end of a decision tree."""

    tone: Tone
    text: StrictStr = ""


class Tree(ScoreHead):
    """Steps from `start`; at each, the first case that holds is taken."""

    method: Literal["tree"]
    start: Key
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]


class Profile(ScoreHead):
    """Scores side by side, never one number."""

    method: Literal["profile"]
    of: References


class Spread(ScoreHead):
    """Median and range over assessors or partners; names the weakest."""

    method: Literal["spread"]
    of: References


class Borich(ScoreHead):
    """Mean weighted discrepancy score of each item, from its importance and its competence."""

    method: Literal["borich"]
    importance: Reference
    competence: Reference


Score = Annotated[
    Mean
    | WeightedMean
    | Minimum
    | Readiness
    | Gate
    | Ladder
    | Matrix
    | Tree
    | Profile
    | Spread
    | Borich,
    Field(discriminator="method"),
]
METHODS = (
    "mean", "weighted-mean", "minimum", "readiness", "gate", "ladder", "matrix", "tree", "profile",
    "spread", "borich",
)  # fmt: skip
"""The reviewed list of methods."""


class Finding(Named):
    """What is told when a condition holds; `name` may use {at} for the names of the slice."""

    key: QuestionKey
    when: Text
    by: tuple[Key, ...] = ()
    severity: Severity
    measures: tuple[Key, ...] = ()
    tags: tuple[Key, ...] = ()
    evidence: EvidenceKey | None = None


class Cost(Model):
    """Range of costs of one unit, without value added tax."""

    low: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
    high: Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", strict=True)]
    year: Annotated[StrictInt, Field(ge=1990, le=2100)]
    unit: Text
    evidence: EvidenceKey


class Measure(Named):
    """Something to do."""

    kind: Text
    cost: Cost | None = None
    effect_evidence: Literal["strong", "moderate", "weak", "unknown"] = "unknown"
    evidence: EvidenceKey | None = None


class Duty(Named):
    """What the law asks for, from a day on and until a day."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, validate_by_name=True, validate_by_alias=True
    )

    when: Text | None = None
    from_: Annotated[datetime.date | None, Field(alias="from")] = None
    until: datetime.date | None = None
    before: Literal["recommended", "none"] = "none"
    reference: Text
    evidence: EvidenceKey


Chapter = Literal[
    "summary", "profile", "findings", "plan", "evidence", "gaps", "agreement", "method"
]


class ReportPlan(Model):
    """Chapters of the report, in order; those not named are left out."""

    chapters: Annotated[tuple[Chapter, ...], Field(min_length=1)]

"""What the questions of a framework look like."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from parvis.packs.base import Entry, EvidenceKey, Key, Model

Text = Annotated[str, Field(min_length=1, strict=True)]
QuestionKey = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", strict=True, max_length=60)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Tone = Literal["good", "middle", "bad", "neutral"]
QuestionKind = Literal[
    "single", "multiple", "scale", "number", "text", "date", "place", "photo", "table"
]
ColumnKind = Literal["single", "scale", "number", "text"]
AttributeKind = Literal["single", "multiple", "number", "text", "date"]
CORE_AT_MOST = 40
"""Questions of the core set: what can be answered on site in 40 minutes."""

COMPUTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "approach.n_access_points": ("number", "1"),
        "approach.n_open_access_points": ("number", "1"),
        "approach.greatest_speed_kmh": ("number", "km/h"),
        "approach.least_required_rating": ("text", ""),
        "approach.grade": ("text", ""),
        "space.area_m2": ("number", "m²"),
    }
)
"""Answers an analysis can give: kind of question and unit, by name."""
ComputedName = Literal[
    "approach.n_access_points",
    "approach.n_open_access_points",
    "approach.greatest_speed_kmh",
    "approach.least_required_rating",
    "approach.grade",
    "space.area_m2",
]


class Named(Entry):
    """One keyed thing with a name that is not empty."""

    name: Text


class Option(Named):
    """One answer to choose."""


class Choice(Option):
    """One answer to a question, offered where earlier answers allow it."""

    when: Text | None = None


class Attribute(Named):
    """A fact of the subject, asked when an assessment is begun."""

    key: QuestionKey
    kind: AttributeKind
    unit: StrictStr = ""
    options: tuple[Option, ...] = ()
    required: StrictBool = False


class ListEntry(Named):
    """One thing a block or a table repeats for."""


class RepeatList(Named):
    """What blocks and tables repeat over; to an open one assessors may add entries."""

    key: QuestionKey
    open: StrictBool = False
    entries: tuple[ListEntry, ...] = ()


class Level(Named):
    """One level of a scale; its description says what must be seen to choose it."""

    value: Finite
    tone: Tone


class Scale(Named):
    """Ordered levels, lowest first."""

    key: QuestionKey
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]

    def rank(self, level: str) -> int:
        """Return a level's place, counted from 0."""
        return [known.key for known in self.levels].index(level)


class Asked(Named):
    """What questions and columns have in common; `name` is the text people read."""

    key: QuestionKey
    guidance: StrictStr = ""
    scale: Key | None = None
    levels_when: dict[Key, Text] = Field(default_factory=dict)
    options: tuple[Choice, ...] = ()
    unit: StrictStr = ""
    minimum: Finite | None = None
    maximum: Finite | None = None
    integer: StrictBool = False
    interval: StrictBool = False
    required: StrictBool = True
    not_applicable: StrictBool = True
    tags: tuple[Key, ...] = ()
    evidence: EvidenceKey | None = None

    @property
    def offered_when(self) -> dict[str, str]:
        """Conditions under which options and levels are offered, by their key."""
        options = {option.key: option.when for option in self.options if option.when}
        return {**options, **self.levels_when}


class Column(Asked):
    """One column of a table; its items are ``table.column``."""

    kind: ColumnKind


class Question(Asked):
    """One question."""

    kind: QuestionKind
    rows: Key | None = None
    columns: tuple[Column, ...] = ()
    when: Text | None = None
    over: dict[Key, Annotated[tuple[Key, ...], Field(min_length=1)]] = Field(default_factory=dict)
    where: Literal["site", "desk", "both"] = "both"
    core: StrictBool = False
    computed_from: ComputedName | None = None


class Section(Named):
    """Questions that belong together; repeated over the product of its lists."""

    key: QuestionKey
    guidance: StrictStr = ""
    repeat: tuple[Key, ...] = ()
    when: Text | None = None
    evidence: EvidenceKey | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Replaces(Model):
    """How answers of the version before move on."""

    version: Annotated[StrictInt, Field(ge=1)]
    renamed: dict[StrictStr, StrictStr] = Field(default_factory=dict)
    dropped: tuple[StrictStr, ...] = ()
    levels: dict[Key, Annotated[dict[Key, Key], Field(min_length=1)]] = Field(default_factory=dict)

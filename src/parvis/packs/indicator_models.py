"""What a catalogue of indicators holds: what is measured, how, how surely, on what basis."""

import datetime
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from parvis.packs.base import (
    Entry,
    Evidence,
    EvidenceKey,
    Key,
    Located,
    Model,
    Pack,
    unknown_evidence,
)

CATALOGUE = "urn:parvis:indicators:catalogue"
BLOCKS = ("QOL", "SOC", "LIV", "SEN", "SEC", "BCK")
BlockKey = Literal["QOL", "SOC", "LIV", "SEN", "SEC", "BCK"]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2,8}-[0-9]{2,3}$", strict=True)]
Text = Annotated[str, Field(min_length=1, strict=True)]
Direction = Literal[1, -1, 0, "target"]
ErrorModel = Literal[
    "poisson",
    "weighted_share",
    "weighted_mean",
    "audit",
    "boundary",
    "complete",
    "bootstrap",
    "kaplan_meier",
    "raters",
]
Split = Literal[
    "sex",
    "age",
    "disability",
    "day_night",
    "migration",
    "income",
    "area",
    "place_kind",
    "transport_mode",
    "offence",
]
DataSource = Literal["register", "survey", "geodata", "administration", "field_audit"]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class IndicatorBlock(Entry):
    """One of the building blocks."""

    key: BlockKey
    description: Text
    in_composite: StrictBool


class Bounds(Model):
    """Least and greatest value there can be; none where there is no natural end."""

    low: Finite | None = None
    high: Finite | None = None


class Standard(Model):
    """A standard or data set the definition follows, and how surely."""

    name: Text
    edition: StrictStr = ""
    clause: StrictStr = ""
    evidence: EvidenceKey


class Indicator(Entry):
    """What is measured, from what, with which error."""

    key: Code
    description: Text
    version: Annotated[StrictInt, Field(ge=1)] = 1
    valid_from: datetime.date
    block: BlockKey
    core: StrictBool
    sphere: Literal["objective", "subjective"]
    unit: Key
    numerator: StrictStr = ""
    denominator: StrictStr = ""
    multiplier: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    formula: Text
    direction: Direction
    absolute: StrictBool = False
    target: Finite | None = None
    bounds: Bounds
    error_model: ErrorModel
    can_repeat: StrictBool = False
    min_n: Annotated[StrictInt, Field(ge=1)] | None = None
    min_n_evidence: EvidenceKey | None = None
    disaggregations: tuple[Split, ...] = ()
    standards: tuple[Standard, ...] = ()
    icc: tuple[Annotated[str, Field(pattern=r"^[0-9]{4,6}$", strict=True)], ...] = ()
    icc_evidence: EvidenceKey | None = None
    question_ids: tuple[Key, ...] = ()
    sources: Annotated[tuple[DataSource, ...], Field(min_length=1)]
    evidence: EvidenceKey

    @property
    def is_ratio(self) -> bool:
        """Whether it is computed from a numerator, a denominator and a multiplier."""
        return self.multiplier is not None


class Override(Model):
    """What a city changes in an indicator of the shipped catalogue, and why."""

    key: Code
    reason: Text
    evidence: EvidenceKey
    version: Annotated[StrictInt, Field(ge=1)] | None = None
    valid_from: datetime.date | None = None
    core: StrictBool | None = None
    numerator: StrictStr | None = None
    denominator: StrictStr | None = None
    multiplier: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    formula: Text | None = None
    direction: Direction | None = None
    target: Finite | None = None
    bounds: Bounds | None = None
    error_model: ErrorModel | None = None
    min_n: Annotated[StrictInt, Field(ge=1)] | None = None
    min_n_evidence: EvidenceKey | None = None
    disaggregations: tuple[Split, ...] | None = None
    question_ids: tuple[Key, ...] | None = None
    sources: tuple[DataSource, ...] | None = None


class Indicators(Pack):
    """The pack `indicators`: the shipped catalogue, or what a city switches, adds, overrides."""

    pack: Literal["indicators"]
    extends: Literal["urn:parvis:indicators:catalogue"] | None = None
    evidence: dict[Key, Evidence]
    blocks: tuple[IndicatorBlock, ...] = ()
    units: tuple[Entry, ...] = ()
    without: tuple[Code, ...] = ()
    overrides: tuple[Override, ...] = ()
    entries: tuple[Indicator, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        """The pack's own entries by code."""
        return {entry.key: entry for entry in self.entries}

    def problems(self) -> Iterator[Located]:
        """Yield what the types cannot say."""
        from parvis.packs.indicator_checks import indicator_problems

        return indicator_problems(self)

    def unlisted_evidence(self) -> Iterator[Located]:
        """Yield every reference to evidence that the pack does not list."""
        return unknown_evidence(self, self.evidence)

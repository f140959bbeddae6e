"""What the pack about disclosure control must hold: what of indicators is not published."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from parvis.packs.base import (
    Entry,
    Evidence,
    EvidenceKey,
    Key,
    Located,
    Model,
    Pack,
    repeated_keys,
    unknown_evidence,
)
from parvis.packs.indicator_models import Code


class Least(Model):
    """The least number there must be, and what it rests on."""

    value: Annotated[StrictInt, Field(ge=2)]
    evidence: EvidenceKey


class Things(Model):
    """Indicators whose counts are of things, not of people."""

    codes: tuple[Code, ...]
    evidence: EvidenceKey


class SensitiveIndicator(Entry):
    """An indicator that asks for more than the others."""

    key: Code
    least_count: Least
    is_by_place: StrictBool
    evidence: EvidenceKey


class DisclosurePack(Pack):
    """The pack `disclosure`."""

    pack: Literal["disclosure"]
    evidence: dict[Key, Evidence]
    least_count: Least
    least_contributors: Least
    least_standardised: Least
    small_group: Least
    k: Least
    l: Least
    microdata_keys: Annotated[tuple[Key, ...], Field(min_length=1)]
    rounding_bases: Annotated[tuple[Annotated[StrictInt, Field(ge=2)], ...], Field(min_length=1)]
    things: Things
    entries: tuple[SensitiveIndicator, ...]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated codes, and sensitive counts below those of others."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        for row, entry in enumerate(self.entries):
            if entry.least_count.value < self.least_count.value:
                path = ("entries", row, "least_count")
                yield path, f"must be at least that of all others, {self.least_count.value}"

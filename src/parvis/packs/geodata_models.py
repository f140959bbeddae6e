"""What the pack about geodata must hold: distances, open space, stops, services, kinds of use."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from parvis.packs.base import (
    Entry,
    Evidence,
    EvidenceKey,
    Key,
    Located,
    Model,
    Pack,
    Positive,
    repeated_keys,
    unknown_evidence,
)

Word = Annotated[str, Field(min_length=1, strict=True)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]
_TAG = r"[A-Za-z0-9_:-]+(=[^=+]+)?"
Tag = Annotated[str, Field(pattern=rf"^{_TAG}(\+{_TAG})*$", strict=True)]
"""A tag ``key=value``, a key with any value, or several of them with ``+`` between."""
Tags = Annotated[tuple[Tag, ...], Field(min_length=1)]
METRES_A_MINUTE = 1000.0 / 60.0
"""At one kilometre an hour."""


class Amount(Model):
    """A number and what it rests on."""

    value: Positive
    evidence: EvidenceKey


class Walking(Model):
    """Which ways people walk along, how fast, and how far off they may begin; km/h and metres."""

    without: Words
    only_if_allowed: Words
    speed: Amount
    attached_within: Amount
    edge: Amount
    least_piece: Amount


class OpenSpace(Model):
    """Which public spaces are open to all; metres and square metres."""

    kinds: Words
    least_area: Amount
    within: Amount
    closed: Tags
    evidence: EvidenceKey


class BuiltUp(Model):
    """Where the built-up area ends; metres and hectares."""

    gap: Amount
    largest_hole: Amount


class Homes(Model):
    """Which buildings nobody lives in."""

    without: Tags
    evidence: EvidenceKey


class Destination(Entry):
    """A kind of stop or service people walk to: within metres, or minutes."""

    group: Literal["transport", "everyday"]
    within: Amount | None = None
    minutes: Amount | None = None
    tags: Tags
    evidence: EvidenceKey


class Use(Entry):
    """A kind of use of ground floors."""

    tags: Tags
    evidence: EvidenceKey


class Geodata(Pack):
    """The pack `geodata`."""

    pack: Literal["geodata"]
    evidence: dict[Key, Evidence]
    walking: Walking
    open_space: OpenSpace
    built_up: BuiltUp
    homes: Homes
    least_uses: Amount
    uses: Annotated[tuple[Use, ...], Field(min_length=2)]
    entries: Annotated[tuple[Destination, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys, and destinations without one distance."""
        yield from repeated_keys(self.entries)
        for path, problem in repeated_keys(self.uses):
            yield ("uses", *path[1:]), problem
        yield from unknown_evidence(self, self.evidence)
        for row, entry in enumerate(self.entries):
            if (entry.within is None) == (entry.minutes is None):
                yield ("entries", row), "needs either 'within' or 'minutes'"

    def reach(self, destination: Destination) -> float:
        """Return how far a destination may be along the network, in metres."""
        if destination.minutes is None:
            return destination.within.value if destination.within is not None else 0.0
        return destination.minutes.value * self.walking.speed.value * METRES_A_MINUTE

"""What the packs about closing a place and keeping it open must hold."""

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
    Positive,
    repeated_keys,
    unknown_evidence,
)

NonNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Permanence = Literal["temporary", "semi_permanent", "permanent"]
ClosingScheme = Literal[
    "total_traffic_exclusion", "controlled_inclusion", "semi_permanent", "temporary"
]
Text = Annotated[str, Field(min_length=1, strict=True)]
Condition = Literal[
    "always",
    "calming",
    "cycle_gap",
    "does_not_close",
    "front_to_accept",
    "nothing_done",
    "operable",
    "penetration",
    "surface_mounted",
    "temporary",
    "uncovered",
    "unrated",
]


class StreetscapeScheme(Entry):
    """One of the seven ways to treat a street, with its place in the published order."""

    order: Annotated[StrictInt, Field(ge=1, le=7)]
    description: Text
    lowers_speed: StrictBool
    closes_line: StrictBool
    residual_risks: Annotated[tuple[Key, ...], Field(min_length=1)]
    evidence: EvidenceKey


class StreetscapeSchemes(Pack):
    """The pack `streetscape-schemes`."""

    pack: Literal["streetscape-schemes"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[StreetscapeScheme, ...], Field(min_length=7, max_length=7)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys and a scheme out of its place."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        for row, entry in enumerate(self.entries):
            if entry.order != row + 1:
                yield ("entries", row, "order"), f"must be {row + 1}, its place in the list"


class ElementSize(Model):
    """Size of one element; its length may be chosen between `least_length_m` and `length_m`."""

    length_m: Positive
    least_length_m: Positive | None = None
    width_m: Positive
    height_m: NonNegative
    is_round: StrictBool = False
    evidence: EvidenceKey


class Measured(Model):
    """A number, zero allowed, with what it rests on; its unit is in the key's name."""

    value: NonNegative
    evidence: EvidenceKey


class MeasuredPositive(Model):
    """A number above zero with what it rests on; its unit is in the key's name."""

    value: Positive
    evidence: EvidenceKey


class Cost(Model):
    """Cost of one element in place, foundation and works included, in units of the currency."""

    low: NonNegative
    high: Positive
    evidence: EvidenceKey


class PerformanceLevel(Model):
    """
    What one product of a family was tested with, and what an element of it costs.

    `ratings` are those that one and the same product holds; none: unrated.
    """

    key: Key
    ratings: tuple[Text, ...]
    ratings_evidence: EvidenceKey
    cost_per_element: Cost


class BarrierFamily(Entry):
    """One family of barrier products, without vendors."""

    scheme: ClosingScheme
    permanence: Permanence
    kind: Literal[
        "bench",
        "block",
        "bollard",
        "gate",
        "mobile_barrier",
        "modular_barrier",
        "planter",
        "rising_bollard",
        "vehicle",
        "wall",
        "water_barrier",
    ]
    description: Text
    element: ElementSize
    greatest_clear_gap_m: MeasuredPositive
    is_operable: StrictBool
    operable_with: Key | None = None
    needs_foundation: StrictBool
    foundation_depth_m: Measured
    lead_time_weeks: Measured
    levels: Annotated[tuple[PerformanceLevel, ...], Field(min_length=1)]


class BarrierProductsPack(Pack):
    """The pack `barrier-products`."""

    pack: Literal["barrier-products"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", strict=True)]
    price_date: Text
    installation_margin_m: Measured
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[BarrierFamily, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys, faulty sizes, costs and references."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        by_key = {entry.key: entry for entry in self.entries}
        for row, entry in enumerate(self.entries):
            here = ("entries", row)
            size = entry.element
            if size.least_length_m is not None and size.least_length_m > size.length_m:
                yield (*here, "element", "least_length_m"), "must be at most length_m"
            if size.is_round and size.length_m != size.width_m:
                yield (*here, "element", "width_m"), "must equal length_m where is_round is true"
            partner = entry.operable_with
            if partner is not None and partner not in by_key:
                yield (*here, "operable_with"), f"there is no entry {partner!r}"
            elif partner is not None and not by_key[partner].is_operable:
                yield (*here, "operable_with"), f"{partner!r} is not operable"
            seen: set[str] = set()
            for place, level in enumerate(entry.levels):
                at = (*here, "levels", place)
                if level.key in seen:
                    yield (*at, "key"), f"{level.key!r} is given twice"
                seen.add(level.key)
                cost = level.cost_per_element
                if cost.high < cost.low:
                    yield (*at, "cost_per_element", "high"), "must be at least low"


class ResidualRisk(Entry):
    """What a rating, or a scheme, does not cover, and on which condition it is printed."""

    description: Text
    condition: Condition
    evidence: EvidenceKey


class ResidualRisks(Pack):
    """The pack `residual-risks`."""

    pack: Literal["residual-risks"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[ResidualRisk, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys and a list without risks that always stand."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        if all(entry.condition != "always" for entry in self.entries):
            yield ("entries",), "lacks a risk with the condition 'always'"


class Requirement(Entry):
    """One number that keeps a place open."""

    value: NonNegative
    unit: Literal["m", "min", "1", "persons/(m min)", "persons/(unit min)"]
    description: Text
    evidence: EvidenceKey


REQUIREMENT_KEYS = (
    "minimum_width",
    "wheelchair_width",
    "cycle_width",
    "greatest_vehicle_gap",
    "egress_flow_level",
    "egress_flow_stairs",
    "egress_time",
    "emergency_width",
    "capture_height",
    "visible_height",
    "contrast",
    "tree_distance",
    "tram_strip",
)
"""Requirements that the checks look up."""


class OpennessRequirements(Pack):
    """The pack `openness-requirements`."""

    pack: Literal["openness-requirements"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[Requirement, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys and requirements that are missing."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        known = {entry.key for entry in self.entries}
        for key in REQUIREMENT_KEYS:
            if key not in known:
                yield ("entries",), f"lacks the requirement {key!r}"


class InterimMeasure(Entry):
    """What can be done until a barrier stands, and what that does not do."""

    description: Text
    does_not: Annotated[tuple[Text, ...], Field(min_length=1)]
    needs: Annotated[tuple[Text, ...], Field(min_length=1)]
    product: Key | None = None
    evidence: EvidenceKey


class InterimMeasures(Pack):
    """The pack `interim-measures`."""

    pack: Literal["interim-measures"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[InterimMeasure, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence and repeated keys."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)


CLOSURE_KINDS: dict[str, type[Pack]] = {
    "streetscape-schemes": StreetscapeSchemes,
    "barrier-products": BarrierProductsPack,
    "residual-risks": ResidualRisks,
    "openness-requirements": OpennessRequirements,
    "interim-measures": InterimMeasures,
}
"""Kinds about closing a place and keeping it open."""

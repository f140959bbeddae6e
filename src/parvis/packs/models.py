"""What a pack of each kind must hold."""

import datetime
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from parvis.packs.base import (
    Entry,
    Evidence,
    EvidenceKey,
    Key,
    Language,
    Located,
    Model,
    Pack,
    Positive,
    repeated_keys,
    unknown_evidence,
)
from parvis.packs.closure_models import CLOSURE_KINDS
from parvis.packs.disclosure_models import DisclosurePack
from parvis.packs.framework_models import Framework
from parvis.packs.geodata_models import Geodata
from parvis.packs.indicator_models import Indicators
from parvis.packs.legal_models import LEGAL_KINDS
from parvis.packs.offence_models import OffenceCodes
from parvis.packs.question_models import QuestionModule
from parvis.packs.theme_models import Themes

Effect = Literal["blocks", "absent"]
NonNegative = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class Range(Model):
    """A value of the P50 set and one of the upper set, with what they rest on."""

    typical: Positive
    limit: Positive
    evidence: EvidenceKey


class Mass(Model):
    """A test mass; `alternatives` lists the figures between which sources are unclear."""

    value: Positive
    evidence: EvidenceKey
    alternatives: tuple[Positive, ...] = ()


class VehicleEntry(Entry):
    """One vehicle class."""

    is_default: StrictBool
    is_off_road: StrictBool = False
    mass_kg: Mass
    acceleration_mps2: Range
    specific_power_w_kg: Range
    friction: Range
    width_m: Range
    turning_radius_m: Range
    top_speed_kmh: Range


class VehicleClasses(Pack):
    """The pack `vehicle-classes`."""

    pack: Literal["vehicle-classes"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[VehicleEntry, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys and upper values that slow a vehicle down."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        for row, entry in enumerate(self.entries):
            for name in ("acceleration_mps2", "specific_power_w_kg", "friction", "top_speed_kmh"):
                value: Range = getattr(entry, name)
                if value.limit < value.typical:
                    yield ("entries", row, name), "limit must be at least typical"
            for name in ("width_m", "turning_radius_m"):
                value = getattr(entry, name)
                if value.limit > value.typical:
                    yield ("entries", row, name), "limit must be at most typical"


class SurfaceEntry(Entry):
    """One kind of ground surface."""

    friction: Range
    factor: Annotated[float, Field(gt=0.0, le=1.0)]
    evidence: EvidenceKey
    osm_values: tuple[StrictStr, ...] = ()


class Surfaces(Pack):
    """The pack `surfaces`."""

    pack: Literal["surfaces"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[SurfaceEntry, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence and repeated keys."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)


class TestVehicle(Model):
    """A vehicle a standard tests with; `classes` are the class codes it is written with."""

    classes: Annotated[tuple[StrictStr, ...], Field(min_length=1)]
    mass_kg: Positive
    evidence: EvidenceKey
    alternatives: tuple[Positive, ...] = ()


class PenetrationBand(Model):
    """A level of penetration, with its greatest value."""

    level: StrictStr
    at_most_m: Positive


class CodedTest(Model):
    """A designation that does not contain its speed, e.g. K12."""

    code: StrictStr
    speed: Positive


class RatingSystem(Entry):
    """
    One standard barriers are tested to.

    `notation` names how its rating strings are read: ``metric`` (mass[class]/speed/angle:…),
    ``astm`` (M50/P1) or ``dos`` (K12/L3). Standards of one `family` share their vehicle table.
    Speeds are in `speed_unit`; `codes` give the speed of designations that do not contain it.
    """

    edition: StrictStr
    status: Literal["current", "superseded", "withdrawn"]
    superseded_by: StrictStr = ""
    family: StrictStr
    notation: Literal["metric", "astm", "dos"]
    prefix: StrictStr
    pattern: StrictStr
    datum: Literal["attack-face", "rear-face", "cargo-bed-front"]
    datum_evidence: EvidenceKey
    speeds: Annotated[tuple[Positive, ...], Field(min_length=1)]
    speed_unit: Literal["km/h", "mph"]
    greatest_penetration_m: Positive | None = None
    vehicles: Annotated[tuple[TestVehicle, ...], Field(min_length=1)]
    bands: tuple[PenetrationBand, ...] = ()
    codes: tuple[CodedTest, ...] = ()
    evidence: EvidenceKey


class BarrierRatings(Pack):
    """The pack `barrier-ratings`."""

    pack: Literal["barrier-ratings"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[RatingSystem, ...], Field(min_length=1)]
    sentences: dict[Language, dict[StrictStr, StrictStr]]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys, patterns that do not compile, missing words."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        for row, entry in enumerate(self.entries):
            for name in ("prefix", "pattern"):
                try:
                    re.compile(getattr(entry, name))
                except re.error as error:
                    yield ("entries", row, name), f"is not a regular expression: {error}"
            if list(entry.speeds) != sorted(entry.speeds):
                yield ("entries", row, "speeds"), "must be in ascending order"
        words = {key for texts in self.sentences.values() for key in texts}
        for language, texts in self.sentences.items():
            for key in sorted(words - texts.keys()):
                yield ("sentences", language), f"lacks the sentence {key!r}"


class GroundEntry(Entry):
    """
    How one kind of obstacle acts on drivable ground.

    `kinds` are the words the city's tables use. `existing` says how a passage with it is reported:
    ``unrated`` or ``rated`` barrier, or ``none`` where it is no barrier.
    """

    kinds: tuple[StrictStr, ...]
    typical: Effect
    limit: Effect
    off_road_typical: Effect | None = None
    off_road_limit: Effect | None = None
    existing: Literal["none", "unrated", "rated"]
    is_flagged: StrictBool = False
    evidence: EvidenceKey


class SurfaceRule(Model):
    """Whether ground of these kinds is drivable."""

    kinds: Annotated[tuple[StrictStr, ...], Field(min_length=1)]
    typical: StrictBool
    limit: StrictBool
    evidence: EvidenceKey


class UnknownGround(Model):
    """Unmapped ground: how far from drivable ground it counts, and whether."""

    reach_m: NonNegative
    typical: StrictBool
    limit: StrictBool
    evidence: EvidenceKey


class Quantity(Model):
    """One number with what it rests on; its unit is in the key's name."""

    value: Positive
    evidence: EvidenceKey


class GroundRulesPack(Pack):
    """The pack `ground-rules`."""

    pack: Literal["ground-rules"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[GroundEntry, ...], Field(min_length=1)]
    drivable: Annotated[tuple[SurfaceRule, ...], Field(min_length=1)]
    unknown_ground: UnknownGround
    closing_gap_m: Quantity
    least_wall_height_m: Quantity
    greatest_slope: Quantity
    coarse_elevation_m: Quantity
    smoothing_cells: Quantity

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys and kinds, limits that block more."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        seen: dict[str, str] = {}
        for row, entry in enumerate(self.entries):
            if entry.typical == "absent" and entry.limit == "blocks":
                yield ("entries", row, "limit"), "may not block where typical does not"
            for kind in entry.kinds:
                if kind in seen:
                    yield ("entries", row, "kinds"), f"{kind!r} stands already in {seen[kind]!r}"
                seen[kind] = entry.key
        if "other" not in {entry.key for entry in self.entries}:
            yield ("entries",), "lacks the rule 'other' for kinds that no rule names"


class DrawsPack(Pack):
    """The pack `parameter-draws`."""

    pack: Literal["parameter-draws"]
    evidence: dict[Key, Evidence]
    distribution: Literal["lognormal"]
    are_independent: Literal[True]
    upper_quantile: Annotated[float, Field(gt=0.5, lt=1.0)]
    is_truncated: Literal[True]
    cautious_quantile: Annotated[float, Field(gt=0.5, lt=1.0)]
    n_draws: Annotated[StrictInt, Field(ge=100, le=1_000_000)]
    width_sigma_m: dict[Literal["A", "B", "C"], Positive]
    evidence_key: EvidenceKey

    def problems(self) -> Iterator[Located]:
        """Yield missing grades and unknown evidence."""
        yield from unknown_evidence(self, self.evidence)
        for grade in sorted({"A", "B", "C"} - self.width_sigma_m.keys()):
            yield ("width_sigma_m",), f"lacks grade {grade}"


class StreetWidthEntry(Model):
    """Clear width, face to face, of one highway value where nothing can be measured."""

    highway: StrictStr
    width_m: Positive
    evidence: EvidenceKey


class StreetWidths(Pack):
    """The pack `street-widths`."""

    pack: Literal["street-widths"]
    evidence: dict[Key, Evidence]
    fallback_m: Quantity
    entries: Annotated[tuple[StreetWidthEntry, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence and repeated highway values."""
        yield from unknown_evidence(self, self.evidence)
        seen: set[str] = set()
        for row, entry in enumerate(self.entries):
            if entry.highway in seen:
                yield ("entries", row, "highway"), f"{entry.highway!r} is given twice"
            seen.add(entry.highway)


class ThreatStatement(BaseModel):
    """
    Which vehicle classes the competent authority says to plan for; written by its user.

    Attributes
    ----------
    authority, reference : str
        Who stated it, and the document's number.
    date : date
    classes : tuple of str
        Keys of vehicle classes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    pack: Literal["threat-statement"]
    authority: Annotated[str, Field(min_length=1)]
    reference: Annotated[str, Field(min_length=1)]
    date: datetime.date
    classes: Annotated[tuple[Key, ...], Field(min_length=1)]
    valid_until: datetime.date | None = None
    marking: Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"] = (
        "TLP:AMBER"
    )
    remark: str = ""

    def problems(self) -> Iterator[Located]:
        """Yield classes given twice and an end before the date."""
        for row, key in enumerate(self.classes):
            if key in self.classes[:row]:
                yield ("classes", row), f"{key!r} is given twice"
        if self.valid_until is not None and self.valid_until < self.date:
            yield ("valid_until",), "is before the date"


KINDS: dict[str, type[Pack]] = {
    "vehicle-classes": VehicleClasses,
    "surfaces": Surfaces,
    "barrier-ratings": BarrierRatings,
    "ground-rules": GroundRulesPack,
    "parameter-draws": DrawsPack,
    "street-widths": StreetWidths,
    **CLOSURE_KINDS,
    **LEGAL_KINDS,
    "indicators": Indicators,
    "disclosure": DisclosurePack,
    "geodata": Geodata,
    "question-module": QuestionModule,
    "offence-codes": OffenceCodes,
    "themes": Themes,
}
"""Kinds that ship with Parvis."""

USER_KINDS: dict[str, type[BaseModel]] = {
    "threat-statement": ThreatStatement,
    "framework": Framework,
}
"""Kinds that users write."""

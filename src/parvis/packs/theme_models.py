"""What a pack of themes holds: which indicators of the catalogue are read together."""

from collections.abc import Iterator
from functools import cached_property
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
    repeated_keys,
    unknown_evidence,
)
from parvis.packs.indicator_models import BlockKey, Code


class ThemeEntry(Entry):
    """One theme: the indicators at home in it, and those of other themes read beside them."""

    block: BlockKey
    indicators: Annotated[tuple[Code, ...], Field(min_length=1)]
    beside: tuple[Code, ...] = ()
    evidence: EvidenceKey


class ReportingRate(Model):
    """An indicator that says how much of what others count is reported at all."""

    rate: Code
    of: Annotated[tuple[Code, ...], Field(min_length=1)]
    evidence: EvidenceKey


class Themes(Pack):
    """The pack `themes`: every indicator of the catalogue in the one theme it is at home in."""

    pack: Literal["themes"]
    catalogue: Literal["urn:parvis:indicators:catalogue"]
    evidence: dict[Key, Evidence]
    reporting: tuple[ReportingRate, ...] = ()
    other: Entry
    entries: tuple[ThemeEntry, ...]

    @cached_property
    def home_of(self) -> dict[str, ThemeEntry]:
        """The theme each indicator is at home in, by code."""
        return {code: entry for entry in self.entries for code in entry.indicators}

    def problems(self) -> Iterator[Located]:
        """Yield what the types cannot say, the fit with the shipped catalogue included."""
        from parvis.packs.indicators import shipped_catalogue

        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        known = shipped_catalogue().by_code
        homes: dict[str, str] = {}
        for row, entry in enumerate(self.entries):
            if entry.key == self.other.key:
                yield ("entries", row, "key"), f"{entry.key!r} is the key of 'other'"
            for language in self.translations:
                if not entry.i18n.get(language, {}).get("name", "").strip():
                    yield ("entries", row, "i18n", language), "'name' is missing"
            for place, code in enumerate(entry.indicators):
                path: tuple[str | int, ...] = ("entries", row, "indicators", place)
                if code not in known:
                    yield path, f"{code!r} is not in the catalogue of Parvis"
                elif code in homes:
                    yield path, f"{code} is at home in {homes[code]!r} already"
                elif known[code].block != entry.block:
                    yield path, f"{code} belongs to the block {known[code].block}"
                homes.setdefault(code, entry.key)
            for place, code in enumerate(entry.beside):
                path = ("entries", row, "beside", place)
                if code not in known:
                    yield path, f"{code!r} is not in the catalogue of Parvis"
                elif code in entry.indicators or code in entry.beside[:place]:
                    yield path, f"{code} is in this theme already"
        for row, each in enumerate(self.reporting):
            for code in (each.rate, *each.of):
                if code not in known:
                    yield ("reporting", row), f"{code!r} is not in the catalogue of Parvis"
        for code in known:
            if code not in homes:
                yield ("entries",), f"{code} is at home in no theme"

"""What the pack of legal bases must hold."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from parvis.packs.base import (
    Entry,
    Evidence,
    EvidenceKey,
    Key,
    Located,
    Pack,
    repeated_keys,
    unknown_evidence,
)

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", strict=True)]
Text = Annotated[str, Field(min_length=1, strict=True)]
UNION = "EU"


class LegalBasis(Entry):
    """A provision that lets an authority withhold documents; `name` cites it in its language."""

    name: Annotated[str, Field(min_length=1, max_length=200, strict=True)]
    description: Text
    country: Country
    url: Annotated[str, Field(pattern=r"^https://\S+$", strict=True)]
    evidence: EvidenceKey


class LegalBases(Pack):
    """The pack `legal-bases`; entries of the country ``EU`` count in all its members."""

    pack: Literal["legal-bases"]
    evidence: dict[Key, Evidence]
    eu_members: Annotated[tuple[Country, ...], Field(min_length=1)]
    entries: Annotated[tuple[LegalBasis, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield unknown evidence, repeated keys and the union among its members."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        for row, country in enumerate(self.eu_members):
            if country == UNION or country in self.eu_members[:row]:
                yield ("eu_members", row), f"{country!r} may not stand here"


LEGAL_KINDS: dict[str, type[Pack]] = {"legal-bases": LegalBases}
"""Kinds about the law."""

"""What a list of national offences holds: local codes, their classes, and what fits nowhere."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StrictStr

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


class OffenceCode(Model):
    """A local code and its class; none where it spans several or is no offence."""

    local: Key
    names: tuple[StrictStr, ...] = ()
    iccs: Annotated[str, Field(pattern=r"^[0-9]{2,6}$", strict=True)] | None = None
    evidence: EvidenceKey | None = None
    note: StrictStr = ""


class OffenceList(Entry):
    """The offences of one country, as one source lists them."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", strict=True)]
    edition: StrictStr
    evidence: EvidenceKey
    codes: Annotated[tuple[OffenceCode, ...], Field(min_length=1)]


class OffenceCodes(Pack):
    """The pack `offence-codes`."""

    pack: Literal["offence-codes"]
    evidence: dict[Key, Evidence]
    entries: Annotated[tuple[OffenceList, ...], Field(min_length=1)]

    def problems(self) -> Iterator[Located]:
        """Yield repeated keys and words, unknown evidence, and unmatched codes without a reason."""
        yield from repeated_keys(self.entries)
        yield from unknown_evidence(self, self.evidence)
        for row, known in enumerate(self.entries):
            seen: set[str] = set()
            for at, code in enumerate(known.codes):
                path = ("entries", row, "codes", at)
                for word in (code.local, *code.names):
                    if word.casefold() in seen and word.casefold() != code.local.casefold():
                        yield path, f"{word!r} is given twice"
                    seen.add(word.casefold())
                if (code.iccs is None) != (code.evidence is None):
                    yield path, "a class and its evidence stand together"
                if code.iccs is None and not code.note:
                    yield path, "'note' says why it has no class"

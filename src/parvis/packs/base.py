"""What all packs have in common."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

Confidence = Literal["high", "medium", "low"]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", strict=True)]
EvidenceKey = Annotated[str, Field(min_length=1, strict=True)]
Positive = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Located = tuple[tuple[str | int, ...], str]
"""A problem: the path of keys that leads to it, and what is wrong there."""


class Model(BaseModel):
    """Frozen, and without room for misspelt keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Source(Model):
    """Where the content comes from, and what may be done with it."""

    title: StrictStr
    publisher: StrictStr
    edition: StrictStr = ""
    date: datetime.date | None = None
    locator: StrictStr = ""
    url: StrictStr = ""
    licence: StrictStr
    retrieved: datetime.date | None = None


class Evidence(Model):
    """What a value rests on; `verified` means read in a published source."""

    source: StrictStr
    confidence: Confidence
    verified: bool
    note: StrictStr = ""


class Entry(Model):
    """One keyed thing of a pack, with its name in the pack's language and in others."""

    key: Key
    name: StrictStr
    description: StrictStr = ""
    i18n: dict[Language, dict[str, str]] = {}


class Pack(Model):
    """The head every pack starts with."""

    pack: str
    id: Annotated[str, Field(pattern=r"^urn:parvis:[a-z-]+:[a-z0-9.-]+$")]
    version: Annotated[StrictInt, Field(ge=1)]
    status: Annotated[str, Field(pattern=r"^(draft|current|superseded-by: urn:parvis:\S+)$")]
    source: Source
    language: Language
    translations: dict[Language, Literal["reviewed", "draft", "machine"]] = {}

    def problems(self) -> Iterator[Located]:
        """Yield what the types cannot say."""
        return iter(())


def repeated_keys(entries: Sequence[Entry]) -> Iterator[Located]:
    """Yield every key that an earlier entry has."""
    seen: set[str] = set()
    for row, entry in enumerate(entries):
        if entry.key in seen:
            yield ("entries", row, "key"), f"{entry.key!r} is given twice"
        seen.add(entry.key)


def unknown_evidence(pack: Model, evidence: Mapping[str, Evidence]) -> Iterator[Located]:
    """Yield every reference to evidence that the pack does not list."""
    for path, key in evidence_references(pack):
        if key not in evidence:
            yield path, f"{key!r} is not listed under 'evidence'"


def evidence_references(
    value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield all references to evidence below `value`, with their paths."""
    if isinstance(value, Model):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if isinstance(inner, str) and (
                name in ("evidence", "evidence_key") or name.endswith("_evidence")
            ):
                yield (*path, name), inner
            else:
                yield from evidence_references(inner, (*path, name))
    elif isinstance(value, tuple):
        for row, inner in enumerate(value):
            yield from evidence_references(inner, (*path, row))

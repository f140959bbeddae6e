"""What the public may read of a release: these fields and no others."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from parvis_web.audit.chain import canonical

Names = Mapping[str, Mapping[str, str]]
"""Name and description by language."""


@dataclass(frozen=True)
class PublicValue:
    """
    One figure as it is told, or that it is not.

    Attributes
    ----------
    period, area, split : str
    value, low, high : float or None
    count : int or None
        Rounded where the release rounds.
    flags : tuple of str
        Letters.
    is_break : bool
        Whether it cannot be compared with the value before it.
    """

    period: str
    area: str
    split: str
    value: float | None
    low: float | None
    high: float | None
    count: int | None
    flags: tuple[str, ...]
    is_break: bool = False


@dataclass(frozen=True)
class PublicItem:
    """
    One item of a release.

    Attributes
    ----------
    key : str
        Names its files and its place in the page.
    code, version : str, int
        Of the indicator and its definition.
    scope, part : str
        Of whom the figures are; part is a way of splitting.
    names, units : mapping
        By language.
    decimals : int
    is_complete : bool
        Everything was counted: intervals are the range of chance variation.
    is_recorded : bool
        Whether it is of recorded crime.
    reporting, reporting_period : float or None, str
        What part is reported, where this release tells it too.
    source : str
    values : tuple of PublicValue
    change, base, latest : str
        ``rose``, ``fell``, ``no_demonstrable_change`` or empty; between which periods.
    areas : mapping from code to name
    """

    key: str
    code: str
    version: int
    scope: str
    part: str
    names: Names
    units: Mapping[str, str]
    decimals: int
    is_complete: bool
    is_recorded: bool
    reporting: float | None
    reporting_period: str
    source: str
    values: tuple[PublicValue, ...]
    change: str = ""
    base: str = ""
    latest: str = ""
    areas: Mapping[str, str] | None = None


@dataclass(frozen=True)
class PublicContent:
    """
    All that the public reads of a release.

    Attributes
    ----------
    authority, language : str
    title, introduction, contact, corrections : str
    items : tuple of PublicItem
    areas_reason : str
        Empty where no area is published.
    least_count : int
        Smaller counts are hidden.
    base : int or None
        What counts are rounded to.
    corrects : int or None
        Number of the release it corrects.
    """

    authority: str
    language: str
    title: str
    introduction: str
    contact: str
    corrections: str
    items: tuple[PublicItem, ...]
    areas_reason: str
    least_count: int
    base: int | None
    corrects: int | None = None


FIELDS = tuple(each.name for each in fields(PublicContent))
ITEM_FIELDS = tuple(each.name for each in fields(PublicItem))
VALUE_FIELDS = tuple(each.name for each in fields(PublicValue))


def as_facts(content: PublicContent) -> dict[str, Any]:
    """Return `content` as JSON keeps it."""
    facts = asdict(content)
    for item in facts["items"]:
        item["values"] = [{**value, "flags": list(value["flags"])} for value in item["values"]]
    facts["items"] = list(facts["items"])
    return facts


def read_content(facts: Mapping[str, Any]) -> PublicContent:
    """Return the content that `as_facts` wrote; TypeError where a field is not on the list."""
    items = tuple(
        PublicItem(
            **{
                **item,
                "values": tuple(
                    PublicValue(**{**value, "flags": tuple(value["flags"])})
                    for value in item["values"]
                ),
            }
        )
        for item in facts["items"]
    )
    return PublicContent(**{**facts, "items": items})


def content_digest(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of one spelling of the content: what is approved is what is published."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()

"""Which indicators hold for an authority: the shipped ones, as its own catalogue changes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack, validated

if TYPE_CHECKING:
    from parvis.packs.base import Evidence
    from parvis.packs.indicator_models import Indicator, Indicators, Override


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    The indicators that hold for an authority.

    Attributes
    ----------
    indicators : mapping from code to Indicator
        Without those switched off, in the order of the blocks.
    evidence : mapping from key to Evidence
        What definitions rest on; keys of an own catalogue begin with ``own:``.
    units : mapping from key to its name
    off : tuple of str
        Codes switched off.
    overridden, added : tuple of str
        Codes an own catalogue changed or added.
    reasons : mapping from code to str
        Why a definition was changed.
    """

    indicators: Mapping[str, "Indicator"]
    evidence: Mapping[str, "Evidence"]
    units: Mapping[str, str]
    off: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    def is_verified(self, code: str) -> bool:
        """Whether all that a definition rests on was read in a published source."""
        entry = self.indicators[code]
        keys = [entry.evidence, *(standard.evidence for standard in entry.standards)]
        keys += [key for key in (entry.icc_evidence, entry.min_n_evidence) if key is not None]
        return all(self.evidence[key].verified for key in keys)


@cache
def shipped_catalogue() -> "Indicators":
    """
    Return the catalogue that ships with Parvis.

    Examples
    --------
    >>> len(shipped_catalogue().entries)
    70
    """
    return cast("Indicators", load_pack("indicators"))


def read_indicator_pack(text: str, *, name: str) -> "Indicators":
    """
    Read a catalogue from the content of its file.

    Parameters
    ----------
    text : str
    name : str
        Name of the file, for messages.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If it is not YAML, or breaks the rules of catalogues; names every line and key.
    """
    from parvis.packs.indicator_models import Indicators

    return validated(text, Indicators, name)


def catalogue(own: "Indicators | None" = None) -> Catalogue:
    """
    Return the indicators that hold, the shipped ones where no own catalogue is given.

    Parameters
    ----------
    own : Indicators, optional
        What the authority switches off, overrides and adds.

    Examples
    --------
    >>> sum(entry.core for entry in catalogue().indicators.values())
    28
    """
    base = shipped_catalogue()
    units = {unit.key: unit.name for unit in base.units}
    if own is None:
        return Catalogue(
            MappingProxyType(base.by_code), MappingProxyType(base.evidence), MappingProxyType(units)
        )
    from parvis.packs.indicator_models import BLOCKS

    changes = {change.key: change for change in own.overrides}
    kept = [
        _own_evidence(overridden(entry, changes[entry.key]), changes[entry.key])
        if entry.key in changes
        else entry
        for entry in base.entries
        if entry.key not in own.without
    ]
    added = [_own_evidence(entry, entry) for entry in own.entries]
    ordered = sorted([*kept, *added], key=lambda entry: BLOCKS.index(entry.block))
    evidence = base.evidence | {f"own:{key}": what for key, what in own.evidence.items()}
    return Catalogue(
        indicators=MappingProxyType({entry.key: entry for entry in ordered}),
        evidence=MappingProxyType(evidence),
        units=MappingProxyType(units | {unit.key: unit.name for unit in own.units}),
        off=own.without,
        overridden=tuple(changes),
        added=tuple(own.by_code),
        reasons=MappingProxyType({key: change.reason for key, change in changes.items()}),
    )


def overridden(entry: "Indicator", change: "Override") -> "Indicator":
    """Return a definition with what a city changes in it."""
    given = {
        key: getattr(change, key)
        for key in type(change).model_fields
        if key not in ("key", "reason") and getattr(change, key) is not None
    }
    return entry.model_copy(update=given)


def _own_evidence(entry: "Indicator", given: "Indicator | Override") -> "Indicator":
    """Return a definition whose references to an own catalogue's evidence say so."""
    keys = ("evidence", "min_n_evidence", "icc_evidence")
    update: dict[str, object] = {
        key: f"own:{getattr(given, key)}" for key in keys if getattr(given, key, None)
    }
    if given is entry:
        update["standards"] = tuple(
            each.model_copy(update={"evidence": f"own:{each.evidence}"}) for each in entry.standards
        )
    return entry.model_copy(update=update)

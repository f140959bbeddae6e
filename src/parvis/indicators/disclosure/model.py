"""What is a cell of a published table, what holds among cells, and what the public knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Key = tuple[str, str, str, str]
"""Indicator, period, area and split, as of an observation."""


class Reason(StrEnum):
    """Why a cell is hidden; the first four are primary."""

    FEW = "few"
    REST_FEW = "rest_few"
    GROUP = "group"
    CONTRIBUTORS = "contributors"
    PLACE = "place"
    RELIABILITY = "reliability"
    SECONDARY = "secondary"


CONFIDENTIAL = frozenset(Reason) - {Reason.RELIABILITY}
"""Reasons that subtraction must not undo."""


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One count that is published, or from which what is published is computed.

    Attributes
    ----------
    key : Key
    count : int
    group : int or None
        How many people the counted are part of, so that the others are a cell as well; taken to be
        known to everybody. None where what is counted is not part of a group, as offences are not.
    contributors : int or None
        How many persons or units the count comes from, where that is known.
    is_wanted : bool
        Whether it is to be published; others are protected all the same.
    is_standardised : bool
        Whether its rate is directly standardised.
    """

    key: Key
    count: int
    group: int | None = None
    contributors: int | None = None
    is_wanted: bool = True
    is_standardised: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """
    A total and parts of it.

    Attributes
    ----------
    total : Key
    parts : tuple of Key
    is_complete : bool
        Whether the parts add up to the total; else they are at most the total.
    """

    total: Key
    parts: tuple[Key, ...]
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """
    What an earlier release told of a cell.

    Attributes
    ----------
    key : Key
    low, high : float
        Between which counts it lies, given how it was rounded.
    release : str
        Id of the release.
    """

    key: Key
    low: float
    high: float
    release: str


@dataclass(frozen=True, slots=True)
class Need:
    """
    What must stay possible of a hidden cell for those who know all that is published.

    Attributes
    ----------
    low, high : float
        The interval of possible counts begins at `low` or below and ends at `high` or above.
    width : float
        And is at least as wide as this.
    """

    low: float
    high: float
    width: float


@dataclass(frozen=True, slots=True)
class Interval:
    """
    What a hidden cell can be, given everything published.

    Attributes
    ----------
    key : Key
    low, high : float
        Least and greatest count; infinite where nothing bounds it.
    is_exact : bool
        Whether these are the limits themselves; else all between them is possible, and more may be.
    is_protected : bool
    reason : Reason
    """

    key: Key
    low: float
    high: float
    is_exact: bool
    is_protected: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Which cells are published, and which are hidden, for which reason.

    Attributes
    ----------
    shown : tuple of Key
        Published.
    hidden : mapping from Key to Reason
        Wanted or not; a cell neither here nor in `shown` is simply not published.
    base : int or None
        What published counts are rounded to.
    intervals : mapping from Key to Interval
        What has been proved of each hidden cell that needs protection.
    revised : tuple of Known
        Earlier figures that no longer hold and so tell nothing of today's.
    accepted : tuple of Key
        Cells known already, which are left so knowingly.
    lost : tuple of Key
        Cells known already that are no part of what is to be published; nothing can change that.
    """

    shown: tuple[Key, ...]
    hidden: Mapping[Key, Reason]
    base: int | None = None
    intervals: Mapping[Key, Interval] = field(default_factory=dict)
    revised: tuple[Known, ...] = ()
    accepted: tuple[Key, ...] = ()
    lost: tuple[Key, ...] = ()

    @property
    def primary(self) -> tuple[Key, ...]:
        """Cells hidden for what they are."""
        return tuple(key for key, why in self.hidden.items() if why is not Reason.SECONDARY)

    @property
    def secondary(self) -> tuple[Key, ...]:
        """Cells hidden so that others cannot be computed from them."""
        return tuple(key for key, why in self.hidden.items() if why is Reason.SECONDARY)

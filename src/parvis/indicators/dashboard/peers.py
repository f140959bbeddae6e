"""How do other cities do: those that agreed to be named, or a group in which none can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parvis.indicators.dashboard.change import difference_of, has_error
from parvis.indicators.dashboard.model import Point
from parvis.indicators.estimates import Estimate, Note

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

LEAST_PEERS = 5
"""With fewer cities without a name no group is shown: a figure could be told to be one city's."""


@dataclass(frozen=True, slots=True)
class Peer:
    """
    Another city's value.

    Attributes
    ----------
    key, name : str
    point : Point
    may_name : bool
        Whether the city agreed to be shown by name; figures it published itself count as that.
    may_group : bool
        Whether it agreed to be counted in a group without a name.
    """

    key: str
    name: str
    point: Point
    may_name: bool = False
    may_group: bool = False


@dataclass(frozen=True, slots=True)
class PeerValue:
    """
    A named city beside one's own.

    Attributes
    ----------
    key, name : str
    estimate : Estimate
        With its interval where the error is known.
    period : str
    difference : Estimate or None
        Theirs minus one's own, of independent data; None where an error is not known.
    is_demonstrable : bool or None
        Whether they differ at 95 %.
    notes : tuple of Note
    """

    key: str
    name: str
    estimate: Estimate
    period: str
    difference: Estimate | None
    is_demonstrable: bool | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """
    A group of cities without names: no single value, no least and no greatest.

    Attributes
    ----------
    n : int
    median, low_quarter, high_quarter : float
    """

    n: int
    median: float
    low_quarter: float
    high_quarter: float


@dataclass(frozen=True, slots=True)
class Peers:
    """
    One's own value beside others'.

    Attributes
    ----------
    own : Point or None
    named : tuple of PeerValue
        In the order of the names.
    group : PeerGroup or None
    notes : tuple of Note
        What was refused or left out, and why.
    """

    own: Point | None
    named: tuple[PeerValue, ...]
    group: PeerGroup | None
    notes: tuple[Note, ...] = ()


def peers(
    own: Point | None, others: Sequence[Peer], *, indicator: "Indicator", is_anonymous: bool
) -> Peers:
    """
    Return one's own value beside other cities'.

    Parameters
    ----------
    own : Point or None
    others : sequence of Peer
        Each city once.
    indicator : Indicator
        As one's own catalogue defines it.
    is_anonymous : bool
        Whether they are told as a group, by median and quartiles: at least five that agreed to
        that and are not shown by name as well, for their figures would give away the others'.
        Otherwise by name, those that agreed to that.

    Returns
    -------
    Peers
        Values of another unit or version of the definition are left out, which the notes say.
    """
    agreed = [each for each in others if (each.may_group if is_anonymous else each.may_name)]
    notes = []
    if left_out := len(others) - len(agreed):
        notes.append(Note("dashboard_peers_no_consent", {"n": left_out}))
    version = own.observation.definition if own else indicator.version
    alike = [
        each
        for each in agreed
        if each.point.estimate.value is not None
        and each.point.observation.unit == indicator.unit
        and each.point.observation.definition == version
    ]
    if left_out := len(agreed) - len(alike):
        notes.append(Note("dashboard_peers_unlike", {"n": left_out}))
    if not is_anonymous:
        named = sorted(alike, key=lambda each: (each.name.casefold(), each.key))
        return Peers(own, tuple(_named(each, own) for each in named), None, tuple(notes))
    unnamed = sum(not each.may_name for each in alike)
    if unnamed < LEAST_PEERS:
        notes.append(Note("dashboard_peers_few", {"n": unnamed, "least": LEAST_PEERS}))
        return Peers(own, (), None, tuple(notes))
    values = [float(each.point.estimate.value or 0.0) for each in alike]
    low, middle, high = (float(each) for each in np.quantile(values, [0.25, 0.5, 0.75]))
    return Peers(own, (), PeerGroup(len(values), middle, low, high), tuple(notes))


def _named(each: Peer, own: Point | None) -> PeerValue:
    estimate = each.point.estimate
    notes: list[Note] = []
    difference = None
    is_demonstrable = None
    if own is not None and own.estimate.value is not None:
        if has_error(own.estimate) and has_error(estimate):
            difference = difference_of(own.estimate, estimate)
            if difference.low is not None and difference.high is not None:
                is_demonstrable = not difference.low <= 0.0 <= difference.high
        else:
            notes.append(Note("dashboard_peer_no_error"))
        if own.period != each.point.period:
            notes.append(Note("dashboard_peer_period", {"period": each.point.period}))
    return PeerValue(
        each.key, each.name, estimate, each.point.period, difference, is_demonstrable, tuple(notes)
    )

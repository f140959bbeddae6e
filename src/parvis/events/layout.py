"""What a market or event puts on a public space: phases, items, gates, and what they are."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

DEFAULT_THICKNESS = 0.3
"""Thickness that an item drawn as a line has where nothing is stated. [m]"""


class PhaseKind(StrEnum):
    """What happens in a phase."""

    BUILD_UP = "build_up"
    DELIVERY = "delivery"
    OPEN = "open"
    CLOSING = "closing"


class ItemKind(StrEnum):
    """What is put on the ground."""

    STALL = "stall"
    STAGE = "stage"
    QUEUE = "queue"
    FENCE = "fence"
    TENT = "tent"
    TOILET = "toilet"
    FURNITURE = "furniture"
    BARRIER = "barrier"
    BLOCK = "block"
    BOLLARD = "bollard"
    VEHICLE = "vehicle"


BARRIER_KINDS = frozenset(
    {ItemKind.BARRIER, ItemKind.BLOCK, ItemKind.BOLLARD, ItemKind.VEHICLE, ItemKind.FENCE}
)
"""Kinds that stand in a row to keep something out, and are set out position by position."""


class Users(StrEnum):
    """Whom a gate opens for."""

    EMERGENCY = "emergency"
    DELIVERY = "delivery"
    RESIDENTS = "residents"
    PUBLIC = "public"

    @property
    def is_driving(self) -> bool:
        """Whether they come with vehicles; the public comes on foot."""
        return self is not Users.PUBLIC


@dataclass(frozen=True, slots=True)
class Times:
    """
    One stretch of time.

    Attributes
    ----------
    starts, ends : datetime
        With the offset of the event's time zone; starts < ends.
    """

    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Phase:
    """
    A time in which the same things stand and the same gates are open.

    Attributes
    ----------
    key : str
        Short name, unique in the layout.
    kind : PhaseKind
    times : tuple of Times
        One or more, ascending: a market opens every day.
    people : int
        Greatest number present at a time, 0 where nobody stated one.
    leave_within : float
        Time in which all must be able to leave, as stated for the event. [s]; NaN for none.
    notes : str
    """

    key: str
    kind: PhaseKind
    times: tuple[Times, ...]
    people: int = 0
    leave_within: float = float("nan")
    notes: str = ""

    @property
    def starts(self) -> dt.datetime:
        """Beginning of the first time."""
        return self.times[0].starts

    @property
    def ends(self) -> dt.datetime:
        """End of the last time."""
        return self.times[-1].ends


@dataclass(frozen=True, slots=True)
class Item:
    """
    A thing put on the ground for the event.

    Attributes
    ----------
    id : str
        As on the drawing and in the schedule, unique in the layout.
    kind : ItemKind
    geometry : shapely Polygon, LineString or Point
        In the city's CRS. [m]
    phases : tuple of str
        Keys of the phases in which it stands.
    length, width : float
        Of one element along and across. [m]; NaN where the geometry tells or nobody does.
    rating : str
        Crash rating, "" for unrated.
    stock_type : str
        Type in the stock list, "" for none.
    notes : str
    """

    id: str
    kind: ItemKind
    geometry: BaseGeometry
    phases: tuple[str, ...]
    length: float = float("nan")
    width: float = float("nan")
    rating: str = ""
    stock_type: str = ""
    notes: str = ""

    @property
    def is_barrier(self) -> bool:
        """Whether it is set out as barrier positions."""
        return self.kind in BARRIER_KINDS


@dataclass(frozen=True, slots=True)
class Opening:
    """
    For whom a gate is open in a phase, and who stands there.

    Attributes
    ----------
    phase : str
    users : tuple of Users
        Never empty.
    staffed_by : str
        A role, not a person's name; "" for nobody.
    on_leaving : str
        What to do when the duty ends.
    """

    phase: str
    users: tuple[Users, ...]
    staffed_by: str = ""
    on_leaving: str = ""

    @property
    def is_for_vehicles(self) -> bool:
        """Whether anybody it opens for drives."""
        return any(users.is_driving for users in self.users)


@dataclass(frozen=True, slots=True)
class Gate:
    """
    An opening that is kept shut but for some people at some times.

    Attributes
    ----------
    id : str
    geometry : shapely LineString
        From post to post, in the city's CRS. [m]
    openings : tuple of Opening
        At most one a phase; without one the gate is closed in that phase.
    clear_width : float
        Width to pass when open. [m]; NaN: the line's length.
    rating : str
        Crash rating when closed, "" for unrated.
    notes : str
    """

    id: str
    geometry: BaseGeometry
    openings: tuple[Opening, ...]
    clear_width: float = float("nan")
    rating: str = ""
    notes: str = ""

    def opening(self, phase: str) -> Opening | None:
        """Return how it is open in `phase`, None where it is closed."""
        return next((item for item in self.openings if item.phase == phase), None)

    @property
    def passage(self) -> float:
        """Width to pass when open: what is stated, at most the line's length. [m]."""
        length = float(self.geometry.length)
        return length if self.clear_width != self.clear_width else min(self.clear_width, length)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """
    Barriers of a list that have an address but no place to the metre: ordered, not drawn.

    Attributes
    ----------
    id, kind, address : str
    count : int
        >= 1
    length : float
        Of one element. [m]; NaN for not stated.
    rating : str
        "" for unrated.
    near : shapely geometry, optional
        Where its address is, in the city's CRS. [m] Not where it stands.
    """

    id: str
    kind: str
    address: str
    count: int
    length: float
    rating: str
    near: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """
    Something a person should settle; the layout is taken all the same.

    Attributes
    ----------
    code : str
        Stable, the sentence is made at the edge.
    sheet : str
    row : int
        As a person finds it; 0 for none.
    value : str
        Which item, gate or phase.
    details : mapping of str to str
        Facts for the sentence.
    """

    code: str
    sheet: str
    row: int
    value: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """
    A temporary layout of one public space, in the coordinates of its city.

    Attributes
    ----------
    name : str
    space_id, space_name : str
        Public space it stands on.
    time_zone : str
        IANA name, e.g. ``Europe/Berlin``.
    phases : tuple of Phase
        By first beginning.
    items : tuple of Item
    gates : tuple of Gate
    unplaced : tuple of Unplaced
    findings : tuple of Finding
        What was said when it was taken.
    source : mapping
        Files with their SHA-256, coordinate system, date of adding.
    """

    name: str
    space_id: str
    space_name: str
    time_zone: str
    phases: tuple[Phase, ...]
    items: tuple[Item, ...]
    gates: tuple[Gate, ...]
    unplaced: tuple[Unplaced, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)

    def phase(self, key: str) -> Phase:
        """
        Return the phase of that key.

        Raises
        ------
        KeyError
        """
        found = next((phase for phase in self.phases if phase.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    def standing(self, phase: str) -> tuple[Item, ...]:
        """Return the items that stand in a phase."""
        return tuple(item for item in self.items if phase in item.phases)

    @cached_property
    def hash(self) -> str:
        """Digest of everything but the name, the source and the findings."""
        parts = (*self.phases, *self.items, *self.gates, *self.unplaced)
        return digest([self.space_id, self.time_zone, *parts])


def digest(parts: Sequence[object]) -> str:
    """Return one digest of layout parts; geometries count to a tenth of a millimetre."""
    state = hashlib.blake2b(digest_size=32)
    for part in parts:
        state.update(json.dumps(_plain(part), sort_keys=True).encode())
    return state.hexdigest()


def _plain(part: object) -> Any:
    if isinstance(part, BaseGeometry):
        return shapely.to_wkt(part, rounding_precision=4)
    if isinstance(part, dt.datetime):
        return part.astimezone(dt.UTC).isoformat()
    if isinstance(part, tuple):
        return [_plain(item) for item in part]
    names = getattr(part, "__dataclass_fields__", None)
    if names is not None:
        return {name: _plain(getattr(part, name)) for name in names}
    return part if isinstance(part, int) else str(part)


def footprint(item: Item) -> BaseGeometry:
    """
    Return the ground an item stands on.

    A polygon is itself; a line has the stated width, else `DEFAULT_THICKNESS`; a point is a
    rectangle of the stated length and width along the coordinate axes, or a disc of that diameter
    where only one of them is stated.
    """
    shape = item.geometry
    width = item.width if item.width == item.width else DEFAULT_THICKNESS
    if shape.geom_type.endswith("Polygon"):
        return shape
    if shape.geom_type == "LineString":
        return shape.buffer(width / 2, cap_style="flat", join_style="mitre")
    if item.length == item.length and item.width == item.width:
        x, y = shapely.get_coordinates(shape)[0].tolist()
        return shapely.box(
            x - item.length / 2, y - item.width / 2, x + item.length / 2, y + item.width / 2
        )
    across = item.length if item.length == item.length else width
    return shape.buffer(across / 2, quad_segs=8)

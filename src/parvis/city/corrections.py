"""What a person has found on site: statements that override the data and lift its grade."""

import math
from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from parvis.terms import Grade

MOVED = 5.0
"""A corrected feature found further than this from where it was is a conflict. [m]"""
GROUND_REACH = 3.0
"""A statement about the ground at a point speaks of this much around it. [m]"""


class CorrectionKind(StrEnum):
    """What a correction speaks about."""

    WIDTH = "width"
    GAP = "gap"
    BOLLARD = "bollard"
    STEP = "step"
    KERB = "kerb"
    WALL = "wall"
    TREE = "tree"
    GROUND = "ground"


class Method(StrEnum):
    """How it was found."""

    TAPE = "tape"
    PLAN = "plan"
    SEEN = "seen"


MEASURED_KINDS = frozenset({CorrectionKind.WIDTH, CorrectionKind.GAP})
"""Kinds that need a value."""
GREATEST_VALUE = {
    CorrectionKind.WIDTH: 100.0,
    CorrectionKind.GAP: 50.0,
    CorrectionKind.BOLLARD: 5.0,
    CorrectionKind.STEP: 5.0,
    CorrectionKind.KERB: 1.0,
    CorrectionKind.WALL: 30.0,
    CorrectionKind.TREE: 10.0,
}
"""A greater value is a slip: widths and gaps, else heights (of trees the trunk's girth). [m]"""
STATES = ("closed", "lowered", "active")
"""States of a rated barrier; lowered and active ones do not protect by themselves."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """
    The feature a correction speaks about, and where it was when the correction was entered.

    Attributes
    ----------
    osm_type : {"way", "node", "relation"}
    osm_id : int
    x, y : float
        Nearest place of that feature to the correction. [m]
    """

    osm_type: str
    osm_id: int
    x: float
    y: float

    def __str__(self) -> str:
        """Return OSM type and id, as in ``"node/123"``."""
        return f"{self.osm_type}/{self.osm_id}"


@dataclass(frozen=True, slots=True)
class Correction:
    """
    One statement about what is there.

    Attributes
    ----------
    id : str
        UUID.
    kind : CorrectionKind
    value : float
        Width of the street or the gap, height of step, kerb, wall or bollard. [m]; NaN for none.
    is_there : bool
        The obstacle stands there; for ground: a vehicle can drive on it.
    geometry : shapely Geometry
        Point, line or polygon in the city's CRS. [m]
    anchor : Anchor or None
        None: something the data does not hold.
    method : Method
    person : str
    date : str
        ISO date of the finding.
    photo, photo_hash : str
        File beside the corrections and its SHA-256; "" for none.
    note : str
    rating : str
        Rating as on the plate or the certificate, "" for unrated.
    state : {"", "closed", "lowered", "active"}
    plate : str
        What the plate says, word by word.
    """

    id: str
    kind: CorrectionKind
    value: float
    is_there: bool
    geometry: BaseGeometry
    anchor: Anchor | None
    method: Method
    person: str
    date: str
    photo: str = ""
    photo_hash: str = ""
    note: str = ""
    rating: str = ""
    state: str = ""
    plate: str = ""

    @property
    def grade(self) -> Grade:
        """
        How well this is known now.

        Measured on site is A, read off a municipal plan is B. What was only seen is B where it is
        a yes or no (it stands there, one can drive there), and no better than before, C, where it
        is a length judged by eye.
        """
        if self.method is Method.TAPE:
            return Grade.A
        if self.method is Method.PLAN:
            return Grade.B
        return Grade.C if self.kind in MEASURED_KINDS else Grade.B

    def tags(self) -> dict[str, str]:
        """Return the tags a feature carries because of this correction."""
        height = "" if math.isnan(self.value) or self.kind in MEASURED_KINDS else f"{self.value:g}"
        tags = {
            "parvis:grade": str(self.grade),
            "parvis:correction": self.id,
            "parvis:rating": self.rating,
            "parvis:state": (self.state or "closed") if self.rating else "",
            "parvis:plate": self.plate,
            "height": height if self.kind is not CorrectionKind.TREE else "",
            "maxwidth:physical": f"{self.value:g}" if self.kind is CorrectionKind.GAP else "",
        }
        return {key: value for key, value in tags.items() if value}


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    A correction whose feature is no longer where it was.

    Attributes
    ----------
    correction : str
        Its id.
    kind : str
    anchor : str
        ``"node/123"``.
    reason : {"vanished", "moved"}
    distance : float
        How far it moved. [m]; NaN where it vanished.
    x, y : float
        Where the correction was made. [m]
    """

    correction: str
    kind: str
    anchor: str
    reason: str
    distance: float
    x: float
    y: float

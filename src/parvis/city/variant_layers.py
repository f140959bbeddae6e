"""Which layers can a design have, what do their features become and what do they replace."""

from collections.abc import Mapping
from dataclasses import dataclass

from parvis.city.layers import LAYER_KINDS, LayerKind

GROUND_KINDS = frozenset(
    {
        "street",
        "square",
        "pedestrian",
        "footway",
        "service",
        "market_place",
        "parking",
        "parking_space",
        "tram",
        "park",
        "garden",
        "grass",
        "forecourt",
        "quay",
        "traffic_island",
        "outdoor_seating",
        "wood",
        "wetland",
        "scrub",
        "flowerbed",
        "playground",
        "platform",
        "ground_drivable",
        "ground_not_drivable",
    }
)
STREET_FURNITURE = frozenset(
    {
        "street_lamp",
        "camera",
        "bench",
        "bicycle_parking",
        "advertising",
        "fountain",
        "rock",
        "hydrant",
        "mast",
        "traffic_signals",
        "traffic_calming",
    }
)
_NOTHING: frozenset[str] = frozenset()
_POINTS = LAYER_KINDS["barriers"].kinds | {"fence", "hedge", "kerb", "wall", "gap"}


@dataclass(frozen=True, slots=True)
class DesignLayer:
    """
    One layer of a design.

    Attributes
    ----------
    rule : LayerKind
        What its features become.
    areas, lines, points, furniture : frozenset of str
        Kinds of the present, by table, that it replaces within the limit.
    stays_unless_drawn : bool
        The present's features stay where the design has no such layer.
    """

    rule: LayerKind
    areas: frozenset[str] = _NOTHING
    lines: frozenset[str] = _NOTHING
    points: frozenset[str] = _NOTHING
    furniture: frozenset[str] = _NOTHING
    stays_unless_drawn: bool = False


_WALLS = LAYER_KINDS["walls"].kinds
_FENCES = LAYER_KINDS["fences"].kinds
_POSTS = LAYER_KINDS["barriers"].kinds - _FENCES

DESIGN_LAYERS: Mapping[str, DesignLayer] = {
    "kerbs": DesignLayer(
        LayerKind(None, ("lines", "kerb"), ("lines", "kerb"), frozenset({"kerb", "curb"})),
        lines=frozenset({"kerb", "curb"}),
    ),
    "walls": DesignLayer(LAYER_KINDS["walls"], areas=_WALLS, lines=_WALLS),
    "fences": DesignLayer(
        LayerKind(None, ("lines", "fence"), ("areas", "fence"), _FENCES),
        areas=_FENCES,
        lines=_FENCES,
    ),
    "steps": DesignLayer(
        LayerKind(None, ("lines", "steps"), ("areas", "steps"), frozenset({"steps"})),
        areas=frozenset({"steps"}),
        lines=frozenset({"steps"}),
    ),
    "trees": DesignLayer(LAYER_KINDS["trees"], furniture=frozenset({"tree"})),
    "water": DesignLayer(
        LayerKind(None, None, ("areas", "water"), frozenset({"fountain", "water"})),
        areas=frozenset({"water", "fountain"}),
    ),
    "ground": DesignLayer(
        LayerKind(None, None, ("areas", "ground_drivable"), GROUND_KINDS),
        areas=GROUND_KINDS,
        stays_unless_drawn=True,
    ),
    "furniture": DesignLayer(
        LayerKind(("furniture", "bench"), None, None, STREET_FURNITURE),
        furniture=STREET_FURNITURE,
    ),
    "barriers": DesignLayer(
        LayerKind(
            ("points", "bollard"),
            ("lines", "guard_rail"),
            ("areas", "block"),
            _POINTS,
        ),
        areas=_POSTS,
        lines=_POSTS,
        points=_POINTS,
    ),
    "buildings": DesignLayer(
        LayerKind(None, None, ("areas", "building"), frozenset({"building", "building_part"})),
        areas=frozenset({"building", "building_part"}),
        stays_unless_drawn=True,
    ),
}
"""Layers a design can have; everything else of the present stays as it is."""


def layer_of(name: str, kind: str) -> str:
    """Return the design layer a kind of a city's table belongs to, "" for none."""
    found = (layer for layer, said in DESIGN_LAYERS.items() if kind in getattr(said, name))
    return next(found, "")

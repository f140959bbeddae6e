"""What stands where once municipal layers and local corrections are laid over the base data."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import find_texts, segment_boxes, tag_column
from parvis.city.correcting import Changed, apply_correction
from parvis.city.corrections import Correction
from parvis.city.model import City, Segments
from parvis.city.table import FeatureTable
from parvis.city.widths import (
    MEASURED,
    carriageway_widths,
    measure_widths,
    rows_of_kinds,
)
from parvis.terms import Grade

REACH = 60.0
"""A changed obstacle can change the width of streets this near. [m]"""


@dataclass(frozen=True, slots=True)
class LayerKind:
    """
    What features of a municipal layer can become.

    Attributes
    ----------
    points, lines, polygons : tuple of (str, str) or None
        Table and kind a geometry of that type goes to; None: it is not taken.
    kinds : frozenset of str
        Other kinds a row or the mapping may name.
    replaces : frozenset of str
        Kinds that a replacing layer takes out of the base data.
    """

    points: tuple[str, str] | None
    lines: tuple[str, str] | None
    polygons: tuple[str, str] | None
    kinds: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()


def _furniture(kind: str) -> LayerKind:
    at = ("furniture", kind)
    return LayerKind(at, None, None, replaces=frozenset({kind}))


_WALLS = frozenset({"wall", "retaining_wall", "city_wall", "cliff"})
_FENCES = frozenset({"fence", "hedge", "guard_rail", "handrail", "chain"})
_BARRIERS = frozenset(
    {
        "bollard",
        "block",
        "planter",
        "jersey_barrier",
        "gate",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "sally_port",
        "cycle_barrier",
        "turnstile",
        "height_restrictor",
        "wedge_barrier",
        "road_blocker",
        "barrier_board",
        "guard_rail",
        "chain",
    }
)
_GROUND = frozenset({"ground_drivable", "ground_not_drivable"})

LAYER_KINDS: Mapping[str, LayerKind] = {
    "buildings": LayerKind(
        None, None, ("areas", "building"), replaces=frozenset({"building", "building_part"})
    ),
    "water": LayerKind(None, None, ("areas", "water"), replaces=frozenset({"water"})),
    "ground": LayerKind(None, None, ("areas", "ground_drivable"), _GROUND, _GROUND),
    "kerbs": LayerKind(
        None, ("lines", "kerb"), ("lines", "kerb"), replaces=frozenset({"kerb", "curb"})
    ),
    "walls": LayerKind(None, ("lines", "wall"), ("areas", "wall"), _WALLS, _WALLS),
    "fences": LayerKind(None, ("lines", "fence"), ("lines", "fence"), _FENCES, _FENCES),
    "barriers": LayerKind(
        ("points", "bollard"), ("lines", "guard_rail"), ("areas", "block"), _BARRIERS, _BARRIERS
    ),
    "trees": _furniture("tree"),
    "lamps": _furniture("street_lamp"),
    "cameras": _furniture("camera"),
    "benches": _furniture("bench"),
}
"""What ``--as`` accepts."""


@dataclass(frozen=True, eq=False)
class Layer:
    """
    A municipal layer in the city's coordinates; never changed once stored.

    Attributes
    ----------
    name : str
    order : int
        Layers apply in ascending order.
    kind : str
        Key of `LAYER_KINDS`.
    is_replacing : bool
        Takes the features of its kinds out of the base data within `footprint`.
    tables : mapping of str to FeatureTable
        By name of the city's table.
    footprint : Polygon
        Convex hull of its features: what the layer speaks about. [m]
    hash : str
    source : mapping
        File name and SHA-256, coordinate system, date of adding, counts.
    """

    name: str
    order: int
    kind: str
    is_replacing: bool
    tables: Mapping[str, FeatureTable]
    footprint: BaseGeometry
    hash: str
    source: Mapping[str, Any]


def resolve(
    base: City, layers: Iterable[Layer] = (), corrections: Sequence[Correction] = ()
) -> City:
    """
    Lay ordered layers, then corrections, over a base city.

    Parameters
    ----------
    base : City
        Not changed.
    layers : iterable of Layer
        Applied by `Layer.order`, whatever order they come in.
    corrections : sequence of Correction
        Applied in the order given: the later one prevails.

    Returns
    -------
    City
        `base` itself where there is nothing to apply. Its manifest lists ``layers`` with what
        each replaced, the number of ``corrections`` and ``conflicts`` (`Conflict` as mappings);
        its hash covers all three. Widths near changed obstacles are measured anew. Spaces stay
        those of the base.
    """
    ordered = sorted(layers, key=lambda layer: layer.order)
    if not ordered and not corrections:
        return base
    changed = Changed(
        tables={name: getattr(base, name) for name in ("areas", "lines", "points", "furniture")},
        streets=base.streets,
        segments=base.segments,
    )
    listed = []
    for layer in ordered:
        n_replaced = _lay(layer, changed)
        listed.append(
            {
                "name": layer.name,
                "order": layer.order,
                "as": layer.kind,
                "hash": layer.hash,
                "is_replacing": layer.is_replacing,
                "features": sum(len(table) for table in layer.tables.values()),
                "replaced": n_replaced,
            }
        )
    for correction in corrections:
        apply_correction(correction, changed)
    segments = _with_widths(base, changed, ordered)
    manifest = dict(base.manifest) | {
        "hash": _combined_hash(base, ordered, corrections),
        "layers": listed,
        "corrections": len(corrections),
        "conflicts": [asdict(conflict) for conflict in changed.conflicts],
    }
    return replace(
        base,
        segments=segments,
        manifest=manifest,
        areas=changed.tables["areas"],
        lines=changed.tables["lines"],
        points=changed.tables["points"],
        furniture=changed.tables["furniture"],
    )


def _lay(layer: Layer, changed: Changed) -> int:
    """Add a layer's rows, taking out those it replaces; return how many it took out."""
    n_replaced = 0
    if layer.is_replacing:
        kinds = LAYER_KINDS[layer.kind].replaces
        for name in ("areas", "lines", "points", "furniture"):
            table = changed.tables[name]
            if name not in _tables_of(layer.kind):
                continue
            rows = rows_of_kinds(table, kinds)
            rows = rows[shapely.intersects(table.geometry[rows], layer.footprint)]
            n_replaced += len(rows)
            changed.remove(name, rows)
    for name, table in layer.tables.items():
        changed.add(name, table)
    return n_replaced


def _tables_of(kind: str) -> set[str]:
    rule = LAYER_KINDS[kind]
    return {target[0] for target in (rule.points, rule.lines, rule.polygons) if target}


def _with_widths(base: City, changed: Changed, layers: Sequence[Layer]) -> Segments:
    """Measure again near what changed, then let corrections and kerb lines speak."""
    segments = base.segments
    width = np.array(segments.width, dtype=np.float32)
    grade = np.array(segments.width_grade, dtype=np.int8)
    source = np.array(segments.width_source, dtype=np.int8)
    boxes = segment_boxes(base.streets, segments)
    near = segments_near(boxes, changed.moved)
    if len(near):
        areas, lines = changed.tables["areas"], changed.tables["lines"]
        measured = measure_widths(
            base.streets,
            segments,
            areas,
            lines,
            rows=near,
            area_grade=grades_of(areas),
            line_grade=grades_of(lines),
        )
        width[near], grade[near], source[near] = measured
    kerbs = [layer.tables["lines"] for layer in layers if layer.kind == "kerbs" and layer.tables]
    for table in kerbs:
        rows = segments_near(boxes, list(table.geometry))
        across = carriageway_widths(base.streets, segments, table, rows=rows)
        is_wider = ~np.isnan(across) & ((source[rows] != MEASURED) | (across > width[rows]))
        wider = rows[is_wider]
        width[wider], grade[wider], source[wider] = across[is_wider], int(Grade.B), MEASURED
    for row, (value, letter, code) in changed.widths.items():
        width[row], grade[row], source[row] = value, letter, code
    return replace(segments, width=width, width_grade=grade, width_source=source)


def segments_near(
    boxes: NDArray[np.float64], geometry: Sequence[BaseGeometry]
) -> NDArray[np.int64]:
    """Return the segments whose box comes within `REACH` of any of `geometry`'s boxes."""
    if not geometry or not len(boxes):
        return np.empty(0, dtype=np.int64)
    tree = shapely.STRtree(np.asarray(shapely.box(*boxes.T), dtype=object))
    b = shapely.bounds(np.array(geometry, dtype=object))
    grown = shapely.box(b[:, 0] - REACH, b[:, 1] - REACH, b[:, 2] + REACH, b[:, 3] + REACH)
    return np.unique(tree.query(grown)[1]).astype(np.int64)


def grades_of(table: FeatureTable) -> NDArray[np.int8]:
    """Return the grade of each row by its tag ``parvis:grade``, C where it has none."""
    column = tag_column(table, "parvis:grade")
    grade = np.full(len(table), int(Grade.C), dtype=np.int8)
    for letter, index in find_texts(table.strings, [g.name for g in Grade]).items():
        grade[column == index] = int(Grade[letter])
    return grade


def _combined_hash(base: City, layers: Sequence[Layer], corrections: Sequence[Correction]) -> str:
    digest = hashlib.blake2b(base.hash.encode(), digest_size=32)
    for layer in layers:
        digest.update(f"{layer.order} {layer.name} {layer.is_replacing} {layer.hash}".encode())
    for correction in corrections:
        digest.update(repr(replace(correction, geometry=shapely.Point())).encode())
        digest.update(shapely.to_wkb(correction.geometry))
    return digest.hexdigest()

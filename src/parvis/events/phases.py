"""What does a layout change for vehicles, phase by phase: analysis and closure on that ground."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.analysis import Question, analyse_approach
from parvis.approach.results import ApproachResult
from parvis.city.assemble import build_table, join
from parvis.city.model import City
from parvis.closure.plan import Wishes, plan_closure
from parvis.closure.results import ClosureResult
from parvis.events.layout import Gate, Layout, digest, footprint
from parvis.events.positions import gate_shape, passage_line, positions
from parvis.packs.closure_content import BarrierProducts
from parvis.packs.content import GroundRules, ParameterDraws

_FIRST_ID = 20_000_000
_LEAST_LEAF = 0.05
"""What is left of a gate beside its opening counts from this length. [m]"""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Thing:
    """What a phase puts into the city: one feature, "" for unrated."""

    id: str
    kind: str
    shape: BaseGeometry
    rating: str


def phase_city(city: City, layout: Layout, phase: str) -> City:
    """
    Return the city as it stands in one phase of a layout.

    Parameters
    ----------
    city : City
    layout : Layout
    phase : str

    Returns
    -------
    City
        `city` with the phase's items and gates as obstacles; its hash covers them. Street widths
        and spaces stay those of `city`.

    Raises
    ------
    KeyError
        If the layout has no such phase.

    Notes
    -----
    Rated barriers and rated closed gates hold where their rating covers what arrives, as existing
    rated barriers do. Whatever is unrated (stalls, tents, stages, queues, fences, unrated blocks
    and vehicles) stands in the city as a linear obstacle that does not stop a vehicle; it narrows
    the ways of people only. An open gate is open ground over its clear width.
    """
    layout.phase(phase)
    things = _things(layout, phase)
    rated = [thing for thing in things if thing.rating]
    unrated = [thing for thing in things if not thing.rating]
    areas, lines = city.areas, city.lines
    if rated:
        areas = join(areas, _areas(rated))
    if unrated:
        lines = join(lines, _lines(unrated))
    state = hashlib.blake2b(f"{city.hash} {layout.hash} {phase}".encode(), digest_size=32)
    manifest = dict(city.manifest) | {
        "hash": state.hexdigest(),
        "layout": {"name": layout.name, "hash": layout.hash, "phase": phase},
    }
    return replace(city, areas=areas, lines=lines, manifest=manifest)


def vehicle_ground(layout: Layout, phase: str) -> str:
    """Return a digest of what a phase changes for vehicles; equal ones need one analysis."""
    rated = [thing for thing in _things(layout, phase) if thing.rating]
    return digest(rated)


def analyse_phase(
    city: City,
    layout: Layout,
    phase: str,
    question: Question,
    *,
    rules: GroundRules,
    draws: ParameterDraws,
    progress: Progress | None = None,
) -> ApproachResult:
    """
    Answer where and how fast vehicles arrive in one phase.

    Parameters
    ----------
    city : City
        Without the layout.
    layout : Layout
    phase : str
    question : Question
        About the layout's space.
    rules, draws : GroundRules, ParameterDraws
    progress : callable, optional
        See `parvis.approach.analysis.analyse_approach`.

    Returns
    -------
    ApproachResult
        Its provenance names layout and phase.
    """
    options: dict[str, Any] = {} if progress is None else {"progress": progress}
    there = phase_city(city, layout, phase)
    result = analyse_approach(there, question, rules=rules, draws=draws, **options)
    said = dict(result.provenance) | {"layout": there.manifest["layout"]}
    return replace(result, provenance=said)


def analyse_phases(
    city: City,
    layout: Layout,
    question: Question,
    *,
    rules: GroundRules,
    draws: ParameterDraws,
    progress: Progress | None = None,
) -> Mapping[str, ApproachResult]:
    """
    Answer every phase, by key; phases that are alike for vehicles share one analysis.

    Access points keep their numbers from phase to phase. Parameters as in `analyse_phase`.
    """
    known: dict[str, ApproachResult] = {}
    found: dict[str, ApproachResult] = {}
    for phase in layout.phases:
        ground = vehicle_ground(layout, phase.key)
        if ground not in known:
            known[ground] = analyse_phase(
                city, layout, phase.key, question, rules=rules, draws=draws, progress=progress
            )
            question = replace(question, previous=_numbered(question, known[ground]))
        found[phase.key] = known[ground]
    return found


def close_phase(
    city: City,
    layout: Layout,
    phase: str,
    question: Question,
    *,
    rules: GroundRules,
    draws: ParameterDraws,
    products: BarrierProducts,
    permanence: str = "temporary",
    progress: Progress | None = None,
) -> ClosureResult:
    """
    Plan what would close the space beside what the layout has standing in a phase.

    Parameters
    ----------
    city, layout, phase, question, rules, draws, progress
        See `analyse_phase`.
    products : BarrierProducts
        Families, ratings and prices.
    permanence : {"temporary", "semi_permanent", "permanent", ""}
        Of what is laid out; "" for any.

    Returns
    -------
    ClosureResult
        Egress is checked with the people stated for the phase; without plans where the layout's
        own barriers keep every class out.
    """
    options: dict[str, Any] = {} if progress is None else {"progress": progress}
    there = phase_city(city, layout, phase)
    people = layout.phase(phase).people or None
    result = plan_closure(
        there,
        question,
        rules=rules,
        draws=draws,
        products=products,
        wishes=Wishes(permanence=permanence, people=people),
        **options,
    )
    said = dict(result.provenance) | {"layout": there.manifest["layout"]}
    return replace(result, provenance=said)


def _numbered(question: Question, result: ApproachResult) -> list[tuple[int, Any]]:
    """Return access points numbered so far, those of `result` in its own geometry."""
    latest = {point.id: shapely.LineString(point.geometry) for point in result.access_points}
    return sorted((dict(question.previous) | latest).items())


def _things(layout: Layout, phase: str) -> list[_Thing]:
    found = [
        _Thing(item.id, str(item.kind), item.geometry, "")
        for item in layout.standing(phase)
        if not item.is_barrier
    ]
    for place in positions(layout):
        if phase in place.item.phases:
            kind = str(place.item.kind)
            found.append(_Thing(str(place.number), kind, place.shape, place.item.rating))
    for gate in layout.gates:
        found += [_Thing(gate.id, "gate", leaf, gate.rating) for leaf in leaves(gate, phase)]
    return found


def standing_shapes(layout: Layout, phase: str) -> list[BaseGeometry]:
    """Return the ground that items and gates take from people in a phase."""
    shapes = [footprint(item) for item in layout.standing(phase) if not item.is_barrier]
    shapes += [place.shape for place in positions(layout) if phase in place.item.phases]
    return shapes + [leaf for gate in layout.gates for leaf in leaves(gate, phase)]


def leaves(gate: Gate, phase: str) -> list[BaseGeometry]:
    """Return what of a gate stands in a phase: all of it when closed, the sides when open."""
    whole = gate_shape(gate)
    if gate.opening(phase) is None:
        return [whole]
    opened = passage_line(gate).buffer(whole.length, cap_style="flat")
    sides = shapely.get_parts(shapely.difference(whole, opened))
    return [part for part in sides if part.length / 2 > _LEAST_LEAF + 0.3]


def _areas(things: list[_Thing]) -> Any:
    n = len(things)
    return build_table(
        "polygon",
        [thing.shape for thing in things],
        _ids(things) | {"height": np.full(n, np.nan, dtype=np.float32)},
        texts={"name": [thing.id for thing in things]},
        coded={"kind": ["block"] * n, "osm_type": ["layout"] * n},
        tags=[
            {"parvis:rating": thing.rating, "parvis:state": "closed", "parvis:grade": "B"}
            for thing in things
        ],
    )


def _lines(things: list[_Thing]) -> Any:
    outlines = [(thing, line) for thing in things for line in _outlines(thing.shape)]
    return build_table(
        "line",
        [line for _, line in outlines],
        _ids([thing for thing, _ in outlines]),
        coded={"kind": [thing.kind for thing, _ in outlines]},
        tags=[{"name": thing.id, "parvis:grade": "B"} for thing, _ in outlines],
    )


def _outlines(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return a shape as lines: outer rings of polygons, lines as they are, discs for points."""
    if shape.geom_type == "Point":
        shape = shape.buffer(0.15, quad_segs=2)
    if not shape.geom_type.endswith("Polygon"):
        return list(shapely.get_parts(shape))
    return [shapely.LineString(part.exterior.coords) for part in shapely.get_parts(shape)]


def _ids(things: list[_Thing]) -> dict[str, np.ndarray[Any, Any]]:
    n = len(things)
    return {
        "osm_id": -(_FIRST_ID + np.arange(n, dtype=np.int64)),
        "level": np.zeros(n, dtype=np.int8),
    }

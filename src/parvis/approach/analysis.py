"""Answer where and how fast vehicles can reach a protected area, and which rating that takes."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis import __version__
from parvis.approach.access_points import extra_stretches, open_stretches
from parvis.approach.explain import Explanation, StreetFinder, explain_trace
from parvis.approach.ground import unknown_share
from parvis.approach.lattice_trace import trace_state
from parvis.approach.perimeter import Boundary, cut_boundary
from parvis.approach.points import ClassStretch, PointMaker
from parvis.approach.rated_barriers import holding_barriers
from parvis.approach.results import (
    AccessPoint,
    ApproachResult,
    Notice,
    PerimeterProfile,
    SpeedMap,
)
from parvis.approach.street_field import explain
from parvis.approach.street_field_entries import cut_end_notice
from parvis.approach.street_fields import StreetFields
from parvis.approach.uncertainty import Leg
from parvis.approach.vehicles import VehicleClass
from parvis.approach.window import CELL, N_HEADINGS, Approach, Solved, Window
from parvis.approach.window_size import MARGINS, Windows, settled_windows
from parvis.city.model import City, Elevation
from parvis.packs.content import GroundRules, ParameterDraws
from parvis.terms import Grade, Scenario

UNKNOWN_GROUND_NEAR = 20.0
"""The share of unknown ground is told for this distance from the boundary. [m]"""


@dataclass(frozen=True, eq=False)
class Question:
    """
    What is asked about one protected area.

    Attributes
    ----------
    space_id, space_name, space_kind : str
    area : shapely Polygon or MultiPolygon
        In the city's CRS. [m]
    vehicles : tuple of VehicleClass
    threat_statement : mapping or None
        Authority, reference and date of the statement that chose the classes.
    design : {"typical", "cautious", "limit"}
        Which speed the ratings use.
    people_line : shapely Polygon, optional
        Where people are kept inside of; by default the protected area itself.
    previous : sequence of (number, LineString)
        Access points of the last run, whose numbers are kept.
    is_inferred : bool
        The outline of the space was inferred, not mapped.
    open_area : shapely Polygon or MultiPolygon, optional
        What is open ground by definition; by default `area`.
    """

    space_id: str
    space_name: str
    space_kind: str
    area: shapely.Geometry
    vehicles: tuple[VehicleClass, ...]
    threat_statement: Mapping[str, Any] | None = None
    design: str = "cautious"
    people_line: shapely.Geometry | None = None
    previous: Sequence[tuple[int, Any]] = ()
    is_inferred: bool = False
    open_area: shapely.Geometry | None = None


@dataclass(frozen=True, eq=False)
class _ClassRun:
    """What is kept of one class in one scenario once its field is dropped."""

    speed: NDArray[np.float64]
    direction: NDArray[np.float64]
    angle: NDArray[np.float64]
    explanations: Mapping[int, Explanation]
    speed_map: SpeedMap


Progress = Callable[[str, int, int], None]


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def analyse_approach(
    city: City,
    question: Question,
    *,
    rules: GroundRules,
    draws: ParameterDraws,
    n_workers: int = 2,
    progress: Progress = _silent,
    fields: StreetFields | None = None,
    windows: Windows | None = None,
) -> ApproachResult:
    """
    Answer where, how fast and at which angle vehicles can reach a protected area.

    Parameters
    ----------
    city : City
    question : Question
    rules : GroundRules
    draws : ParameterDraws
    n_workers : int, default 2
        Threads that solve classes side by side.
    progress : callable, optional
        Hears (step, done, total): ``window``, ``ground``, ``solve``, ``explain``.
    fields : StreetFields, optional
        Of the city, where several of its spaces are analysed.
    windows : Windows, optional
        Settled ones of the same area and classes, where they are at hand.

    Returns
    -------
    ApproachResult

    Notes
    -----
    Typical speeds use the P50 parameter set on the typical ground, physical limits the upper set on
    the upper ground; cautious speeds are a quantile of parameter draws along the binding path. The
    window grows as `parvis.approach.window_size.settled_windows` says.
    """
    boundary = cut_boundary(question.area)
    windows = windows or settled_windows(
        city,
        question.area,
        boundary,
        question.vehicles,
        rules,
        progress,
        n_workers=n_workers,
        fields=fields,
        open_area=question.open_area,
    )
    window = windows.widest
    streets = StreetFinder(city, window.bounds)
    prepared = _prepare(windows, question.vehicles, progress)
    stretches, only_limit = _stretches(prepared, boundary)
    runs = _solve_all(windows, prepared, stretches, streets, n_workers, progress)
    progress("explain", 0, len(stretches))
    seed = int(hashlib.sha256(shapely.to_wkb(question.area)).hexdigest()[:8], 16)
    maker = PointMaker(city, question, window, streets, draws, seed)
    per_class = [_at_stretches(vehicle, runs, stretches, boundary) for vehicle in question.vehicles]
    points, inputs = maker.access_points(
        boundary,
        stretches,
        only_limit,
        [tuple(column[i] for column in per_class) for i in range(len(stretches))],
    )
    notices = _notices(city, question, window, prepared, points, windows.is_settled)
    notices += maker.slope_notices()
    return ApproachResult(
        space_id=question.space_id,
        space_name=question.space_name,
        space_kind=question.space_kind,
        protected_area=shapely.to_wkb(question.area),
        area=float(shapely.area(question.area)),
        people_line=shapely.to_wkb(question.people_line) if question.people_line else None,
        epsg=city.epsg,
        vehicles=question.vehicles,
        threat_statement=question.threat_statement,
        design=question.design,
        access_points=points,
        profiles=tuple(_profile(vehicle, runs, boundary) for vehicle in question.vehicles),
        speed_maps=tuple(
            runs[vehicle.key, Scenario.TYPICAL].speed_map for vehicle in question.vehicles
        ),
        inputs=inputs,
        window=window.bounds,
        notices=notices,
        provenance=_provenance(city, question, rules, draws),
        grade=max((point.grade for point in points), default=Grade.C),
    )


def _prepare(
    windows: Windows, vehicles: Sequence[VehicleClass], progress: Progress
) -> dict[tuple[str, Scenario], Approach]:
    prepared = {}
    jobs = [(vehicle, scenario) for scenario in Scenario for vehicle in vehicles]
    for done, (vehicle, scenario) in enumerate(jobs):
        progress("ground", done, len(jobs))
        window = windows.of_vehicle[vehicle.key]
        holding = holding_barriers(window, vehicle, scenario)
        prepared[vehicle.key, scenario] = window.prepare(vehicle, scenario, holding=holding)
    return prepared


def _stretches(
    prepared: Mapping[tuple[str, Scenario], Approach], boundary: Boundary
) -> tuple[list[NDArray[np.int64]], list[bool]]:
    """Return the stretches some class crosses, in walking order, and which only in the limit."""
    is_open = {scenario: np.zeros(len(boundary), dtype=np.bool_) for scenario in Scenario}
    for (_, scenario), approach in prepared.items():
        is_open[scenario][approach.crossings.metre] = True
    typical = open_stretches(is_open[Scenario.TYPICAL], boundary)
    extra = extra_stretches(is_open[Scenario.LIMIT], typical, boundary)
    marked = [(stretch, False) for stretch in typical] + [(stretch, True) for stretch in extra]
    marked.sort(key=lambda item: int(item[0][0]))
    return [stretch for stretch, _ in marked], [only for _, only in marked]


def _solve_all(
    windows: Windows,
    prepared: Mapping[tuple[str, Scenario], Approach],
    stretches: Sequence[NDArray[np.int64]],
    streets: StreetFinder,
    n_workers: int,
    progress: Progress,
) -> dict[tuple[str, Scenario], _ClassRun]:
    def run(approach: Approach) -> _ClassRun:
        window = windows.of_vehicle[approach.vehicle.key]
        return _reduce(window.solve(approach), stretches, streets, window.city.elevation)

    keys = list(prepared)
    runs = {}
    with ThreadPoolExecutor(max_workers=max(1, n_workers)) as pool:
        for done, (key, result) in enumerate(
            zip(keys, pool.map(run, prepared.values()), strict=True)
        ):
            progress("solve", done + 1, len(keys))
            runs[key] = result
    return runs


def _reduce(
    solved: Solved,
    stretches: Sequence[NDArray[np.int64]],
    streets: StreetFinder,
    terrain: Elevation | None,
) -> _ClassRun:
    arrivals, grid = solved.arrivals, solved.approach.packed.grid
    explanations = {}
    for index, stretch in enumerate(stretches):
        fastest = fastest_metre(arrivals.speed, stretch)
        if fastest < 0:
            continue
        state = (
            int(arrivals.level[fastest]),
            int(arrivals.row[fastest]),
            int(arrivals.column[fastest]),
        )
        trace = trace_state(solved.field, *state, int(arrivals.heading[fastest]))
        before: tuple[Leg, ...] = ()
        if trace.is_entry:
            before = _street_legs(solved, trace.legs[0].start if trace.legs else state)
        explanations[index] = explain_trace(trace, grid, streets, before=before, terrain=terrain)
    speed = solved.field.speed_map()[grid.levels.index(0)]
    return _ClassRun(
        speed=arrivals.speed,
        direction=arrivals.direction,
        angle=arrivals.angle,
        explanations=explanations,
        speed_map=SpeedMap(
            vehicle=solved.approach.vehicle.key,
            speed=np.where(solved.approach.packed.is_ground_level, speed, np.nan),
            origin_x=grid.origin_x,
            origin_y=grid.origin_y,
            cell=grid.cell,
        ),
    )


def fastest_metre(speed: NDArray[np.float64], stretch: NDArray[np.int64]) -> int:
    """Return the metre of a stretch with the greatest speed, -1 where none is reached."""
    values = speed[stretch]
    return -1 if np.isnan(values).all() else int(stretch[int(np.nanargmax(values))])


def _street_legs(solved: Solved, cell: tuple[int, int, int]) -> tuple[Leg, ...]:
    """Return the run-ups and turns of the street network that lead to an entry state."""
    entry = solved.entry_of_cell.get(cell)
    if entry is None:
        return ()
    entries = solved.approach.street_entries
    legs: list[Leg] = []
    for leg in explain(
        solved.approach.street_field,
        int(entries.directed_segment[entry]),
        float(entries.distance[entry]),
    ):
        if np.isfinite(leg.radius):
            legs.append(Leg(0.0, leg.radius, abs(leg.deflection)))
        legs.append(Leg(leg.length, np.inf))
    return tuple(legs)


def _at_stretches(
    vehicle: VehicleClass,
    runs: Mapping[tuple[str, Scenario], _ClassRun],
    stretches: Sequence[NDArray[np.int64]],
    boundary: Boundary,
) -> list[ClassStretch | None]:
    """Return what one class does at each stretch, None where it does not arrive."""
    typical, limit = (runs[vehicle.key, scenario] for scenario in Scenario)
    result: list[ClassStretch | None] = []
    for index, stretch in enumerate(stretches):
        at = {id(run): fastest_metre(run.speed, stretch) for run in (typical, limit)}
        slow, fast = at[id(typical)], at[id(limit)]
        if slow < 0 and fast < 0:
            result.append(None)
            continue
        run, metre = (typical, slow) if slow >= 0 else (limit, fast)
        result.append(
            ClassStretch(
                vehicle=vehicle,
                typical=float(typical.speed[slow]) if slow >= 0 else 0.0,
                limit=max(
                    float(limit.speed[fast]) if fast >= 0 else 0.0,
                    float(typical.speed[slow]) if slow >= 0 else 0.0,
                ),
                angle=float(run.angle[metre]),
                typical_path=typical.explanations.get(index),
                limit_path=limit.explanations.get(index),
                x=float(boundary.x[metre]),
                y=float(boundary.y[metre]),
            )
        )
    return result


def _profile(
    vehicle: VehicleClass,
    runs: Mapping[tuple[str, Scenario], _ClassRun],
    boundary: Boundary,
) -> PerimeterProfile:
    typical, limit = (runs[vehicle.key, scenario] for scenario in Scenario)
    arrives = ~np.isnan(typical.speed)
    return PerimeterProfile(
        vehicle=vehicle.key,
        position=boundary.position,
        x=boundary.x,
        y=boundary.y,
        ring=boundary.ring,
        typical=typical.speed,
        limit=np.fmax(limit.speed, typical.speed),
        direction=np.where(arrives, typical.direction, limit.direction),
        angle=np.where(arrives, typical.angle, limit.angle),
    )


def _notices(
    city: City,
    question: Question,
    window: Window,
    prepared: Mapping[tuple[str, Scenario], Approach],
    points: Sequence[AccessPoint],
    is_settled: bool,
) -> tuple[Notice, ...]:
    notices = []
    if question.threat_statement is None:
        notices.append(Notice("no_threat_statement", len(question.vehicles), {}))
    if question.is_inferred:
        notices.append(Notice("outline_inferred", 1, {}))
    if not is_settled:
        notices.append(Notice("window_not_settled", 1, {"margin_m": MARGINS[-1]}))
    some = next(iter(prepared.values()))
    cut = cut_end_notice(some.street_field, city, window.bounds, some.street_entries)
    if cut is not None:
        notices.append(cut)
    if not len(city.areas) or not (city.areas.words("kind") == "building").any():
        notices.append(Notice("no_buildings", 1, {}))
    if city.elevation is None:
        notices.append(Notice("no_elevation", 1, {}))
    elif city.elevation.source_cell > window.rules.coarse_elevation:
        cell = round(city.elevation.source_cell)
        notices.append(Notice("coarse_elevation", 1, {"cell_m": cell}))
    through = int(window.ground(Scenario.TYPICAL).notes["streets_through_buildings"])
    if through:
        notices.append(Notice("streets_through_buildings", through, {}))
    share = unknown_share(
        window.ground(Scenario.TYPICAL), shapely.boundary(question.area), UNKNOWN_GROUND_NEAR
    )
    notices.append(Notice("ground_unknown_share", 1, {"share": round(share, 3), "within_m": 20}))
    changing = [
        point.id
        for point in points
        for entry in point.classes
        if entry.binding is not None and entry.binding.changes_in_box
    ]
    if changing:
        numbers = ", ".join(str(number) for number in sorted(set(changing)))
        notices.append(Notice("binding_path_changes", len(set(changing)), {"numbers": numbers}))
    unverified = sorted({name for vehicle in question.vehicles for name in vehicle.unverified})
    if unverified:
        names = ", ".join(unverified)
        notices.append(Notice("parameters_without_source", len(unverified), {"names": names}))
    conflicts = city.manifest.get("conflicts", ())
    if conflicts:
        notices.append(Notice("correction_conflicts", len(conflicts), {}))
    return tuple(notices)


def run_facts(
    city: City,
    rules: GroundRules,
    draws: ParameterDraws,
    *,
    design: str,
    vehicles: Sequence[VehicleClass],
) -> dict[str, Any]:
    """Return what all runs on a city have in common: data, packs, code and parameters."""
    from parvis.packs.loader import pack_summaries

    packs = [
        {"id": pack.id, "kind": pack.kind, "version": pack.version} for pack in pack_summaries()
    ]
    return {
        "city": city.name,
        "city_hash": city.hash,
        "source": dict(city.manifest.get("source", {})),
        "packs": packs,
        "code_version": __version__,
        "parameters": {
            "cell_m": CELL,
            "headings": N_HEADINGS,
            "margins_m": list(MARGINS),
            "n_draws": draws.n_draws,
            "cautious_quantile": draws.cautious_quantile,
            "design": design,
            "vehicles": [vehicle.key for vehicle in vehicles],
            "closing_gap_m": rules.closing_gap,
        },
    }


def run_id(facts: Mapping[str, Any], question: Question) -> str:
    """Return the digest of all inputs of a run."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode())
    digest.update(shapely.to_wkb(question.area))
    if question.people_line is not None:
        digest.update(shapely.to_wkb(question.people_line))
    return digest.hexdigest()[:16]


def _provenance(
    city: City, question: Question, rules: GroundRules, draws: ParameterDraws
) -> dict[str, Any]:
    facts = run_facts(city, rules, draws, design=question.design, vehicles=question.vehicles)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return {**facts, "run_id": run_id(facts, question), "created": created}

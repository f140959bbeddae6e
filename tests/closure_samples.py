"""Closure plans drawn by hand, as the planner would hand them to reports; metres from a corner."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from parvis.approach.results import Binding, ClassAtPoint, Notice, SpeedRange
from parvis.closure.results import (
    ClosurePlan,
    ClosureResult,
    CostRange,
    Coverage,
    Element,
    Option,
    RatedLine,
    ScheduledLine,
)
from parvis.openness.results import Check
from parvis.terms import Grade

EPSG = 25835
EAST, NORTH = 385_000.0, 6_672_000.0
SQUARE = shapely.box(EAST, NORTH, EAST + 84, NORTH + 56)
MASSES = {"M1": 1500.0, "N1": 3500.0, "N2B": 7200.0}
BOLLARD, GREATEST_GAP = 0.2, 1.2


def at(x: float, y: float) -> tuple[float, float]:
    """A place of the drawn town in its CRS."""
    return EAST + x, NORTH + y


def make_class(vehicle: str, speed_kmh: float, stand_off: float, tested: int) -> ClassAtPoint:
    """A class that arrives at a line; `tested` 0 where no test reaches its speed."""
    speed = speed_kmh / 3.6
    mass = MASSES[vehicle]
    return ClassAtPoint(
        vehicle=vehicle,
        speed=SpeedRange(0.9 * speed, speed, 1.2 * speed),
        energy=0.5 * mass * speed**2,
        angle=math.radians(78.0),
        required_rating=f"V/{mass:.0f}[{vehicle}]/{tested}/90" if tested else "",
        rating_reason="next_tested_speed" if tested else "above_tested_speeds",
        penetration_limit=max(stand_off - 0.5, 0.0),
        binding=Binding(
            80.0, "Long Street", math.inf, 0.0, math.inf, "", ((80.0, math.inf),), 5.0, False
        ),
        grade=Grade.C,
        measures=(),
    )


def covered(
    classes: Sequence[ClassAtPoint],
    *,
    offered: str = "V/7200[N2B]/64/90:1.2",
    fails: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Coverage, ...]:
    """Coverage of all classes; `fails` gives verdict and reason of those that are not held."""
    fails = fails or {}
    return tuple(
        Coverage(
            vehicle=entry.vehicle,
            required=entry.required_rating,
            offered=offered,
            verdict=fails.get(entry.vehicle, ("DOMINATES", ""))[0],
            holds=entry.vehicle not in fails,
            reason=fails.get(entry.vehicle, ("", "heavier_vehicle"))[1],
        )
        for entry in classes
    )


def make_option(scheme: str, order: int, **changes: Any) -> Option:
    """An option that does not suit, unless `changes` say otherwise."""
    option = Option(
        scheme=scheme,
        order=order,
        family="",
        permanence="",
        rating="",
        n_elements=0,
        gap=math.nan,
        cost=None,
        coverage=(),
        speed_after=math.nan,
        radius_needed=math.nan,
        is_suitable=False,
        reasons=("element_too_long",),
    )
    return replace(option, **changes)


def make_options(
    classes: tuple[ClassAtPoint, ...],
    chosen: Mapping[str, Any],
    *,
    n: int,
    gap: float,
) -> tuple[Option, ...]:
    """Seven options in the order of the schemes; `chosen` describes the one that is laid out."""
    too_low = dict.fromkeys(("N1", "N2B"), ("FAIL", "energy_below"))
    temporary = covered(classes, offered="V/2500[N1G]/48/90:4.0", fails=too_low)
    options = [
        make_option(
            "traffic_calming", 4, speed_after=48 / 3.6, radius_needed=14.2, is_suitable=True,
            reasons=("lowers_rating", "directly_before_line"),
        ),
        make_option("total_traffic_exclusion", 1),
        make_option("controlled_inclusion", 2),
        make_option("footway_protection", 3, reasons=("does_not_close_line",)),
        make_option(
            "semi_permanent", 5, family="surface-planter", permanence="semi_permanent",
            rating="V/7200[N2B]/48/90:3.0", n_elements=max(n // 2, 1), gap=gap,
            cost=CostRange(2_000_000, 4_800_000, "EUR", False), coverage=covered(classes),
            is_suitable=True, reasons=(),
        ),
        make_option(
            "temporary", 6, family="mobile-vehicle-barrier", permanence="temporary",
            rating="V/2500[N1G]/48/90:4.0", n_elements=n, gap=gap, coverage=temporary,
            cost=CostRange(900_000, 2_100_000, "EUR", False), reasons=("does_not_cover",),
        ),
        make_option("do_nothing", 7, reasons=("stays_open",)),
    ]  # fmt: skip
    if chosen:
        place = next(i for i, item in enumerate(options) if item.scheme == chosen["scheme"])
        options[place] = replace(options[place], **chosen)
    return tuple(options)


def lay_out(
    line: np.ndarray,
    n: int,
    *,
    kind: str = "bollard",
    length: float = BOLLARD,
    width: float = BOLLARD,
    operable: Sequence[int] = (),
) -> tuple[tuple[Element, ...], tuple[float, ...]]:
    """Elements spread evenly over a line, and the clear gaps between them."""
    shape = shapely.LineString(line)
    gap = (shape.length - n * length) / (n + 1)
    elements = []
    for number in range(1, n + 1):
        along = number * gap + (number - 0.5) * length
        before, after = (
            shapely.line_interpolate_point(shape, along + step) for step in (-0.05, 0.05)
        )
        place = shapely.line_interpolate_point(shape, along)
        elements.append(
            Element(
                number, kind, place.x, place.y,
                math.atan2(after.y - before.y, after.x - before.x), length, width,
                number in operable,
            )
        )  # fmt: skip
    return tuple(elements), (gap,) * (n + 1)


def make_checks(gap: float, *, fails: bool = False) -> tuple[Check, ...]:
    """The checks of one line."""
    return (
        Check("accessible_width", "pass" if gap >= 1.2 - 1e-9 else "fail", gap, 1.2, "m",
              "wheelchair_width", {}),
        Check("cycle_passage", "fail" if fails else "pass", gap if fails else 1.5, 1.5, "m",
              "cycle_width", {}),
        Check("tree_roots", "verify", math.nan, math.nan, "", "tree_distance",
              {"n_trees": 2, "nearest": 2.4}),
        Check("utilities", "verify", math.nan, math.nan, "", "", {"n_mapped": 0}),
    )  # fmt: skip


def make_line(
    number: int,
    places: Sequence[tuple[float, float]],
    *,
    street: str,
    speed_kmh: float = 58.0,
    tested: int = 64,
    **changes: Any,
) -> RatedLine:
    """A line through `places` of the drawn town."""
    geometry = np.array([at(*place) for place in places])
    stand_off = 3.0 + number
    line = RatedLine(
        id=number,
        geometry=geometry,
        width=float(shapely.LineString(geometry).length),
        street=street,
        access_points=(number,),
        stand_off=stand_off,
        grade=Grade.C,
        classes=tuple(
            make_class(vehicle, speed_kmh * factor, stand_off, tested)
            for vehicle, factor in (("M1", 1.5), ("N1", 1.2), ("N2B", 1.0))
        ),
        design="cautious",
    )
    return replace(line, **changes)


def make_schedule(
    line: RatedLine,
    chosen: Mapping[str, Any] | None = None,
    *,
    n: int = 0,
    kind: str = "bollard",
    length: float = BOLLARD,
    width: float = BOLLARD,
    operable: Sequence[int] = (),
    fails: Mapping[str, tuple[str, str]] | None = None,
    fails_check: bool = False,
) -> ScheduledLine:
    """A line of the schedule; without `chosen` nothing suits."""
    elements, gaps = lay_out(line.geometry, n, kind=kind, length=length, width=width,
                             operable=operable) if n else ((), ())  # fmt: skip
    gap = max(gaps, default=math.nan)
    coverage = covered(line.classes, fails=fails) if chosen else ()
    facts = dict(chosen or {})
    if chosen:
        facts |= {
            "rating": "V/7200[N2B]/64/90:1.2", "n_elements": n, "gap": gap, "coverage": coverage,
            "is_suitable": True, "reasons": (),
        }  # fmt: skip
    options = make_options(line.classes, facts, n=max(n, 4), gap=gap)
    place = next((i for i, o in enumerate(options) if o.scheme == facts.get("scheme")), -1)
    return ScheduledLine(
        line=line,
        options=options,
        chosen=place,
        elements=elements,
        gaps=gaps,
        coverage=coverage,
        checks=make_checks(gap, fails=fails_check) if chosen else (),
        residual_risks=("slow_encroachment", "tool_attack"),
    )


def make_lines() -> tuple[ScheduledLine, ...]:
    """
    Lines of every sort.

    One holds; an emergency line has barriers that open; a long bent line does not hold against one
    class; at the fourth nothing suits; the fifth is what stands there already.
    """
    fixed = {
        "scheme": "total_traffic_exclusion", "family": "fixed-bollard-deep",
        "permanence": "permanent", "cost": CostRange(3_200_000, 5_600_000, "EUR", False),
    }  # fmt: skip
    rising = {
        "scheme": "controlled_inclusion", "family": "rising-bollard",
        "permanence": "permanent", "cost": CostRange(9_000_000, 18_000_000, "EUR", False),
    }  # fmt: skip
    blocks = {
        "scheme": "semi_permanent", "family": "surface-planter", "permanence": "semi_permanent",
        "cost": CostRange(4_000_000, 7_500_000, "EUR", False),
    }  # fmt: skip
    return (
        make_schedule(make_line(1, [(-11, 28), (-11, 16)], street="Long Street"), fixed, n=8),
        make_schedule(
            make_line(2, [(40, 79), (48, 81)], street="Chandlers’ Row", speed_kmh=41, tested=48,
                      keeps_emergency_access=True),
            rising, n=5, kind="rising_bollard", length=0.3, width=0.3, operable=(2, 3, 4),
        ),
        make_schedule(
            make_line(3, [(-10, 0), (4, -12), (40, -14), (92, 0)], street="Quay of the Old Harbour",
                      speed_kmh=70, tested=80),
            blocks, n=38, kind="planter", length=1.8, width=0.9,
            fails={"N2B": ("KE_INDICATIVE", "energy_only")}, fails_check=True,
        ),
        make_schedule(
            make_line(4, [(104, 20), (120, 24)], street="", speed_kmh=128, tested=0),
        ),
        make_schedule(
            make_line(5, [(72, 78), (80, 78)], street="Saint Nicholas Street", speed_kmh=30,
                      tested=32, is_existing=True),
            fixed | {"cost": CostRange(0, 0, "EUR", True)}, n=5,
        ),
    )  # fmt: skip


def enclosed_ground() -> shapely.Polygon:
    """The ground the lines enclose."""
    outline = [(-11, 16), (-10, 0), (4, -12), (40, -14), (92, 0), (104, 20), (120, 24), (84, 78),
               (72, 78), (48, 81), (40, 79), (-11, 28)]  # fmt: skip
    return shapely.Polygon([at(*place) for place in outline])


def make_plan(key: str = "cheapest", **changes: Any) -> ClosurePlan:
    """A plan of the drawn lines."""
    plan = ClosurePlan(
        key=key,
        lines=make_lines(),
        enclosed=shapely.to_wkb(enclosed_ground()),
        cut_cost_first=31_400_000,
        cut_cost=28_900_000,
        rounds=2,
        cost=None,
        checks=(
            Check("egress_flow", "fail", 852.0, 984.0, "persons/min", "egress_flow_level",
                  {"before": 1180.0, "after": 852.0, "lost": 1.0 - 852.0 / 1180.0, "n_exits": 4}),
            Check("emergency_access", "pass", 4.1, 3.7, "m", "emergency_width", {}),
            Check("tram", "verify", math.nan, math.nan, "", "", {}),
        ),
    )  # fmt: skip
    return replace(plan, **changes)


def make_closure(**changes: Any) -> ClosureResult:
    """A closure result with three plans; the cheapest is incomplete, the others have a cost."""
    lines = make_lines()
    near = tuple(line for line in lines if line.line.id in (1, 2, 5))
    result = ClosureResult(
        space_id="way/4711",
        space_name="Corn Market",
        space_kind="market_place",
        protected_area=shapely.to_wkb(SQUARE),
        epsg=EPSG,
        design="cautious",
        vehicles=tuple(MASSES),
        plans=(
            make_plan(),
            make_plan("nearest", lines=near, cost=CostRange(12_200_000, 23_600_000, "EUR", False)),
            make_plan("furthest", lines=lines[:3],
                      cost=CostRange(16_200_000, 31_100_000, "EUR", False)),
        ),
        cannot_close="",
        where_not=None,
        notices=(
            Notice("no_threat_statement", 3, {}),
            Notice("something_new", 3, {"what": "value"}),
        ),
        provenance={
            "city": "town",
            "source": {"file": "town.osm.pbf", "sha256": "9f" * 32, "date": "2026-10-01"},
            "packs": [{"id": "urn:parvis:barrier-products:default", "version": 1}],
            "code_version": "0.1.0",
            "parameters": {"cell": 1.0, "rounds": np.int64(2)},
            "city_hash": "3c" * 32,
            "run_id": "b2" * 32,
            "created": "2026-11-20T09:30:00+00:00",
        },
    )  # fmt: skip
    return replace(result, **changes)


def make_open_closure(**changes: Any) -> ClosureResult:
    """A place that cannot be closed: no plan, but the ground where it cannot."""
    where = shapely.box(*at(60, -40), *at(84, -30))
    return make_closure(
        plans=(), cannot_close="forbidden_ground_joins", where_not=shapely.to_wkb(where), **changes
    )


def make_partial_closure() -> ClosureResult:
    """A place that cannot be closed whole: the best partial plan beside where it cannot."""
    where = shapely.box(*at(60, -40), *at(84, -30))
    return make_closure(
        plans=(make_plan(lines=make_lines()[:2], cost=CostRange(1, 2, "EUR", True)),),
        cannot_close="forbidden_ground_joins",
        where_not=shapely.to_wkb(where),
    )

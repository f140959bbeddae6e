"""A made-up town and a made-up result, as the analysis would hand them to the report."""

import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from parvis.approach.perimeter import cut_boundary
from parvis.approach.results import (
    AccessPoint,
    ApproachResult,
    Binding,
    ClassAtPoint,
    Notice,
    PerimeterProfile,
    SpeedMap,
    SpeedRange,
    UncertainInput,
)
from parvis.approach.vehicles import VehicleClass, VehicleParameters
from parvis.city.model import City, Segments
from parvis.city.table import FeatureTable, Strings
from parvis.terms import Grade

EPSG = 25835
EAST, NORTH = 385_000.0, 6_672_000.0
SQUARE = shapely.box(EAST, NORTH, EAST + 84, NORTH + 56)

SETS = {
    "M1": (1500, (4.0, 70, 0.7, 1.8, 5.0, 50.0), (6.0, 120, 1.0, 1.5, 4.5, 61.0)),
    "N1G": (2500, (3.5, 50, 0.7, 1.9, 5.7, 44.0), (5.0, 90, 0.9, 1.75, 5.0, 53.0)),
    "N1": (3500, (2.5, 28, 0.6, 2.05, 6.0, 39.0), (3.5, 45, 0.8, 1.9, 5.5, 44.0)),
    "N2B": (7200, (2.0, 20, 0.45, 2.45, 8.0, 25.0), (2.5, 30, 0.6, 2.3, 7.0, 33.0)),
    "N3D": (12000, (1.8, 16, 0.4, 2.45, 8.0, 25.0), (2.2, 25, 0.55, 2.3, 7.0, 33.0)),
    "N3G": (30000, (1.0, 9, 0.35, 2.5, 10.0, 25.0), (1.5, 14, 0.45, 2.5, 9.0, 28.0)),
}
VEHICLES = tuple(
    VehicleClass(
        key=key,
        name=f"Class {key}",
        mass=float(mass),
        typical=VehicleParameters(*typical),
        limit=VehicleParameters(*limit),
        is_off_road=key == "N1G",
        unverified=("typical.acceleration", "limit.acceleration", "typical.specific_power",
                    "limit.specific_power", "typical.width", "limit.width", "mass")
        if key in ("N3D", "N3G")
        else ("typical.acceleration", "limit.acceleration", "typical.width"),
    )
    for key, (mass, typical, limit) in SETS.items()
)  # fmt: skip
TESTED = (16, 32, 48, 64, 80, 96, 112)

# from, to along the outline [m]; speed of M1 [km/h]; width, street, existing
MOUTHS = (
    (8.0, 20.0, 78.0, 11.4, "Long Street", "none", ()),
    (60.0, 64.0, 41.0, 3.4, "Chandlers’ Row", "unrated", ("bollard",)),
    (100.0, 131.0, 96.0, 29.6, "Quay of the Old Harbour", "none", ()),
    (205.0, 209.0, 33.0, 2.9, "", "unrated", ("gate", "block")),
    (248.0, 253.0, 52.0, 4.6, "Saint Nicholas Street", "rated", ("bollard",)),
)


def make_class(vehicle: VehicleClass, car_speed: float, stand_off: float) -> ClassAtPoint:
    ratio = (vehicle.typical.specific_power / 70) ** (1 / 3)
    typical = car_speed * ratio / 3.6
    speed = SpeedRange(typical, typical * 1.09, typical * 1.24)
    tested = next((v for v in TESTED if v >= speed.cautious * 3.6), None)
    reason = "next_tested_speed" if tested else "above_tested_speeds"
    return ClassAtPoint(
        vehicle=vehicle.key,
        speed=speed,
        energy=0.5 * vehicle.mass * speed.cautious**2,
        angle=math.radians(71.0),
        required_rating=f"V/{vehicle.mass:.0f}[{vehicle.key}]/{tested}/90" if tested else "",
        rating_reason=reason,
        penetration_limit=max(stand_off - 0.5, 0.0),
        binding=Binding(
            run_up=118.0,
            street="Long Street",
            turn_radius=21.1 if car_speed < 90 else math.inf,
            turn_deflection=math.radians(84.0),
            turn_cap=12.0 if car_speed < 90 else math.inf,
            turn_street="Ring Road",
            legs=((80.0, math.inf), (30.0, 21.1), (118.0, math.inf)),
            entry_speed=8.0,
            changes_in_box=vehicle.key == "N1",
        ),
        grade=Grade.C,
        measures=("width:segment/812",),
    )


def make_points(boundary: Any) -> tuple[AccessPoint, ...]:
    along = np.cumsum(boundary.length) - boundary.length / 2
    points = []
    for number, (start, end, car, width, street, existing, kinds) in enumerate(MOUTHS, start=1):
        metres = np.flatnonzero((along >= start) & (along <= end))
        fits = [v for v in VEHICLES if v.limit.width < width]
        stand_off = 1.5 + 2.0 * number
        points.append(
            AccessPoint(
                id=number,
                geometry=boundary.stretch(metres),
                clear_width=width,
                clear_width_grade=Grade.B if number == 5 else Grade.C,
                clear_width_reason="municipal_data" if number == 5 else "not_verified",
                street=street,
                existing=existing,
                existing_kinds=kinds,
                stand_off=stand_off,
                only_limit=False,
                over_steps=number == 4,
                classes=tuple(make_class(v, car, stand_off) for v in fits),
                governing=fits[-1].key,
                grade=Grade.B if number == 5 else Grade.C,
            )
        )
    return tuple(points)


def make_profile(boundary: Any, vehicle: VehicleClass) -> PerimeterProfile:
    along = np.cumsum(boundary.length) - boundary.length / 2
    typical = np.full(len(along), np.nan)
    angle = np.full(len(along), np.nan)
    for start, end, car, width, *_ in MOUTHS:
        if vehicle.limit.width >= width:
            continue
        inside = (along >= start) & (along <= end)
        shape = 1 - 0.35 * ((along[inside] - (start + end) / 2) / ((end - start) / 2)) ** 2
        ratio = (vehicle.typical.specific_power / 70) ** (1 / 3)
        typical[inside] = car * ratio * shape / 3.6
        angle[inside] = math.radians(71.0)
    return PerimeterProfile(
        vehicle=vehicle.key,
        position=boundary.position,
        x=boundary.x,
        y=boundary.y,
        ring=boundary.ring,
        typical=typical,
        limit=typical * 1.24,
        direction=angle + 1.0,
        angle=angle,
    )


def make_speed_map(vehicle: VehicleClass) -> SpeedMap:
    rows, columns = np.mgrid[0:190, 0:220]
    speed = 6 + 16 * np.abs(np.sin(columns / 60)) * np.abs(np.cos(rows / 70))
    speed[(rows % 60 > 14) & (columns % 70 > 14)] = np.nan
    return SpeedMap(vehicle.key, speed.astype(np.float32), EAST - 70, NORTH - 70, 1.0)


def make_inputs() -> tuple[UncertainInput, ...]:
    what = ("clear_width", "obstacle", "street_width", "ground")
    return tuple(
        UncertainInput(
            key=f"width:segment/{812 + i}" if i else "width:segment/812",
            what=what[i % 4],
            value=math.nan if what[i % 4] in ("obstacle", "ground") else 3.0 + i,
            sigma=math.nan if what[i % 4] in ("obstacle", "ground") else 1.5,
            grade=Grade.C,
            x=EAST + 12.0 * i - 4,
            y=NORTH - 6.0 if i % 2 else NORTH + 61.0,
            label=("Long Street", "bollard", "Ring Road", "")[i % 4],
            access_points=tuple(range(1, 2 + i % 4)),
        )
        for i in range(8)
    )


def make_result(**changes: Any) -> ApproachResult:
    boundary = cut_boundary(SQUARE)
    result = ApproachResult(
        space_id="way/4711",
        space_name="Corn Market",
        space_kind="market_place",
        protected_area=shapely.to_wkb(SQUARE),
        area=SQUARE.area,
        people_line=None,
        epsg=EPSG,
        vehicles=VEHICLES,
        threat_statement=None,
        design="cautious",
        access_points=make_points(boundary),
        profiles=tuple(make_profile(boundary, vehicle) for vehicle in VEHICLES),
        speed_maps=tuple(make_speed_map(VEHICLES[i]) for i in (0, 3)),
        inputs=make_inputs(),
        window=(EAST - 120, NORTH - 120, EAST + 200, NORTH + 180),
        notices=(
            Notice("ground_unknown_share", 1, {"share": 0.14, "within_m": 20}),
            Notice("streets_cut_by_extract", 2, {"nearest_m": 61.37}),
            Notice("no_threat_statement", 6, {}),
            Notice("something_new", 3, {"what": "value"}),
        ),
        provenance={
            "city": "town",
            "source": {
                "file": "town.osm.pbf",
                "sha256": "9f" * 32,
                "date": "2026-10-01T06:00:00Z",
            },
            "packs": [
                {"id": "urn:parvis:vehicle-classes:default", "kind": "vehicle-classes"},
                {"id": "urn:parvis:ground-rules:default", "kind": "ground-rules"},
            ],
            "code_version": "0.1.0",
            "parameters": {"cell": 1.0, "headings": 64, "draws": np.int64(2000)},
            "city_hash": "3c" * 32,
            "run_id": "a1" * 32,
            "created": "2026-11-20T09:30:00+00:00",
        },
        grade=Grade.C,
    )
    return replace(result, **changes)


class TableMaker:
    """Collects features and turns them into the tables of a city, all over one text pool."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def text(self, said: str) -> int:
        if not said:
            return -1
        if said not in self.texts:
            self.texts.append(said)
        return self.texts.index(said)

    def table(
        self, geometry_type: str, rows: list[dict[str, Any]], coded: tuple[str, ...]
    ) -> SimpleNamespace:
        return SimpleNamespace(geometry_type=geometry_type, rows=rows, coded=coded)

    def finish(self, draft: SimpleNamespace, text_columns: tuple[str, ...], strings: Strings):
        shapes = [row["geometry"] for row in draft.rows]
        if draft.geometry_type == "polygon":
            shapes = [shapely.multipolygons([s]) if s.geom_type == "Polygon" else s for s in shapes]
        if shapes:
            _, coords, offsets = shapely.to_ragged_array(shapes)
        else:
            coords = np.empty((0, 2))
            counts = {"point": 0, "line": 1, "polygon": 3}[draft.geometry_type]
            offsets = tuple(np.zeros(1, dtype=np.int64) for _ in range(counts))
        columns: dict[str, Any] = {}
        vocabularies = {}
        names = [name for name in (draft.rows[0] if draft.rows else {}) if name != "geometry"]
        for name in names:
            values = [row[name] for row in draft.rows]
            if name in draft.coded:
                words = tuple(sorted(set(values)))
                vocabularies[name] = words
                columns[name] = np.array([words.index(v) for v in values], dtype=np.int16)
            elif name in text_columns:
                columns[name] = np.array([self.text(v) for v in values], dtype=np.int32)
            else:
                columns[name] = np.array(values)
        return FeatureTable(
            geometry_type=draft.geometry_type,
            columns=columns,
            coords=np.asarray(coords, dtype=np.float64)[:, :2],
            offsets=tuple(np.asarray(o, dtype=np.int64) for o in (offsets or ())),
            tag_offsets=np.zeros(len(draft.rows) + 1, dtype=np.int64),
            tag_keys=np.empty(0, dtype=np.int32),
            tag_values=np.empty(0, dtype=np.int32),
            strings=strings,
            vocabularies=vocabularies,
        )


def make_city() -> City:
    maker = TableMaker()

    def at(x: float, y: float) -> tuple[float, float]:
        return EAST + x, NORTH + y

    def line(*places: tuple[float, float]) -> shapely.LineString:
        return shapely.LineString([at(*place) for place in places])

    def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
        return shapely.box(*at(west, south), *at(east, north))

    roads = [
        ("residential", "Long Street", line((-200, 20), (0, 22), (84, 24), (300, 30))),
        ("secondary", "Ring Road", line((-90, -180), (-88, 0), (-92, 250))),
        ("pedestrian", "Chandlers’ Row", line((40, 56), (42, 130), (60, 250))),
        ("tertiary", "Quay of the Old Harbour", line((-200, -40), (20, -38), (300, -36))),
        ("footway", "", line((84, 50), (140, 120))),
        ("residential", "Saint Nicholas Street", line((110, -160), (108, 0), (112, 250))),
        ("steps", "", line((10, -12), (10, -36))),
        ("tram", "", line((-200, -44), (300, -40))),
    ]
    streets = [
        {
            "geometry": shape, "osm_id": 100 + i, "highway": kind, "level": 0,
            "is_bridge": False, "is_tunnel": False, "is_covered": False, "is_indoor": False,
            "is_steps": kind == "steps", "name": name, "width_tag": np.float32(np.nan),
            "lanes": 0, "surface": "", "incline": np.float32(np.nan),
        }
        for i, (kind, name, shape) in enumerate(roads)
    ]  # fmt: skip
    areas = [
        ("building", "", box(x, y, x + 24, y + 20))
        for x in range(-80, 200, 32)
        for y in (-110, -82, 74, 100, 126)
    ]
    areas += [
        ("building", "Town Hall", box(92, 0, 104, 44)),
        ("building", "", box(-84, 0, -10, 16)),
        ("building", "", box(-84, 28, -10, 60)),
        ("water", "Harbour", box(-260, -240, 360, -130)),
        ("park", "Castle Gardens", box(120, 40, 200, 66)),
        ("market_place", "Corn Market", SQUARE),
        ("grass", "", box(30, 20, 50, 30)),
    ]
    area_rows = [
        {
            "geometry": shape, "osm_type": "way", "osm_id": 500 + i, "kind": kind, "level": 0,
            "name": name, "height": np.float32(np.nan),
        }
        for i, (kind, name, shape) in enumerate(areas)
    ]  # fmt: skip
    obstacle_lines = [
        {"geometry": line((120, 40), (200, 40)), "osm_id": 900, "kind": "wall", "level": 0},
        {"geometry": line((-10, 60), (-10, 74)), "osm_id": 901, "kind": "fence", "level": 0},
    ]
    points = [
        {
            "geometry": shapely.Point(*at(38 + 1.4 * i, 57)), "osm_id": 950 + i,
            "kind": "bollard", "level": 0, "segment_node": -1,
        }
        for i in range(4)
    ]  # fmt: skip
    trees = [
        {"geometry": shapely.Point(*at(125 + 12 * i, 53)), "kind": "tree", "osm_id": 970 + i}
        for i in range(6)
    ]
    spaces = [
        {
            "geometry": SQUARE, "id": "way/4711", "kind": "market_place", "name": "Corn Market",
            "area": SQUARE.area, "is_inferred": False,
        }
    ]  # fmt: skip
    drafts = {
        "streets": maker.table("line", streets, ("highway", "surface")),
        "areas": maker.table("polygon", area_rows, ("osm_type", "kind")),
        "lines": maker.table("line", obstacle_lines, ("kind",)),
        "points": maker.table("point", points, ("kind",)),
        "furniture": maker.table("point", trees, ("kind",)),
        "spaces": maker.table("polygon", spaces, ("kind",)),
    }
    for draft in drafts.values():
        for row in draft.rows:
            for name in ("name", "id"):
                maker.text(row.get(name, ""))
    strings = Strings.of(maker.texts)
    tables = {name: maker.finish(draft, ("name", "id"), strings) for name, draft in drafts.items()}
    empty = {
        name: np.empty(0, dtype=np.int64)
        for name in (
            "node_x", "node_y", "node_osm_id", "node_is_cut", "from_node", "to_node", "street",
            "coord_start", "coord_end", "length", "width", "width_grade", "width_source",
        )
    }  # fmt: skip
    return City(
        name="town",
        epsg=EPSG,
        bounds=(EAST - 300, NORTH - 300, EAST + 400, NORTH + 300),
        boundary=None,
        segments=Segments(**empty),
        elevation=None,
        manifest={"hash": "3c" * 32, "data_date": "2026-10-01"},
        **tables,
    )


@pytest.fixture(scope="session")
def city() -> City:
    return make_city()


@pytest.fixture(scope="session")
def result() -> ApproachResult:
    return make_result()


@pytest.fixture(scope="session")
def result_with() -> Callable[..., ApproachResult]:
    return make_result

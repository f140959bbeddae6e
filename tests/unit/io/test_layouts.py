"""Layouts: dirty drawings and schedules are read whole or refused with everything that is wrong."""

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from drawn_event import RATING, draw_square
from vector_files import write

from parvis.events.layout import ItemKind, PhaseKind, Users
from parvis.events.positions import positions
from parvis.io.barrier_register import RegisterInvalidError
from parvis.io.home import UnknownCityError
from parvis.io.layout_schedule import ScheduleSheetsError, TimeZoneError, read_schedule
from parvis.io.layout_template import schedule_template
from parvis.io.layouts import (
    LayoutExistsError,
    LayoutInvalidError,
    LayoutNameError,
    LayoutUnknownError,
    add_layout,
    list_layouts,
    read_layout,
    remove_layout,
)
from parvis.io.store import StoreBrokenError, save_city
from parvis.io.vector import CrsMissingError

PHASES = [
    ["phase", "kind", "starts", "ends", "people", "leave within"],
    ["set-up", "build-up", "2026-11-30 08:00", "2026-11-30 18:00"],
    ["market", "open", "2026-12-01 11:00", "21:00", 2000, 8],
]
ITEMS = [
    ["id", "kind", "phases", "length", "width", "rating", "stock type"],
    ["B1", "block", "market", 1.5, 0.5, RATING, "Block"],
    ["S1", "stall", "all", None, None, None, None],
]
GATES = [
    ["gate", "phase", "open for", "clear width", "rating", "staffed by", "on leaving"],
    ["G1", "market", "public, emergency", 2.8, RATING, "stewards", "shut"],
]
SHAPES = {
    "B1": shapely.LineString([(14.5, -1), (18.0, -1)]),
    "S1": shapely.box(5, 10, 9, 12),
    "G1": shapely.LineString([(18.5, -1), (21.5, -1)]),
}


@pytest.fixture
def drawn(parvis_home):
    """The drawn square as a stored city."""
    return save_city(replace(draw_square(), name="drawn", manifest={"counts": {}, "source": {}}))


def book(path, phases=PHASES, items=ITEMS, gates=GATES, zone="Time zone: Europe/Berlin"):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in (("phases", phases), ("items", items), ("gates", gates)):
        if rows is not None:
            sheet = made.create_sheet(name)
            for row in [[zone], *rows] if name == "phases" else rows:
                sheet.append(row)
    made.save(path)
    return path


def drawing(path, shapes=None, crs=25832):
    shapes = SHAPES if shapes is None else shapes
    features = [
        {
            "type": "Feature",
            "properties": {"id": id_},
            "geometry": json.loads(shapely.to_geojson(s)),
        }
        for id_, s in shapes.items()
    ]
    named = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    document = {"type": "FeatureCollection", "crs": named, "features": features}
    path.write_text(json.dumps(document))
    return path


def add(folder, *, shapes=None, name="xmas", **sheets):
    options = {key: sheets.pop(key) for key in ("barriers", "time_zone") if key in sheets}
    return add_layout(
        "drawn",
        name,
        space="Square",
        geometry=drawing(folder / "plan.geojson", shapes),
        schedule=book(folder / "schedule.xlsx", **sheets),
        **options,
    )


def refused(folder, **more):
    with pytest.raises(LayoutInvalidError) as caught:
        add(folder, **more)
    assert list_layouts("drawn") == []
    return [str(problem) for problem in caught.value.details["problems"]]


def test_layout_is_kept_and_read_back_the_same(drawn, tmp_path):
    layout = add(tmp_path).layout
    assert layout == read_layout("drawn", "xmas")
    assert [found.name for found in list_layouts("drawn")] == ["xmas"]
    assert [phase.kind for phase in layout.phases] == [PhaseKind.BUILD_UP, PhaseKind.OPEN]
    assert layout.phases[1].people == 2000
    assert layout.phases[1].leave_within == 480.0
    (gate,) = layout.gates
    assert gate.openings[0].users == (Users.EMERGENCY, Users.PUBLIC)
    assert shapely.hausdorff_distance(gate.geometry, SHAPES["G1"]) < 1e-3
    assert [item.kind for item in layout.items] == [ItemKind.BLOCK, ItemKind.STALL]
    assert layout.items[0].phases == ("market",)
    assert layout.findings == ()


def test_hash_tells_content_and_not_names(drawn, tmp_path):
    first = add(tmp_path).layout
    again = add(tmp_path, name="other").layout
    assert first.hash == again.hash
    gates = [GATES[0], [*GATES[1][:5], "police", "shut"]]
    assert add(tmp_path, name="third", gates=gates).layout.hash != first.hash


def test_layout_is_never_changed_and_can_be_removed(drawn, tmp_path):
    add(tmp_path)
    with pytest.raises(LayoutExistsError):
        add(tmp_path)
    remove_layout("drawn", "xmas")
    assert list_layouts("drawn") == []
    with pytest.raises(LayoutUnknownError):
        remove_layout("drawn", "xmas")
    with pytest.raises(UnknownCityError):
        list_layouts("nowhere")


@pytest.mark.parametrize("name", ["", "../xmas", "a/b", ".hidden", "x" * 65])
def test_name_that_is_no_folder_name_is_refused(drawn, tmp_path, name):
    with pytest.raises(LayoutNameError):
        add(tmp_path, name=name)
    with pytest.raises(LayoutNameError):
        remove_layout("drawn", name)


def test_damaged_layout_is_said_in_one_sentence(drawn, tmp_path, parvis_home):
    add(tmp_path)
    (file,) = parvis_home.rglob("layout.json")
    file.write_text(file.read_text()[:-200])
    with pytest.raises(StoreBrokenError):
        read_layout("drawn", "xmas")


def test_everything_wrong_is_told_at_once_by_sheet_row_and_value(drawn, tmp_path):
    problems = refused(
        tmp_path,
        phases=[*PHASES, ["late", "open", "2026-12-01 20:00", "23:00"], ["x", "party", "a", "b"]],
        items=[*ITEMS, ["T1", "tent", "carnival", "long", None, "strong"], ["S1", "stall"]],
        gates=[*GATES, ["G2", "market", "ghosts", None, None, "stewards"]],
        shapes=SHAPES | {"T1": shapely.box(1, 1, 4, 4)},
    )
    said = "\n".join(problems)
    assert "phases, row 5, starts: 'late' overlaps 'market' from 2026-12-01 20:00" in said
    assert "phases, row 6, kind: 'party'" in said
    assert "phases, row 6, starts: 'a' is no day and time" in said
    assert "items, row 4, phases: 'carnival' names no phase" in said
    assert "items, row 4, length: 'long'" in said
    assert "items, row 4, rating: 'strong' is no rating" in said
    assert "items, row 5, id: 'S1' is there twice" in said
    assert "gates, row 3, users: 'ghosts' names nobody" in said
    assert "gates, row 3, id: 'G2' is not drawn in plan.geojson" in said


def test_gate_that_crosses_nothing_and_things_outside_are_refused(drawn, tmp_path):
    away = {
        "G1": shapely.LineString([(5, 15), (8, 15)]),
        "S1": shapely.box(5000, 5000, 5004, 5003),
        "B1": SHAPES["B1"],
    }
    problems = refused(tmp_path, shapes=away)
    assert any("gates, row 2" in said and "crosses nothing" in said for said in problems)
    assert any("items, row 3" in said and "outside drawn" in said for said in problems)
    assert len(problems) == 2


@pytest.mark.parametrize("shape", [shapely.Point(18, -1), shapely.box(18, -2, 21, -1)])
def test_gate_is_drawn_as_a_line(drawn, tmp_path, shape):
    (said,) = refused(tmp_path, shapes=SHAPES | {"G1": shape})
    assert "'G1' is no line in plan.geojson" in said


def test_what_a_person_should_settle_is_kept_with_the_layout(drawn, tmp_path):
    layout = add(
        tmp_path,
        items=[*ITEMS, ["T1", "tent", "market"]],
        gates=[GATES[0], [*GATES[1][:5], "nobody", None], ["G2", "all", "closed"]],
        shapes=SHAPES
        | {
            "T1": shapely.box(5, 28, 10, 34),
            "fence 7": shapely.LineString([(2, 2), (6, 2)]),
            "G2": shapely.LineString([(22, -1), (25, -1)]),
        },
    )
    found = {(finding.code, finding.value) for finding in layout.layout.findings}
    assert found == {
        ("item_over_building", "T1"),
        ("gate_unstaffed", "G1"),
        ("gate_never_open", "G2"),
    }
    assert layout.not_used == {"plan": 1}


def test_items_can_come_from_coordinates_in_the_schedule(drawn, tmp_path):
    items = [
        [*ITEMS[0], "x", "y"],
        *ITEMS[1:],
        ["V1", "vehicle", "all", 8, 2.5, None, None, 20, -3],
    ]
    layout = add(tmp_path, items=items).layout
    (vehicle,) = [item for item in layout.items if item.id == "V1"]
    assert shapely.distance(vehicle.geometry, shapely.Point(20, -3)) < 1e-3


def test_daily_times_follow_the_clock_across_its_change(tmp_path):
    phases = [
        ["phase", "kind", "from", "to", "daily until"],
        ["fair", "open", "24.10.2026 22 Uhr", dt.time(1), "26.10.2026"],
    ]
    (fair,) = read_schedule(book(tmp_path / "s.xlsx", phases)).phases
    utc = [time.starts.astimezone(dt.UTC).hour for time in fair.times]
    assert utc == [20, 21, 21]
    assert [time.ends.day for time in fair.times] == [25, 26, 27]


@pytest.mark.parametrize(
    ("starts", "said"),
    [("2026-03-29 02:30", "leaves out"), ("2026-10-25 02:30", "has twice")],
)
def test_times_the_clock_change_makes_unclear_are_refused(tmp_path, starts, said):
    phases = [PHASES[0], ["night", "open", starts, "05:00"]]
    (problem,) = read_schedule(book(tmp_path / "s.xlsx", phases, ITEMS[:1], GATES[:1])).problems
    assert said in str(problem)


def test_times_without_a_zone_are_refused(tmp_path):
    path = book(tmp_path / "s.xlsx", zone="Market 2026")
    with pytest.raises(TimeZoneError):
        read_schedule(path)
    assert read_schedule(path, time_zone="Europe/Paris").time_zone == "Europe/Paris"
    with pytest.raises(TimeZoneError):
        read_schedule(path, time_zone="Mars/Base")


def test_schedule_without_a_sheet_or_a_column_says_which(tmp_path):
    with pytest.raises(ScheduleSheetsError) as caught:
        read_schedule(book(tmp_path / "a.xlsx", gates=None))
    assert "gates" in caught.value.details["problem"]
    with pytest.raises(ScheduleSheetsError) as caught:
        read_schedule(book(tmp_path / "b.xlsx", gates=[["gate", "phase"], ["G1", "market"]]))
    assert "users" in caught.value.details["problem"]


def test_form_is_read_back_as_it_was_written(tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(schedule_template())
    schedule = read_schedule(path)
    assert schedule.problems == ()
    assert [phase.key for phase in schedule.phases] == [
        "build-up",
        "delivery",
        "market",
        "take-down",
    ]
    assert [len(phase.times) for phase in schedule.phases] == [1, 27, 27, 1]
    assert {gate.id for gate in schedule.gates} == {"G1", "G2"}


def test_geopackage_of_several_layers_is_read_whole(drawn, tmp_path):
    plan = tmp_path / "plan.gpkg"
    for name, key, shape in (("stalls", "S1", SHAPES["S1"]), ("gates", "G1", SHAPES["G1"]),
                             ("blocks", "B1", SHAPES["B1"])):  # fmt: skip
        pyogrio.raw.write(
            plan, shapely.to_wkb(np.array([shape])), [np.array([key])], ["number"], layer=name,
            driver="GPKG", geometry_type=shape.geom_type, crs="EPSG:25832",
        )  # fmt: skip
    layout = add_layout(
        "drawn", "xmas", space="Square", geometry=plan, schedule=book(tmp_path / "s.xlsx")
    ).layout
    assert {item.id for item in layout.items} == {"B1", "S1"}


def test_drawing_without_coordinate_system_is_refused(drawn, tmp_path):
    shapes = np.array([SHAPES["G1"]])
    plan = write(tmp_path / "plan.dxf", "DXF", shapes, crs="EPSG:25832", Layer=["GATES"])
    with pytest.raises(CrsMissingError):
        add_layout(
            "drawn", "xmas", space="Square", geometry=plan, schedule=book(tmp_path / "s.xlsx")
        )


def test_barrier_list_with_coordinates_is_set_out(drawn, tmp_path):
    path = tmp_path / "list.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["Nr.", "Art", "Rechtswert", "Hochwert", "Länge (m)", "Prüfklasse", "epsg"])
    made.active.append(["P1", "Betonblock", 23.0, -1.0, 1.5, RATING, 25832])
    made.save(path)
    layout = add(tmp_path, barriers=path).layout
    (block,) = [item for item in layout.items if item.id == "P1"]
    assert block.rating == RATING
    assert len(positions(layout)) == 2 + 1
    made.active.append(["P2", "Betonblock", 24.0, -1.0, 1.5, "very strong", 25832])
    made.save(path)
    with pytest.raises(RegisterInvalidError):
        add(tmp_path, name="again", barriers=path)


def test_barrier_whose_address_nobody_knows_is_ordered_and_waits_for_a_place(drawn, tmp_path):
    path = tmp_path / "list.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["Nr.", "Art", "Adresse", "Länge (m)", "Anzahl"])
    made.active.append(["P1", "Betonblock", "Nowhere Lane 4", 4.5, 3])
    made.save(path)
    layout = add(tmp_path, barriers=path).layout
    (waiting,) = layout.unplaced
    assert (waiting.id, waiting.address, waiting.count, waiting.near) == (
        "P1", "Nowhere Lane 4", 3, None,
    )  # fmt: skip
    assert [(each.code, each.row) for each in layout.findings] == [("barrier_not_placed", 2)]

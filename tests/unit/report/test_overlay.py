"""An interactive map shows the figures of the table, on the outline and nowhere else."""

import shapely

from parvis.report.export import protected_area, result_document
from parvis.report.overlay import approach_overlay, perimeter_stretches


def features(overlay, layer):
    return [f for f in overlay["features"] if f["properties"]["layer"] == layer]


def test_numbers_and_speeds_are_those_of_the_document(result):
    told = {p["id"]: p["fastest_said_speed_kmh"] for p in result_document(result)["access_points"]}
    shown = {
        f["properties"]["number"]: f["properties"]["speed_kmh"]
        for f in features(approach_overlay(result), "access_point")
    }
    assert shown == told


def test_every_stretch_lies_on_the_outline(result):
    outline = shapely.boundary(protected_area(result))
    for line, _ in perimeter_stretches(result):
        assert shapely.hausdorff_distance(line, shapely.intersection(outline.buffer(0.1), line)) < 1


def test_no_stretch_is_told_faster_than_its_access_point_or_its_own_limit(result):
    told = {p["id"]: p["fastest_said_speed_kmh"] for p in result_document(result)["access_points"]}
    stretches = list(perimeter_stretches(result))
    assert stretches
    for _, row in stretches:
        assert row["speed_kmh"] <= told[row["number"]]
        assert row["speed_kmh"] <= row["limit_kmh"]


def test_each_access_point_has_a_stretch(result):
    assert {row["number"] for _, row in perimeter_stretches(result)} == {
        point.id for point in result.access_points
    }

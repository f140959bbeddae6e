"""Vehicle classes as the analyses get them."""

import pytest

from parvis.approach.vehicles import (
    UnknownVehicleError,
    load_vehicle_classes,
    vehicle_class_keys,
)
from parvis.report.messages import describe
from parvis.terms import KMH_PER_MPS, Scenario


def test_the_default_set_is_the_six_classes_in_pack_order() -> None:
    keys = [vehicle.key for vehicle in load_vehicle_classes()]
    assert keys == ["M1", "N1G", "N1", "N2B", "N3D", "N3G"]


def test_chosen_classes_come_in_pack_order_and_once() -> None:
    keys = [vehicle.key for vehicle in load_vehicle_classes(["n3g", "M1 ", "M1"])]
    assert keys == ["M1", "N3G"]


def test_an_unknown_class_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownVehicleError) as caught:
        load_vehicle_classes(["M1", "N9", "T"])
    sentence = describe(caught.value)
    assert "N9, T" in sentence
    assert "N3G" in sentence


def test_units_are_si() -> None:
    vehicle = load_vehicle_classes(["N2B"])[0]
    assert vehicle.parameters(Scenario.TYPICAL).top_speed == pytest.approx(90 / KMH_PER_MPS)
    assert vehicle.parameters(Scenario.LIMIT).top_speed == pytest.approx(120 / KMH_PER_MPS)


@pytest.mark.parametrize("key", vehicle_class_keys())
def test_the_limit_set_is_never_slower_wider_or_clumsier(key: str) -> None:
    vehicle = load_vehicle_classes([key])[0]
    for name in ("acceleration", "specific_power", "friction", "top_speed"):
        assert getattr(vehicle.limit, name) >= getattr(vehicle.typical, name)
    for name in ("width", "turning_radius"):
        assert getattr(vehicle.limit, name) <= getattr(vehicle.typical, name)


@pytest.mark.parametrize(
    ("key", "is_verified"),
    [("M1", True), ("N1G", True), ("N1", True), ("N3C", True), ("N2A", False), ("N2B", False),
     ("N3D", False), ("N3E", False), ("N3F", False), ("N3G", False)],
)  # fmt: skip
def test_a_mass_without_a_published_source_is_marked(key: str, is_verified: bool) -> None:
    vehicle = load_vehicle_classes([key])[0]
    assert ("mass" not in vehicle.unverified) is is_verified


def test_planning_values_are_marked_as_unverified() -> None:
    for vehicle in load_vehicle_classes(vehicle_class_keys()):
        for name in ("acceleration", "specific_power", "friction", "width", "top_speed"):
            assert f"typical.{name}" in vehicle.unverified
            assert f"limit.{name}" in vehicle.unverified


def test_only_the_off_road_class_can_pass_steps() -> None:
    off_road = [v.key for v in load_vehicle_classes(vehicle_class_keys()) if v.is_off_road]
    assert off_road == ["N1G"]

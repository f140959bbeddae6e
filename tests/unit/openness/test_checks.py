"""Checks of openness say what there is, what is asked for and by how much it fails."""

import math

import pytest

from parvis.openness.contrast import contrast, visible_height
from parvis.openness.egress import (
    EgressValueError,
    egress_check,
    egress_flow,
    egress_time,
    egress_width,
    exit_units,
    level_of_service_fruin,
)
from parvis.openness.passage import emergency_access
from parvis.openness.site import LineContext, site_checks
from parvis.openness.widths import accessible_width, cycle_passage
from parvis.packs import load_openness_requirements, openness_requirements
from parvis.report.messages import describe


def test_one_gap_for_wheelchairs_is_enough_and_is_said_to_leave_no_tolerance() -> None:
    check = accessible_width([0.95, 1.2, 0.95])
    assert check.outcome == "pass"
    assert check.missing == 0.0
    assert check.details == {
        "n_gaps": 3, "n_minimum": 3, "narrowest": 0.95, "is_nominal": True,
    }  # fmt: skip
    assert not accessible_width([1.3]).details["is_nominal"]


def test_narrow_gaps_fail_by_what_is_missing() -> None:
    check = accessible_width([0.8, 1.04])
    assert (check.outcome, check.value, check.needed, check.unit) == ("fail", 1.04, 1.2, "m")
    assert check.missing == pytest.approx(0.16)
    assert check.details["n_minimum"] == 1


def test_whatever_stops_vehicles_is_too_narrow_for_a_cycle_track() -> None:
    assert cycle_passage([openness_requirements()["greatest_vehicle_gap"]]).outcome == "fail"
    assert cycle_passage([0.9, 1.5]).outcome == "pass"


def test_width_for_rescue_services_is_marked_as_unverified() -> None:
    pack = load_openness_requirements()
    entry = next(entry for entry in pack.entries if entry.key == "emergency_width")
    assert not pack.evidence[entry.evidence].verified
    check = emergency_access(3.0)
    assert check.outcome == "fail"
    assert check.missing == pytest.approx(entry.value - 3.0)
    assert emergency_access(entry.value).outcome == "pass"


def test_contrast_is_verified_on_site_unless_measured() -> None:
    assert contrast().outcome == "verify"
    assert contrast(0.5).outcome == "verify"
    assert contrast(0.5, 0.4).outcome == "fail"
    assert contrast(0.4, 0.7).outcome == "pass"
    assert visible_height(1.0).outcome == "pass"
    assert visible_height(0.9).missing == pytest.approx(0.1)


def test_what_is_dug_in_always_asks_for_plans_of_pipes_and_cables() -> None:
    nothing = LineContext()
    assert [check.key for check in site_checks(nothing, needs_foundation=True)] == ["utilities"]
    assert site_checks(nothing, needs_foundation=False) == ()
    full = LineContext(
        crosses_tram=True, crosses_steps=True, is_on_structure=True, n_trees=2, nearest_tree=1.5
    )
    checks = site_checks(full, needs_foundation=True)
    assert [check.key for check in checks] == [
        "tram", "steps", "structure", "tree_roots", "utilities",
    ]  # fmt: skip
    assert {check.outcome for check in checks} == {"verify"}
    assert checks[3].details == {"n_trees": 2, "nearest": 1.5}
    assert math.isnan(checks[3].value)


def test_egress_without_a_number_of_people_is_to_be_verified() -> None:
    check = egress_check([10.0, 5.0], [8.0, 4.0])
    assert check.outcome == "verify"
    assert math.isnan(check.needed)
    assert check.value == pytest.approx(4.0 * 82)
    assert check.details["lost"] == pytest.approx(0.2)
    assert check.details["before"] == pytest.approx(15.0 * 82)
    stairs = egress_check([10.0, 5.0], [8.0, 4.0], stairs=True)
    assert (stairs.value, stairs.source) == (pytest.approx(4.0 * 66), "egress_flow_stairs")


def test_with_a_single_exit_nothing_is_left() -> None:
    assert egress_check([10.0], [8.0], people=1).outcome == "fail"
    assert egress_check([10.0], [8.0], people=0).outcome == "pass"
    assert egress_check([], []).details["lost"] == 0.0
    assert egress_time(1, []) == math.inf
    assert egress_time(0, []) == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: egress_flow([1.0, -1.0]),
        lambda: egress_flow([math.nan]),
        lambda: egress_time(-1, [1.0]),
        lambda: egress_width(100, minutes=0),
        lambda: egress_width(math.inf),
        lambda: exit_units(10, minutes=-2),
        lambda: level_of_service_fruin(-0.1),
        lambda: egress_check([1.0], [1.0, 2.0]),
        lambda: egress_check([1.0], [1.0], people=-3),
    ],
)
def test_what_is_out_of_range_is_refused_in_a_sentence(wrong) -> None:
    with pytest.raises(EgressValueError) as caught:
        wrong()
    assert "accepted is" in describe(caught.value)

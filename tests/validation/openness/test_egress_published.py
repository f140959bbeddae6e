"""
Egress flows, times and exit numbers against published figures and worked examples.

- Guide to Safety at Sports Grounds, 5th edition (2008): 82 and 66 persons per metre and minute,
  8 minutes. Derived: 5,000 people in 8 minutes need 7.62 m on the level and 9.47 m of stairs
  (tolerance half of the last digit).
- Mouths with bollards of 0.2 m at gaps of at most 1.2 m: a 12 m mouth keeps 10.4 m, 852 persons a
  minute where 984 left before (figures truncated to whole persons, tolerance 1); a 6 m mouth keeps
  5.2 m, 426 of 492.
- UK Home Office guide for marquees, worked example as printed on a public page (mhto.org): 420 m²
  at 0.55 m² each and 150 more are 913 people; 12 units of 525 mm, 4 exits. The page prints 990/80 =
  11.42; 913/80 = 11.41 is what gives it, 990/80 is 12.4, so 913 is tested.
- International Maritime Organization, evacuation analysis: specific flow and speed over density, at
  the points of the table, exact; greatest flows 1.3, 1.1 and 0.88 persons per metre and second are
  78, 66 and 53 a minute.
- Fruin, walkway levels of service: bounds 0.31, 0.43, 0.72, 1.08 and 2.17 persons per m².
"""

import numpy as np
import pytest

from parvis.approach.layout import bollard_layout
from parvis.openness.egress import (
    egress_check,
    egress_flow,
    egress_time,
    egress_width,
    exit_units,
    exits_needed,
    level_of_service_fruin,
    specific_flow_imo,
    walking_speed_imo,
)


@pytest.mark.parametrize(
    ("mouth", "n", "kept", "before", "after"), [(12.0, 8, 10.4, 984, 852), (6.0, 4, 5.2, 492, 426)]
)
def test_bollards_in_a_mouth_take_flow_away(mouth, n, kept, before, after) -> None:
    layout = bollard_layout(mouth, diameter=0.2)
    clear = mouth - layout.count * layout.diameter
    assert layout.count == n
    assert clear == pytest.approx(kept)
    assert egress_flow([mouth]) == pytest.approx(before, abs=1e-9)
    assert egress_flow([clear]) == pytest.approx(after, abs=1.0)
    assert egress_flow([clear]) / egress_flow([mouth]) == pytest.approx(1 - 0.133, abs=0.0005)


def test_width_for_five_thousand_people_in_eight_minutes() -> None:
    assert egress_width(5000, minutes=8) == pytest.approx(7.62, abs=0.005)
    assert egress_width(5000, stairs=True) == pytest.approx(9.47, abs=0.005)
    assert egress_time(5000, [7.62]) == pytest.approx(8.0, abs=0.01)
    assert egress_time(5000, [9.47], stairs=True) == pytest.approx(8.0, abs=0.01)


def test_marquee_of_913_people() -> None:
    people = int(420 / 0.55) + 150
    assert people == 913
    assert exit_units(people) == 12
    assert exits_needed(12) == 4
    assert people / 80 == pytest.approx(11.41, abs=0.005)


@pytest.mark.parametrize(
    ("people", "units"), [(0, 0), (80, 1), (103, 1), (104, 2), (160, 2), (903, 11), (904, 12)]
)
def test_three_tenths_of_a_unit_count_as_a_whole_one(people: int, units: int) -> None:
    assert exit_units(people) == units


@pytest.mark.parametrize(
    ("units", "exits"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (10, 3), (11, 4), (12, 4)]
)
def test_three_quarters_of_an_exit_count_as_a_whole_one(units: int, exits: int) -> None:
    assert exits_needed(units) == exits


def test_flow_and_speed_over_density() -> None:
    densities = np.array([0.5, 1.9, 3.2, 3.5, 6.0])
    np.testing.assert_allclose(specific_flow_imo(densities), [0.65, 1.3, 0.65, 0.32, 0.32])
    np.testing.assert_allclose(walking_speed_imo(densities), [1.2, 0.67, 0.2, 0.1, 0.1])
    assert specific_flow_imo(np.linspace(0, 8, 801)).max() == pytest.approx(1.3)
    for per_second, per_minute in ((1.3, 78), (1.1, 66), (0.88, 53)):
        assert per_second * 60 == pytest.approx(per_minute, abs=0.5)


@pytest.mark.parametrize(
    ("density", "level"),
    [(0.0, "A"), (0.30, "A"), (0.31, "B"), (0.43, "B"), (0.44, "C"), (0.72, "C"), (0.73, "D"),
     (1.08, "D"), (1.09, "E"), (2.17, "E"), (2.18, "F"), (7.1, "F")],
)  # fmt: skip
def test_levels_of_service(density: float, level: str) -> None:
    assert level_of_service_fruin(density) == level


def test_the_widest_exit_is_lost() -> None:
    check = egress_check([12.0, 6.0], [10.4, 5.2], people=3500)
    assert check.value == pytest.approx(426, abs=1.0)
    assert check.needed == pytest.approx(3500 / 8)
    assert check.outcome == "fail"
    assert check.missing == pytest.approx(3500 / 8 - 5.2 * 82)

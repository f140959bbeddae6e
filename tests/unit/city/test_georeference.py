"""Placing drawings and pictures of plans by points."""

import numpy as np
import pytest
from pyproj import Transformer

from parvis.city.georeference import (
    ControlPointsError,
    PlanPointsError,
    fit_placement,
    fit_plan,
)

SIZE, EPSG = (1000, 800), 25832
TO_DEGREES = Transformer.from_crs(EPSG, 4326, always_xy=True)
PIXELS = np.array([(100.0, 100.0), (900.0, 120.0), (500.0, 700.0), (120.0, 650.0)])


def _ground(pixels: np.ndarray, scale: float = 0.25, turn: float = 0.4) -> np.ndarray:
    """Longitude and latitude of pixels of a plan turned by `turn` anticlockwise. [deg]."""
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    metres = (pixels * (1, -1) * scale) @ rotation.T + (690_000, 5_335_000)
    return np.column_stack(TO_DEGREES.transform(*metres.T))


def test_two_points_place_a_plan_exactly() -> None:
    plan = fit_plan(PIXELS[:2], _ground(PIXELS[:2]), size=SIZE, epsg=EPSG)
    assert plan.placement.scale == pytest.approx(0.25)
    assert plan.placement.rotation == pytest.approx(0.4)
    assert plan.placement.rms == pytest.approx(0, abs=1e-6)
    assert not plan.placement.is_checked


def test_corners_go_clockwise_from_the_top_left() -> None:
    plan = fit_plan(PIXELS, _ground(PIXELS), size=SIZE, epsg=EPSG)
    frame = np.array([(0, 0), (1000, 0), (1000, 800), (0, 800)], dtype=float)
    assert np.array(plan.corners) == pytest.approx(_ground(frame), abs=1e-9)


@pytest.mark.parametrize("method", ["similarity", "affine"])
def test_one_wrong_point_shows_as_a_residual(method: str) -> None:
    wrong = _ground(PIXELS)
    wrong[2] += (0.0001, 0)
    plan = fit_plan(PIXELS, wrong, size=SIZE, epsg=EPSG, method=method)
    assert plan.placement.is_checked
    assert plan.placement.rms > 1
    said = plan.to_json()
    assert len(said["residuals_m"]) == 4 and said["rms_m"] == round(plan.placement.rms, 3)
    assert np.argmax(plan.placement.residuals) == 2 or method == "affine"


def test_a_stretched_scan_needs_an_affine_fit() -> None:
    stretched = PIXELS * (1, 1.1)
    size = (1000, 900)
    similar = fit_plan(stretched, _ground(PIXELS), size=size, epsg=EPSG)
    affine = fit_plan(stretched, _ground(PIXELS), size=size, epsg=EPSG, method="affine")
    assert similar.placement.rms > 1
    assert affine.placement.rms == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("pixels", "method", "said"),
    [
        (PIXELS[:1], "similarity", "2 points"),
        (PIXELS[:2], "affine", "3 points"),
        ([(100, 100), (110, 105)], "similarity", "points 1 and 2"),
        ([(100, 100), (900, 100), (905, 108)], "affine", "points 2 and 3"),
        ([(100, 100), (400, 400), (700, 702)], "affine", "one line"),
        ([(100, 100), (1001, 100)], "similarity", "on the picture"),
    ],
)
def test_points_that_fix_nothing_are_refused(pixels, method: str, said: str) -> None:
    given = np.array(pixels, dtype=float)
    with pytest.raises(PlanPointsError) as raised:
        fit_plan(given, _ground(given), size=SIZE, epsg=EPSG, method=method)
    assert said in raised.value.details["problem"]


def test_one_place_on_the_ground_for_two_on_the_plan_is_refused() -> None:
    places = np.repeat(_ground(PIXELS[:1]), 2, axis=0)
    with pytest.raises(PlanPointsError):
        fit_plan(PIXELS[:2], places, size=SIZE, epsg=EPSG)


def test_places_beyond_the_earth_are_refused() -> None:
    with pytest.raises(PlanPointsError):
        fit_plan(PIXELS[:2], np.array([(9, 48), (np.inf, 48)]), size=SIZE, epsg=EPSG)


def test_an_affine_fit_of_two_points_is_refused() -> None:
    with pytest.raises(ControlPointsError):
        fit_placement(PIXELS[:2], PIXELS[:2], method="affine")

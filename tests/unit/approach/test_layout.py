"""Bollard rows: gaps, counts and who fits through."""

import numpy as np
import pytest

from parvis.approach.kinematics import NegativeLengthError, NotFiniteError, NotPositiveError
from parvis.approach.layout import (
    MissingWidthError,
    accessible_through,
    bollard_layout,
    clear_gap,
    gap_of_spacing,
)
from parvis.report.messages import describe


def test_no_bollard_is_needed_in_a_mouth_of_one_gap() -> None:
    layout = bollard_layout(1.2, diameter=0.2)
    assert (layout.count, layout.gap) == (0, 1.2)


def test_every_gap_is_within_the_limit_and_one_bollard_fewer_is_not() -> None:
    for width in np.arange(0.0, 30.0, 0.07):
        layout = bollard_layout(float(width), diameter=0.25)
        assert layout.gap <= 1.2 + 1e-9
        if layout.count:
            assert (width - (layout.count - 1) * 0.25) / layout.count > 1.2


def test_an_exact_fit_does_not_take_another_bollard() -> None:
    layout = bollard_layout(4 * 1.2 + 3 * 0.2, diameter=0.2)
    assert layout.count == 3
    assert layout.gap == pytest.approx(1.2)


def test_a_gap_can_be_shut_for_people_too() -> None:
    assert bollard_layout(1.3, diameter=0.2).accessible == ()
    assert accessible_through(0.9) == ("minimum",)
    assert accessible_through(1.5) == ("minimum", "wheelchair", "cycle_track")


def test_bollards_that_fill_the_mouth_leave_no_gap() -> None:
    assert bollard_layout(0.2, diameter=5.0, max_gap=0.1).gap == 0.0


def test_an_oblique_approach_sees_no_negative_gap() -> None:
    assert clear_gap(1.2, diameter=0.2, angle=0.0) == 0.0
    assert np.isnan(clear_gap(np.nan, diameter=0.2))


def test_centre_to_centre_is_not_a_clear_gap() -> None:
    assert gap_of_spacing(1.2, diameter=0.2) == pytest.approx(1.0)
    with pytest.raises(NegativeLengthError):
        gap_of_spacing(0.1, diameter=0.2)


def test_figures_that_make_no_row_are_refused_in_a_sentence() -> None:
    for call, error in (
        (lambda: bollard_layout(-1.0, diameter=0.2), NegativeLengthError),
        (lambda: bollard_layout(np.inf, diameter=0.2), NotFiniteError),
        (lambda: bollard_layout(np.nan, diameter=0.2), MissingWidthError),
        (lambda: bollard_layout(6.0, diameter=0.0), NotPositiveError),
    ):
        with pytest.raises(error) as caught:
            call()
        assert "?" not in describe(caught.value)

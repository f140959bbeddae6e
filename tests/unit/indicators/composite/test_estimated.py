"""Estimates bring their errors along."""

import numpy as np
import pytest

from parvis.indicators.composite.draws import CountErrors, draw_values
from parvis.indicators.composite.errors import ShapeError
from parvis.indicators.composite.estimated import errors_of_estimates
from parvis.indicators.estimates import Estimate, Method


def drawn(estimates, values, factors=1.0):
    cells = np.arange(len(estimates))
    errors = errors_of_estimates(np.zeros_like(cells), cells, estimates, factors=factors)
    table = np.array([values], dtype=float)
    return draw_values(table, errors, 20_000, np.random.default_rng(0))[:, 0], errors


def test_rates_are_drawn_by_their_events():
    found, (errors,) = drawn([Estimate(2.4, 1.2, 4.2, n=12, method=Method.POISSON)], [2.4])
    assert isinstance(errors, CountErrors)
    low, high = np.quantile(found[:, 0], [0.025, 0.975])
    assert 1.2 < low < high < 4.2


def test_shares_and_means_are_drawn_by_their_standard_errors():
    share = Estimate(0.4, 0.36, 0.44, standard_error=0.02, n=600, method=Method.LOGIT)
    mean = Estimate(6.1, 5.9, 6.3, standard_error=0.1, method=Method.LINEARISED)
    found, _ = drawn([share, mean], [40.0, 6.1], [100.0, 1.0])
    assert found.mean(axis=0) == pytest.approx([40, 6.1], abs=0.1)
    assert found.std(axis=0) == pytest.approx([2, 0.1], rel=0.05)


def test_a_standard_error_is_told_by_the_interval_where_there_is_none():
    found, _ = drawn([Estimate(0.65, 0.552544, 0.736358, n=100, method=Method.WILSON)], [0.65])
    assert found.std() == pytest.approx((0.736358 - 0.552544) / 2 / 1.96, rel=0.05)


def test_nobody_of_forty_is_not_certain():
    found, _ = drawn([Estimate(0.0, 0.0, 0.088, n=40, method=Method.WILSON)], [0.0])
    assert 0 < found.mean() < 0.05
    assert found.std() > 0.005


def test_what_is_refused_or_has_no_error_stays_as_it_is():
    found, errors = drawn([Estimate(None, None, None), Estimate(3.0, None, None)], [np.nan, 3.0])
    assert errors == ()
    assert np.isnan(found[:, 0]).all()
    assert (found[:, 1] == 3).all()


def test_as_many_places_as_estimates_are_needed():
    with pytest.raises(ShapeError):
        errors_of_estimates([0, 1], [0, 1], [Estimate(1.0, 0.5, 1.5)])

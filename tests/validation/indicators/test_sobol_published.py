"""
Sobol indices against functions whose indices are known.

Sources: T. Ishigami, T. Homma, "An importance quantification technique in uncertainty analysis for
computer models", ISUMA 1990 (a = 7, b = 0.1); I. M. Sobol', "Sensitivity estimates for nonlinear
mathematical models", 1993, function g. Closed forms are those of A. Saltelli et al., "Global
Sensitivity Analysis: The Primer", 2008. Tolerance 0.02 with 4,096 draws.
"""

import numpy as np
import pytest

from parvis.indicators.composite.sobol import design, sobol_indices, sobol_points

N = 4096


def estimated(function, k, *, n=N, seed=1, **more):
    points = sobol_points(n, 2 * k, seed=seed)
    base = np.concatenate(np.split(points, 2, axis=1))
    states = design(n, k)
    inputs = np.stack([base[states[:, column], column] for column in range(k)], axis=1)
    factors = tuple(f"x{column + 1}" for column in range(k))
    return sobol_indices(function(inputs), factors, **more)


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g(u):
    a = np.array([0.0, 1.0, 4.5, 9.0])
    return ((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=1)


def test_ishigami_function():
    found = estimated(ishigami, 3)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert found.has_converged


def test_g_function():
    partial = 1 / (3 * (1 + np.array([0.0, 1.0, 4.5, 9.0])) ** 2)
    variance = (1 + partial).prod() - 1
    found = estimated(g, 4)
    assert found.first == pytest.approx(partial / variance, abs=0.02)
    others = [(1 + np.delete(partial, column)).prod() for column in range(4)]
    assert found.total == pytest.approx(partial * others / variance, abs=0.02)
    assert found.variance == pytest.approx(variance, rel=0.02)


def test_centring_keeps_the_estimate_and_narrows_its_interval():
    """A result far from zero: the estimator in COINr spreads with the square of its mean."""
    centred = estimated(lambda u: ishigami(u) + 50, 3, n=128)
    compat = estimated(lambda u: ishigami(u) + 50, 3, n=128, coinr_compat=True)
    width = np.diff(centred.first_interval, axis=1).ravel()
    assert (np.diff(compat.first_interval, axis=1).ravel() > 5 * width).all()
    assert compat.total == pytest.approx(centred.total, rel=1e-12)
    assert centred.first == pytest.approx(estimated(ishigami, 3, n=128).first, abs=1e-9)


def test_compatible_estimates_are_those_of_the_formulas_in_coinr():
    rng = np.random.default_rng(0)
    n, k = 50, 3
    results = rng.normal(3, 1, n * (k + 2))
    found = sobol_indices(results, ("a", "b", "c"), coinr_compat=True)
    a, b = results[:n], results[n : 2 * n]
    variance = np.concatenate([a, b]).var(ddof=1)
    for column in range(k):
        mixed = results[(2 + column) * n : (3 + column) * n]
        first = sum(b[i] * (mixed[i] - a[i]) for i in range(n)) / n / variance
        total = sum((a[i] - mixed[i]) ** 2 for i in range(n)) / (2 * n * variance)
        assert found.first[column] == pytest.approx(first, rel=1e-12)
        assert found.total[column] == pytest.approx(total, rel=1e-12)


def test_few_draws_have_not_converged():
    assert not estimated(ishigami, 3, n=32).has_converged


def test_what_does_not_vary_has_no_indices():
    found = estimated(lambda u: np.ones(len(u)), 3, n=64)
    assert np.isnan(found.first).all()
    assert found.variance == 0

"""What every fit of control points keeps."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from rasterio.control import GroundControlPoint
from rasterio.transform import from_gcps

from parvis.city.georeference import fit_placement

numbers = st.floats(-1000, 1000)
points = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=8, unique=True).map(np.array)
angles = st.floats(-3, 3)
scales = st.floats(0.01, 100)


def _assume_spread(source: np.ndarray) -> None:
    spread = np.linalg.svd(source - source.mean(axis=0), compute_uv=False)
    assume(spread[1] > 0.05 * spread[0] and spread[0] > 1)


def _moved(xy: np.ndarray, angle: float, scale: float) -> np.ndarray:
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    return xy @ np.array([[c, s], [-s, c]]) + (500_000, 5_500_000)


@given(points, angles, scales)
def test_an_exact_similarity_is_found_again(source, angle: float, scale: float) -> None:
    _assume_spread(source)
    for method in ("similarity", "affine"):
        fit = fit_placement(source, _moved(source, angle, scale), method=method)
        assert np.isclose(fit.scale, scale, rtol=1e-6)
        assert np.isclose(np.exp(1j * fit.rotation), np.exp(1j * angle), atol=1e-6)
        assert fit.rms < 1e-5


@given(points, points, angles, scales)
def test_residuals_turn_and_grow_with_the_ground(source, noise, angle, scale) -> None:
    _assume_spread(source)
    target = source + np.resize(noise, source.shape) * 0.01
    for method in ("similarity", "affine"):
        fit = fit_placement(source, target, method=method)
        turned = fit_placement(source, _moved(target, angle, scale), method=method)
        assert np.allclose(turned.residuals, scale * fit.residuals, rtol=1e-4, atol=1e-5)


@given(points, points, angles, scales)
def test_moving_the_plan_changes_no_residual(source, noise, angle, scale) -> None:
    _assume_spread(source)
    target = source + np.resize(noise, source.shape) * 0.01
    for method in ("similarity", "affine"):
        fit = fit_placement(source, target, method=method)
        other = fit_placement(_moved(source, angle, scale) - 500_000, target, method=method)
        assert np.allclose(other.residuals, fit.residuals, rtol=1e-3, atol=1e-3)


@given(points, points)
def test_no_other_similarity_misses_by_less(source, noise) -> None:
    _assume_spread(source)
    target = source + np.resize(noise, source.shape) * 0.1
    fit = fit_placement(source, target, method="similarity")
    n = len(source)
    design = np.zeros((2 * n, 4))
    design[:n] = np.column_stack([source[:, 0], -source[:, 1], np.ones(n), np.zeros(n)])
    design[n:] = np.column_stack([source[:, 1], source[:, 0], np.zeros(n), np.ones(n)])
    best = np.linalg.lstsq(design, target.T.ravel(), rcond=None)[0]
    missed = np.hypot(*(design @ best - target.T.ravel()).reshape(2, n))
    assert np.allclose(fit.residuals, missed, atol=1e-6)


@given(points, points)
def test_an_affine_fit_is_the_one_gdal_finds(source, noise) -> None:
    _assume_spread(source)
    target = source + np.resize(noise, source.shape) * 0.1
    fit = fit_placement(source, target, method="affine")
    theirs = from_gcps(
        [
            GroundControlPoint(row=y, col=x, x=u, y=v)
            for (x, y), (u, v) in zip(source, target, strict=True)
        ]
    )
    expected = np.array([[theirs.a, theirs.b, theirs.c], [theirs.d, theirs.e, theirs.f]])
    assert np.allclose(fit.matrix, expected, rtol=1e-5, atol=1e-4)

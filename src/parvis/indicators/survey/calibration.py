"""What do known totals take away from the variance of estimates."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Margin:
    """
    A variable in categories whose totals are known.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Category of each row.
    n : int
        Categories.
    """

    codes: Codes
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    Known totals that the weights keep; make it by `calibration`.

    Attributes
    ----------
    base : ndarray, shape (n,)
        Weights before.
    margins : tuple of Margin
    numbers : ndarray, shape (n, q)
        Numeric variables, the constant among them where it is known.
    by_unit : ndarray, shape (size, n_units)
        Known variables times the weights now, summed by unit of the last stage.
    inverse : ndarray, shape (size, size)
        Inverse of the known variables' cross-products under the weights before.
    """

    base: Floats
    margins: tuple[Margin, ...]
    numbers: Floats
    by_unit: Floats
    inverse: Floats

    def sums_of(self, rows: Any, weighted: Floats, codes: Codes, n: int) -> Floats:
        """Return the known variables of `rows` times `weighted`, summed by code: (size, n)."""
        picked = tuple(Margin(margin.codes[rows], margin.n) for margin in self.margins)
        return sums_of_known(picked, self.numbers[rows], weighted, codes, n)

    def residual(self, totals: Floats, explained: Floats) -> Floats:
        """
        Return what of linearised values is left beside the known variables.

        Parameters
        ----------
        totals : ndarray, shape (n_units, k)
            Linearised values times the weights now, by unit.
        explained : ndarray, shape (size, k)
            Known variables times linearised values times the weights before, over all rows.

        Notes
        -----
        Residuals of the regression under the weights before, times the weights now [1]_.

        References
        ----------
        .. [1] J.-C. Deville, C.-E. Särndal, "Calibration estimators in survey sampling", Journal of
           the American Statistical Association 87, 1992, 376-382, equation 3.4.
        """
        return np.asarray(totals - self.by_unit.T @ (self.inverse @ explained))


def calibration(
    base: Floats,
    weights: Floats,
    margins: tuple[Margin, ...],
    numbers: Floats,
    unit: Codes,
    n_units: int,
) -> Calibration:
    """Return what known totals of `margins` and `numbers` take away from the variance."""
    by_unit = sums_of_known(margins, numbers, weights, unit, n_units)
    inverse = _inverse(base, margins, numbers)
    return Calibration(base, margins, numbers, by_unit, inverse)


def sums_of_known(
    margins: tuple[Margin, ...], numbers: Floats, weighted: Floats, codes: Codes, n: int
) -> Floats:
    """Return known variables times `weighted`, summed by code, shape (size, n)."""
    parts = [
        np.bincount(margin.codes * n + codes, weighted, margin.n * n).reshape(margin.n, n)
        for margin in margins
    ]
    parts += [np.bincount(codes, column * weighted, n)[None] for column in numbers.T]
    return np.concatenate(parts)


def _inverse(base: Floats, margins: tuple[Margin, ...], numbers: Floats) -> Floats:
    if len(margins) == 1 and not numbers.shape[1]:
        sums = np.bincount(margins[0].codes, base, margins[0].n)
        return np.diag(1.0 / np.where(sums > 0.0, sums, np.inf))
    blocks = [sums_of_known(margins, numbers, base, each.codes, each.n).T for each in margins]
    one = np.zeros(base.size, dtype=np.intp)
    blocks += [sums_of_known(margins, numbers, base * each, one, 1).T for each in numbers.T]
    return np.asarray(np.linalg.pinv(np.concatenate(blocks), hermitian=True))

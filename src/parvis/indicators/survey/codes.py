"""Which rows carry the same label: labels as numbers from zero, quickly."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.intp]
_SPREAD = 4
"""Whole numbers are looked up in a table up to this many times their count."""


def codes_of(labels: NDArray[Any]) -> tuple[Codes, NDArray[Any]]:
    """
    Return the number of each label, and the labels in order.

    Examples
    --------
    >>> codes, known = codes_of(np.array([7, 3, 7]))
    >>> codes, known
    (array([1, 0, 1]), array([3, 7]))
    """
    if labels.dtype.kind in "iu" and labels.size:
        low, high = int(labels.min()), int(labels.max())
        if high - low < _SPREAD * labels.size + 1_000:
            shifted = (labels - low).astype(np.intp)
            is_there = np.zeros(high - low + 1, dtype=np.bool_)
            is_there[shifted] = True
            number = np.cumsum(is_there) - 1
            known = np.flatnonzero(is_there) + low
            if known.size == is_there.size:
                return shifted, known.astype(labels.dtype)
            return number[shifted], known.astype(labels.dtype)
    if labels.dtype.kind == "O":
        labels = labels.astype(str)
    known, codes = np.unique(labels, return_inverse=True)
    return codes.astype(np.intp), known


def pairs_of(outer: Codes, inner: Codes) -> tuple[Codes, int]:
    """Return a number for each pair that occurs, in the order of `outer`, and how many."""
    width = int(inner.max()) + 1 if inner.size else 1
    if not outer.any() and width == np.unique(inner).size:
        return inner, width
    codes, known = codes_of(outer.astype(np.int64) * width + inner)
    return codes, known.size

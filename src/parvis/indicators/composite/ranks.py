"""Who stands before whom, ties together and gaps left out."""

import numpy as np

from parvis.indicators.composite.tree import Floats, Ints


def ranks(values: Floats, signs: Floats | float = 1.0) -> tuple[Floats, Ints]:
    """
    Rank the rows of each column, 1 being the worst; ties share the least rank.

    Parameters
    ----------
    values : ndarray, shape (…, rows, columns)
        NaN is missing and gets no rank.
    signs : ndarray, shape (columns,), or float
        Above zero where more is better.

    Returns
    -------
    ranks : ndarray, same shape
        ``1 + number of values that are worse``.
    n : ndarray of int, shape (…, 1, columns)
        Values there.

    Examples
    --------
    >>> ranks(np.array([[30.0], [10.0], [30.0], [np.nan]]))[0].ravel()
    array([ 2.,  1.,  2., nan])
    """
    missing = np.isnan(values)
    n = (~missing).sum(axis=-2, keepdims=True)
    order = np.argsort(values, axis=-2, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-2)
    place = np.arange(values.shape[-2])[:, None]
    differs = np.ones(values.shape, dtype=bool)
    differs[..., 1:, :] = ordered[..., 1:, :] != ordered[..., :-1, :]
    first = np.maximum.accumulate(np.where(differs, place, 0), axis=-2)
    ends = np.ones(values.shape, dtype=bool)
    ends[..., :-1, :] = differs[..., 1:, :]
    backwards = np.where(ends, place, values.shape[-2])[..., ::-1, :]
    last = np.minimum.accumulate(backwards, axis=-2)[..., ::-1, :]
    n_worse = np.where(np.asarray(signs) > 0, first, n - 1 - last)
    placed = np.empty(values.shape)
    np.put_along_axis(placed, order, n_worse + 1.0, axis=-2)
    return np.where(missing, np.nan, placed), n


def standings(scores: Floats) -> Floats:
    """
    Rank scores, 1 being the best; ties share the least rank.

    Parameters
    ----------
    scores : ndarray, shape (…, rows)
        NaN is not ranked.

    Returns
    -------
    ndarray, same shape

    Examples
    --------
    >>> standings(np.array([50.0, 70.0, 70.0]))
    array([3., 1., 1.])
    """
    placed, _ = ranks(scores[..., None], -1.0)
    return placed[..., 0]

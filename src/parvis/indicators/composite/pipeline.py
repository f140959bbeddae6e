"""From collected values to a table that can be scored, with the method that was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from parvis.indicators.composite.aggregate import How
from parvis.indicators.composite.errors import NodeUnknownError
from parvis.indicators.composite.means import Aggregation
from parvis.indicators.composite.normalise import Frozen, Normalisation, freeze
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.prepare import Imputation, denominate, impute, screen
from parvis.indicators.composite.rows import Rows
from parvis.indicators.composite.score import Recipe
from parvis.indicators.composite.tree import Bools, Floats, Tree


@dataclass(frozen=True)
class Prepared:
    """
    Values ready to be scored.

    Attributes
    ----------
    rows : Rows
    kept : ndarray of int
        Rows of the table given that have enough data.
    values : ndarray, shape (rows, indicators)
    imputed : ndarray of bool, same shape
    method : Recipe
    notices : tuple of Notice
    """

    rows: Rows
    kept: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    values: Floats
    imputed: Bools
    method: Recipe
    notices: tuple[Notice, ...]


def prepare_values(
    values: Floats,
    tree: Tree,
    rows: Rows,
    *,
    denominators: Mapping[str, Floats],
    imputation: Imputation = Imputation.NONE,
    groups: Sequence[str] = (),
    least_available: float = 0.0,
    normalisation: Normalisation = Normalisation.GOALPOSTS,
    aggregation: Aggregation = Aggregation.ARITHMETIC,
    overall: Aggregation | None = None,
    most_winsorised: int = 0,
    base_period: str = "",
) -> Prepared:
    """
    Divide, fill, screen, and freeze what must not move.

    Parameters
    ----------
    values : ndarray, shape (rows, indicators)
    tree : Tree
    rows : Rows
    denominators : mapping from column to ndarray, shape (rows,)
    imputation, groups, least_available
        See :func:`~parvis.indicators.composite.prepare.impute` and
        :func:`~parvis.indicators.composite.prepare.screen`.
    normalisation, aggregation, overall, most_winsorised
        See :class:`~parvis.indicators.composite.score.Recipe`.
    base_period : str, optional
        For ``base-year`` and ``ampi``; the earliest by default.

    Returns
    -------
    Prepared
    """
    divided, notices = denominate(values, tree, denominators)
    filled = impute(divided, tree, rows, method=imputation, groups=groups)
    kept = np.flatnonzero(screen(filled.values, tree, least_available=least_available).kept)
    rows = rows.take([int(row) for row in kept])
    table = filled.values[kept]
    method = Recipe(
        normalisation=normalisation,
        how=How(aggregation=aggregation, overall=overall),
        most_winsorised=most_winsorised,
    )
    if normalisation in (Normalisation.BASE_YEAR, Normalisation.AMPI):
        method = replace(method, frozen=frozen_at(table, tree, rows, base_period, normalisation))
    return Prepared(rows, kept, table, filled.imputed[kept], method, notices)


def frozen_at(
    values: Floats, tree: Tree, rows: Rows, period: str, normalisation: Normalisation
) -> Frozen:
    """
    Take from a base period what stays fixed.

    Parameters
    ----------
    values : ndarray, shape (rows, indicators)
    tree : Tree
    rows : Rows
    period : str
        "" for the earliest.
    normalisation : {base-year, ampi}

    Returns
    -------
    Frozen
        For ``base-year`` the value of the same unit in that period, NaN where it has none; for
        ``ampi`` the mean and the half range of the rows of that period.
    """
    chosen = period or min(rows.periods)
    if chosen not in rows.periods:
        raise NodeUnknownError(key=chosen, known=", ".join(sorted(set(rows.periods))))
    if normalisation is Normalisation.AMPI:
        return freeze(values, tree, pool=np.array([each == chosen for each in rows.periods]))
    base = np.full(values.shape, np.nan)
    for row, unit in enumerate(rows.units):
        if (first := rows.row_of.get((unit, chosen))) is not None:
            base[row] = values[first]
    return Frozen(base=base)

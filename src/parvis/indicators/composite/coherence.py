"""Whether the indicators of a theme speak of one thing, or against each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.errors import TooFewUnitsError
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.ranks import ranks
from parvis.indicators.composite.tree import Floats, Ints, Tree

LEAST_UNITS = 10
"""Below this number of rows correlations are chance; everything here is off, with the reason."""


@dataclass(frozen=True)
class Correlations:
    """
    Correlations of columns pair by pair.

    Attributes
    ----------
    r : ndarray, shape (columns, columns)
        -1 to 1; NaN where a column does not vary or fewer than 3 rows have both.
    p : ndarray
        Two-sided p-value of no correlation; 0 on the diagonal.
    n : ndarray of int
        Rows that have both.
    """

    r: Floats
    p: Floats
    n: Ints


@dataclass(frozen=True)
class Components:
    """
    Principal components of standardised columns.

    Attributes
    ----------
    deviations : ndarray, shape (components,)
        Standard deviation of each component, the greatest first; their squares sum to the number
        of columns.
    loadings : ndarray, shape (columns, components)
        Columns of length 1; the greatest entry of each is positive.
    n : int
        Complete rows behind them.
    """

    deviations: Floats
    loadings: Floats
    n: int

    @property
    def shares(self) -> Floats:
        """Share of the variance by component."""
        return self.deviations**2 / (self.deviations**2).sum()


@dataclass(frozen=True)
class Coherence:
    """
    How the children of one node hang together.

    Attributes
    ----------
    key : str
    children : tuple of str
    correlations : Correlations
    alpha : float
        Cronbach's alpha of the complete rows; NaN for one child.
    inflation : ndarray, shape (children,)
        Variance inflation factors; infinite where a child follows from the others.
    components : Components or None
        None where fewer than `LEAST_UNITS` rows are complete.
    n_negative : int
        Pairs with a correlation below zero whose p-value is under 0.05: they cancel out.
    """

    key: str
    children: tuple[str, ...]
    correlations: Correlations
    alpha: float
    inflation: Floats
    components: Components | None
    n_negative: int


def correlations(values: ArrayLike, *, by_rank: bool = False) -> Correlations:
    """
    Correlate columns, each pair over the rows that have both [1]_.

    Parameters
    ----------
    values : array_like, shape (rows, columns)
    by_rank : bool, default False
        Spearman's correlation rather than Pearson's.

    Returns
    -------
    Correlations

    Raises
    ------
    TooFewUnitsError
        Below `LEAST_UNITS` rows.

    References
    ----------
    .. [1] OECD, JRC, "Handbook on Constructing Composite Indicators", 2008, pp. 63-72.
    """
    from scipy.special import betainc

    table = np.asarray(values, dtype=np.float64)
    check_enough(table.shape[0], "correlations")
    k = table.shape[1]
    r, p = np.full((k, k), np.nan), np.full((k, k), np.nan)
    n = np.zeros((k, k), dtype=np.intp)
    there = ~np.isnan(table)
    for i in range(k):
        for j in range(i, k):
            both = there[:, i] & there[:, j]
            n[i, j] = n[j, i] = both.sum()
            r[i, j] = r[j, i] = _pearson(table[both][:, [i, j]], by_rank=by_rank)
    usable = ~np.isnan(r) & (n > 2)
    shape = n[usable] / 2 - 1
    p[usable] = 2 * betainc(shape, shape, (1 - np.abs(r[usable])) / 2)
    return Correlations(r, p, n)


def cronbach_alpha(values: ArrayLike) -> float:
    """
    Cronbach's alpha of the columns, over complete rows.

    Parameters
    ----------
    values : array_like, shape (rows, columns)

    Returns
    -------
    float
        NaN for one column, or where the sum of the columns does not vary.

    Raises
    ------
    TooFewUnitsError
        Below `LEAST_UNITS` complete rows.

    Notes
    -----
    ``k / (k - 1) (1 - sum var(x_j) / var(sum x_j))``.

    Examples
    --------
    >>> one = np.arange(12.0)
    >>> round(cronbach_alpha(np.column_stack([one, one])), 12)
    1.0
    """
    table = _complete(values, "Cronbach's alpha")
    k = table.shape[1]
    whole = table.sum(axis=1).var(ddof=1)
    if k < 2 or whole == 0:
        return float("nan")
    return float(k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / whole))


def principal_components(values: ArrayLike) -> Components:
    """
    Principal components of the standardised columns, over complete rows.

    Parameters
    ----------
    values : array_like, shape (rows, columns)

    Returns
    -------
    Components

    Raises
    ------
    TooFewUnitsError
        Below `LEAST_UNITS` complete rows.
    """
    table = _complete(values, "principal components")
    spread = table.std(axis=0, ddof=1)
    gap = table - table.mean(axis=0)
    standard = np.divide(gap, spread, where=spread > 0, out=np.zeros(gap.shape))
    _, sizes, directions = np.linalg.svd(standard, full_matrices=False)
    greatest = np.abs(directions).argmax(axis=1)
    signs = np.sign(directions[np.arange(directions.shape[0]), greatest])
    n = table.shape[0]
    return Components(sizes / np.sqrt(n - 1), (directions * signs[:, None]).T, n)


def variance_inflation(values: ArrayLike) -> Floats:
    """
    Variance inflation factor of each column against the others, over complete rows.

    Parameters
    ----------
    values : array_like, shape (rows, columns)

    Returns
    -------
    ndarray, shape (columns,)
        ``1 / (1 - R²)``; infinite where a column follows from the others, NaN where it does not
        vary.

    Raises
    ------
    TooFewUnitsError
        Below `LEAST_UNITS` complete rows.
    """
    table = _complete(values, "variance inflation")
    n, k = table.shape
    found = np.full(k, np.nan)
    for column in range(k):
        y = table[:, column] - table[:, column].mean()
        whole = float(y @ y)
        if whole == 0:
            continue
        others = np.column_stack([np.ones(n), np.delete(table, column, axis=1)])
        residual = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
        rest = float(residual @ residual) / whole
        found[column] = 1.0 / rest if rest > 1e-12 else np.inf
    return found


def coherence(scores: ArrayLike, tree: Tree) -> tuple[tuple[Coherence, ...], tuple[Notice, ...]]:
    """
    Tell for each theme and block how what it is made of hangs together.

    Parameters
    ----------
    scores : array_like, shape (rows, nodes)
        As in the result of a composite.
    tree : Tree

    Returns
    -------
    found : tuple of Coherence
        Of nodes with two scored children or more. Empty where there are too few rows.
    notices : tuple of Notice
        ``composite_few_for_coherence`` where there are too few rows.
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.shape[0] < LEAST_UNITS:
        why = Notice("composite_few_for_coherence", {"n": table.shape[0], "least": LEAST_UNITS})
        return (), (why,)
    found = []
    for node, children in zip(tree.aggregates, tree.children, strict=True):
        there = ~np.isnan(table[:, children])
        members = children[there.any(axis=0)]
        if members.size < 2:
            continue
        part = table[:, members]
        linked = correlations(part)
        is_enough = (~np.isnan(part)).all(axis=1).sum() >= LEAST_UNITS
        pairs = np.triu(np.ones(linked.r.shape, dtype=bool), 1)
        with np.errstate(invalid="ignore"):
            negative = pairs & (linked.r < 0) & (linked.p < 0.05)
        found.append(
            Coherence(
                key=node.key,
                children=tuple(tree.keys[place] for place in members),
                correlations=linked,
                alpha=cronbach_alpha(part) if is_enough else float("nan"),
                inflation=variance_inflation(part) if is_enough else np.full(members.size, np.nan),
                components=principal_components(part) if is_enough else None,
                n_negative=int(negative.sum()),
            )
        )
    return tuple(found), ()


def check_enough(n: int, what: str) -> None:
    """Refuse what says nothing below `LEAST_UNITS` rows."""
    if n < LEAST_UNITS:
        raise TooFewUnitsError(what=what, n=n, least=LEAST_UNITS)


def _complete(values: ArrayLike, what: str) -> Floats:
    table = np.asarray(values, dtype=np.float64)
    table = table[~np.isnan(table).any(axis=1)]
    check_enough(table.shape[0], what)
    return table


def _pearson(pair: Floats, *, by_rank: bool) -> float:
    if pair.shape[0] < 3:
        return float("nan")
    if by_rank:
        # Mean of the least and the greatest rank of a tie.
        low, n = ranks(pair)
        pair = (low + n + 1 - ranks(pair, -1.0)[0]) / 2
    gap = pair - pair.mean(axis=0)
    size = np.sqrt((gap * gap).sum(axis=0))
    if (size <= 1e-14 * np.abs(pair).max(axis=0)).any():
        return float("nan")
    return float(np.clip(gap[:, 0] @ gap[:, 1] / (size[0] * size[1]), -1.0, 1.0))

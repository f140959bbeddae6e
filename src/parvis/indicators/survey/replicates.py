"""How much do estimates vary over copies of a sample that each leave something out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.estimates import Note
from parvis.indicators.survey.design import Design
from parvis.indicators.survey.errors import ReplicatesError
from parvis.indicators.survey.weights import ZeroWeights, checked_weights

Floats = NDArray[np.float64]
Kind = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap"]
KINDS: tuple[Kind, ...] = ("JK1", "JKn", "BRR", "Fay", "bootstrap")


@dataclass(frozen=True, slots=True)
class ReplicateDesign:
    """
    A sample whose variance is told by replicate weights; make it by `replicate_design`.

    Attributes
    ----------
    weights : ndarray, shape (n,)
    replicates : ndarray, shape (n, n_replicates)
    scales : ndarray, shape (n_replicates,)
        What the squared distance of each replicate counts.
    around_estimate : bool
        Distances are from the estimate; otherwise from the mean of the replicates.
    df : float
    notes : tuple of Note
    """

    weights: Floats
    replicates: Floats
    scales: Floats
    around_estimate: bool
    df: float
    notes: tuple[Note, ...] = field(default=())

    @property
    def n_rows(self) -> int:
        """Rows of the sample."""
        return self.weights.size

    @property
    def has_zero(self) -> bool:
        """Whether rows were left out."""
        return any(note.code == "survey_weights_left_out" for note in self.notes)

    def covariance(self, replicated: Floats, values: Floats) -> Floats:
        """
        Covariance of estimates.

        Parameters
        ----------
        replicated : ndarray, shape (n_replicates, k)
            The estimates under each replicate's weights.
        values : ndarray, shape (k,)
            The estimates.

        Returns
        -------
        ndarray, shape (k, k)
        """
        middle = values if self.around_estimate else replicated.mean(axis=0)
        away = replicated - middle
        return np.asarray((away * self.scales[:, None]).T @ away)

    def reweighted(self, weights: Floats, replicates: Floats, note: Note) -> "ReplicateDesign":
        """Return the same sample with other weights."""
        return replace(self, weights=weights, replicates=replicates, notes=(*self.notes, note))


def replicate_design(
    weights: ArrayLike,
    replicates: ArrayLike,
    *,
    kind: Kind,
    scales: Sequence[float] | None = None,
    fay: float = 0.0,
    df: float | None = None,
    around_estimate: bool = False,
    zero_weights: ZeroWeights | str = ZeroWeights.REFUSE,
) -> ReplicateDesign:
    """
    Describe a sample by its replicate weights.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Persons each row stands for, > 0.
    replicates : array_like, shape (n, n_replicates)
        Weights of each replicate, >= 0; not multipliers.
    kind : {'JK1', 'JKn', 'BRR', 'Fay', 'bootstrap'}
    scales : sequence of float, optional
        What the squared distance of each replicate counts. Needed for JKn: ``(n_h - 1)/n_h`` of the
        replicate's stratum. Otherwise ``(R - 1)/R`` for JK1, ``1/R`` for BRR, ``1/(R (1 - fay)²)``
        for Fay and ``1/(R - 1)`` for the bootstrap [1]_.
    fay : float
        Fay's factor, 0 to less than 1.
    df : float, optional
        Degrees of freedom; replicates less one by default, which is too many where replicates
        outnumber the clusters.
    around_estimate : bool
    zero_weights : ZeroWeights

    Returns
    -------
    ReplicateDesign

    Raises
    ------
    ReplicatesError, WeightMissingError, WeightZeroError

    References
    ----------
    .. [1] K. M. Wolter, "Introduction to Variance Estimation", 2nd edition, 2007, chapters 3 to 5.
    """
    weighted, notes = checked_weights(weights, ZeroWeights(zero_weights))
    copies = np.asarray(replicates, dtype=np.float64)
    if copies.ndim != 2 or copies.shape[0] != weighted.size or copies.shape[1] < 2:
        raise ReplicatesError(problem="as many rows as the sample and two columns are needed")
    if not np.isfinite(copies).all() or (copies < 0.0).any():
        raise ReplicatesError(problem="a weight is missing or negative")
    n = copies.shape[1]
    if scales is None:
        if kind == "JKn":
            raise ReplicatesError(problem="JKn needs the scale of each replicate")
        if not 0.0 <= fay < 1.0:
            raise ReplicatesError(problem="Fay's factor lies from 0 to below 1")
        each = {
            "JK1": (n - 1.0) / n,
            "BRR": 1.0 / n,
            "Fay": 1.0 / (n * (1.0 - fay) ** 2),
            "bootstrap": 1.0 / (n - 1.0),
        }[kind]
        counted = np.full(n, each)
    else:
        counted = np.asarray(scales, dtype=np.float64)
        if counted.shape != (n,) or not (counted >= 0.0).all():
            raise ReplicatesError(problem="each replicate needs one scale of at least zero")
    return ReplicateDesign(
        weighted, copies, counted, around_estimate, float(n - 1 if df is None else df), tuple(notes)
    )


def jackknife(design: Design) -> ReplicateDesign:
    """
    Return replicates that leave out one unit of the first stage each.

    Notes
    -----
    The others of its stratum count ``n_h/(n_h - 1)``; squared distances count
    ``(n_h - 1)/n_h (1 - f_h)`` [1]_. With one stratum it is the JK1, with several the JKn. Strata
    of one unit add nothing.

    References
    ----------
    .. [1] K. M. Wolter, "Introduction to Variance Estimation", 2nd edition, 2007, section 4.5.
    """
    stage = design.stages[0]
    row_unit = design.first[design.unit]
    row_stratum = stage.stratum[row_unit]
    left = np.flatnonzero(stage.sampled[stage.stratum] > 1)
    sampled = stage.sampled[stage.stratum[left]]
    raised = np.where(row_stratum[:, None] == stage.stratum[left], sampled / (sampled - 1.0), 1.0)
    copies = design.weights[:, None] * raised * (row_unit[:, None] != left)
    scales = (sampled - 1.0) / sampled * (1.0 - stage.fraction[stage.stratum[left]])
    return ReplicateDesign(design.weights, copies, scales, False, design.df, design.notes)


def bootstrap(design: Design, *, n_replicates: int = 500, seed: int) -> ReplicateDesign:
    """
    Return replicates that draw units of the first stage with replacement.

    Parameters
    ----------
    design : Design
        Known totals are not kept by the replicates: weight each again where that matters.
    n_replicates : int
    seed : int

    Notes
    -----
    ``n_h - 1`` of the `n_h` units of a stratum are drawn, and those drawn `m` times count
    ``m n_h/(n_h - 1)`` [1]_. Sampling fractions are not taken into account: variances are slightly
    too large where much of a stratum was sampled. Strata of one unit stay as they are.

    References
    ----------
    .. [1] J. N. K. Rao, C. F. J. Wu, K. Yue, "Some recent work on resampling methods for complex
       surveys", Survey Methodology 18, 1992, 209-217.
    """
    stage = design.stages[0]
    drawing = np.random.default_rng(seed)
    factors = np.ones((stage.stratum.size, n_replicates))
    for stratum in np.flatnonzero(stage.sampled > 1):
        units = np.flatnonzero(stage.stratum == stratum)
        n = units.size
        drawn = drawing.multinomial(n - 1, np.full(n, 1.0 / n), size=n_replicates)
        factors[units] = drawn.T * (n / (n - 1.0))
    copies = design.weights[:, None] * factors[design.first[design.unit]]
    scales = np.full(n_replicates, 1.0 / (n_replicates - 1.0))
    return ReplicateDesign(design.weights, copies, scales, False, design.df, design.notes)

"""Which other choices would have been as good, and how they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from parvis.indicators.composite.aggregate import LEAST_SHARE, How
from parvis.indicators.composite.means import NEED_POSITIVE, Aggregation
from parvis.indicators.composite.normalise import PERCENT, Normalisation, Scale
from parvis.indicators.composite.prepare import Imputation
from parvis.indicators.composite.score import FROM_ONE, Recipe
from parvis.indicators.composite.sobol import sobol_points
from parvis.indicators.composite.tree import Floats, Ints, Tree

DATA, MISSING, TREATMENT, NORMALISATION, WEIGHTS, AGGREGATION, OMISSION = (
    "data",
    "missing rule",
    "treatment",
    "normalisation",
    "weights",
    "aggregation",
    "omission",
)
Z_POINTS = Scale(mean=100.0, deviation=10.0)
"""Points of z-scores that stay above zero for up to a hundred units (Mazziotta-Pareto index)."""


@dataclass(frozen=True)
class Choices:
    """
    Alternatives of method; what is empty does not vary.

    Attributes
    ----------
    imputations : tuple of Imputation
        Gaps are filled from the values as they are, not from each draw.
    least_shares : tuple of float
    most_winsorised : tuple of int
    normalisations : tuple of (Normalisation, Scale)
    aggregations : tuple of Aggregation
        Of themes, blocks and the overall number alike.
    weight_spread : float
        Every weight is multiplied by ``1 + spread u`` with u uniform between -1 and 1. 0 to 1.
    weight_keys : tuple of str
        Nodes whose weights vary; all by default.
    raters : ndarray, shape (raters, nodes), or None
        Weights of raters, one of whom is drawn; takes the place of `weight_spread`.
    omits_one : bool
        Whether one indicator is left out, each as likely as none.
    """

    imputations: tuple[Imputation, ...] = ()
    least_shares: tuple[float, ...] = ()
    most_winsorised: tuple[int, ...] = ()
    normalisations: tuple[tuple[Normalisation, Scale], ...] = ()
    aggregations: tuple[Aggregation, ...] = ()
    weight_spread: float = 0.0
    weight_keys: tuple[str, ...] = ()
    raters: Floats | None = None
    omits_one: bool = False


@dataclass(frozen=True)
class Drawn:
    """
    States of each factor, by number of the state.

    Attributes
    ----------
    imputations : tuple of Imputation
        Alternatives that `imputation` counts through; the same for the others.
    imputation, treatment, normalisation, aggregation : ndarray of int, shape (states,)
    least_share : ndarray, shape (states,)
    weights : ndarray, shape (states, nodes)
    omitted : ndarray of int, shape (states,)
        Place of the indicator left out; -1 for none.
    """

    imputations: tuple[Imputation, ...]
    treatments: tuple[int, ...]
    normalisations: tuple[tuple[Normalisation, Scale], ...]
    hows: tuple[How, ...]
    imputation: Ints
    least_share: Floats
    treatment: Ints
    normalisation: Ints
    aggregation: Ints
    weights: Floats
    omitted: Ints


def varying(choices: Choices) -> tuple[str, ...]:
    """Return the names of the factors of method that vary."""
    has = {
        MISSING: len(choices.imputations) > 1 or len(choices.least_shares) > 1,
        TREATMENT: len(choices.most_winsorised) > 1,
        NORMALISATION: len(choices.normalisations) > 1,
        WEIGHTS: choices.weight_spread > 0 or choices.raters is not None,
        AGGREGATION: len(choices.aggregations) > 1,
        OMISSION: choices.omits_one,
    }
    return tuple(name for name, does in has.items() if does)


def draw_choices(
    choices: Choices, tree: Tree, base: Recipe, n: int, *, seed: int, halves: int = 1
) -> Drawn:
    """
    Draw states of all factors of method from a Sobol sequence.

    Parameters
    ----------
    choices : Choices
    tree : Tree
    base : Recipe
        Stands in for what does not vary.
    n : int
        Points of the sequence.
    seed : int
    halves : {1, 2}
        With 2, states 0 to n - 1 and n to 2 n - 1 are two independent samples (A and B).

    Returns
    -------
    Drawn
        With ``n * halves`` states.
    """
    k = len(tree.nodes)
    points = sobol_points(n, halves * (6 + k), seed=seed)
    u = np.concatenate(np.split(points, halves, axis=1))
    imputations = choices.imputations or (Imputation.NONE,)
    least = choices.least_shares or (base.how.rule.least_share,)
    treatments = choices.most_winsorised or (base.most_winsorised,)
    normalisations = choices.normalisations or ((base.normalisation, base.scale),)
    hows = tuple(
        replace(base.how, aggregation=each, overall=each if base.how.overall else None)
        for each in choices.aggregations
    ) or (base.how,)
    kinds = {each for how in hows for each in (how.aggregation, how.overall)}
    if kinds & NEED_POSITIVE:
        normalisations = tuple(
            (each, FROM_ONE if scale == PERCENT else scale) for each, scale in normalisations
        )
    gaps = _picked(u[:, 0], len(imputations) * len(least))
    return Drawn(
        imputations=imputations,
        treatments=treatments,
        normalisations=normalisations,
        hows=hows,
        imputation=gaps // len(least),
        least_share=np.array(least)[gaps % len(least)],
        treatment=_picked(u[:, 1], len(treatments)),
        normalisation=_picked(u[:, 2], len(normalisations)),
        aggregation=_picked(u[:, 3], len(hows)),
        weights=_weights(choices, tree, base, u[:, 4], u[:, 6:]),
        omitted=_omitted(choices, tree, u[:, 5]),
    )


def nominal_choices(tree: Tree, base: Recipe) -> Drawn:
    """Return one state: what was chosen."""
    return draw_choices(Choices(), tree, base, 1, seed=0)


def plausible_choices(
    method: Recipe, *, has_gaps: bool, varies_normalisation: bool = False
) -> Choices:
    """
    Return alternatives that are as good as `method` in most cases.

    Parameters
    ----------
    method : Recipe
    has_gaps : bool
        Whether values are missing.
    varies_normalisation : bool, default False
        Vary between min-max and z-scores, where `method` is one of them: their points are of
        different scales, so that only places can be read from the result. Goalposts were agreed
        on and do not vary.

    Returns
    -------
    Choices
        Weights vary by a quarter; means are arithmetic, generalised and geometric, which z-scores
        around zero cannot take; one indicator may be left out; with gaps, the share that must be
        there; with treatment, none of it.
    """
    is_spread = method.normalisation in (Normalisation.MIN_MAX, Normalisation.Z_SCORE)
    has_positive = method.normalisation is not Normalisation.Z_SCORE
    normalisations: tuple[tuple[Normalisation, Scale], ...] = ()
    if varies_normalisation and is_spread:
        normalisations = ((Normalisation.MIN_MAX, FROM_ONE), (Normalisation.Z_SCORE, Z_POINTS))
        has_positive = True
    means = (Aggregation.ARITHMETIC, Aggregation.GENERALISED, Aggregation.GEOMETRIC)
    return Choices(
        least_shares=(0.5, LEAST_SHARE, 0.8) if has_gaps else (),
        most_winsorised=(0, method.most_winsorised) if method.most_winsorised else (),
        normalisations=normalisations,
        aggregations=means if has_positive else (),
        weight_spread=0.25,
        omits_one=True,
    )


def chosen_factors(choices: Choices, words: Sequence[str]) -> Choices:
    """
    Return `choices` with only some factors left to vary.

    Parameters
    ----------
    choices : Choices
    words : sequence of str
        Of ``missing``, ``treatment``, ``normalisation``, ``weights``, ``aggregation``,
        ``omission``.

    Returns
    -------
    Choices
    """
    fields = {
        "missing": ("imputations", "least_shares"),
        "treatment": ("most_winsorised",),
        "normalisation": ("normalisations",),
        "weights": ("weight_spread", "weight_keys", "raters"),
        "aggregation": ("aggregations",),
        "omission": ("omits_one",),
    }
    kept = {name: getattr(choices, name) for word in words for name in fields[word]}
    return Choices(**kept)


def _picked(u: Floats, n: int) -> Ints:
    return np.minimum((u * n).astype(np.intp), n - 1)


def _weights(choices: Choices, tree: Tree, base: Recipe, u: Floats, noise: Floats) -> Floats:
    weights = tree.weights if base.weights is None else base.weights
    if choices.raters is not None:
        return choices.raters[_picked(u, choices.raters.shape[0])]
    if not choices.weight_spread:
        return np.broadcast_to(weights, (u.size, weights.size))
    takes = np.ones(weights.size)
    if choices.weight_keys:
        takes = np.array([float(key in choices.weight_keys) for key in tree.keys])
    return weights * (1 + choices.weight_spread * takes * (2 * noise - 1))


def _omitted(choices: Choices, tree: Tree, u: Floats) -> Ints:
    if not choices.omits_one:
        return np.full(u.size, -1, dtype=np.intp)
    can: Sequence[int] = [
        int(child)
        for children in tree.children
        if (scored := [c for c in children if c < tree.n_indicators and tree.is_scored[c]])
        and (len(scored) > 1 or len(children) > 1)
        for child in scored
        if tree.weights[child] > 0
    ]
    return np.array([-1, *can], dtype=np.intp)[_picked(u, len(can) + 1)]

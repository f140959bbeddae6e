"""How sure a score is, given the errors of the data and the choices of method."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from parvis.indicators.composite.choices import (
    DATA,
    Choices,
    draw_choices,
    nominal_choices,
    varying,
)
from parvis.indicators.composite.draws import DataErrors, draw_values
from parvis.indicators.composite.errors import (
    NodeUnknownError,
    NothingVariesError,
    ScoreMissingError,
)
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.prepare import Imputation, impute
from parvis.indicators.composite.ranks import standings
from parvis.indicators.composite.rows import Rows, as_values
from parvis.indicators.composite.runs import Setting, run
from parvis.indicators.composite.score import Recipe, check_overall
from parvis.indicators.composite.situations import Situation, check_normalisation, situation_of
from parvis.indicators.composite.sobol import Indices, check_draws, design, sobol_indices
from parvis.indicators.composite.tree import Bools, Floats, Tree
from parvis.indicators.composite.uncertain import Uncertainty, quantiles

N_DRAWS = 1_000
RANKS = "ranks"
"""Target of a sensitivity analysis: how far places move on average."""


def uncertainty(
    values: ArrayLike,
    tree: Tree,
    rows: Rows,
    *,
    method: Recipe,
    errors: Sequence[DataErrors] = (),
    choices: Choices | None = None,
    n_draws: int = N_DRAWS,
    seed: int = 0,
    unavailable: Bools | None = None,
    groups: Sequence[str] = (),
    situation: Situation | None = None,
) -> Uncertainty:
    """
    Draw data and choices, and tell what becomes of the scores.

    Parameters
    ----------
    values : array_like, shape (rows, indicators)
    tree : Tree
    rows : Rows
    method : Recipe
        What was chosen.
    errors : sequence of DataErrors, optional
        Values without any are taken as exact.
    choices : Choices, optional
    n_draws : int, default 1,000
        Of each kind: data alone, method alone, both. A power of two is best.
    seed : int, default 0
    unavailable : ndarray of bool, shape (rows, indicators), optional
    groups : sequence of str, length rows
        For imputations by group.
    situation : Situation, optional

    Returns
    -------
    Uncertainty

    Raises
    ------
    NothingVariesError
        If there are neither errors nor choices.
    """
    check_draws(n_draws)
    check_overall(method.how, tree)
    setting, notices = _setting(values, tree, rows, method, choices, unavailable, groups, situation)
    factors = varying(choices or Choices())
    if not factors and not errors:
        raise NothingVariesError
    chosen = nominal_choices(tree, method)
    nominal = run(setting, chosen, {}, 1)[0]
    every = np.arange(n_draws)
    drawn = draw_choices(choices or Choices(), tree, method, n_draws, seed=seed)
    kinds: dict[str, Floats] = {}
    if errors:
        noisy = _noisy(setting, errors, n_draws, seed)
        kinds["data"] = run(noisy, chosen, {DATA: every}, n_draws)
    if factors:
        kinds["method"] = run(setting, drawn, dict.fromkeys(factors, every), n_draws)
    if errors and factors:
        kinds["both"] = run(noisy, drawn, dict.fromkeys((DATA, *factors), every), n_draws)
    held = {kind: quantiles(scores) for kind, scores in kinds.items()}
    has_errors, n_exact, n_values = _covered(setting, errors)
    for kind in ("data", "both"):
        if kind in held:
            held[kind] = held[kind].only(has_errors)
    if errors and n_exact:
        notices = (*notices, Notice("composite_exact", {"n": n_exact, "of": n_values}))
    return Uncertainty(
        tree=tree,
        rows=rows,
        keys=tuple(tree.keys[place] for place in setting.keep),
        nominal=nominal,
        data=held.get("data"),
        method=held.get("method"),
        both=held.get("both"),
        draws=list(kinds.values())[-1],
        has_errors=has_errors,
        n_draws=n_draws,
        seed=seed,
        notices=notices,
    )


def sensitivity(
    values: ArrayLike,
    tree: Tree,
    rows: Rows,
    key: str,
    *,
    method: Recipe,
    errors: Sequence[DataErrors] = (),
    choices: Choices | None = None,
    target: str = RANKS,
    n_draws: int = 1_024,
    seed: int = 0,
    unavailable: Bools | None = None,
    groups: Sequence[str] = (),
    situation: Situation | None = None,
    coinr_compat: bool = False,
) -> Indices:
    """
    Tell which factor the spread of a score, or of places, is to blame on.

    Parameters
    ----------
    values, tree, rows, method, errors, choices, seed, unavailable, groups, situation
        As for :func:`uncertainty`.
    key : str
        Node whose scores are looked at.
    target : str, default 'ranks'
        ``ranks`` for the mean distance between the places drawn and the nominal ones, or the label
        of a row for its score.
    n_draws : int, default 1,024
        n of the design; n times (factors + 2) composites are computed. A power of two is best.
    coinr_compat : bool, default False
        See :func:`~parvis.indicators.composite.sobol.sobol_indices`.

    Returns
    -------
    Indices
        Factors are ``data`` (all errors together), ``missing rule``, ``treatment``,
        ``normalisation``, ``weights``, ``aggregation``, ``omission``: those that vary.

    Notes
    -----
    A factor may stand for many random numbers (all weights, all values): its index is that of the
    group. Choices come from a scrambled Sobol sequence, data from a pseudo-random generator. Draws
    without a score are left out of the mean of the places; a row without a score in any draw is
    refused.
    """
    check_draws(n_draws)
    check_overall(method.how, tree)
    setting, _ = _setting(values, tree, rows, method, choices, unavailable, groups, situation)
    known = [tree.keys[place] for place in setting.keep]
    if key not in known:
        raise NodeUnknownError(key=key, known=", ".join(known))
    if target not in (RANKS, *rows.labels):
        raise NodeUnknownError(key=target, known=", ".join((RANKS, *rows.labels)))
    factors = ((DATA,) if errors else ()) + varying(choices or Choices())
    if not factors:
        raise NothingVariesError
    setting = Setting(**{**vars(setting), "keep": np.array([tree.position[key]], dtype=np.intp)})
    nominal = run(setting, nominal_choices(tree, method), {}, 1)[0, :, 0]
    drawn = draw_choices(choices or Choices(), tree, method, n_draws, seed=seed, halves=2)
    states = design(n_draws, len(factors))
    if errors:
        setting = _noisy(setting, errors, 2 * n_draws, seed)
    by_factor = {factor: states[:, column] for column, factor in enumerate(factors)}
    scores = run(setting, drawn, by_factor, states.shape[0])[..., 0]
    if target == RANKS:
        shift = np.abs(standings(scores) - standings(nominal))
        there = ~np.isnan(shift)
        n = there.sum(axis=1)
        results = np.where(there, shift, 0.0).sum(axis=1) / np.maximum(n, 1)
    else:
        results = scores[:, rows.labels.index(target)]
        # A design with holes has no indices: where a draw has no score, its mean stands in.
        there = ~np.isnan(results)
        if not there.any():
            raise ScoreMissingError(row=target, key=key)
        results = np.where(there, results, results[there].mean())
    return sobol_indices(results, factors, seed=seed, coinr_compat=coinr_compat)


def _setting(
    values: ArrayLike,
    tree: Tree,
    rows: Rows,
    method: Recipe,
    choices: Choices | None,
    unavailable: Bools | None,
    groups: Sequence[str],
    situation: Situation | None,
) -> tuple[Setting, tuple[Notice, ...]]:
    table = as_values(values, tree, rows)
    where = situation or situation_of(rows)
    alternatives = choices or Choices()
    notices: list[Notice] = []
    for each in dict.fromkeys(
        (method.normalisation, *(kind for kind, _ in alternatives.normalisations))
    ):
        notices += check_normalisation(each, where)
    if len(set(alternatives.normalisations)) > 1:
        notices.append(Notice("composite_scales_differ"))
    filled: Mapping[Imputation, Floats] = {
        each: impute(table, tree, rows, method=each, groups=groups).values
        for each in alternatives.imputations
    }
    keep = np.array(
        [
            place
            for place, node in enumerate(tree.nodes)
            if not node.is_indicator and (method.how.overall or not node.is_overall)
        ],
        dtype=np.intp,
    )
    setting = Setting(tree, table[None], filled, method.frozen, unavailable, method.how.rule, keep)
    return setting, tuple(notices)


def _covered(setting: Setting, errors: Sequence[DataErrors]) -> tuple[Bools, int, int]:
    """Return which rows of which nodes have errors, and how many values have none, of how many."""
    tree, values = setting.tree, setting.values[0]
    covered = np.zeros(values.shape, dtype=bool)
    for source in errors:
        covered[source.rows, source.columns] = True
    there = ~np.isnan(values) & tree.is_scored
    leaves = [tree.leaves[place - tree.n_indicators] for place in setting.keep]
    known = np.stack([(covered & there)[:, each].any(axis=1) for each in leaves], axis=1)
    return known, int((there & ~covered).sum()), int(there.sum())


def _noisy(setting: Setting, errors: Sequence[DataErrors], n: int, seed: int) -> Setting:
    rng = np.random.default_rng((seed, 1))
    drawn = draw_values(setting.values[0], errors, n, rng)
    return Setting(**{**vars(setting), "values": drawn})

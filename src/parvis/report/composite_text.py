"""Composites and their uncertainty, as lines that a person reads and as documents for machines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.composite.coherence import Coherence, coherence
from parvis.indicators.composite.importance import importance
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.score import Composite, alongside
from parvis.indicators.composite.sobol import COVERED as INDEX_COVERED
from parvis.indicators.composite.sobol import Indices
from parvis.indicators.composite.uncertain import (
    COVERED,
    Interval,
    Moved,
    Movement,
    Uncertainty,
)
from parvis.report.messages import fill

N_SHOWN = 30
"""Longer tables are cut on the screen; the document has them whole."""
NOT_ENOUGH = "not enough data"
_WIDTH = 9

Floats = NDArray[np.float64]


def composite_document(
    result: Composite, names: Sequence[str], notices: Sequence[Notice] = ()
) -> dict[str, Any]:
    """Return a composite as numbers, text and None for what is not known."""
    tree, method = result.tree, result.method
    hung, reasons = coherence(result.scores, tree)
    by_other_means = alongside(result)
    return {
        "situation": result.situation.value,
        "method": {
            "normalisation": method.normalisation.value,
            "aggregation": method.how.aggregation.value,
            "overall": method.how.overall.value if method.how.overall else None,
            "most_winsorised": method.most_winsorised,
            "least_share": method.how.rule.least_share,
        },
        "nodes": [
            {
                "key": node.key,
                "name": node.name,
                "parent": node.parent,
                "is_indicator": node.is_indicator,
                "effective_weight": float(result.effective[place]),
            }
            for place, node in enumerate(tree.nodes)
        ],
        "rows": [
            {
                "unit": result.rows.units[row],
                "name": names[row],
                "period": result.rows.periods[row],
                "scores": _by_key(tree.keys, result.scores[row]),
                "shares": _by_key(
                    tree.keys[tree.n_indicators :], _above(result, result.shares)[row]
                ),
                "objective": _by_key(
                    tree.keys[tree.n_indicators :], _above(result, result.objective)[row]
                ),
                "subjective": _by_key(
                    tree.keys[tree.n_indicators :], _above(result, result.subjective)[row]
                ),
                "overall_by_other_means": {
                    mean: _number(scores[row]) for mean, scores in by_other_means.items()
                },
            }
            for row in range(len(result.rows))
        ],
        "coherence": [_coherence(each) for each in hung],
        "importance": _importance(result),
        "notices": _notices([*notices, *result.notices, *reasons]),
    }


def composite_lines(
    result: Composite, names: Sequence[str], notices: Sequence[Notice] = ()
) -> list[str]:
    """Return a table of themes and blocks, with the share of data behind the one on top."""
    tree = result.tree
    shown = [
        place
        for place in range(tree.n_indicators, len(tree.nodes))
        if result.method.how.overall or not tree.nodes[place].is_overall
    ]
    keys = [tree.keys[place] for place in shown]
    lines = [_row("", [*keys, "there"])]
    names_shown = {tree.keys[place] for place in shown}
    tops = [place for place in shown if tree.nodes[place].parent not in names_shown]
    for row in range(len(result.rows))[:N_SHOWN]:
        cells = [_cell(result.scores[row, place]) for place in shown]
        cells.append(f"{result.shares[row, tops].mean():.0%}")
        lines.append(_row(result.rows.labels[row], cells))
    lines += _rest(len(result.rows))
    if not all(names[row] == unit for row, unit in enumerate(result.rows.units)):
        lines.append("Units are shown by their code; --json has their names.")
    if np.isnan(result.scores[:, shown]).any():
        lines.append(f"–: {NOT_ENOUGH}")
    return [*lines, *_notices([*notices, *result.notices])]


def uncertainty_document(
    result: Uncertainty, key: str, indices: Indices | None, notices: Sequence[Notice] = ()
) -> dict[str, Any]:
    """Return scores with their intervals, changes, places and Sobol indices."""
    rows, places = result.places(key)
    return {
        "node": key,
        "n_draws": result.n_draws,
        "seed": result.seed,
        "covered": COVERED,
        "rows": [
            {
                "unit": result.rows.units[row],
                "period": result.rows.periods[row],
                "scores": {
                    name: {
                        "value": _number(result.nominal[row, place]),
                        "data": _interval(result.data, row, place),
                        "method": _interval(result.method, row, place),
                        "both": _interval(result.both, row, place),
                    }
                    for place, name in enumerate(result.keys)
                },
            }
            for row in range(len(result.rows))
        ],
        "places": [
            {
                "unit": result.rows.units[row],
                "low": _number(places[0, at]),
                "median": _number(places[1, at]),
                "high": _number(places[2, at]),
            }
            for at, row in enumerate(rows)
        ],
        "probability_above": {
            "units": [result.rows.units[row] for row in rows],
            "p": [[_number(p) for p in line] for line in result.exceeds(key)[np.ix_(rows, rows)]],
        },
        "share_of_pairs_ordered": _number(result.share_ordered(key)),
        "changes": [_movement(each) for each in result.movements(key)],
        "sensitivity": None if indices is None else _indices(indices),
        "notices": _notices([*notices, *result.notices]),
    }


def uncertainty_lines(
    result: Uncertainty, key: str, indices: Indices | None, notices: Sequence[Notice] = ()
) -> list[str]:
    """Return a table of scores with their intervals, then what is to blame for the spread."""
    place = result.keys.index(key)
    kinds = [
        (name, held)
        for name, held in (("data", result.data), ("method", result.method), ("both", result.both))
        if held is not None
    ]
    lines = [
        f"{key}, intervals that hold {COVERED:.0%} of {result.n_draws} draws",
        _row("", ["score", *(name for name, _ in kinds)], width=18),
    ]
    for row in range(len(result.rows))[:N_SHOWN]:
        cells = [_cell(result.nominal[row, place])]
        cells += [
            _range(float(held.low[row, place]), float(held.high[row, place])) for _, held in kinds
        ]
        lines.append(_row(result.rows.labels[row], cells, width=18))
    lines += _rest(len(result.rows))
    for each in result.movements(key)[:N_SHOWN]:
        said = f"{each.unit}: {each.verdict.value}, {each.before} to {each.after}"
        if each.verdict is not Moved.NO_DATA:
            said += f" ({each.change:+.1f}"
            if each.verdict is not Moved.NO_ERRORS:
                said += f", {each.low:+.1f} to {each.high:+.1f}"
                said += f"; probability that it rose {each.p_rose:.0%}"
            said += ")"
        lines.append(said)
    ordered = result.share_ordered(key)
    if not np.isnan(ordered):
        aside = "" if result.has_errors.any() else ", errors of data left aside"
        lines.append(f"Pairs whose order is {COVERED:.0%} sure{aside}: {ordered:.0%}")
    if indices is not None:
        lines.append(_row("What the spread is due to", ["alone", "with others"], width=18))
        lines += [
            _row(factor, [f"{first:.2f}", f"{total:.2f}"], width=18)
            for factor, first, total in zip(
                indices.factors, indices.first, indices.total, strict=True
            )
        ]
        if not indices.has_converged:
            lines.append("These shares have not converged: ask for more draws.")
    return [*lines, *_notices([*notices, *result.notices])]


def _importance(result: Composite) -> list[dict[str, Any]]:
    """Return effective importance for each node with enough rows."""
    tree = result.tree
    found = []
    for node in tree.aggregates:
        scores = result.of(node.key)
        if (~np.isnan(scores)).sum() < 10:
            continue
        told = importance(result.scores, tree, node.key, weights=result.method.weights)
        found.append(
            {
                "node": node.key,
                "below": [
                    {
                        "key": key,
                        "nominal": _number(told.nominal[place]),
                        "linear": _number(told.linear[place]),
                        "correlation_ratio": _number(told.ratio[place]),
                    }
                    for place, key in enumerate(told.keys)
                ],
            }
        )
    return found


def _coherence(each: Coherence) -> dict[str, Any]:
    return {
        "node": each.key,
        "children": list(each.children),
        "alpha": _number(each.alpha),
        "correlations": [[_number(r) for r in line] for line in each.correlations.r],
        "variance_inflation": [_number(v) for v in each.inflation],
        "components": None
        if each.components is None
        else [_number(share) for share in each.components.shares],
        "n_negative_pairs": each.n_negative,
    }


def _indices(indices: Indices) -> dict[str, Any]:
    return {
        "covered": INDEX_COVERED,
        "has_converged": indices.has_converged,
        "change_from_half": _number(indices.change),
        "factors": [
            {
                "factor": factor,
                "first": _number(indices.first[at]),
                "first_interval": [_number(end) for end in indices.first_interval[at]],
                "total": _number(indices.total[at]),
                "total_interval": [_number(end) for end in indices.total_interval[at]],
            }
            for at, factor in enumerate(indices.factors)
        ],
    }


def _movement(each: Movement) -> dict[str, Any]:
    return {
        "unit": each.unit,
        "from": each.before,
        "to": each.after,
        "change": _number(each.change),
        "low": _number(each.low),
        "high": _number(each.high),
        "probability_rose": _number(each.p_rose),
        "verdict": each.verdict.value,
    }


def _interval(held: Interval | None, row: int, place: int) -> dict[str, float | None] | None:
    if held is None:
        return None
    return {
        "low": _number(held.low[row, place]),
        "median": _number(held.median[row, place]),
        "high": _number(held.high[row, place]),
    }


def _above(result: Composite, table: Floats) -> Floats:
    return table[:, result.tree.n_indicators :]


def _by_key(keys: Sequence[str], values: Floats) -> dict[str, float | None]:
    return {key: _number(value) for key, value in zip(keys, values, strict=True)}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _cell(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.1f}"


def _range(low: float, high: float) -> str:
    return "–" if np.isnan(low) else f"{low:.1f} to {high:.1f}"


def _row(label: str, cells: Sequence[str], *, width: int = _WIDTH) -> str:
    return f"{label[:26]:<26}" + "".join(f"{cell[: width - 1]:>{width}}" for cell in cells)


def _rest(n: int) -> list[str]:
    return [f"… and {n - N_SHOWN} more; --json has all"] if n > N_SHOWN else []


def _notices(notices: Sequence[Notice]) -> list[str]:
    return list(dict.fromkeys(fill(each.code, each.details) for each in notices))

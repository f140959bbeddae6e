"""Which estimate stands behind an observation on a dashboard, and why there is none."""

import math
from dataclasses import replace
from statistics import NormalDist
from typing import TYPE_CHECKING

from parvis.errors import InputError
from parvis.indicators.computed import computed
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.survey.intervals import share_limits
from parvis.indicators.values import Observation

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

WITHHELD = frozenset({Flag.SUPPRESSED, Flag.CONFIDENTIAL})
COMPLETE = frozenset({"poisson", "complete"})
"""Error models of what is counted in full: no sample, so no sampling error."""
_NORMAL = float("inf")


def estimated(
    observation: Observation, indicator: "Indicator", *, level: float = LEVEL
) -> Estimate:
    """
    Return the estimate of an observation in the indicator's unit.

    Parameters
    ----------
    observation : Observation
    indicator : Indicator
    level : float

    Returns
    -------
    Estimate
        A standard error given for a value that is no count goes before numerator and denominator,
        which know nothing of weights. A value alone has no interval. A withheld value stays
        withheld, whatever else stands beside it.
    """
    if observation.value is None and observation.flag in WITHHELD:
        bare = Estimate(None, None, None, level=level, n=observation.n)
        return bare.withheld(Note("dashboard_withheld"), observation.flag)
    if observation.unit != indicator.unit:
        details = {"found": observation.unit, "expected": indicator.unit}
        bare = Estimate(None, None, None, level=level, n=observation.n)
        return bare.withheld(Note("dashboard_unit", details))
    found = None
    if observation.standard_error is None or indicator.error_model == "poisson":
        try:
            found = computed(observation, indicator, level=level)
        except InputError as error:
            bare = Estimate(None, None, None, level=level, n=observation.n)
            return bare.withheld(Note(error.code, error.details))
        if found is not None and is_register(indicator):
            found = _of_everybody(found)
    if found is None:
        found = _from_error(observation, indicator, level)
    if observation.flag is not Flag.NORMAL:
        found = found.marked([observation.flag])
    return found


def is_register(indicator: "Indicator") -> bool:
    """Return whether an indicator comes from records of everybody, never from a sample."""
    return "survey" not in indicator.sources


def is_complete(indicator: "Indicator", observation: Observation | None = None) -> bool:
    """Return whether everything was counted, so that nothing was sampled."""
    if not is_register(indicator):
        return False
    if indicator.error_model == "weighted_share" and observation is not None:
        return observation.standard_error is None and observation.numerator is not None
    return indicator.error_model in COMPLETE


def _of_everybody(found: Estimate) -> Estimate:
    """Return a share of a register without what is said of shares of a sample."""
    return replace(
        found,
        flags=tuple(flag for flag in found.flags if flag is not Flag.ESTIMATED),
        notes=tuple(note for note in found.notes if note.code != "indicator_unweighted"),
    )


def _from_error(observation: Observation, indicator: "Indicator", level: float) -> Estimate:
    value, error = observation.value, observation.standard_error
    bare = Estimate(value, None, None, level=level, n=observation.n)
    if value is None:
        return bare.marked((), [Note("dashboard_no_value")])
    if indicator.min_n is not None and observation.n is not None:
        few = 0 < observation.n < indicator.min_n
        if few:
            details = {"n": observation.n, "least": indicator.min_n}
            return bare.withheld(Note("indicator_few", details))
    if error is None or not error > 0.0:
        is_known = indicator.error_model == "complete"
        return bare if is_known else bare.marked((), [Note("dashboard_no_error")])
    low, high, method = _limits(value, error, indicator, level)
    return Estimate(value, low, high, level, error, observation.n, method=method)


def _limits(
    value: float, error: float, indicator: "Indicator", level: float
) -> tuple[float, float, Method]:
    """Return limits that lie where the indicator's values lie; logit limits for shares."""
    scale = indicator.multiplier
    if indicator.error_model == "weighted_share" and scale and 0.0 < value / scale < 1.0:
        share = value / scale
        low, high = share_limits(
            share, error / scale, df=_NORMAL, n=1, level=level, method=Method.LOGIT
        )
        return low * scale, high * scale, Method.LOGIT
    away = NormalDist().inv_cdf(0.5 + level / 2.0) * error
    least = -math.inf if indicator.bounds.low is None else indicator.bounds.low
    most = math.inf if indicator.bounds.high is None else indicator.bounds.high
    return max(value - away, least), min(value + away, most), Method.WALD

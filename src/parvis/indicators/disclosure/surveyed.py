"""What of a survey value can be shown by the publication rules, with an interval if it has none."""

from typing import TYPE_CHECKING

import numpy as np

from parvis.indicators.estimates import Estimate, Flag, Method
from parvis.indicators.limits import wilson_limits
from parvis.indicators.survey.publication import Rule, publication
from parvis.indicators.values import Observation

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

NORMAL_975 = 1.959963984540054


def as_may_be_shown(
    observation: Observation,
    found: Estimate | None,
    indicator: "Indicator",
    rule: Rule | str,
) -> Estimate:
    """
    Return a survey value as the publication rule lets it be shown, in the indicator's unit.

    Parameters
    ----------
    observation : Observation
    found : Estimate or None
        What follows from its numerator and denominator.
    indicator : Indicator
    rule : Rule
    """
    is_share = indicator.error_model == "weighted_share"
    scale = indicator.multiplier or 100.0 if is_share else 1.0
    if found is None:
        found = _with_interval(observation, is_share=is_share, scale=scale)
    elif not found.is_refused:
        found = found.scaled(1.0 / scale)
    judged = publication(found, rule=rule, is_share=is_share).estimate
    return judged if judged.is_refused else judged.scaled(scale)


def _with_interval(observation: Observation, *, is_share: bool, scale: float) -> Estimate:
    value, error, n = observation.value, observation.standard_error, observation.n
    flags = () if observation.flag is Flag.NORMAL else (observation.flag,)
    if value is None:
        return Estimate(None, None, None, n=n, flags=flags)
    value /= scale
    if is_share and n and 0.0 <= value <= 1.0:
        effective = float(n)
        if error and 0.0 < value < 1.0:
            effective = min(effective, value * (1.0 - value) / (error / scale) ** 2)
        low, high = wilson_limits(value * effective, effective)
        return Estimate(
            value,
            float(np.ravel(low)[0]),
            float(np.ravel(high)[0]),
            standard_error=None if error is None else error / scale,
            n=n,
            n_effective=effective,
            method=Method.WILSON if not error else Method.WILSON_KISH,
            flags=flags,
        )
    if error is None:
        return Estimate(value, None, None, n=n, flags=flags)
    far = NORMAL_975 * error / scale
    return Estimate(
        value, value - far, value + far, standard_error=error / scale, n=n,
        method=Method.WALD, flags=flags,
    )  # fmt: skip

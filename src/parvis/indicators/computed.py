"""Which estimate follows from a numerator and a denominator, by the catalogue's error model."""

from typing import TYPE_CHECKING

from parvis.indicators.estimates import LEVEL, Estimate, Flag, Note
from parvis.indicators.rates import crude_rate, proportion
from parvis.indicators.values import Observation

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator


def computed(
    observation: Observation, indicator: "Indicator", *, level: float = LEVEL
) -> Estimate | None:
    """
    Return the estimate of an observation in the indicator's unit.

    Parameters
    ----------
    observation : Observation
    indicator : Indicator
    level : float

    Returns
    -------
    Estimate or None
        None where the observation has no numerator and denominator, or the indicator is no ratio.
        Shares of a sample are taken as unweighted and say so; audited places have no interval
        without the places themselves; complete counts have no sampling error. Below the
        catalogue's least number the figures are withheld.

    Raises
    ------
    CountError, PopulationError, PopulationSmallerError, LevelError
    """
    above, below = observation.numerator, observation.denominator
    if above is None or below is None or indicator.multiplier is None:
        return None
    if indicator.error_model == "poisson":
        found = crude_rate(
            above,
            below,
            multiplier=indicator.multiplier,
            level=level,
            can_repeat=indicator.can_repeat,
        )
        n = int(above)
    elif indicator.error_model == "weighted_share":
        found = proportion(above, below, level=level).scaled(indicator.multiplier)
        found = found.marked([Flag.ESTIMATED], [Note("indicator_unweighted")])
        n = int(below)
    else:
        value = above / below * indicator.multiplier
        found = Estimate(value=value, low=None, high=None, level=level, n=observation.n)
        if indicator.error_model != "complete":
            found = found.marked((), [Note("indicator_no_interval")])
        return found
    if observation.flag is not Flag.NORMAL:
        found = found.marked([observation.flag])
    if indicator.min_n is not None and 0 < n < indicator.min_n:
        found = found.withheld(Note("indicator_few", {"n": n, "least": indicator.min_n}))
    return found

"""Which count stands behind an observation, and of how many people."""

from typing import TYPE_CHECKING

from parvis.indicators.disclosure.model import Cell
from parvis.indicators.disclosure.rules import Rules
from parvis.indicators.values import Observation

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

PART_OF_GROUP = ("complete", "weighted_share")
"""Error models whose numerator is a part of its denominator."""
PERSONS = "persons"


def cell_of(
    observation: Observation,
    indicator: "Indicator",
    rules: Rules,
    *,
    is_wanted: bool,
    is_standardised: bool,
) -> Cell | None:
    """Return the count behind an observation; None where there is none, or not of people."""
    if observation.indicator in rules.things:
        return None
    above, below = observation.numerator, observation.denominator
    count: float | None = None
    group: int | None = None
    if above is not None and indicator.is_ratio:
        count = above
        if indicator.error_model in PART_OF_GROUP and below is not None and below == int(below):
            group = int(below)
    elif indicator.unit == PERSONS:
        count = observation.value
    elif _is_sensitive_share(observation, indicator, rules):
        group = observation.n
        count = float(round((observation.value or 0.0) / 100.0 * (group or 0)))
    if count is None or count < 0 or count != int(count):
        return None
    if group is not None and group < count:
        group = None
    return Cell(
        key=observation.key,
        count=int(count),
        group=group,
        is_wanted=is_wanted,
        is_standardised=is_standardised,
    )


def _is_sensitive_share(observation: Observation, indicator: "Indicator", rules: Rules) -> bool:
    return (
        observation.indicator in rules.sensitive
        and indicator.error_model == "weighted_share"
        and observation.n is not None
        and observation.value is not None
    )

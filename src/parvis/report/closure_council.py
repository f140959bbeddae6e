"""What of a closure plan may be published? Kinds of measures, their cost, effects on openness."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from parvis.closure.results import ClosurePlan, ClosureResult
from parvis.openness.results import Check
from parvis.report.closure_speech import all_checks

PERMANENCE = ("temporary", "semi_permanent", "permanent")
STEPS = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Public amounts are these numbers times a power of ten: nothing exact can be worked back."""

SHARE_STEP = 5
"""Shares of people are said in steps of this many per cent, downwards."""

YARDSTICKS: dict[str, tuple[str, ...]] = {
    "walking": ("accessible_width", "contrast", "visible_height"),
    "leaving": ("egress_flow",),
    "emergency": ("emergency_access",),
    "cycling": ("cycle_passage",),
    "markets": (),
    "transport": ("tram",),
    "trees": ("tree_roots",),
    "looks": (),
    "upkeep": (),
}
"""Yardsticks of the council paper, in its order, with the checks that answer them."""

CENTS = 100


@dataclass(frozen=True, slots=True)
class PublicOptions:
    """
    All that the council paper is told of a closure plan.

    Attributes
    ----------
    costs : mapping of str to (int, int, str) or None
        By permanence: low, high in whole units of the currency, rounded outwards to coarse steps;
        None where the price list has nothing of that sort.
    answers : mapping of str to str
        By yardstick: ``kept``, ``solve``, ``check`` or ``ask``.
    egress_kept : int or None
        Share of people who can leave a minute with the elements standing. [%], rounded down.
    """

    costs: Mapping[str, tuple[int, int, str] | None]
    answers: Mapping[str, str]
    egress_kept: int | None


def public_options(result: ClosureResult) -> PublicOptions:
    """
    Return what may be published of a closure plan.

    No line, place, number, width, rating, gap or class is in it, nor whether the place can be
    closed. The cost of a kind of measure is that of treating the whole place with it, whether or
    not it suffices everywhere: its absence would tell where it does not.

    Parameters
    ----------
    result : ClosureResult
        Its first plan is read.
    """
    plan = result.plans[0] if result.plans else None
    checks = all_checks(plan) if plan else ()
    return PublicOptions(
        costs={key: None if plan is None else _cost(plan, key) for key in PERMANENCE},
        answers={key: _answer(keys, checks) for key, keys in YARDSTICKS.items()},
        egress_kept=egress_kept(plan.checks if plan else ()),
    )


def _cost(plan: ClosurePlan, permanence: str) -> tuple[int, int, str] | None:
    low = high = 0
    currency = ""
    for item in plan.lines:
        costs = [
            option.cost
            for option in item.options
            if option.permanence == permanence and option.rating and option.cost is not None
        ]
        if item.line.is_existing or not costs:
            continue
        low += min(cost.low for cost in costs)
        high += max(cost.high for cost in costs)
        currency = costs[0].currency
    if not currency:
        return None
    return coarse(low / CENTS, is_high=False), coarse(high / CENTS, is_high=True), currency


def coarse(amount: float, *, is_high: bool) -> int:
    """
    Return an amount rounded to a coarse step.

    Examples
    --------
    >>> coarse(183_400, is_high=False), coarse(183_400, is_high=True)
    (150000, 200000)
    """
    if amount <= 0:
        return 0
    power = 10.0 ** math.floor(math.log10(amount) + 1e-12)
    share = amount / power
    fitting = [s for s in STEPS if (s >= share - 1e-9 if is_high else s <= share + 1e-9)]
    return round((min(fitting) if is_high else max(fitting)) * power)


def _answer(keys: tuple[str, ...], checks: tuple[Check, ...]) -> str:
    if not keys:
        return "ask"
    outcomes = {check.outcome for check in checks if check.key in keys}
    if "fail" in outcomes:
        return "solve"
    return "kept" if outcomes == {"pass"} else "check"


def egress_kept(checks: tuple[Check, ...]) -> int | None:
    """Return how many per cent of people can still leave in a minute, None where not known."""
    lost = next((c.details.get("lost") for c in checks if c.key == "egress_flow"), None)
    if lost is None:
        return None
    return math.floor(100 * (1.0 - float(lost)) / SHARE_STEP + 1e-9) * SHARE_STEP

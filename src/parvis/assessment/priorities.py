"""Which measures come first: by dominance, never by a product of ordinal levels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from parvis.assessment.findings import SEVERITIES
from parvis.assessment.results import At, FindingResult
from parvis.packs.framework_models import Framework
from parvis.packs.framework_scores import Cost, Measure

GRADES = ("weak", "moderate", "strong")


@dataclass(frozen=True, slots=True)
class Priority:
    """
    A measure that findings call for.

    Attributes
    ----------
    measure : str
    findings : tuple of (str, tuple of str)
        Findings that it answers, with their slices.
    reach : tuple of int
        How many of these are of high, medium and low severity and information.
    front : int
        1 where no other measure dominates it, 2 where only measures of the first front do, …
    dominated_by : tuple of str
        Measures that answer at least as much at no higher cost and with no weaker evidence, and
        are better in one of these.
    """

    measure: str
    findings: tuple[tuple[str, At], ...]
    reach: tuple[int, ...]
    front: int
    dominated_by: tuple[str, ...]


def priorities(framework: Framework, findings: Iterable[FindingResult]) -> tuple[Priority, ...]:
    """
    Put the measures that findings call for in order.

    One measure reaches as far as another when it answers as many findings of high severity, as
    many of high or medium, and so on down. Costs are compared in the same currency and unit, and
    only where the ranges do not overlap or are the same; the strength of evidence only where it
    is known. What cannot be compared dominates nothing.

    Parameters
    ----------
    framework : Framework
    findings : iterable of FindingResult

    Returns
    -------
    tuple of Priority
        Front by front, within a front in the framework's order.
    """
    told = list(findings)
    answered = {
        measure.key: [finding for finding in told if measure.key in finding.measures]
        for measure in framework.measures
    }
    called = [measure for measure in framework.measures if answered[measure.key]]
    reach = {measure.key: _reach(answered[measure.key]) for measure in called}
    dominated_by = {
        measure.key: tuple(
            other.key
            for other in called
            if _dominates(other, measure, reach[other.key], reach[measure.key])
        )
        for measure in called
    }
    fronts: dict[str, int] = {}
    while len(fronts) < len(called):
        front = max(fronts.values(), default=0) + 1
        free = [
            m.key for m in called if m.key not in fronts and set(dominated_by[m.key]) <= set(fronts)
        ]
        fronts |= dict.fromkeys(free, front)
    return tuple(
        Priority(
            measure=measure.key,
            findings=tuple((finding.key, finding.at) for finding in answered[measure.key]),
            reach=reach[measure.key],
            front=fronts[measure.key],
            dominated_by=dominated_by[measure.key],
        )
        for measure in sorted(called, key=lambda known: fronts[known.key])
    )


def _reach(findings: Sequence[FindingResult]) -> tuple[int, ...]:
    severities = [finding.severity for finding in findings]
    return tuple(severities.count(severity) for severity in SEVERITIES)


def _dominates(
    first: Measure, second: Measure, reach: tuple[int, ...], other: tuple[int, ...]
) -> bool:
    """Whether `first` is as good in everything and better in something."""
    compared = (
        _compared_reach(reach, other),
        _compared_cost(first.cost, second.cost),
        _compared_evidence(first.effect_evidence, second.effect_evidence),
    )
    return all(each is not None and each >= 0 for each in compared) and any(compared)


def _compared_reach(first: tuple[int, ...], second: tuple[int, ...]) -> int | None:
    """Return 1 where the first reaches further, 0 as far, -1 less, None neither."""
    steps = [a - b for a, b in zip(accumulate(first), accumulate(second), strict=True)]
    if min(steps) < 0 < max(steps):
        return None
    return (max(steps) > 0) - (min(steps) < 0)


def _compared_cost(first: Cost | None, second: Cost | None) -> int | None:
    """Return 1 where the first is surely cheaper, 0 where both are the same or unknown."""
    if first is None or second is None:
        return 0 if first is second else None
    if (first.currency, first.unit) != (second.currency, second.unit):
        return None
    if (first.low, first.high) == (second.low, second.high):
        return 0
    return 1 if first.high <= second.low else -1 if second.high <= first.low else None


def _compared_evidence(first: str, second: str) -> int | None:
    """Return 1 where the first has stronger evidence, 0 where both have the same."""
    if first == second:
        return 0
    if "unknown" in (first, second):
        return None
    return 1 if GRADES.index(first) > GRADES.index(second) else -1

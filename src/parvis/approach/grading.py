"""Which inputs decide an access point, and how well they are known."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from parvis.approach.results import UncertainInput
from parvis.terms import Grade


def decisive_inputs(
    candidates: Iterable[UncertainInput],
    *,
    outcome: Callable[[Mapping[str, float]], tuple[bool, str]],
    unverified: Collection[str] = (),
) -> tuple[UncertainInput, ...]:
    """
    Select the inputs whose ±1 sigma changes existence or rating.

    Parameters
    ----------
    candidates : iterable of UncertainInput
        Inputs with a value; those with a NaN value are yes-or-no facts and always decide.
    outcome : callable
        Takes changes by key [m] and returns whether the access point exists and its rating.
    unverified : collection of str
        Keys of inputs whose very existence nobody has verified: they decide whatever their sigma.

    Returns
    -------
    tuple of UncertainInput
        In the order given.
    """
    base = outcome({})
    chosen = []
    for candidate in candidates:
        is_fact = math.isnan(candidate.value) or candidate.key in unverified
        changes = (-candidate.sigma, candidate.sigma)
        if is_fact or any(outcome({candidate.key: change}) != base for change in changes):
            chosen.append(candidate)
    return tuple(chosen)


def worst_grade(inputs: Sequence[UncertainInput], *, otherwise: Grade) -> Grade:
    """Return the worst grade among `inputs`, or `otherwise` where there is none."""
    return max((item.grade for item in inputs), default=otherwise)


def measuring_list(
    per_point: Mapping[int, Sequence[UncertainInput]],
) -> tuple[UncertainInput, ...]:
    """
    Merge the decisive inputs of all access points into one list.

    Parameters
    ----------
    per_point : mapping of access point number to inputs

    Returns
    -------
    tuple of UncertainInput
        Each key once with all access points it decides; worse grades first, then those that
        decide more access points, then by key. Inputs of grade A are measured and left out.
    """
    merged: dict[str, UncertainInput] = {}
    for number, inputs in per_point.items():
        for item in inputs:
            known = merged.get(item.key)
            numbers = {number} | set(known.access_points if known else ())
            merged[item.key] = UncertainInput(
                key=item.key,
                what=item.what,
                value=item.value,
                sigma=item.sigma,
                grade=item.grade,
                x=item.x,
                y=item.y,
                label=item.label,
                access_points=tuple(sorted(numbers)),
            )
    open_items = [item for item in merged.values() if item.grade is not Grade.A]
    return tuple(
        sorted(open_items, key=lambda item: (-item.grade, -len(item.access_points), item.key))
    )

"""Whether people on foot, with wheelchairs and on cycles get through what a barrier leaves open."""

from collections.abc import Sequence

from parvis.openness.results import Check, Outcome
from parvis.packs.closure_content import openness_requirements

TOLERANCE = 1e-9


def accessible_width(gaps: Sequence[float]) -> Check:
    """
    Check that at least one clear gap is an accessible passage.

    Parameters
    ----------
    gaps : sequence of float
        Clear, between faces; at least one. [m], >= 0

    Returns
    -------
    Check
        ``accessible_width``; the value is the widest gap. Details: ``n_gaps``, ``n_minimum`` (gaps
        that a person passes), ``narrowest`` and ``is_nominal``: the gap is as wide as people need
        and vehicles may get, so that no tolerance is left either way.

    Notes
    -----
    Widths from pack `openness-requirements`: 1,200 mm for an accessible passage, 900 mm past a
    single obstacle (quoted from BS 8300).

    Examples
    --------
    >>> check = accessible_width([1.04] * 5)
    >>> check.outcome, round(check.missing, 2)
    ('fail', 0.16)
    """
    needs = openness_requirements()
    widest = max(gaps)
    needed = needs["wheelchair_width"]
    return Check(
        key="accessible_width",
        outcome="pass" if widest >= needed - TOLERANCE else "fail",
        value=widest,
        needed=needed,
        unit="m",
        source="wheelchair_width",
        details={
            "n_gaps": len(gaps),
            "n_minimum": sum(gap >= needs["minimum_width"] - TOLERANCE for gap in gaps),
            "narrowest": min(gaps),
            "is_nominal": abs(widest - needed) <= TOLERANCE
            and abs(needed - needs["greatest_vehicle_gap"]) <= TOLERANCE,
        },
    )


def cycle_passage(gaps: Sequence[float]) -> Check:
    """
    Check that a cycle track or route gets through.

    Parameters
    ----------
    gaps : sequence of float
        Clear, between faces; at least one. [m], >= 0

    Returns
    -------
    Check
        ``cycle_passage``; the value is the widest gap. It fails on every line that stops vehicles,
        since 1.5 m (LTN 1/20) is more than the 1.2 m that does: an opening for cycles stays a
        residual gap.

    Examples
    --------
    >>> round(cycle_passage([1.2, 1.1]).missing, 2)
    0.3
    """
    widest = max(gaps)
    needed = openness_requirements()["cycle_width"]
    outcome: Outcome = "pass" if widest >= needed - TOLERANCE else "fail"
    return Check("cycle_passage", outcome, widest, needed, "m", "cycle_width")

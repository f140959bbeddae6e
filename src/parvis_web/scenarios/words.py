"""What codes of results, checks and failures are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis_web.ui import formats
from parvis_web.ui.errors import sentence_for

LARGEST_GAP = 3.0
"""Wider openings are said in metres, narrower ones in millimetres. [m]"""

POINT_STATES = {
    "same": gettext_lazy("as before"),
    "slower": gettext_lazy("slower"),
    "faster": gettext_lazy("faster"),
    "limit": gettext_lazy("only at the physical limit now"),
    "closed": gettext_lazy("closed"),
    "opened": gettext_lazy("newly open"),
    "part": gettext_lazy("now apart"),
}
STATE_KINDS = {"closed": "good", "slower": "good", "faster": "bad", "opened": "bad"}

CHANGE_NAMES = {
    "place_row": gettext_lazy("Row of barriers"),
    "add_barrier": gettext_lazy("Wall or kerb"),
    "narrow_mouth": gettext_lazy("Narrowed mouth"),
    "add_chicane": gettext_lazy("Chicane"),
    "remove_barrier": gettext_lazy("Barrier removed"),
    "replace_barrier": gettext_lazy("Barrier replaced"),
    "change_radius": gettext_lazy("Kerb radius"),
    "close_ground": gettext_lazy("Ground closed"),
    "open_ground": gettext_lazy("Ground opened"),
}

CHECKS = {
    "accessible_width": gettext_lazy("Wheelchairs: one gap of 1,200 mm"),
    "cycle_passage": gettext_lazy("Cycles: one gap of 1,500 mm"),
    "emergency_access": gettext_lazy("Fire and rescue vehicles get in"),
    "visible_height": gettext_lazy("High enough to be seen"),
    "contrast": gettext_lazy("Contrast with the ground"),
    "egress_flow": gettext_lazy("People get out in time"),
    "tram": gettext_lazy("Tram track: structure gauge"),
    "steps": gettext_lazy("Steps cross the line"),
    "structure": gettext_lazy("Stands on a bridge or over a tunnel"),
    "tree_roots": gettext_lazy("Tree roots nearby"),
    "utilities": gettext_lazy("Pipes and cables in the ground"),
}
OUTCOMES = {
    "pass": (gettext_lazy("kept"), "good"),
    "fail": (gettext_lazy("not kept"), "bad"),
    "verify": (gettext_lazy("to verify"), "warn"),
}

REASONS = {
    "above_tested_speeds": gettext_lazy("faster than barriers are tested at"),
    "no_tested_mass": gettext_lazy("no test with this mass"),
    "energy_below": gettext_lazy("tested with less energy"),
    "energy_only": gettext_lazy("tested with another vehicle; energy alone does not count"),
    "penetration_exceeds": gettext_lazy("too near to people for its penetration"),
    "unrated": gettext_lazy("never tested"),
    "angle_below": gettext_lazy("tested at a smaller angle"),
}

FAILURES = {
    "bench_killed": gettext_lazy(
        "The computation of this place was ended from outside. The next question prepares it again."
    ),
    "bench_late": gettext_lazy("The answer took too long. Ask again in a moment."),
    "bench_memory": gettext_lazy(
        "This place needs more memory than the what-if bench may take. "
        "Ask the operator to raise PARVIS_BENCH_MEMORY_MB, or choose fewer vehicle classes."
    ),
    "bench_city_changed": gettext_lazy(
        "The city's data changed a moment ago. Reload the page to work with the new state."
    ),
}


def failure(code: str, details: Mapping[str, Any]) -> str:
    """Return the sentence for a refusal or failure of the bench."""
    if code in FAILURES:
        return str(FAILURES[code])
    try:
        return sentence_for(code, details)
    except KeyError:
        return _("The question could not be answered. Try again, and tell the operator.")


def reason(code: str) -> str:
    """Return why something does not hold, in words."""
    return str(REASONS.get(code, code.replace("_", " ")))


def cost(told: Mapping[str, Any] | None) -> str:
    """Return a range of money, rounded outwards to hundreds."""
    if told is None:
        return "–"
    step = 100 * 100
    low = told["low_cents"] // step * 100
    high = -(-told["high_cents"] // step) * 100
    currency = told["currency"]
    return formats.between(formats.money(low, currency), formats.money(high, currency))


def check_value(check: Mapping[str, Any]) -> str:
    """Return what a check found, in its unit."""
    if check["value"] is None:
        return ""
    if check["unit"] == "m":
        is_gap = check["value"] < LARGEST_GAP
        return formats.millimetres(check["value"]) if is_gap else formats.metres(check["value"], 1)
    if check["unit"] == "persons/min":
        return _("%(number)s people a minute") % {"number": formats.number(check["value"])}
    return ""

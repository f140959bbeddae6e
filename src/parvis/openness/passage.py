"""Whether fire and rescue vehicles get in once what is operable is open."""

from parvis.openness.results import Check, Outcome
from parvis.openness.widths import TOLERANCE
from parvis.packs.closure_content import openness_requirements


def emergency_access(opened: float) -> Check:
    """
    Check the clear width of an opening for emergency vehicles.

    Parameters
    ----------
    opened : float
        Clear width once the operable elements are open. [m], >= 0

    Returns
    -------
    Check
        ``emergency_access``. The width needed is an editable figure of pack
        `openness-requirements` without a source: the rescue services' own figure governs.

    Examples
    --------
    >>> emergency_access(4.2).outcome
    'pass'
    """
    needed = openness_requirements()["emergency_width"]
    outcome: Outcome = "pass" if opened >= needed - TOLERANCE else "fail"
    return Check("emergency_access", outcome, opened, needed, "m", "emergency_width")

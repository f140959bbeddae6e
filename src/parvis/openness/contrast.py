"""Whether people with low vision notice the elements of a barrier."""

import math

from parvis.openness.results import Check, Outcome
from parvis.openness.widths import TOLERANCE
from parvis.packs.closure_content import openness_requirements


def contrast(element: float = math.nan, ground: float = math.nan) -> Check:
    """
    Check that an element stands out from the ground.

    Parameters
    ----------
    element, ground : float, optional
        Light reflectance of the element's surface and of the ground, as a share. [0, 1]; NaN where
        not measured.

    Returns
    -------
    Check
        ``contrast``; the value is the difference. ``verify`` where one of them is not measured.
        The difference needed is an unverified figure of pack `openness-requirements`.

    Examples
    --------
    >>> contrast(0.75, 0.25).outcome, contrast().outcome
    ('pass', 'verify')
    """
    needed = openness_requirements()["contrast"]
    difference = abs(element - ground)
    if math.isnan(difference):
        return Check("contrast", "verify", math.nan, needed, "1", "contrast")
    outcome: Outcome = "pass" if difference >= needed - TOLERANCE else "fail"
    return Check("contrast", outcome, difference, needed, "1", "contrast")


def visible_height(height: float) -> Check:
    """
    Check that a bollard is high enough to be seen.

    Parameters
    ----------
    height : float
        Above the ground. [m], >= 0

    Returns
    -------
    Check
        ``visible_height``; 1.0 m by the street design code of Surrey County Council.

    Examples
    --------
    >>> visible_height(0.6).outcome
    'fail'
    """
    needed = openness_requirements()["visible_height"]
    outcome: Outcome = "pass" if height >= needed - TOLERANCE else "fail"
    return Check("visible_height", outcome, height, needed, "m", "visible_height")

"""What a check of openness answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["pass", "fail", "verify"]


@dataclass(frozen=True, slots=True)
class Check:
    """
    One check of openness at one line or for the whole plan.

    Attributes
    ----------
    key : str
        Stable code, e.g. ``accessible_width``, ``egress_flow``, ``cycle_passage``,
        ``emergency_access``, ``tram``, ``tree_roots``, ``utilities``, ``contrast``.
    outcome : {"pass", "fail", "verify"}
        ``verify``: nobody can tell from the data at hand; the sentence says what to look at.
    value, needed : float
        What there is and what is asked for, in `unit`; NaN where the check is a yes or no.
    unit : str
        ``m``, ``persons/min``, ``1`` or "".
    source : str
        Key of the requirement in pack ``openness-requirements``.
    details : mapping
        Facts for the sentence.
    """

    key: str
    outcome: Outcome
    value: float
    needed: float
    unit: str
    source: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def missing(self) -> float:
        """By how much it fails, in `unit`; 0 where it passes or is to be verified."""
        return max(self.needed - self.value, 0.0) if self.outcome == "fail" else 0.0

"""How many people get out in what time in each phase, the widest way out lost."""

import math
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.events.exits import Exit, exits_of_phase
from parvis.events.layout import Layout
from parvis.events.mouths import find_mouths
from parvis.openness.egress import egress_check, egress_flow, egress_time
from parvis.openness.results import Check

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class PhaseEgress:
    """
    Ways out in one phase.

    Attributes
    ----------
    phase : str
    exits : tuple of Exit
        Gates open to the public and mouths, shut ones included.
    flow : float
        Through all of them. [persons min⁻¹]
    flow_left : float
        The widest one lost. [persons min⁻¹]
    widest : str
        Key of the one taken as lost, "" where nothing is open.
    people : int
        0 where nobody stated a number.
    time : float
        Until that number is out, the widest way lost. [s]; NaN without a number, inf where nothing
        is left.
    limit : float
        Stated for the event, else the normal egress time of pack ``openness-requirements``. [s]
    is_limit_stated : bool
    check : Check
        ``egress_flow``: against the mouths as they are without the layout.
    """

    phase: str
    exits: tuple[Exit, ...]
    flow: float
    flow_left: float
    widest: str
    people: int
    time: float
    limit: float
    is_limit_stated: bool
    check: Check

    @property
    def is_too_slow(self) -> bool:
        """Whether the people stated need longer than the limit."""
        return self.check.outcome == "fail"


def egress_of_phase(city: City, layout: Layout, phase: str, space: BaseGeometry) -> PhaseEgress:
    """
    Answer how people leave in one phase.

    Parameters
    ----------
    city : City
        Without the layout.
    layout : Layout
    phase : str
    space : shapely Polygon or MultiPolygon

    Raises
    ------
    KeyError
        If the layout has no such phase.

    Notes
    -----
    Flow alone: neither the way to the exits nor a crowd's reluctance to use the nearest one. On the
    level. Exits as `parvis.events.exits.exits_of_phase` finds them.
    """
    said = layout.phase(phase)
    exits = exits_of_phase(city, layout, phase, space)
    widths = [way.width for way in exits]
    natural = {f"M{mouth.number}": mouth.width for mouth in find_mouths(city, space)}
    is_stated = not math.isnan(said.leave_within)
    check = egress_check(
        [0.0 if way.is_gate else natural[way.key] for way in exits],
        widths,
        people=said.people or None,
        minutes=said.leave_within / SECONDS if is_stated else None,
    )
    widest = max(exits, key=lambda way: way.width, default=None)
    time = egress_time(said.people, widths, discount_largest=True) if said.people else math.nan
    return PhaseEgress(
        phase=phase,
        exits=exits,
        flow=egress_flow(widths),
        flow_left=egress_flow(widths, discount_largest=True),
        widest=widest.key if widest is not None and widest.width > 0 else "",
        people=said.people,
        time=time * SECONDS,
        limit=float(check.details["minutes"]) * SECONDS,
        is_limit_stated=is_stated,
        check=check,
    )

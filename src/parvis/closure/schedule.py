"""What is built at a line of a closure plan: options, choice, elements, checks and what stays."""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import ClassVar

from parvis.closure.elements import place_elements
from parvis.closure.options import Laid, line_options
from parvis.closure.residual import residual_risks
from parvis.closure.results import Element, RatedLine, ScheduledLine
from parvis.errors import InputError
from parvis.openness.contrast import contrast, visible_height
from parvis.openness.egress import egress_flow
from parvis.openness.passage import emergency_access
from parvis.openness.results import Check
from parvis.openness.site import LineContext, site_checks
from parvis.openness.widths import accessible_width, cycle_passage
from parvis.packs.closure_content import BarrierProducts, ProductFamily

_KINDS_SEEN_AS_POSTS = ("bollard", "rising_bollard")
NOTHING_KNOWN = LineContext()


class UnknownFamilyError(InputError):
    """The price list has no such family of products; details: name, known, near."""

    code: ClassVar[str] = "unknown_family"


def known_family(products: BarrierProducts, key: str) -> ProductFamily:
    """
    Return the family with a key.

    Raises
    ------
    UnknownFamilyError
        If it is not on the price list.
    """
    family = products.family(key)
    if family is None:
        known = [item.key for item in products.families]
        near = ", ".join(get_close_matches(key, known, n=1, cutoff=0.5))
        raise UnknownFamilyError(name=key, known=", ".join(known), near=near)
    return family


def schedule_line(
    line: RatedLine,
    *,
    products: BarrierProducts,
    context: LineContext = NOTHING_KNOWN,
    permanence: str = "permanent",
    choose: str = "",
    accepted_classes: Collection[str] = (),
) -> ScheduledLine:
    """
    Say what could be done at a line, choose a barrier and lay it out.

    Parameters
    ----------
    line : RatedLine
        With the classes that arrive there, its penetration limits and whether it must open.
    products : BarrierProducts
    context : LineContext, optional
        What stands at the line.
    permanence : {"permanent", "semi_permanent", "temporary", ""}, default "permanent"
        Which products may be chosen; "" for all. The options list them all.
    choose : str, optional
        Key of the family a planner picks, whatever it covers.
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.

    Returns
    -------
    ScheduledLine
        Chosen is the cheapest suitable barrier; where none covers every class, the one that covers
        most of them, and then the line holds only against those. Nothing is chosen where no
        product covers any class. An unrated product is chosen only if it is picked.

    Raises
    ------
    UnknownFamilyError
        If `choose` is not on the price list.
    RatingError
        If a rating on the price list cannot be read.
    """
    if choose:
        known_family(products, choose)
    laid = line_options(line, products, permanence=permanence, accepted_classes=accepted_classes)
    chosen = _choice(laid, permanence, choose)
    options = tuple(item.option for item in laid)
    if chosen < 0:
        risks = residual_risks(
            None, (), coverage=(), elements=(), context=context, accepted_classes=accepted_classes
        )
        checks = site_checks(context, needs_foundation=False)
        return ScheduledLine(line, options, -1, (), (), (), checks, risks)
    picked = laid[chosen]
    elements: tuple[Element, ...] = ()
    gaps: tuple[float, ...] = ()
    families: tuple[ProductFamily, ...] = ()
    if picked.row is not None and picked.family is not None:
        elements = place_elements(line.geometry, picked.row, picked.family, picked.opener)
        gaps = picked.row.gaps
        families = tuple(family for family in (picked.family, picked.opener) if family is not None)
    return ScheduledLine(
        line=line,
        options=options,
        chosen=chosen,
        elements=elements,
        gaps=gaps,
        coverage=picked.option.coverage,
        checks=_checks(line, picked, context),
        residual_risks=residual_risks(
            picked.option,
            families,
            coverage=picked.option.coverage,
            elements=elements,
            context=context,
            accepted_classes=accepted_classes,
        ),
    )


def opened_width(item: ScheduledLine) -> float:
    """
    Return the widest clear width of a line once what is operable is open.

    Parameters
    ----------
    item : ScheduledLine

    Returns
    -------
    float
        The whole width where nothing is laid out. [m]
    """
    if not item.elements:
        return item.line.width
    widest = along = item.gaps[0]
    for element, gap in zip(item.elements, item.gaps[1:], strict=True):
        along = along + element.length + gap if element.is_operable else gap
        widest = max(widest, along)
    return widest


def rescue_check(lines: Sequence[ScheduledLine]) -> Check:
    """
    Check that rescue vehicles get in at one line of a plan at least.

    Parameters
    ----------
    lines : sequence of ScheduledLine
        All lines of the plan, at least one.

    Returns
    -------
    Check
        ``emergency_access`` of the line that opens widest; details: ``line``, its number.
    """
    widest = max(lines, key=opened_width)
    return replace(emergency_access(opened_width(widest)), details={"line": widest.line.id})


def _choice(laid: Sequence[Laid], permanence: str, choose: str) -> int:
    """Return the index of what is laid out, -1 for nothing."""
    ranked = []
    for index, item in enumerate(laid):
        option = item.option
        if item.row is None or option.cost is None:
            continue
        if choose:
            if option.family == choose:
                return index
            continue
        n_held = sum(cover.holds for cover in option.coverage)
        is_barred = bool({"unrated", "no_operable_element"} & set(option.reasons))
        if permanence not in ("", option.permanence) or is_barred or not n_held:
            continue
        ranked.append((-n_held, option.cost.low + option.cost.high, index))
    return min(ranked)[-1] if ranked else -1


def _checks(line: RatedLine, picked: Laid, context: LineContext) -> tuple[Check, ...]:
    """Return what the laid out line does to the openness of the place."""
    family, row = picked.family, picked.row
    if family is None or row is None:
        return site_checks(context, needs_foundation=False)
    found = [accessible_width(row.gaps), _flow(line.width, sum(row.gaps))]
    if context.crosses_cycleway:
        found.append(cycle_passage(row.gaps))
    if line.keeps_emergency_access:
        found.append(emergency_access(row.opened))
    if row.lengths:
        found.append(contrast())
        if family.kind in _KINDS_SEEN_AS_POSTS:
            found.append(visible_height(family.height))
    needs_foundation = bool(row.lengths) and (
        family.needs_foundation or (picked.opener is not None and picked.opener.needs_foundation)
    )
    return (*found, *site_checks(context, needs_foundation=needs_foundation))


def _flow(before: float, after: float) -> Check:
    """Return the flow of people over the line; whether it is enough is a matter of the plan."""
    flow = egress_flow([after])
    details = {
        "before": egress_flow([before]),
        "after": flow,
        "lost": 1.0 - after / before if before > 0.0 else 0.0,
    }
    return Check(
        "egress_flow", "verify", flow, math.nan, "persons/min", "egress_flow_level", details
    )

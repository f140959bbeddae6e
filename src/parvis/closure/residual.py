"""Which risks stay at a line whatever the rating says."""

from collections.abc import Collection, Sequence

from parvis.closure.results import Coverage, Element, Option
from parvis.openness.site import LineContext
from parvis.packs.closure_content import (
    ProductFamily,
    load_residual_risks,
    load_streetscape_schemes,
)


def residual_risks(
    option: Option | None,
    families: Sequence[ProductFamily],
    *,
    coverage: Sequence[Coverage],
    elements: Sequence[Element],
    context: LineContext,
    accepted_classes: Collection[str] = (),
) -> tuple[str, ...]:
    """
    Return the residual risks to print with a line.

    Parameters
    ----------
    option : Option or None
        What is laid out; None for nothing.
    families : sequence of ProductFamily
        Of the elements laid out.
    coverage : sequence of Coverage
        Of what is laid out.
    elements : sequence of Element
    context : LineContext
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.

    Returns
    -------
    tuple of str
        Keys in pack ``residual-risks``, in pack order, never empty: those that always stand, those
        whose condition applies and those that the scheme names.
    """
    conditions = {"always"}
    if option is None or not elements:
        conditions.add("nothing_done")
    if elements:
        conditions.add("penetration")
    if any(element.is_operable for element in elements):
        conditions.add("operable")
    if any(not family.needs_foundation for family in families):
        conditions.add("surface_mounted")
    if any(family.permanence == "temporary" for family in families):
        conditions.add("temporary")
    if any(not family.is_rated for family in families):
        conditions.add("unrated")
    if not coverage or any(not item.holds for item in coverage):
        conditions.add("uncovered")
    if accepted_classes or any(item.reason == "front_geometry" for item in coverage):
        conditions.add("front_to_accept")
    if context.crosses_cycleway:
        conditions.add("cycle_gap")
    named = {
        risk
        for scheme in load_streetscape_schemes().entries
        if option is not None and scheme.key == option.scheme
        for risk in scheme.residual_risks
    }
    return tuple(
        risk.key
        for risk in load_residual_risks().entries
        if risk.condition in conditions or risk.key in named
    )

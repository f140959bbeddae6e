"""Which lines of several plans can be chosen from under stock and budget; what can be bought."""

from collections.abc import Iterable, Sequence

import shapely

from parvis.closure.results import ClosurePlan, Option, ScheduledLine
from parvis.closure.stock import Candidate, Offer
from parvis.packs.closure_content import BarrierProducts

SAME_LINE = 0.5
"""Lines of two plans that stay this near to each other all along are one. [m]"""


def candidate_lines(
    plans: Iterable[ClosurePlan],
    *,
    products: BarrierProducts | None = None,
    permanence: str = "",
) -> tuple[Candidate, ...]:
    """
    Return the lines of all plans once, each with the products that suffice there.

    Parameters
    ----------
    plans : iterable of ClosurePlan
        Of lines that occur in several plans the first plan's is taken.
    products : BarrierProducts, optional
        For the lead times; None: nothing is bought.
    permanence : {"permanent", "semi_permanent", "temporary", ""}, default ""
        Of what is bought; "" for any.

    Returns
    -------
    tuple of Candidate
        Named ``"cheapest/2"`` after plan and line. Costs are the upper end of the price range.
    """
    found: list[tuple[Candidate, shapely.LineString]] = []
    for plan in plans:
        for item in plan.lines:
            shape = shapely.LineString(item.line.geometry)
            if any(shapely.hausdorff_distance(shape, known) < SAME_LINE for _, known in found):
                continue
            offers = () if products is None else tuple(_offers(item, products, permanence))
            found.append((Candidate(f"{plan.key}/{item.line.id}", item.line, offers), shape))
    return tuple(candidate for candidate, _ in found)


def _offers(item: ScheduledLine, products: BarrierProducts, permanence: str) -> Iterable[Offer]:
    for option in item.options:
        family = products.family(option.family)
        if family is None or not option.is_suitable or not option.coverage:
            continue
        if permanence not in ("", option.permanence) or option.cost is None:
            continue
        opener = products.family(family.operable_with) if family.operable_with else None
        is_opening = item.line.keeps_emergency_access and not family.is_operable
        lead = [family.lead_days]
        if opener is not None and is_opening:
            lead.append(opener.lead_days)
        yield Offer(
            supply=family.key,
            kind=family.kind,
            rating="; ".join(_ratings(option)),
            n_elements=option.n_elements,
            gap=option.gap,
            cost=option.cost.high,
            lead_days=max(lead),
        )


def _ratings(option: Option) -> Sequence[str]:
    return sorted({cover.offered for cover in option.coverage})

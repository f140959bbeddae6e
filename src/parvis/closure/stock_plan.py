"""Which lines to close with what is in stock or can be bought by a day and for a sum."""

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from parvis.approach.layout import ACCESSIBLE_WIDTHS, LARGEST_CLEAR_GAP, bollard_layout
from parvis.approach.results import ClassAtPoint, Notice
from parvis.closure.coverage import cover_classes
from parvis.closure.results import RatedLine
from parvis.closure.rooms import Rooms
from parvis.closure.stock import (
    Assignment,
    Candidate,
    Offer,
    StayingOpen,
    StockItem,
    StockPlan,
    Unavailable,
)
from parvis.closure.stock_model import Solution, StockModel, impact_energy

INTERIM = ("staffed_heavy_vehicle", "changed_layout", "changed_hours", "smaller_event")
"""Keys in pack ``interim-measures`` for a line that stays open, most direct first."""
INTERIM_IN_TIME = "postponement"
"""Helps where waiting brings what is missing."""


def plan_with_stock(
    candidates: Sequence[Candidate],
    rooms: Rooms,
    *,
    stock: Sequence[StockItem],
    budget: int | None,
    needed_by: dt.date | None,
    today: dt.date,
    accepted_classes: Collection[str] = (),
    time_limit: float = 60.0,
) -> StockPlan:
    """
    Close the area with what can be had, at least cost; else leave the least open.

    Parameters
    ----------
    candidates : sequence of Candidate
        Lines of all plans at hand, with what could be bought for them.
    rooms : Rooms
        Of the ground cut by these lines.
    stock : sequence of StockItem
    budget : int, optional
        In cents.
    needed_by : date, optional
        What cannot stand on that day is not used.
    today : date
        Day of the order.
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.
    time_limit : float, default 60
        For each of the solver's steps. [s], > 0

    Returns
    -------
    StockPlan
        The same whatever the order of `candidates` and `stock`.

    Raises
    ------
    StockPlanTimeoutError
    NotEnclosedError
        If `rooms` has lines between its rooms that are not among `candidates`, and these matter.

    Notes
    -----
    Exact mixed-integer programme, solved by HiGHS. Each room has a reach y in [0, 1], 1 outside
    and 0 at the protected area; where a line lies between rooms u and v,
    ``|y_u - y_v| <= sum of offers taken there + 1 if the line stays open``. A line is closed with
    elements of one type only, since ratings are given for arrays of one product. First the impact
    energy (class with the greatest energy, at design speed) summed over lines left open is least,
    then the cost, then the number of elements. Lines where a barrier stands that holds are closed.
    """
    lines = sorted(candidates, key=lambda item: item.key)
    items = sorted(stock, key=lambda item: (item.row, item.kind, item.ratings, repr(item)))
    supplies = {f"stock/{row}": item for row, item in zip(_rows(items), items, strict=True)}
    days = math.inf if needed_by is None else (needed_by - today).days
    offered = [_offers(candidate, supplies, accepted_classes) for candidate in lines]
    in_time = [[offer for offer in offers if offer.lead_days <= days] for offers in offered]
    counts = {key: item.count for key, item in supplies.items()}
    model = StockModel(lines, rooms, in_time, counts, time_limit)
    found = model.solve(budget)
    least: int | None = None
    if found.is_open.any():
        whole = model.solve(None) if budget is not None else found
        least = None if whole.is_open.any() else model.cost(whole)
    assignments = tuple(
        Assignment(lines[model.line_of[index]].key, lines[model.line_of[index]].line.street, offer)
        for index, offer in enumerate(model.offers)
        if found.is_taken[index]
    )
    used: dict[str, int] = {}
    for item in assignments:
        used[item.offer.supply] = used.get(item.offer.supply, 0) + item.offer.n_elements
    context = _Context(supplies, used, least, accepted_classes)
    return StockPlan(
        assignments=assignments,
        staying_open=tuple(
            context.staying_open(lines[index], offered[index], in_time[index])
            for index in np.flatnonzero(found.is_open)
        ),
        unavailable=_unavailable(lines, supplies, offered, days, today, accepted_classes),
        cost=model.cost(found),
        energy_open=float(sum(impact_energy(lines[i].line) for i in np.flatnonzero(found.is_open))),
        budget=budget,
        today=today,
        needed_by=needed_by,
        least_cost_to_close=least if found.is_open.any() else model.cost(found),
        is_optimal=found.is_proved,
        gap=found.gap,
        notices=_notices(assignments, found, [lines[i].key for i in np.flatnonzero(found.is_open)]),
    )


def suffices(line: RatedLine, ratings: Sequence[str], accepted: Collection[str] = ()) -> bool:
    """Whether ratings that one product holds cover every class that arrives at a line."""
    covers = cover_classes(line.classes, ratings, accepted_classes=accepted)
    return bool(covers) and all(cover.holds for cover in covers)


def _rows(items: Sequence[StockItem]) -> Sequence[int]:
    """Return what to call items by: their rows in the list, else their order."""
    rows = [item.row for item in items]
    return rows if len({*rows, 0}) > len(rows) else range(1, len(rows) + 1)


def _governing(line: RatedLine) -> ClassAtPoint | None:
    return max(line.classes, key=lambda entry: entry.energy, default=None)


def _offers(
    candidate: Candidate, supplies: Mapping[str, StockItem], accepted: Collection[str]
) -> list[Offer]:
    """Return every way to close a line that its rating allows, in time or not."""
    line = candidate.line
    offers = []
    for key, item in supplies.items():
        if line.keeps_emergency_access and not item.is_operable:
            continue
        covers = cover_classes(line.classes, item.ratings, accepted_classes=accepted)
        if not covers or not all(cover.holds for cover in covers):
            continue
        layout = bollard_layout(line.width, diameter=item.length, max_gap=LARGEST_CLEAR_GAP)
        n = max(layout.count, 1)
        offers.append(
            Offer(
                supply=key,
                kind=item.kind,
                rating="; ".join(sorted({cover.offered for cover in covers})),
                n_elements=n,
                gap=layout.gap,
                cost=None if item.cost is None else n * item.cost,
                lead_days=item.lead_days,
            )
        )
    return offers + sorted(candidate.products, key=lambda offer: (offer.supply, repr(offer)))


@dataclass(frozen=True, slots=True)
class _Context:
    """What tells why a line stays open."""

    supplies: Mapping[str, StockItem]
    used: Mapping[str, int]
    least_cost: int | None
    accepted: Collection[str]

    def staying_open(
        self, candidate: Candidate, offered: Sequence[Offer], in_time: Sequence[Offer]
    ) -> StayingOpen:
        """Say why a line stays open and what helps meanwhile."""
        line = candidate.line
        governing = _governing(line)
        reason, n_needed, n_available = self._reason(line, offered, in_time)
        return StayingOpen(
            line=candidate.key,
            street=line.street,
            width=line.width,
            vehicle=governing.vehicle if governing is not None else "",
            energy=impact_energy(line),
            reason=reason,
            n_needed=n_needed,
            n_available=n_available,
            interim=(*INTERIM, *((INTERIM_IN_TIME,) if reason == "too_late" else ())),
        )

    def _reason(
        self, line: RatedLine, offered: Sequence[Offer], in_time: Sequence[Offer]
    ) -> tuple[str, int, int]:
        if any(not entry.required_rating for entry in line.classes):
            return "above_tested_speeds", 0, 0
        if not offered:
            items = self.supplies.values()
            rated = any(suffices(line, item.ratings, self.accepted) for item in items)
            return ("needs_operable" if rated else "no_rating_suffices"), 0, 0
        if not in_time:
            return "too_late", 0, 0
        if self.least_cost is not None:
            return "budget", 0, 0
        short = [
            (offer.n_elements - self._count(offer), offer.n_elements, self._count(offer))
            for offer in in_time
            if offer.supply in self.supplies
        ]
        if len(short) < len(in_time):
            return "budget", 0, 0
        missing, n_needed, n_available = min(short)
        if missing > 0:
            return "too_few_pieces", n_needed, n_available
        left = [(offer.n_elements, self._count(offer) - self.used.get(offer.supply, 0))
                for offer in in_time]  # fmt: skip
        n_needed, n_available = min(left, key=lambda pair: pair[0] - pair[1])
        return "pieces_used_elsewhere", n_needed, n_available

    def _count(self, offer: Offer) -> int:
        return self.supplies[offer.supply].count


def _unavailable(
    lines: Sequence[Candidate],
    supplies: Mapping[str, StockItem],
    offered: Sequence[Sequence[Offer]],
    days: float,
    today: dt.date,
    accepted: Collection[str],
) -> tuple[Unavailable, ...]:
    """List what is on offer and cannot be used, with the reason."""
    usable = {offer.supply for offers in offered for offer in offers}
    found = []
    for key, item in supplies.items():
        reason = ""
        if not item.ratings:
            reason = "unrated"
        elif item.count == 0:
            reason = "no_pieces"
        elif item.lead_days > days:
            reason = "too_late"
        elif key not in usable:
            is_rated = any(suffices(c.line, item.ratings, accepted) for c in lines)
            reason = "not_operable" if is_rated else "rating_too_low"
        if reason:
            ready = today + dt.timedelta(item.lead_days) if reason == "too_late" else None
            found.append(Unavailable(key, item.kind, reason, ready))
    late = {
        (offer.supply, offer.kind, offer.lead_days)
        for candidate in lines
        for offer in candidate.products
        if offer.lead_days > days
    }
    found += [
        Unavailable(supply, kind, "too_late", today + dt.timedelta(lead))
        for supply, kind, lead in sorted(late)
    ]
    return tuple(found)


def _notices(
    assignments: Sequence[Assignment], found: Solution, left_open: Sequence[str]
) -> tuple[Notice, ...]:
    notices = []
    without = [item for item in assignments if item.offer.cost is None]
    if without:
        kinds = ", ".join(sorted({item.offer.kind for item in without}))
        notices.append(Notice("stock_without_price", len(without), {"kinds": kinds}))
    narrow = [item for item in assignments if item.offer.gap < ACCESSIBLE_WIDTHS["minimum"]]
    if narrow:
        keys = ", ".join(item.line for item in narrow)
        notices.append(Notice("stock_narrow_gaps", len(narrow), {"lines": keys}))
    plans = {key.partition("/")[0] for key in (*left_open, *(item.line for item in assignments))}
    if len(plans) > 1:
        notices.append(Notice("stock_plan_mixes_plans", len(plans), {"plans": sorted(plans)}))
    if not found.is_proved:
        notices.append(Notice("stock_plan_not_proved", 1, {"gap": found.gap}))
    return tuple(notices)

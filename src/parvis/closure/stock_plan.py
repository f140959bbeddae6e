"""Which lines to close with what is in stock or can be bought by a day and for a sum."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from parvis.approach.layout import LARGEST_CLEAR_GAP, bollard_layout
from parvis.approach.ratings import Rating, match_rating, parse_rating
from parvis.approach.results import ClassAtPoint, Notice
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
from parvis.errors import LimitError

INTERIM = ("staffed_heavy_vehicle", "changed_layout", "changed_hours", "smaller_event")
"""Keys in pack ``interim-measures`` for a line that stays open, most direct first."""
INTERIM_IN_TIME = "postponement"
"""Helps where waiting brings what is missing."""
UNIT = 1000.0
"""Energies are compared in whole kilojoules, rounded up. [J]"""
_PROVED = 0


class StockPlanTimeoutError(LimitError):
    """The solver found no plan in the time it was given."""

    code: ClassVar[str] = "stock_plan_timeout"


@dataclass(frozen=True, slots=True)
class _Solution:
    """Lines left open, offers taken and how sure it is."""

    is_open: NDArray[np.bool_]
    is_taken: NDArray[np.bool_]
    is_proved: bool
    gap: float


def plan_with_stock(
    candidates: Sequence[Candidate],
    rooms: Rooms,
    *,
    stock: Sequence[StockItem],
    budget: int | None,
    needed_by: dt.date | None,
    today: dt.date,
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
    time_limit : float, default 60
        For each of the solver's steps. [s], > 0

    Returns
    -------
    StockPlan
        The same whatever the order of `candidates` and `stock`.

    Raises
    ------
    StockPlanTimeoutError

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
    offered = [_offers(candidate, supplies) for candidate in lines]
    in_time = [[offer for offer in offers if offer.lead_days <= days] for offers in offered]
    counts = {key: item.count for key, item in supplies.items()}
    model = _Model(lines, rooms, in_time, counts, time_limit)
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
    context = _Context(supplies, used, days, least)
    return StockPlan(
        assignments=assignments,
        staying_open=tuple(
            context.staying_open(lines[index], offered[index], in_time[index])
            for index in np.flatnonzero(found.is_open)
        ),
        unavailable=_unavailable(lines, supplies, offered, days, today),
        cost=model.cost(found),
        energy_open=float(sum(_energy(lines[i].line) for i in np.flatnonzero(found.is_open))),
        budget=budget,
        today=today,
        needed_by=needed_by,
        least_cost_to_close=least if found.is_open.any() else model.cost(found),
        is_optimal=found.is_proved,
        gap=found.gap,
        notices=_notices(assignments, found),
    )


def suffices(line: RatedLine, ratings: Sequence[str]) -> bool:
    """
    Whether ratings that one product holds cover every class that arrives at a line.

    Parameters
    ----------
    line : RatedLine
    ratings : sequence of str

    Notes
    -----
    By the match rule of ratings, with the penetration limit of the line; energy alone never does.
    """
    return bool(line.classes) and all(
        bool(entry.required_rating) and any(_covers(entry, text) for text in ratings)
        for entry in line.classes
    )


def _rows(items: Sequence[StockItem]) -> Sequence[int]:
    """Return what to call items by: their rows in the list, else their order."""
    rows = [item.row for item in items]
    return rows if len({*rows, 0}) > len(rows) else range(1, len(rows) + 1)


def _covers(entry: ClassAtPoint, text: str) -> bool:
    limit = entry.penetration_limit
    match = match_rating(
        _parsed(entry.required_rating),
        _parsed(text),
        penetration_limit=None if math.isnan(limit) else limit,
    )
    return match.is_acceptable


@cache
def _parsed(text: str) -> Rating:
    return parse_rating(text)


def _governing(line: RatedLine) -> ClassAtPoint | None:
    return max(line.classes, key=lambda entry: entry.energy, default=None)


def _energy(line: RatedLine) -> float:
    entry = _governing(line)
    return entry.energy if entry is not None else 0.0


def _offers(candidate: Candidate, supplies: Mapping[str, StockItem]) -> list[Offer]:
    """Return every way to close a line that its rating allows, in time or not."""
    line = candidate.line
    offers = []
    for key, item in supplies.items():
        if line.keeps_emergency_access and not item.is_operable:
            continue
        if not suffices(line, item.ratings):
            continue
        layout = bollard_layout(line.width, diameter=item.length, max_gap=LARGEST_CLEAR_GAP)
        n = max(layout.count, 1)
        offers.append(
            Offer(
                supply=key,
                kind=item.kind,
                rating="; ".join(item.ratings),
                n_elements=n,
                gap=layout.gap,
                cost=None if item.cost is None else n * item.cost,
                lead_days=item.lead_days,
            )
        )
    return offers + sorted(candidate.products, key=lambda offer: (offer.supply, repr(offer)))


class _Model:
    """Columns: one per offer, one per line that may stay open, one per room."""

    def __init__(
        self,
        lines: Sequence[Candidate],
        rooms: Rooms,
        in_time: Sequence[Sequence[Offer]],
        counts: Mapping[str, int],
        time_limit: float,
    ) -> None:
        self.offers = [offer for offers in in_time for offer in offers]
        self.line_of = [index for index, offers in enumerate(in_time) for _ in offers]
        self.n_offers, self.n_lines = len(self.offers), len(lines)
        self.n_columns = self.n_offers + self.n_lines + len(rooms.polygons)
        self.time_limit = time_limit
        self.cents = np.array([float(offer.cost or 0) for offer in self.offers])
        self.elements = np.array([float(offer.n_elements) for offer in self.offers])
        self.energy = np.array([max(math.ceil(_energy(c.line) / UNIT), 1.0) for c in lines])
        position = {candidate.key: index for index, candidate in enumerate(lines)}
        standing = {candidate.key for candidate in lines if candidate.line.is_existing}
        self.rows: list[tuple[dict[int, float], float]] = []
        for first, second, keys in rooms.doors:
            if standing.isdisjoint(keys):
                self._door(first, second, [position[key] for key in keys if key in position])
        for index in range(self.n_lines):
            row = dict.fromkeys(self._offers_at(index), 1.0)
            self.rows.append((row | {self.n_offers + index: 1.0}, 1.0))
        for supply, count in counts.items():
            row = {
                column: float(offer.n_elements)
                for column, offer in enumerate(self.offers)
                if offer.supply == supply
            }
            if row:
                self.rows.append((row, float(count)))
        self.low = np.zeros(self.n_columns)
        self.high = np.ones(self.n_columns)
        first_room = self.n_offers + self.n_lines
        for room in rooms.sources:
            self.low[first_room + room] = 1.0
        for room in rooms.sinks:
            self.high[first_room + room] = 0.0

    def _offers_at(self, line: int) -> list[int]:
        return [column for column, index in enumerate(self.line_of) if index == line]

    def _door(self, first: int, second: int, lines: Sequence[int]) -> None:
        held = {column: -1.0 for line in lines for column in self._offers_at(line)}
        held |= {self.n_offers + line: -1.0 for line in lines}
        room = self.n_offers + self.n_lines
        for there, back in ((first, second), (second, first)):
            self.rows.append((held | {room + there: 1.0, room + back: -1.0}, 0.0))

    def cost(self, found: _Solution) -> int:
        """Cost of the offers taken, in cents."""
        return int(self.cents @ found.is_taken)

    def solve(self, budget: int | None) -> _Solution:
        """Find the least left open, then the cheapest, then the fewest elements."""
        rows = list(self.rows)
        if budget is not None:
            rows.append((dict(enumerate(self.cents)), float(budget)))
        found: _Solution | None = None
        is_proved, gap = True, 0.0
        steps = ((self.n_offers, self.energy), (0, self.cents), (0, self.elements))
        for start, weights in steps:
            objective = np.zeros(self.n_columns)
            objective[start : start + len(weights)] = weights
            step = self._step(objective, rows)
            if step is None and found is None:
                raise StockPlanTimeoutError(seconds=f"{self.time_limit:g}")
            if step is None:
                is_proved = False
                break
            found = step
            is_proved, gap = is_proved and step.is_proved, max(gap, step.gap)
            chosen = np.concatenate([step.is_taken, step.is_open])[start : start + len(weights)]
            rows.append((dict(enumerate(weights, start=start)), float(weights @ chosen)))
        assert found is not None  # noqa: S101
        return _Solution(found.is_open, found.is_taken, is_proved, gap)

    def _step(
        self, objective: NDArray[np.float64], rows: Sequence[tuple[Mapping[int, float], float]]
    ) -> _Solution | None:
        columns = [column for row, _ in rows for column in row]
        values = [value for row, _ in rows for value in row.values()]
        ends = np.cumsum([0] + [len(row) for row, _ in rows])
        matrix = csr_array((values, columns, ends), shape=(len(rows), self.n_columns))
        integral = np.ones(self.n_columns, dtype=np.int64)
        integral[self.n_offers + self.n_lines :] = 0
        result = milp(
            objective,
            integrality=integral,
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(matrix, ub=np.array([most for _, most in rows])),
            options={"time_limit": self.time_limit, "mip_rel_gap": 0.0},
        )
        if result.x is None:
            return None
        is_on = result.x > 0.5
        return _Solution(
            is_open=is_on[self.n_offers : self.n_offers + self.n_lines],
            is_taken=is_on[: self.n_offers],
            is_proved=result.status == _PROVED,
            gap=float(result.mip_gap or 0.0),
        )


@dataclass(frozen=True, slots=True)
class _Context:
    """What tells why a line stays open."""

    supplies: Mapping[str, StockItem]
    used: Mapping[str, int]
    days: float
    least_cost: int | None

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
            energy=_energy(line),
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
            rated = any(suffices(line, item.ratings) for item in self.supplies.values())
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
            is_rated = any(suffices(candidate.line, item.ratings) for candidate in lines)
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


def _notices(assignments: Sequence[Assignment], found: _Solution) -> tuple[Notice, ...]:
    notices = []
    without = [item for item in assignments if item.offer.cost is None]
    if without:
        kinds = ", ".join(sorted({item.offer.kind for item in without}))
        notices.append(Notice("stock_without_price", len(without), {"kinds": kinds}))
    if not found.is_proved:
        notices.append(Notice("stock_plan_not_proved", 1, {"gap": found.gap}))
    return tuple(notices)

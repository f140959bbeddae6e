"""How is a plan with stock, budget and date said to a person, and what a register tells."""

import math
from collections.abc import Mapping
from typing import Any

from parvis.city.register import RegisterReading
from parvis.closure.stock import Assignment, Offer, StayingOpen, StockPlan, Unavailable
from parvis.packs.closure_content import load_interim_measures
from parvis.report.closure_speech import CENTS, metres, metres_up, pack_text, priced
from parvis.report.speech import round_up
from parvis.report.wording import Wording

KJ = 1000.0
DIGITS = 2


def stock_lines_text(
    plan: StockPlan, currency: str, language: str = "en", *, shown: str = "cheapest"
) -> list[str]:
    """
    Return a stock plan as lines of text.

    Parameters
    ----------
    plan : StockPlan
    currency : str
        ISO 4217.
    language : {"en", "fr", "pl"}
    shown : str
        Key of the plan whose lines are named by number alone.

    Returns
    -------
    list of str
        Whether everything can be closed, what stands where, what stays open with its reason and
        what helps meanwhile, what is not used and why, and how sure the choice is.
    """
    speaker = _Speaker(Wording(language), currency, shown)
    said = speaker.summary(plan)
    said += [speaker.closed(item) for item in plan.assignments]
    for item in plan.staying_open:
        said += speaker.staying_open(item)
    if plan.staying_open:
        words = speaker.words
        energy = words.number(math.ceil(plan.energy_open / KJ - 1e-9))
        said.append(words("stock.energy_sum", energy=energy))
        said += speaker.interim(plan)
    said += [speaker.unavailable(item) for item in plan.unavailable]
    return said + speaker.certainty(plan)


def stock_document(plan: StockPlan, currency: str) -> dict[str, Any]:
    """
    Return a stock plan as plain data: money in units of `currency`, energies in kJ.

    Parameters
    ----------
    plan : StockPlan
    currency : str
    """
    return {
        "is_full": plan.is_full,
        "currency": currency,
        "cost": plan.cost / CENTS,
        "budget": _units(plan.budget),
        "least_cost_to_close": _units(plan.least_cost_to_close),
        "today": plan.today.isoformat(),
        "needed_by": plan.needed_by.isoformat() if plan.needed_by else None,
        "assignments": [
            {"line": item.line, "street": item.street, **_offer(item.offer)}
            for item in plan.assignments
        ],
        "staying_open": [
            {
                "line": item.line,
                "street": item.street,
                "width_m": round(item.width, DIGITS),
                "vehicle": item.vehicle,
                "energy_kj": round(item.energy / KJ, 1),
                "reason": item.reason,
                "elements_needed": item.n_needed,
                "elements_available": item.n_available,
                "interim_measures": list(item.interim),
            }
            for item in plan.staying_open
        ],
        "energy_open_kj": round(plan.energy_open / KJ, 1),
        "unavailable": [
            {
                "supply": item.supply,
                "kind": item.kind,
                "reason": item.reason,
                "ready": item.ready.isoformat() if item.ready else None,
            }
            for item in plan.unavailable
        ],
        "is_optimal": plan.is_optimal,
        "gap": plan.gap,
        "notices": [
            {"code": n.code, "count": n.count, "details": dict(n.details)} for n in plan.notices
        ],
    }


def register_lines_text(reading: RegisterReading, language: str = "en") -> list[str]:
    """
    Return what a register holds and what is to be known of its rows, as lines of text.

    Parameters
    ----------
    reading : RegisterReading
    language : {"en", "fr", "pl"}
    """
    words = Wording(language)
    standing = sum(barrier.is_standing for barrier in reading.barriers)
    said = [words("register.count", count=len(reading.barriers))]
    said.append(words("register.standing", count=standing))
    for note in reading.notes:
        value = note.value or "–"
        said.append(words(f"register.note.{note.code}", row=note.row, value=value))
    return said


class _Speaker:
    def __init__(self, words: Wording, currency: str, shown: str) -> None:
        self.words = words
        self.currency = currency
        self.shown = shown

    def money(self, cents: int) -> str:
        """Return an amount in whole units of its currency, rounded up."""
        return priced(self.words.number(math.ceil(cents / CENTS)), self.currency, self.words)

    def line(self, key: str, street: str) -> str:
        plan, _, number = key.partition("/")
        fields = {"number": number, "street": street or self.words("stock.unnamed")}
        known = f"stock.line_of.{plan}"
        if plan == self.shown or not self.words.has(known):
            return self.words("stock.line", **fields)
        return self.words(known, **fields)

    def summary(self, plan: StockPlan) -> list[str]:
        words = self.words
        day = ""
        if plan.needed_by is not None:
            day = " " + words("stock.by_day", day=words.date(plan.needed_by.isoformat()))
        budget = ""
        if plan.budget is not None:
            budget = " " + words("stock.for_budget", budget=self.money(plan.budget))
        limits = {"day": day, "budget": budget, "cost": self.money(plan.cost)}
        if plan.is_full:
            return [words("stock.full", **limits)]
        if plan.assignments:
            said = [words("stock.partial", count=len(plan.staying_open), **limits)]
        else:
            said = [words("stock.nothing", **limits)]
        if plan.least_cost_to_close is None:
            return [*said, words("stock.no_sum")]
        return [
            *said,
            words("stock.least_sum", sum=self.money(plan.least_cost_to_close), day=day),
        ]

    def closed(self, item: Assignment) -> str:
        offer = item.offer
        cost = self.words("stock.no_price") if offer.cost is None else self.money(offer.cost)
        return _begun(
            self.words(
                "stock.closed",
                count=offer.n_elements,
                line=self.line(item.line, item.street),
                kind=self._kind(offer),
                rating=offer.rating,
                gap=metres_up(offer.gap, self.words),
                cost=cost,
            )
        )

    def staying_open(self, item: StayingOpen) -> list[str]:
        words = self.words
        reason = words(
            f"stock.reason.{item.reason}", needed=item.n_needed, available=item.n_available
        )
        line = self.line(item.line, item.street)
        said = words("stock.open", line=line, width=metres(item.width, words), reason=reason)
        if not item.vehicle:
            return [_begun(said)]
        energy = words.number(math.ceil(round_up(item.energy, 1.0) / KJ))
        vehicle = words.vehicle(item.vehicle, item.vehicle)
        return [f"{_begun(said)} {words('stock.open_energy', energy=energy, vehicle=vehicle)}"]

    def interim(self, plan: StockPlan) -> list[str]:
        """Return the interim measures once, each with what it does not do."""
        keys = dict.fromkeys(key for item in plan.staying_open for key in item.interim)
        pack = load_interim_measures()
        language = self.words.language
        limits = {
            entry.key: " ".join(entry.does_not)
            if language == pack.language
            else entry.i18n.get(language, {}).get("does_not", "")
            for entry in pack.entries
        }
        said = []
        for key in keys:
            name = pack_text("interim-measures", key, self.words)
            without = limits.get(key, "")
            plain = self.words("stock.interim_not", **{"name": name, "not": without})
            said.append(_begun(plain if without else name))
        return [*said, self.words("stock.needs_person")]

    def unavailable(self, item: Unavailable) -> str:
        words = self.words
        day = words.date(item.ready.isoformat()) if item.ready else ""
        return words(
            "stock.unavailable",
            what=self._what(item),
            reason=words(f"stock.unavailable_reason.{item.reason}", day=day),
        )

    def certainty(self, plan: StockPlan) -> list[str]:
        words = self.words
        said = [
            words.lenient(f"stock.notice.{n.code}", n.count, _texts(n.details))
            for n in plan.notices
            if words.has(f"stock.notice.{n.code}")
        ]
        if plan.is_optimal:
            return [*said, words("stock.proved")]
        gap = words.number(math.ceil(100 * plan.gap))
        return [*said, words("stock.not_proved", gap=gap)]

    def _kind(self, offer: Offer) -> str:
        is_own = offer.supply.startswith("stock/")
        return offer.kind if is_own else pack_text("barrier-products", offer.supply, self.words)

    def _what(self, item: Unavailable) -> str:
        source, _, row = item.supply.partition("/")
        if source == "stock":
            return self.words("stock.supply_row", kind=item.kind, row=row)
        return pack_text("barrier-products", item.supply, self.words)


def _units(cents: int | None) -> float | None:
    return None if cents is None else cents / CENTS


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "supply": offer.supply,
        "kind": offer.kind,
        "rating": offer.rating,
        "elements": offer.n_elements,
        "gap_m": round(offer.gap, DIGITS),
        "cost": _units(offer.cost),
        "lead_days": offer.lead_days,
    }


def _texts(details: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in details.items()}


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]

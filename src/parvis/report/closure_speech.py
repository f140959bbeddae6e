"""How is a closure plan said to a person? Codes become words, money and lengths stay cautious."""

import math
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from babel.numbers import get_currency_symbol

from parvis.approach.results import ClassAtPoint
from parvis.closure.results import (
    ClosurePlan,
    ClosureResult,
    CostRange,
    Option,
    RatedLine,
    ScheduledLine,
)
from parvis.openness.results import Check
from parvis.packs.base import Entry, Pack
from parvis.packs.loader import load_pack
from parvis.report.speech import first_speed, round_up, spoken_speed
from parvis.report.wording import Wording, locale_of
from parvis.terms import KMH_PER_MPS

CENTS = 100
MONEY_STEP = 100
"""Money is said in steps of this many units of its currency, the range outwards."""

NOTHING = "–"


def governing(line: RatedLine) -> ClassAtPoint | None:
    """Return the class with the greatest energy at a line, None where nothing arrives."""
    return max(line.classes, key=lambda entry: entry.energy, default=None)


def fastest(line: RatedLine) -> ClassAtPoint | None:
    """Return the class that is said to arrive fastest at a line, None where nothing arrives."""
    return max(line.classes, key=first_speed, default=None)


def kmh(entry: ClassAtPoint) -> int | str:
    """Return the speed a person is told: in km/h, rounded up to 5; a dash where there is none."""
    speed = first_speed(entry)
    return spoken_speed(speed) if math.isfinite(speed) else NOTHING


def money(cents: int, currency: str, wording: Wording, *, is_high: bool) -> str:
    """
    Return an amount in whole units of its currency, rounded away from the middle of its range.

    Parameters
    ----------
    cents : int
    currency : str
        ISO 4217.
    wording : Wording
    is_high : bool
        Rounded up; else down.

    Examples
    --------
    >>> money(72_567, "EUR", Wording("en"), is_high=True)
    '€800'
    """
    steps = cents / (CENTS * MONEY_STEP)
    units = (math.ceil(steps) if is_high else math.floor(steps)) * MONEY_STEP
    return priced(wording.number(units), currency, wording)


def priced(amount: str, currency: str, wording: Wording) -> str:
    """Return an amount with the sign of its currency, where the language writes it."""
    symbol = get_currency_symbol(currency, locale=locale_of(wording.language))
    if symbol.isalpha():
        symbol += "\N{NO-BREAK SPACE}"
    said = wording("closure.money", amount=amount, symbol=symbol)
    return said.rstrip("\N{NO-BREAK SPACE}")


def range_text(cost: CostRange, wording: Wording) -> str:
    """Return a cost as a range of plain money."""
    low = money(cost.low, cost.currency, wording, is_high=False)
    high = money(cost.high, cost.currency, wording, is_high=True)
    return low if low == high else wording("closure.to", low=low, high=high)


def cost_text(cost: CostRange | None, wording: Wording) -> str:
    """Return a cost as a range, with what it is worth; a dash where there is none."""
    if cost is None:
        return NOTHING
    said = range_text(cost, wording)
    return said if cost.is_verified else f"{said} ({wording('closure.planning_figure')})"


def metres(length: float, wording: Wording, digits: int = 2) -> str:
    """Return a length rounded down, as what must not be overstated."""
    if not math.isfinite(length):
        return NOTHING
    step = 10**digits
    return wording.number(math.floor(length * step + 1e-6) / step, digits)


def metres_up(length: float, wording: Wording, digits: int = 2) -> str:
    """Return a length rounded up, as what must not be understated."""
    if not math.isfinite(length):
        return NOTHING
    return wording.number(round_up(length, 10.0**-digits), digits)


def code_text(group: str, code: str, wording: Wording) -> str:
    """Return the words of a code in ``closure.<group>``; an unknown code as plain words."""
    key = f"closure.{group}.{code}"
    return wording(key) if code and wording.has(key) else code.replace("_", " ")


@cache
def _entries(kind: str) -> dict[str, Entry]:
    pack: Pack = load_pack(kind)
    return {entry.key: entry for entry in getattr(pack, "entries", ())}


def pack_text(kind: str, key: str, wording: Wording, field: str = "name") -> str:
    """
    Return a text of a pack's entry in the reader's language, else in the pack's own.

    Parameters
    ----------
    kind : str
        Of pack.
    key : str
        Of its entry; one that the pack lacks is shown as plain words.
    wording : Wording
    field : {"name", "description"}
    """
    entry = _entries(kind).get(key)
    if entry is None:
        return key.replace("_", " ").replace("-", " ") if field == "name" else ""
    own = str(getattr(entry, field))
    return entry.i18n.get(wording.language, {}).get(field, own)


def scheme_text(key: str, wording: Wording) -> str:
    """Return the name of a streetscape scheme."""
    return pack_text("streetscape-schemes", key, wording)


def product_text(key: str, wording: Wording) -> str:
    """Return the name of a product family, "" where a scheme needs none."""
    return pack_text("barrier-products", key, wording) if key else ""


def risk_texts(key: str, wording: Wording) -> tuple[str, str]:
    """Return name and meaning of a residual risk."""
    name = pack_text("residual-risks", key, wording)
    return name, pack_text("residual-risks", key, wording, "description")


def vehicles_text(keys: Iterable[str], wording: Wording) -> str:
    """Return vehicle classes as one enumeration; their names hold commas."""
    return "; ".join(wording.vehicle(key, key) for key in keys)


def line_text(line: RatedLine, wording: Wording) -> str:
    """Return number and place of a line."""
    street = line.street or wording("closure.unnamed")
    return wording("closure.line_at", number=line.id, street=street)


def numbers_text(numbers: Sequence[int], wording: Wording) -> str:
    """Return numbers as one enumeration."""
    return wording.join([str(number) for number in numbers])


def lines_named(numbers: Sequence[int], wording: Wording) -> str:
    """Return lines by number, e.g. ``"lines 3 and 4"``."""
    said = numbers_text(numbers, wording)
    return wording("closure.lines_named", count=len(numbers), numbers=said)


def elements_kind(item: ScheduledLine, wording: Wording) -> str:
    """Return which kinds of elements a line is laid out with."""
    kinds = dict.fromkeys(element.kind for element in item.elements)
    return wording.join([code_text("element", kind, wording) for kind in kinds])


def value_text(value: float, unit: str, wording: Wording) -> str:
    """Return a value of a check with its unit, rounded down; a dash for a yes or no."""
    if not math.isfinite(value) or not unit:
        return NOTHING
    if unit == "m":
        return f"{metres(value, wording)} m"
    if unit == "1":
        return wording.number(math.floor(value * 100 + 1e-6) / 100, 2)
    return f"{wording.number(math.floor(value + 1e-6))} {unit_text(unit, wording)}"


def unit_text(unit: str, wording: Wording) -> str:
    """Return the unit of a check in words."""
    return wording("closure.unit.persons") if unit.startswith("persons") else unit


def missing_text(check: Check, wording: Wording) -> str:
    """Return by how much a check fails, rounded up; "" where it is no matter of amount."""
    if not math.isfinite(check.missing) or check.missing <= 0 or not check.unit:
        return ""
    if check.unit == "m":
        return f"{metres_up(check.missing, wording)} m"
    if check.unit == "1":
        return wording.number(round_up(check.missing, 0.01), 2)
    return f"{wording.number(math.ceil(check.missing - 1e-6))} {unit_text(check.unit, wording)}"


def outcome_text(check: Check, wording: Wording) -> str:
    """Return the outcome of a check, a failure with its amount."""
    if check.outcome != "fail":
        return wording(f"closure.outcome.{check.outcome}")
    missing = missing_text(check, wording)
    if not missing:
        return wording("closure.outcome.fail_flat")
    return wording("closure.outcome.fail", missing=missing)


def facts_text(check: Check, wording: Wording) -> str:
    """Return the facts behind a check as a phrase, "" where there are none to tell."""
    key = f"closure.facts.{check.key}"
    if not wording.has(key):
        return ""
    facts = {
        name: wording.number(value, 0 if float(value).is_integer() else 1)
        for name, value in check.details.items()
        if isinstance(value, (int, float)) and math.isfinite(value)
    }
    if "lost" in check.details:
        facts["kept"] = wording.number(math.floor(100 * (1 - check.details["lost"]) + 1e-9))
    return wording.lenient(key, 1, facts) if facts else ""


def source_text(check: Check, wording: Wording) -> str:
    """Return the requirement a check rests on, by its name in the pack."""
    return pack_text("openness-requirements", check.source, wording) if check.source else NOTHING


def fails(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that fail."""
    return tuple(check for check in checks if check.outcome == "fail")


def to_verify(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that nobody can tell from the data."""
    return tuple(check for check in checks if check.outcome == "verify")


def all_checks(plan: ClosurePlan) -> tuple[Check, ...]:
    """Return the checks of all lines and of the plan."""
    return (*(check for item in plan.lines for check in item.checks), *plan.checks)


def check_names(checks: Iterable[Check], wording: Wording, *, with_facts: bool = False) -> str:
    """Return the names of checks, each once, inside a sentence; with what is known of them."""
    names: dict[str, None] = {}
    for check in checks:
        name = code_text("check", check.key, wording)
        name = name[:1].lower() + name[1:]
        facts = facts_text(check, wording) if with_facts else ""
        names[f"{name} ({facts})" if facts else name] = None
    return wording.join(list(names))


def missing_lines(plan: ClosurePlan) -> tuple[int, ...]:
    """Return the lines at which nothing suits."""
    return tuple(item.line.id for item in plan.lines if item.option is None)


def plan_cost_text(plan: ClosurePlan, wording: Wording) -> str:
    """Return what a plan costs, or that this is not known for all of its lines."""
    if plan.cost is not None:
        return wording("closure.summary.cost", cost=cost_text(plan.cost, wording))
    named = lines_named(missing_lines(plan), wording)
    return wording("closure.summary.cost_incomplete", lines=named) if missing_lines(plan) else ""


def summary_sentences(result: ClosureResult, wording: Wording) -> list[str]:
    """
    Return what a person reads first: whether the lines enclose the place and whether each holds.

    Never "safe": what is said is what the data at hand show for the classes looked at.
    """
    said = []
    if result.cannot_close:
        reason = code_text("cannot", result.cannot_close, wording)
        said.append(wording("closure.summary.cannot", reason=reason))
        if result.plans:
            said.append(wording("closure.summary.partial"))
    if not result.plans:
        return said
    plan = result.plans[0]
    if not plan.lines:
        return [*said, wording("closure.summary.none_needed")]
    open_lines = [item for item in plan.lines if item.open_to]
    count = len(plan.lines)
    if open_lines:
        named = [
            wording(
                "closure.summary.open_line",
                number=item.line.id,
                classes=open_classes_text(item, wording),
            )
            for item in open_lines
        ]
        said.append(
            wording("closure.summary.partly", count=count, open="; ".join(named))
            if not result.cannot_close
            else wording("closure.summary.partial_lines", count=count, open="; ".join(named))
        )
    elif not result.cannot_close:
        said.append(wording("closure.summary.holds", count=count))
    if plan.still_reached_by:
        classes = vehicles_text(plan.still_reached_by, wording)
        said.append(wording("closure.summary.still_reached", classes=classes))
    if plan.left_open:
        said.append(wording("closure.summary.left_open", count=plan.left_open))
    said.append(plan_cost_text(plan, wording))
    return [sentence for sentence in said if sentence]


def open_classes_text(item: ScheduledLine, wording: Wording) -> str:
    """Return which classes a line does not hold against; all of them in one word."""
    if len(item.open_to) == len(item.line.classes):
        return wording("closure.classes_all")
    return vehicles_text(item.open_to, wording)


def reasons_text(reasons: Iterable[str], wording: Wording) -> str:
    """Return reasons of an option as one line."""
    return "; ".join(code_text("option_reason", reason, wording) for reason in reasons)


def greatest_gap(gaps: Sequence[float]) -> float:
    """Return the greatest clear gap in metres, NaN where nothing is laid out."""
    return float(np.max(gaps)) if len(gaps) else math.nan


def calming_text(option: Option, wording: Wording) -> str:
    """Return the speed an option brings vehicles down to and the bend for it, "" for none."""
    if not math.isfinite(option.speed_after):
        return ""
    speed = wording.number(math.floor(option.speed_after * KMH_PER_MPS + 1e-6))
    if not math.isfinite(option.radius_needed):
        return wording("closure.annex.calming_speed", speed=speed)
    radius = metres(option.radius_needed, wording, 1)
    return wording("closure.annex.calming", speed=speed, radius=radius)

"""The closure plan in a few lines for a terminal: what it takes, line by line."""

from collections.abc import Iterator, Sequence

import shapely

from parvis.closure.results import ClosurePlan, ClosureResult, ScheduledLine
from parvis.openness.results import Check
from parvis.report.closure_speech import (
    NOTHING,
    all_checks,
    calming_text,
    check_names,
    code_text,
    cost_text,
    elements_kind,
    fails,
    fastest,
    governing,
    greatest_gap,
    kmh,
    line_text,
    lines_named,
    metres_up,
    missing_text,
    numbers_text,
    open_classes_text,
    product_text,
    range_text,
    risk_texts,
    scheme_text,
    summary_sentences,
    to_verify,
    value_text,
    vehicles_text,
)
from parvis.report.speech import notice_text, rating_text
from parvis.report.wording import Wording
from parvis.terms import Grade

LABEL = 11


def closure_lines_text(result: ClosureResult, language: str = "en") -> list[str]:
    """
    Return the plan as lines of text.

    Parameters
    ----------
    result : ClosureResult
    language : {"en", "fr", "pl"}

    Returns
    -------
    list of str
        The answer first: whether the lines hold, the cost, what falls short for the place, what to
        do next, a row a line, the plans side by side. Then the details of each line, the checks of
        the whole plan, what ratings do not cover and what the reader must know.
    """
    wording = Wording(language)
    space = result.space_name or wording.space_kind(result.space_kind)
    said = [wording("closure.terminal.heading", space=space, id=result.space_id)]
    said += [*summary_sentences(result, wording), *_place(result, wording)]
    said.append(wording("closure.meaning"))
    steps = list(_next_steps(result, wording))
    if steps:
        said += ["", f"{wording('closure.terminal.next')}:", *(f"- {step}" for step in steps)]
    if result.plans:
        plan = result.plans[0]
        if plan.lines:
            said += ["", *_overview(plan, wording)]
        said += ["", *_alternatives(result, wording)]
        for item in plan.lines:
            said += ["", *_line(item, wording)]
        if plan.checks:
            said += ["", f"{wording('closure.terminal.plan_checks')}:"]
            said += [f"  {text}" for text in _checks(plan.checks, wording)]
        residual = _residual(plan, wording)
        said += ["", *residual] if residual else []
    if result.notices:
        said += ["", f"{wording('closure.terminal.notices')}:"]
        said += [f"- {notice_text(notice, wording)}" for notice in result.notices]
    return said


def _place(result: ClosureResult, wording: Wording) -> list[str]:
    """Return which checks of openness the first plan fails, each once with its lines."""
    if not result.plans or not result.plans[0].lines:
        return []
    plan = result.plans[0]
    found: dict[str, list[tuple[Check, int]]] = {}
    for item in plan.lines:
        for check in fails(item.checks):
            found.setdefault(check.key, []).append((check, item.line.id))
    for check in fails(plan.checks):
        found.setdefault(check.key, []).append((check, 0))
    if not found:
        return [wording("closure.terminal.place_passes")]
    said = []
    for key, pairs in found.items():
        worst = max((check for check, _ in pairs), key=lambda check: check.missing)
        numbers = [number for _, number in pairs if number]
        facts = [lines_named(numbers, wording)] if numbers else []
        missing = missing_text(worst, wording)
        if missing:
            up_to = "place_up_to" if len(pairs) > 1 else "place_by"
            facts.append(wording(f"closure.terminal.{up_to}", missing=missing))
        name = code_text("check", key, wording)
        name = name[:1].lower() + name[1:]
        said.append(f"{name} ({', '.join(facts)})" if facts else name)
    return [wording("closure.terminal.place_fails", checks="; ".join(said))]


def _overview(plan: ClosurePlan, wording: Wording) -> list[str]:
    rows = [[str(cell) for cell in wording.node("closure.terminal.overview_head")]]
    costs = [item.option.cost for item in plan.lines if item.option and item.option.cost]
    if not all(cost.is_verified for cost in costs):
        rows[0][4] += f" ({wording('closure.planning_figure')})"
    for item in plan.lines:
        option = item.option
        chosen = wording("closure.terminal.nothing")
        if option is not None:
            name = product_text(option.family, wording) or scheme_text(option.scheme, wording)
            chosen = f"{len(item.elements)} × {name}" if item.elements else name
        rows.append(
            [
                str(item.line.id),
                item.line.street or wording("closure.unnamed"),
                f"{metres_up(item.line.width, wording, 1)} m",
                chosen,
                range_text(option.cost, wording) if option and option.cost else NOTHING,
                wording("closure.is_so" if item.holds else "closure.is_not"),
            ]
        )
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) + 2 for column in zip(*rows, strict=True)]
    return [
        "  " + "".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _line(item: ScheduledLine, wording: Wording) -> Iterator[str]:
    line = item.line
    width = wording("closure.terminal.width", width=metres_up(line.width, wording, 1))
    yield _pair(line_text(line, wording), width, wording)
    facts = []
    if line.access_points:
        numbers = numbers_text(line.access_points, wording)
        count = len(line.access_points)
        facts.append(wording("closure.terminal.closes", count=count, numbers=numbers))
    if line.is_existing:
        facts.append(wording("closure.terminal.existing"))
    if line.keeps_emergency_access:
        facts.append(wording("closure.terminal.emergency"))
    if facts:
        yield _row("", "; ".join(facts), wording)
    quick, heavy = fastest(line), governing(line)
    if quick is not None and heavy is not None:
        if quick.vehicle != heavy.vehicle:
            vehicle = wording.vehicle(quick.vehicle, quick.vehicle)
            said = wording("closure.terminal.arriving", speed=kmh(quick), vehicle=vehicle)
            yield _row("arrives", said, wording)
        rating = wording(
            "closure.terminal.needed",
            rating=rating_text(heavy, wording),
            vehicle=wording.vehicle(heavy.vehicle, heavy.vehicle),
            speed=kmh(heavy),
        )
        yield _row("needs", rating, wording)
    yield from _choice(item, wording)
    yield from (_row("openness", text, wording) for text in _checks(item.checks, wording))


def _choice(item: ScheduledLine, wording: Wording) -> Iterator[str]:
    option = item.option
    if option is None:
        yield _row("chosen", wording("closure.terminal.nothing"), wording)
        said: dict[str, None] = {}
        for other in item.options:
            text = calming_text(other, wording)
            if not other.is_suitable:
                text = code_text("option_reason", next(iter(other.reasons), ""), wording)
            if text:
                said[_pair(scheme_text(other.scheme, wording), text, wording)] = None
        yield from (_row("", text, wording) for text in said)
        return
    parts = (
        product_text(option.family, wording),
        option.rating,
        code_text("permanence", option.permanence, wording),
    )
    chosen = ", ".join(part for part in parts if part)
    scheme = scheme_text(option.scheme, wording)
    yield _row("chosen", _pair(scheme, chosen, wording) if chosen else scheme, wording)
    if item.elements:
        laid_out = wording(
            "closure.terminal.laid_out",
            elements=wording("closure.elements", count=len(item.elements)),
            kind=elements_kind(item, wording),
            gap=metres_up(greatest_gap(item.gaps), wording),
        )
        yield _row("layout", laid_out, wording)
    yield _row("cost", cost_text(option.cost, wording), wording)
    if item.holds:
        yield _row("holds", wording("closure.terminal.holds_all"), wording)
        return
    classes = open_classes_text(item, wording)
    yield _row("holds", wording("closure.terminal.holds_some", classes=classes), wording)
    for entry in item.coverage:
        if not entry.holds:
            reason = code_text("coverage_reason", entry.reason, wording)
            vehicle = wording.vehicle(entry.vehicle, entry.vehicle)
            text = wording("closure.terminal.holds_why", vehicle=vehicle, reason=reason)
            yield _row("", text, wording)


def _pair(name: str, text: str, wording: Wording) -> str:
    return wording("closure.pair", name=name, text=text)


def _row(label: str, text: str, wording: Wording) -> str:
    said = wording(f"closure.terminal.{label}") if label else ""
    return f"  {said:<{LABEL}} {text}"


def _checks(checks: Sequence[Check], wording: Wording) -> list[str]:
    if not checks:
        return []
    said = []
    for check in fails(checks):
        name = code_text("check", check.key, wording)
        missing = missing_text(check, wording)
        said.append(
            wording(
                "closure.terminal.fails",
                check=name,
                missing=missing,
                value=value_text(check.value, check.unit, wording),
                needed=value_text(check.needed, check.unit, wording),
            )
            if missing
            else wording("closure.terminal.fails_flat", check=name)
        )
    open_checks = to_verify(checks)
    if open_checks:
        names = check_names(open_checks, wording, with_facts=True)
        said.append(wording("closure.terminal.verify", checks=names))
    return said or [wording("closure.terminal.all_pass")]


def side_by_side(result: ClosureResult, wording: Wording) -> tuple[list[str], list[list[str]]]:
    """
    Return the plans side by side: a head with one column a plan, and a row a fact.

    Plans stand in the order of the result; nothing in the rows ranks them.
    """
    rows = {
        "lines": [str(len(plan.lines)) for plan in result.plans],
        "width": [
            f"{metres_up(sum(item.line.width for item in plan.lines), wording, 1)} m"
            for plan in result.plans
        ],
        "enclosed": [
            f"{wording.number(shapely.area(shapely.from_wkb(plan.enclosed)))} m²"
            for plan in result.plans
        ],
        "elements": [str(sum(len(item.elements) for item in plan.lines)) for plan in result.plans],
        "cost": [
            range_text(plan.cost, wording)
            if plan.cost is not None
            else wording("closure.alternatives.incomplete")
            for plan in result.plans
        ],
        "hold": [_hold_text(plan) for plan in result.plans],
        "reached": [
            vehicles_text(plan.still_reached_by, wording) or wording("closure.alternatives.nobody")
            for plan in result.plans
        ],
        "fails": [str(len(fails(all_checks(plan)))) for plan in result.plans],
        "verify": [str(len(to_verify(all_checks(plan)))) for plan in result.plans],
    }
    head = [wording("closure.alternatives.what")]
    head += [code_text("alternatives.plan", plan.key, wording) for plan in result.plans]
    named = dict(wording.node("closure.alternatives.rows"))
    if any(plan.cost is not None and not plan.cost.is_verified for plan in result.plans):
        named["cost"] += f" ({wording('closure.planning_figure')})"
    return head, [[str(named[key]), *values] for key, values in rows.items()]


def _hold_text(plan: ClosurePlan) -> str:
    return f"{sum(item.holds for item in plan.lines)} / {len(plan.lines)}"


def _alternatives(result: ClosureResult, wording: Wording) -> list[str]:
    if len(result.plans) == 1:
        return [wording("closure.terminal.only_plan")]
    head, rows = side_by_side(result, wording)
    return [f"{wording('closure.terminal.alternatives')}:", *_table([head, *rows])]


def _residual(plan: ClosurePlan, wording: Wording) -> list[str]:
    keys = dict.fromkeys(key for item in plan.lines for key in item.residual_risks)
    if not keys:
        return []
    names = [risk_texts(key, wording)[0] for key in keys]
    return [f"{wording('closure.terminal.residual')}:", *(f"- {name}" for name in names)]


def _next_steps(result: ClosureResult, wording: Wording) -> Iterator[str]:
    if not result.plans or not result.plans[0].lines:
        return
    plan = result.plans[0]
    worst = max(item.line.grade for item in plan.lines)
    if worst is not Grade.A:
        yield wording("closure.terminal.next_steps.measure", grade=str(worst))
    if result.where_not is not None:
        yield wording("closure.terminal.next_steps.where_not")
    empty = [item.line.id for item in plan.lines if item.option is None]
    if empty:
        yield wording("closure.terminal.next_steps.reduce", lines=lines_named(empty, wording))
    failing = [item.line.id for item in plan.lines if item.open_to]
    if failing:
        yield wording("closure.terminal.next_steps.open", lines=lines_named(failing, wording))
    if any(item.option and item.option.permanence == "permanent" for item in plan.lines):
        yield wording("closure.terminal.next_steps.sooner")
    checks = to_verify(all_checks(plan))
    if checks:
        names = check_names(checks, wording)
        yield wording("closure.terminal.next_steps.verify", checks=names)
    yield wording("closure.terminal.next_steps.sign")

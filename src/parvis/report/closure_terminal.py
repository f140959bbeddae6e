"""The closure plan in a few lines for a terminal: what it takes, line by line."""

from collections.abc import Iterator, Sequence

import shapely

from parvis.closure.results import ClosurePlan, ClosureResult, ScheduledLine
from parvis.openness.results import Check
from parvis.report.closure_speech import (
    all_checks,
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
    reasons_text,
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
    language : {"en", "fr"}

    Returns
    -------
    list of str
        Summary, each line of the first plan with what is chosen for it and whether it holds, the
        checks of the whole plan, the plans side by side, what ratings do not cover, next steps.
    """
    wording = Wording(language)
    space = result.space_name or wording.space_kind(result.space_kind)
    said = [wording("closure.terminal.heading", space=space, id=result.space_id)]
    said += [*summary_sentences(result, wording), wording("closure.meaning")]
    if result.plans:
        plan = result.plans[0]
        for item in plan.lines:
            said += ["", *_line(item, wording)]
        if plan.checks:
            said += ["", f"{wording('closure.terminal.plan_checks')}:"]
            said += [f"  {text}" for text in _checks(plan.checks, wording)]
        said += ["", *_alternatives(result, wording)]
        said += ["", *_residual(plan, wording)]
    if result.notices:
        said += ["", f"{wording('closure.terminal.notices')}:"]
        said += [f"- {notice_text(notice, wording)}" for notice in result.notices]
    steps = list(_next_steps(result, wording))
    if steps:
        said += ["", f"{wording('closure.terminal.next')}:", *(f"- {step}" for step in steps)]
    return said


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
        for other in item.options:
            if other.reasons and not other.is_suitable:
                reasons = reasons_text(other.reasons, wording)
                scheme = scheme_text(other.scheme, wording)
                yield _row("", _pair(scheme, reasons, wording), wording)
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
        classes = vehicles_text([entry.vehicle for entry in item.coverage], wording)
        yield _row("holds", wording("closure.terminal.holds_all", classes=classes), wording)
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
    first = max(len(row[0]) for row in [head, *rows]) + 2
    widths = [max(len(row[column]) for row in [head, *rows]) + 2 for column in range(1, len(head))]
    said = [f"{wording('closure.terminal.alternatives')}:"]
    for row in [head, *rows]:
        cells = [f"{cell:<{width}}" for cell, width in zip(row[1:], widths, strict=True)]
        said.append(f"  {row[0]:<{first}}{''.join(cells)}".rstrip())
    return said


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
    empty = [item.line.id for item in plan.lines if item.option is None]
    if empty:
        yield wording("closure.terminal.next_steps.reduce", lines=lines_named(empty, wording))
    failing = [item.line.id for item in plan.lines if item.open_to]
    if failing:
        yield wording("closure.terminal.next_steps.open", lines=lines_named(failing, wording))
    checks = to_verify(all_checks(plan))
    if checks:
        names = check_names(checks, wording)
        yield wording("closure.terminal.next_steps.verify", checks=names)
    yield wording("closure.terminal.next_steps.sign")

"""What of a closure plan stands in the restricted annex: schedule, drawings, checks, what stays."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import shapely

from parvis.city.model import City
from parvis.closure.results import ClosurePlan, ClosureResult, Coverage, Option, ScheduledLine
from parvis.openness.results import Check
from parvis.report.closure_layout import SHEET_MM, layout_scale, layout_sheets
from parvis.report.closure_maps import closure_map
from parvis.report.closure_setting_out import is_round
from parvis.report.closure_speech import (
    NOTHING,
    calming_text,
    code_text,
    facts_text,
    fastest,
    governing,
    greatest_gap,
    kmh,
    line_text,
    metres,
    metres_up,
    money,
    numbers_text,
    open_classes_text,
    outcome_text,
    product_text,
    range_text,
    reasons_text,
    risk_texts,
    scheme_text,
    source_text,
    summary_sentences,
    value_text,
)
from parvis.report.closure_terminal import side_by_side
from parvis.report.speech import notice_text, rating_text
from parvis.report.wording import Wording


def closure_annex_data(
    result: ClosureResult,
    language: str = "en",
    *,
    space: str,
    supply: Sequence[str] = (),
    told: Collection[str] = (),
) -> dict[str, Any]:
    """
    Return the data of the template ``closure.typ``.

    Parameters
    ----------
    result : ClosureResult
    language : {"en", "fr", "pl"}
    space : str
        Name of the place as the document says it.
    supply : sequence of str
        What can really be had, sentence by sentence.
    told : collection of str
        Codes of notices that the document has told already.
    """
    wording = Wording(language)
    plan = result.plans[0] if result.plans else None
    lines = plan.lines if plan else ()
    t = wording.tree("closure.annex", space=space)
    return {
        "t": t,
        "meaning": wording("closure.meaning"),
        "summary": summary_sentences(result, wording),
        "facts": _facts(result, plan, wording),
        "notices": [
            notice_text(notice, wording) for notice in result.notices if notice.code not in told
        ],
        "overview_alt": wording("closure.annex.overview_alt", space=space, count=len(lines)),
        "cannot": result.where_not is not None,
        "schedule": [_schedule_row(item, wording) for item in lines],
        "sheet_mm": SHEET_MM,
        "lines": [_line(item, result.epsg, wording) for item in lines],
        "checks": _checks(plan, wording) if plan else [],
        "alternatives": _alternatives(result, wording),
        "supply": [text.strip().removeprefix("- ") for text in supply if text.strip()],
        "residual": _residual(lines, wording),
        "sign_off": [line_text(item.line, wording) for item in lines],
    }


def closure_pictures(result: ClosureResult, city: City, language: str = "en") -> dict[str, bytes]:
    """
    Return the pictures of the chapter by file name.

    Parameters
    ----------
    result : ClosureResult
    city : City
    language : {"en", "fr", "pl"}
    """
    pictures = {"closure.svg": closure_map(city, result, language)}
    area = shapely.from_wkb(result.protected_area)
    for plan in result.plans[:1]:
        enclosed = shapely.from_wkb(plan.enclosed)
        for item in plan.lines:
            for sheet in layout_sheets(city, item, area, enclosed, language):
                pictures[_sheet_file(item, sheet.part)] = sheet.svg
    return pictures


def comparison_data(comparison: Mapping[str, Any], language: str = "en") -> dict[str, Any]:
    """
    Return the annex's table of present and variants.

    Parameters
    ----------
    comparison : mapping
        In the reader's language: ``head`` (list of str), ``rows`` (list of list of str), ``notes``
        (list of str), ``pictures`` (list of mappings with ``file``, ``content`` in bytes, ``alt``
        and ``caption``).
    language : {"en", "fr", "pl"}
    """
    pictures = [
        {key: str(entry[key]) for key in ("file", "alt", "caption")}
        for entry in comparison["pictures"]
    ]
    t = Wording(language).tree("closure.annex.variants")
    return {key: comparison[key] for key in ("head", "rows", "notes")} | {
        "t": t,
        "pictures": pictures,
    }


def _sheet_file(item: ScheduledLine, part: int) -> str:
    return f"closure-line-{item.line.id}-{part}.svg"


def _facts(result: ClosureResult, plan: ClosurePlan | None, wording: Wording) -> list[str]:
    which = wording(f"closure.design_names.{result.design}")
    said = [wording("closure.annex.design", which=which)]
    if plan is not None and plan.cost is not None:
        first, last = (
            money(cents, plan.cost.currency, wording, is_high=True)
            for cents in (plan.cut_cost_first, plan.cut_cost)
        )
        count = plan.rounds
        said.append(wording("closure.summary.rounds", count=count, cost=last, first=first))
    return said


def _schedule_row(item: ScheduledLine, wording: Wording) -> list[list[str]]:
    line, option = item.line, item.option
    quick, heavy = fastest(line), governing(line)
    place = [line.street or wording("closure.unnamed")]
    if line.access_points:
        key = "access_points" if len(line.access_points) > 1 else "access_point"
        numbers = numbers_text(line.access_points, wording)
        place.append(wording(f"closure.annex.{key}", numbers=numbers))
    if line.is_existing:
        place.append(wording("closure.annex.existing"))
    if line.keeps_emergency_access:
        place.append(wording("closure.annex.emergency"))
    arrives = [NOTHING]
    if quick is not None:
        arrives = [f"{kmh(quick)} km/h", wording.vehicle(quick.vehicle, quick.vehicle)]
    needed = [NOTHING]
    if heavy is not None:
        stand_off = wording("closure.annex.stand_off", metres=metres(line.stand_off, wording, 1))
        needed = [rating_text(heavy, wording), stand_off]
    return [
        [str(line.id)],
        place,
        [f"{metres_up(line.width, wording, 1)} m"],
        arrives,
        needed,
        _chosen_cell(option, wording),
        [wording("closure.elements", count=len(item.elements)),
         f"≤ {metres_up(greatest_gap(item.gaps), wording)} m"] if item.elements else [NOTHING],
        [range_text(option.cost, wording) if option and option.cost else NOTHING],
        [wording("closure.annex.holds")] if item.holds else
        [wording("closure.annex.holds_not", classes=open_classes_text(item, wording))],
    ]  # fmt: skip


def _chosen_cell(option: Option | None, wording: Wording) -> list[str]:
    if option is None:
        return [wording("closure.annex.nothing")]
    name = product_text(option.family, wording) or scheme_text(option.scheme, wording)
    lasting = code_text("permanence", option.permanence, wording)
    return [part for part in (name, option.rating, lasting) if part]


def _line(item: ScheduledLine, epsg: int, wording: Wording) -> dict[str, Any]:
    number = item.line.id
    return {
        "heading": line_text(item.line, wording),
        "sheets": _sheets(item, wording),
        "options": wording("closure.annex.options", number=number),
        "option_rows": _option_rows(item.options, wording),
        "coverage": wording("closure.annex.coverage", number=number),
        "coverage_rows": [_coverage_row(item, entry, wording) for entry in item.coverage],
        "elements": wording("closure.annex.elements", number=number),
        "elements_intro": wording("closure.annex.elements_intro", epsg=epsg),
        "element_rows": _element_rows(item, wording),
    }


def _sheets(item: ScheduledLine, wording: Wording) -> list[dict[str, str]]:
    scale, parts = layout_scale(item)
    number = item.line.id
    count = len(item.elements)
    elements = wording("closure.elements", count=count)
    alt = (
        wording("closure.annex.drawing_alt", number=number, elements=elements)
        if count
        else wording("closure.annex.drawing_alt_empty", number=number)
    )
    return [
        {
            "file": _sheet_file(item, part),
            "alt": alt,
            "caption": wording("closure.annex.drawing", number=number, scale=scale)
            if parts == 1
            else wording(
                "closure.annex.drawing_part", number=number, scale=scale, part=part, parts=parts
            ),
        }
        for part in range(1, parts + 1)
    ]


def _option_rows(options: Sequence[Option], wording: Wording) -> list[list[str]]:
    """
    Return a row for each option that suits; those refused for the same reasons share one.

    The scheme is named in its first row only.
    """
    groups: dict[tuple[object, ...], list[Option]] = {}
    for number, option in enumerate(options):
        key = number if option.is_suitable else option.reasons
        groups.setdefault((option.scheme, option.is_suitable, key), []).append(option)
    rows = []
    last = ""
    for group in sorted(groups.values(), key=lambda group: _first_of(group[0].scheme, options)):
        row = _option_row(group, wording)
        scheme = group[0].scheme
        rows.append(["" if scheme == last else scheme_text(scheme, wording), *row])
        last = scheme
    return rows


def _first_of(scheme: str, options: Sequence[Option]) -> int:
    return next(number for number, option in enumerate(options) if option.scheme == scheme)


def _option_row(group: Sequence[Option], wording: Wording) -> list[str]:
    option = group[0]
    products = [product_text(each.family, wording) for each in group if each.family]
    is_one = len(group) == 1
    lasting = code_text("permanence", option.permanence, wording)
    rating = option.rating if is_one else ""
    why = (calming_text(option, wording), reasons_text(option.reasons, wording))
    return [
        "; ".join(products) or NOTHING,
        ", ".join(part for part in (rating, lasting) if part) or NOTHING,
        str(option.n_elements) if is_one and option.n_elements else NOTHING,
        range_text(option.cost, wording) if is_one and option.cost else NOTHING,
        wording("closure.is_so" if option.is_suitable else "closure.is_not"),
        "; ".join(part for part in why if part) or NOTHING,
    ]


def _coverage_row(item: ScheduledLine, entry: Coverage, wording: Wording) -> list[str]:
    arriving = next((c for c in item.line.classes if c.vehicle == entry.vehicle), None)
    return [
        wording.vehicle(entry.vehicle, entry.vehicle),
        f"{kmh(arriving)} km/h" if arriving is not None else NOTHING,
        entry.required or NOTHING,
        entry.offered or NOTHING,
        code_text("verdict", entry.verdict, wording),
        wording("closure.is_so" if entry.holds else "closure.is_not"),
        code_text("coverage_reason", entry.reason, wording) or NOTHING,
    ]


def _element_rows(item: ScheduledLine, wording: Wording) -> list[list[str]]:
    rows = [
        [
            str(element.number),
            code_text("element", element.kind, wording),
            f"{element.x:.2f}",
            f"{element.y:.2f}",
            NOTHING if is_round(element) else f"{wording.number(math.degrees(element.rotation))}°",
            f"⌀ {wording.number(element.length, 2)} m"
            if is_round(element)
            else f"{wording.number(element.length, 2)} × {wording.number(element.width, 2)} m",
            f"{wording.number(gap, 2)} m",
            wording("closure.is_so" if element.is_operable else "closure.is_not"),
        ]
        for element, gap in zip(item.elements, item.gaps, strict=False)
    ]
    if rows:
        last = f"{wording.number(item.gaps[-1], 2)} m"
        far = wording("closure.annex.last_gap")
        rows.append([NOTHING, far, NOTHING, NOTHING, NOTHING, NOTHING, last, NOTHING])
    return rows


def _checks(plan: ClosurePlan, wording: Wording) -> list[list[str]]:
    rows = [
        _check_row(str(item.line.id), check, wording)
        for item in plan.lines
        for check in item.checks
    ]
    whole = wording("closure.whole_plan")
    return rows + [_check_row(whole, check, wording) for check in plan.checks]


def _check_row(where: str, check: Check, wording: Wording) -> list[str]:
    look = f"closure.look_at.{check.key}"
    said = [facts_text(check, wording)]
    if wording.has(look) and check.outcome != "pass":
        said.append(wording(look))
    return [
        where,
        code_text("check", check.key, wording),
        value_text(check.value, check.unit, wording),
        value_text(check.needed, check.unit, wording),
        outcome_text(check, wording),
        "; ".join(text for text in said if text) or NOTHING,
        source_text(check, wording),
    ]


def _alternatives(result: ClosureResult, wording: Wording) -> dict[str, Any] | None:
    if len(result.plans) < 2:
        return None
    head, rows = side_by_side(result, wording)
    return {"head": head, "rows": rows}


def _residual(lines: Sequence[ScheduledLine], wording: Wording) -> list[list[str]]:
    named: dict[str, list[int]] = {}
    for item in lines:
        for key in item.residual_risks:
            named.setdefault(key, []).append(item.line.id)
    return [
        [
            *risk_texts(key, wording),
            wording("closure.annex.every_line")
            if len(numbers) == len(lines)
            else numbers_text(numbers, wording),
        ]
        for key, numbers in named.items()
    ]

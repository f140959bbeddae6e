"""What a worker does for an analysis or a closure plan: ask the library, keep everything."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis_web.approach import questions
from parvis_web.approach.kept import RESULT, SUPPLY
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.config.data import run_folder
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.progress import Progress
from parvis_web.runs.services import system_actor

if TYPE_CHECKING:
    from parvis.approach.results import ApproachResult
    from parvis.city.model import City
    from parvis.closure.results import ClosureResult
    from parvis.closure.stock import StockPlan

SHARES = {
    "window": (0.0, 0.12),
    "ground": (0.12, 0.2),
    "solve": (0.2, 0.85),
    "explain": (0.85, 0.9),
}
"""Which part of the whole each step of the library takes."""

CLOSURE_SHARE = 0.3
"""A closure plan analyses several times; each step moves on by this share of what is left."""

STEPS = {
    "window": _("Choosing the ground to look at"),
    "ground": _("Reading streets and obstacles"),
    "solve": _("Computing speeds class by class"),
    "explain": _("Finding the run-ups that decide"),
    "plan": _("Finding lines that enclose the space"),
    "keep": _("Drawing maps and keeping the result"),
}


def _analysis_page(run: AnalysisRun) -> str:
    analysis = Analysis.objects.select_related("authority").get(run=run)
    names = [analysis.authority.slug, analysis.space_id, analysis.pk]
    return reverse("approach:result", args=names)


def _closure_page(run: AnalysisRun) -> str:
    plan = ClosurePlan.objects.select_related("authority").get(run=run)
    return reverse("approach:closure", args=[plan.authority.slug, plan.space_id, plan.pk])


@run_kind(
    "approach", minutes=60, label=_("Approach analysis"), steps=STEPS, next_url=_analysis_page
)
def run_approach(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Analyse a space and keep result, documents, overlay and pictures in the run's folder."""
    from parvis.io.analyses import analyse_space
    from parvis.io.kept_results import keep_result
    from parvis.report.charts import profile_chart
    from parvis.report.export import result_document
    from parvis.report.maps import access_point_map
    from parvis.report.overlay import approach_overlay
    from parvis.report.wording import LANGUAGES
    from parvis_web.approach.services import finish_analysis

    analysis = Analysis.objects.select_related("space__city", "authority").get(run=run)
    arguments = questions.library_arguments(run.parameters, analysis.space)
    city, result = analyse_space(**arguments, progress=_steps(progress))
    progress(0.92, "keep")
    folder = run_folder(run.authority_id, run.pk)
    keep_result(result, folder / RESULT)
    for language in LANGUAGES:
        document = result_document(result, language)
        del document["perimeter"]
        _write_json(folder, f"document.{language}.json", document)
        _write_json(folder, f"annex.{language}.json", _texts(result, language))
        _write_json(folder, f"overlay.{language}.json", approach_overlay(result, language))
        (folder / f"map.{language}.svg").write_bytes(access_point_map(city, result, language))
        (folder / f"profile.{language}.svg").write_bytes(profile_chart(result, language))
        progress()
    summary = analysis_summary(result_document(result))
    state = str(result.provenance["city_hash"])
    finish_analysis(system_actor(run), analysis, city_state=state, summary=summary)
    return summary


def _texts(result: "ApproachResult", language: str) -> dict[str, Any]:
    """Return the words of the annex, and why the fastest class of each point is so fast."""
    from parvis.report.annex import annex_data, because
    from parvis.report.speech import fastest_class
    from parvis.report.wording import Wording

    wording = Wording(language)
    fastest = [because(result, fastest_class(one), wording) for one in result.access_points]
    return annex_data(result, language) | {"fastest": fastest}


def analysis_summary(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what lists show of a result: never which access point is the fastest."""
    points = document["access_points"]
    said = [point["fastest_said_speed_kmh"] for point in points]
    return {
        "n_access_points": len(points),
        "speed_kmh": max((speed for speed in said if speed is not None), default=None),
        "grade": document["grade"],
        "design": document["design_speed"],
        "vehicles": [vehicle["key"] for vehicle in document["vehicles"]],
        "notices": [notice["code"] for notice in document["notices"]],
        "n_without_rating": sum(not point["required_rating"] for point in points),
        "code_version": document["provenance"].get("code_version", ""),
    }


@run_kind("closure", minutes=120, label=_("Closure plan"), steps=STEPS, next_url=_closure_page)
def run_closure(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Plan the closure of a space and keep plan, document, overlay and map in the run's folder."""
    from parvis.closure.plan import Wishes
    from parvis.io.closures import Supplies, close_space
    from parvis.report.closure_export import closure_document
    from parvis_web.approach.services import finish_closure

    plan = ClosurePlan.objects.select_related("space__city", "authority").get(run=run)
    wishes = run.parameters["wishes"]
    today = wishes["today"]
    found = close_space(
        **questions.library_arguments(run.parameters, plan.space),
        wishes=Wishes(
            emergency_access=tuple(wishes["emergency_access"]),
            permanence=wishes["permanence"],
            people=wishes["people"],
            accepted_classes=frozenset(wishes["accepted_classes"]),
            gates_on_tracks=wishes["gates_on_tracks"],
        ),
        supplies=Supplies(budget=wishes["budget"], needed_by=wishes["needed_by"]),
        today=dt.date.fromisoformat(today) if today else run.created.date(),
        progress=_nearing(progress),
    )
    progress(0.92, "keep")
    keep_closure(run_folder(run.authority_id, run.pk), found.city, found.result, found.supply)
    summary = closure_summary(closure_document(found.result))
    state = str(found.result.provenance["city_hash"])
    finish_closure(system_actor(run), plan, city_state=state, summary=summary)
    return summary


def keep_closure(
    folder: Path, city: "City", result: "ClosureResult", supply: "StockPlan | None"
) -> None:
    """Keep a closure plan with its documents, overlays and maps."""
    from parvis.io.kept_results import keep_result
    from parvis.report.closure_export import closure_document
    from parvis.report.closure_maps import closure_map
    from parvis.report.overlay import closure_overlay
    from parvis.report.wording import LANGUAGES

    keep_result(result, folder / RESULT)
    if supply is not None:
        keep_result(supply, folder / SUPPLY)
    for language in LANGUAGES:
        _write_json(folder, f"document.{language}.json", closure_document(result, language))
        _write_json(folder, f"overlay.{language}.json", closure_overlay(result, language))
        (folder / f"map.{language}.svg").write_bytes(closure_map(city, result, language))


def closure_summary(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what lists show of a plan: that of the plan told first."""
    plans = document["plans"]
    first = plans[0] if plans else None
    return {
        "n_plans": len(plans),
        "n_lines": len(first["lines"]) if first else 0,
        "n_holding": sum(line["holds"] for line in first["lines"]) if first else 0,
        "cost": first["cost"] if first else None,
        "cannot_close": document["cannot_close"],
        "grade": document["grade"],
        "vehicles": document["vehicles"],
    }


def _steps(progress: Progress) -> Callable[[str, int, int], None]:
    def tell(step: str, done: int, total: int) -> None:
        low, high = SHARES.get(step, (None, None))
        if low is None or high is None:
            progress()
            return
        progress(low + (high - low) * min(done / max(total, 1), 1.0), step)

    return tell


def _nearing(progress: Progress) -> Callable[[str, int, int], None]:
    """Show progress of work whose number of rounds nobody knows before."""
    share, last = 0.0, ""

    def tell(step: str, done: int, total: int) -> None:
        nonlocal share, last
        del done, total
        if step != last:
            share, last = share + CLOSURE_SHARE * (0.9 - share) / 2, step
        progress(share, step if step in SHARES else "plan")

    return tell


def _write_json(folder: Path, name: str, document: Mapping[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    (folder / name).write_text(text, encoding="utf-8")

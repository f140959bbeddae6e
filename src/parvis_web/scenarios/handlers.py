"""What a worker does for a scenario where no bench is running."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis_web.approach.models import Analysis
from parvis_web.config.data import library_home
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.progress import Progress
from parvis_web.runs.services import system_actor
from parvis_web.scenarios.bench_child import answer_of, session_of
from parvis_web.scenarios.models import Scenario

STEPS = {"prepare": _("Solving the present, class by class"), "answer": _("Carrying changes in")}


def _scenario_page(run: AnalysisRun) -> str:
    scenario = Scenario.objects.select_related("authority").get(pk=run.subject_id)
    return reverse(
        "scenarios:editor", args=[scenario.authority.slug, scenario.space_id, scenario.pk]
    )


@run_kind("scenario", minutes=30, label=_("Scenario"), steps=STEPS, next_url=_scenario_page)
def run_scenario(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Answer a scenario and save it with its results, unless it was edited meanwhile."""
    from parvis_web.scenarios.services import save_version

    asked = run.parameters
    place = {**asked["place"], "home": str(library_home(run.authority_id))}
    session = session_of(
        place, lambda step, done, total: progress(0.9 * done / max(total, 1), step)
    )
    progress(0.9, "answer")
    answer = answer_of(session, asked["changes"], asked["people"])
    scenario = Scenario.objects.get(pk=asked["scenario"], authority=run.authority)
    analysis = Analysis.objects.filter(pk=asked["analysis"], authority=run.authority).first()
    if scenario.edit != asked["edit"]:
        return {"version": None}
    version = save_version(
        system_actor(run), scenario, edit=asked["edit"], answer=answer, analysis=analysis
    )
    return {"version": version.number}

"""The run of this app: a draft is checked for disclosure."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis_web.releases.checking import check
from parvis_web.releases.models import FigureRelease
from parvis_web.releases.queries import basis_of, ground_of
from parvis_web.releases.services import take_check
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.progress import Progress
from parvis_web.runs.services import system_actor


def _page(run: AnalysisRun) -> str:
    return reverse("releases:detail", args=[run.authority.slug, run.subject_id])


@run_kind(
    "release-check",
    minutes=30,
    label=_("Disclosure check of a release"),
    steps={"check": _("Looking for what could be computed")},
    next_url=_page,
)
def check_release(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Protect what was chosen, have the judge look at it, and keep what the public would read."""
    release = FigureRelease.objects.select_related("authority", "replaces").get(pk=run.subject_id)
    actor = system_actor(run)
    progress(0.05, "check")
    basis = basis_of(actor, release)
    found = check(release, release.chosen, ground_of(actor, release))
    take_check(
        actor,
        release,
        edit=run.parameters["edit"],
        basis=basis,
        findings=found.findings,
        content=found.content,
        told=found.told,
        is_fit=found.is_fit,
    )
    return {"is_fit": found.is_fit, "n_hidden": len(found.findings["hidden"])}

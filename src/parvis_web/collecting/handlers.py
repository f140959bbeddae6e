"""The runs of this app: a delivery is read, areas, protected data are looked at and summed up."""

import shutil
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis_web.collecting import reading
from parvis_web.collecting.files import kept_path, named, waiting_home
from parvis_web.collecting.models import Delivery
from parvis_web.collecting.queries import change_counts
from parvis_web.collecting.services import take_reading
from parvis_web.config import env
from parvis_web.config.data import library_home
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.progress import Progress
from parvis_web.runs.sandbox import run_limited
from parvis_web.runs.services import system_actor

STEPS = {
    "read": _("Reading the file"),
    "compare": _("Comparing with what is there"),
}


def memory() -> int:
    """Return how much memory reading a file may take. [MiB]"""
    return env.number("PARVIS_IMPORT_MEMORY_MB", 8192)


def _page(run: AnalysisRun) -> str:
    return reverse("collecting:detail", args=[run.authority.slug, run.subject_id])


@run_kind(
    "delivery-read",
    minutes=30,
    label=_("Reading of a delivery"),
    steps=STEPS,
    next_url=_page,
    asked=lambda run: [(_("File"), run.parameters["name"])],
)
def read(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Read a delivered file and lay its values ready; nothing of it counts yet."""
    delivery = Delivery.objects.select_related("authority").get(pk=run.subject_id)
    target = waiting_home(run.authority_id, delivery.pk) / str(run.pk)
    shutil.rmtree(target, ignore_errors=True)
    progress(0.05, "read")
    path = kept_path(run.authority_id, delivery.digest)
    with named(path, delivery.file_name, delivery.ending) as file:
        found: dict[str, Any] = run_limited(
            reading.read_delivery,
            file,
            mapping=run.parameters["mapping"],
            received=delivery.received.isoformat(),
            home=library_home(run.authority_id),
            target=target,
            memory_mb=memory(),
            seconds=1500,
            file=delivery.file_name,
        )
    progress(0.8, "compare")
    found["waiting"] = str(run.pk)
    if found.get("n_accepted"):
        found["changes"] = change_counts(run.authority_id, target, delivery.received)
    take_reading(system_actor(run), delivery, found=found)
    return {"n_accepted": found.get("n_accepted", 0), "n_rejected": found.get("n_rejected", 0)}

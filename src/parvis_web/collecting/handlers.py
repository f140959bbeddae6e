"""The runs of this app: a delivery is read, areas, protected data are looked at and summed up."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.vocabulary import Marking
from parvis_web.collecting import reading, vault
from parvis_web.collecting.files import areas_path, kept_path, named, waiting_home
from parvis_web.collecting.models import ContentKind, Delivery, ProtectedDataset
from parvis_web.collecting.queries import change_counts
from parvis_web.collecting.services import take_reading
from parvis_web.collecting.services_protected import take_look, take_sums
from parvis_web.config import env
from parvis_web.config.data import library_home
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.progress import Progress
from parvis_web.runs.sandbox import run_limited
from parvis_web.runs.services import system_actor

STEPS = {
    "read": _("Reading the file"),
    "open": _("Opening the protected data"),
    "count": _("Summing up"),
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
    _told_by_own_name(found, delivery.file_name)
    progress(0.8, "compare")
    found["waiting"] = str(run.pk)
    if found.get("n_accepted"):
        found["changes"] = change_counts(run.authority_id, target, delivery.received)
    take_reading(system_actor(run), delivery, found=found)
    return {"n_accepted": found.get("n_accepted", 0), "n_rejected": found.get("n_rejected", 0)}


@run_kind(
    "delivery-compute",
    minutes=60,
    label=_("Indicators from the city's map"),
    steps=STEPS,
    next_url=_page,
    asked=lambda run: [(_("City"), run.parameters["name"])],
)
def compute(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Compute values from a city's map and lay them ready; nothing of it counts yet."""
    delivery = Delivery.objects.select_related("authority").get(pk=run.subject_id)
    asked, digest = run.parameters, run.parameters["areas_digest"]
    target = waiting_home(run.authority_id, delivery.pk) / str(run.pk)
    shutil.rmtree(target, ignore_errors=True)
    progress(0.05, "count")
    path = kept_path(run.authority_id, delivery.digest)
    with named(path, delivery.file_name, delivery.ending) as file:
        found: dict[str, Any] = run_limited(
            reading.compute_city,
            file,
            city=asked["store"],
            areas=areas_path(run.authority_id, digest) if digest else None,
            period=asked["period"],
            whole=asked["whole"],
            received=delivery.received.isoformat(),
            home=library_home(run.authority_id),
            target=target,
            memory_mb=memory(),
            seconds=3300,
            file=delivery.file_name,
        )
    progress(0.9, "compare")
    found["waiting"] = str(run.pk)
    if found["n_accepted"]:
        found["changes"] = change_counts(run.authority_id, target, delivery.received)
    take_reading(system_actor(run), delivery, found=found)
    return {"n_accepted": found["n_accepted"]}


def _told_by_own_name(found: dict[str, Any], name: str) -> None:
    """Let what is wrong with a file name it as its owner does."""
    details = found.get("problem", {}).get("details", {})
    if "file" in details:
        details["file"] = name


def _item(run: AnalysisRun) -> ProtectedDataset:
    return ProtectedDataset.objects.select_related("authority").get(pk=run.subject_id)


def _item_page(run: AnalysisRun) -> str:
    return reverse("collecting:protected", args=[run.authority.slug, run.subject_id])


def _sums_page(run: AnalysisRun) -> str:
    made = (run.result or {}).get("delivery")
    if not made:
        return _item_page(run)
    return reverse("collecting:detail", args=[run.authority.slug, made])


@run_kind(
    "protected-look", minutes=30, label=_("Look at protected data"), steps=STEPS,
    next_url=_item_page,
)  # fmt: skip
def look(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Find out which columns protected data have."""
    item = _item(run)
    progress(0.05, "open")
    with vault.opened(item.authority_id, item.pk, f"data{item.ending}") as path:
        progress(0.2, "read")
        if item.content_kind == ContentKind.INCIDENTS:
            function: Callable[..., Any] = reading.look_at_incidents
            asked: dict[str, Any] = {"crs": run.parameters["crs"]}
        else:
            function = reading.look_at_survey
            asked = {"is_submissions": item.content_kind == ContentKind.SUBMISSIONS}
        found = run_limited(
            function, path, memory_mb=memory(), seconds=1500, file=item.file_name, **asked
        )
    _told_by_own_name(found, item.file_name)
    take_look(system_actor(run), item, found=found)
    return {"n_columns": len(item.columns)}


@run_kind(
    "protected-incidents", minutes=30, label=_("Count of recorded incidents"), steps=STEPS,
    next_url=_sums_page,
)  # fmt: skip
def count(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Count protected incidents as values of indicators."""
    asked = run.parameters
    people = asked.get("people")

    def counted(path: Path, target: Path) -> dict[str, Any]:
        options = {
            name: asked[name]
            for name in (
                "mapping",
                "indicators",
                "period",
                "city",
                "only_inside",
                "source",
                "stores",
            )
        }
        digest = asked.get("areas_digest")
        with _given(run, people) as table:
            found: dict[str, Any] = run_limited(
                reading.count_incidents,
                path,
                **options,
                covered=tuple(asked["covered"]),
                areas=areas_path(run.authority_id, digest) if digest else None,
                people=table,
                received=asked["received"],
                home=library_home(run.authority_id),
                target=target,
                memory_mb=memory(),
                seconds=1500,
                file=_now("protected data"),
            )
            return found

    return _sum_up(run, progress, counted)


@run_kind(
    "protected-survey", minutes=30, label=_("Estimates from a survey"), steps=STEPS,
    next_url=_sums_page,
)  # fmt: skip
def estimate(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Estimate indicators from protected answers."""
    is_form = _item(run).content_kind == ContentKind.SUBMISSIONS

    def estimated(path: Path, target: Path) -> dict[str, Any]:
        found: dict[str, Any] = run_limited(
            reading.estimate_survey,
            path,
            is_submissions=is_form,
            mapping=run.parameters["mapping"],
            received=run.parameters["received"],
            home=library_home(run.authority_id),
            target=target,
            memory_mb=memory(),
            seconds=1500,
            file=_now("protected data"),
        )
        return found

    return _sum_up(run, progress, estimated)


def _sum_up(
    run: AnalysisRun, progress: Progress, summed: Callable[[Path, Path], dict[str, Any]]
) -> dict[str, Any]:
    item, pk = _item(run), uuid4()
    home = waiting_home(run.authority_id, pk)
    target = home / str(run.pk)
    try:
        progress(0.05, "open")
        with vault.opened(item.authority_id, item.pk, f"data{item.ending}") as path:
            progress(0.2, "count")
            found = summed(path, target)
        progress(0.8, "compare")
        found["waiting"] = str(run.pk)
        few = found.get("counted", {}).get("n_few", 0)
        found["least_marking"] = str(Marking.AMBER if few else Marking.GREEN)
        if found.get("n_accepted"):
            found["changes"] = change_counts(run.authority_id, target, timezone.localdate())
        made = take_sums(system_actor(run), item, pk=pk, found=found, created_by=run.created_by)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    return {"delivery": str(made.pk), "n_accepted": made.n}


@contextmanager
def _given(run: AnalysisRun, file: dict[str, Any] | None) -> Iterator[Path | None]:
    """Give a file that came with the question, where one did."""
    if not file:
        yield None
        return
    with named(kept_path(run.authority_id, file["digest"]), file["name"], file["ending"]) as path:
        yield path

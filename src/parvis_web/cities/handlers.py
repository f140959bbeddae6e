"""The runs of this app: importing an extract, laying a municipal file over a city."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis.errors import ParvisError
from parvis_web.cities import reading
from parvis_web.cities.files import MOST_UNPACKED_SMALL, UNPACKED_FACTOR, kept_path
from parvis_web.cities.models import City
from parvis_web.cities.services import run_ended, take_import, take_layer
from parvis_web.config import env
from parvis_web.config.data import library_home, run_folder
from parvis_web.runs.kinds import run_kind
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.progress import Progress
from parvis_web.runs.sandbox import run_limited
from parvis_web.runs.services import system_actor

MINUTES = 120
STEPS = {
    "read": _("Reading the extract"),
    "classify": _("Telling streets, areas and obstacles apart"),
    "streets": _("Joining streets"),
    "areas": _("Assembling areas"),
    "lines": _("Collecting obstacles"),
    "tables": _("Building tables"),
    "widths": _("Measuring street widths"),
    "spaces": _("Finding public spaces"),
    "store": _("Writing the city"),
    "list": _("Listing the public spaces"),
    "tiles": _("Drawing the base map"),
}
SHARES = {
    "read": 0.02, "classify": 0.15, "streets": 0.2, "areas": 0.25, "lines": 0.3, "tables": 0.35,
    "widths": 0.4, "spaces": 0.6, "store": 0.7, "list": 0.75, "tiles": 0.8,
}  # fmt: skip


def _memory() -> int:
    return env.number("PARVIS_IMPORT_MEMORY_MB", 8192)


def _city(run: AnalysisRun) -> City:
    return City.objects.select_related("authority").get(pk=run.subject_id)


def _page(run: AnalysisRun) -> str:
    return reverse("cities:detail", args=[run.authority.slug, run.subject_id])


def _layers_page(run: AnalysisRun) -> str:
    return reverse("cities:layers", args=[run.authority.slug, run.subject_id])


@contextmanager
def _named(run: AnalysisRun, file: Mapping[str, Any]) -> Iterator[Path]:
    """Give a kept file a name people know again while it is read, and errors its full one."""
    name = str(file["name"])
    stem = name[: len(name) - len(file["ending"])] if name.endswith(file["ending"]) else name
    plain = re.sub(r"[^a-z0-9]+", "-", stem.split(".")[0].lower()).strip("-")[:60] or "file"
    path = run_folder(run.authority_id, run.pk) / f"{plain}{file['ending']}"
    path.unlink(missing_ok=True)
    os.link(kept_path(run.authority_id, file["digest"], file["ending"]), path)
    try:
        yield path
    except ParvisError as error:
        if "file" in error.details:
            error.details["file"] = name
        raise
    finally:
        path.unlink(missing_ok=True)


@run_kind(
    "city-import",
    minutes=MINUTES,
    label=_("Import of a city"),
    steps=STEPS,
    next_url=_page,
    asked=lambda run: [(_("Extract"), run.parameters["name"])],
    on_end=run_ended,
)
def import_city(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Import an extract; the city changes only when everything was read."""
    city, asked = _city(run), run.parameters
    home = library_home(city.authority_id)
    with _named(run, asked) as path:
        found = run_limited(
            reading.import_extract,
            path,
            store=city.store,
            home=home,
            boundary=asked["boundary"],
            municipality=asked["municipality"],
            most_unpacked=UNPACKED_FACTOR * settings.PARVIS_UPLOAD_LIMIT,
            memory_mb=_memory(),
            seconds=60 * MINUTES,
            file=asked["name"],
            notice=lambda step: progress(SHARES.get(step), step),
        )
    found["summary"]["source"] = asked["name"]
    progress(SHARES["list"], "list")
    take_import(
        system_actor(run),
        city,
        found=found,
        source_name=asked["name"],
        source_digest=asked["digest"],
    )
    _draw(city, home, progress)
    return {"hash": city.state_hash, "spaces": city.spaces.count()}


def _draw(city: City, home: Path, progress: Progress) -> None:
    def notice(word: str) -> None:
        done, _, n = word.partition("/")
        progress(SHARES["tiles"] + (1 - SHARES["tiles"]) * int(done) / int(n), "tiles")

    progress(SHARES["tiles"], "tiles")
    run_limited(
        reading.make_tiles,
        city.store,
        home=home,
        memory_mb=_memory(),
        seconds=60 * MINUTES,
        file=city.name,
        notice=notice,
    )


@run_kind(
    "city-layer",
    minutes=30,
    label=_("Municipal layer"),
    steps=STEPS,
    next_url=_layers_page,
    asked=lambda run: [
        (_("File"), run.parameters["file"]["name"]),
        (_("Taken as"), run.parameters["kind"]),
    ],
)
def lay_over(run: AnalysisRun, progress: Progress) -> dict[str, Any]:
    """Lay a municipal file over a city."""
    city, asked = _city(run), run.parameters
    helpers: dict[str, Any] = {
        name: kept_path(run.authority_id, asked[name]["digest"], asked[name]["ending"])
        for name in ("mapping", "control_points")
        if asked[name]
    }
    progress(0.05, "read")
    with _named(run, asked["file"]) as path:
        found = run_limited(
            reading.lay_over,
            path,
            store=city.store,
            home=library_home(city.authority_id),
            kind=asked["kind"],
            most_unpacked=MOST_UNPACKED_SMALL,
            is_replacing=asked["is_replacing"],
            crs=asked["crs"],
            sheet=asked["sheet"],
            memory_mb=_memory(),
            seconds=1500,
            file=asked["file"]["name"],
            **helpers,
        )
    progress(0.9, "list")
    layer = take_layer(system_actor(run), city, parameters=asked, found=found)
    return {"layer": str(layer.pk), "taken": found["taken"], "n_refused": found["n_refused"]}

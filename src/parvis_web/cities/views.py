"""Pages of cities."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.errors import InputError, LimitError
from parvis.io.osm_read import SUFFIXES as EXTRACT_ENDINGS
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import check_write
from parvis_web.cities import queries, services
from parvis_web.cities.files import (
    BOUNDARY_ENDINGS,
    EXTRACT,
    MOST_UNPACKED_SMALL,
    SMALL,
    KeptFile,
    keep_server_file,
    keep_upload,
)
from parvis_web.cities.forms import CityForm, ExtractForm, RenameForm
from parvis_web.cities.models import City
from parvis_web.cities.reading import read_boundary_file
from parvis_web.cities.rules import check_add, check_change
from parvis_web.cities.uploads import upload_view
from parvis_web.runs.sandbox import run_limited
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast


def most_sent() -> int:
    """Return how large a request with an extract may be."""
    return int(settings.PARVIS_UPLOAD_LIMIT) + SMALL


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """Show the authority's cities."""
    actor = request.actor
    context = {"cities": list(queries.cities_of(actor)), "may_add": actor.is_editor}
    return render(request, "cities/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(most_sent)
def new(request: ActorRequest) -> HttpResponse:
    """Take an extract for a new city and begin its import."""
    check_add(request.actor)
    form = CityForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.add_city(
                request.actor, name=form.cleaned_data["name"], **_given(request, form)
            )
        except (InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        else:
            return redirect("cities:detail", request.actor.authority.slug, run.subject_id)
    status = 422 if form.errors else 200
    return render(request, "cities/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(most_sent)
def replace(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take another extract for a city."""
    city = queries.get_city(request.actor, pk)
    check_change(request.actor, city)
    initial = {"municipality": city.municipality}
    form = ExtractForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.replace_extract(request.actor, city, **_given(request, form))
        except (InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        else:
            return _to(request, city)
    status = 422 if form.errors else 200
    return render(request, "cities/replace.html", {"form": form, "city": city}, status=status)


def _given(request: ActorRequest, form: ExtractForm) -> dict[str, Any]:
    """Return what a valid form gives: the kept extract and which part of it."""
    authority_id = request.actor.authority.pk
    cleaned = form.cleaned_data
    extract: KeptFile
    boundary = None
    if cleaned.get("boundary"):
        kept = keep_upload(
            authority_id,
            cleaned["boundary"],
            accepted=BOUNDARY_ENDINGS,
            what=_("file with a boundary"),
            most=SMALL,
        )
        boundary = _boundary(authority_id, kept)
    if cleaned.get("file"):
        extract = keep_upload(
            authority_id,
            cleaned["file"],
            accepted=EXTRACT_ENDINGS,
            what=EXTRACT,
            most=settings.PARVIS_UPLOAD_LIMIT,
        )
    else:
        extract = keep_server_file(authority_id, cleaned["server_file"])
    return {"extract": extract, "municipality": cleaned["municipality"], "boundary": boundary}


def _boundary(authority_id: UUID, kept: KeptFile) -> dict[str, Any]:
    try:
        found: dict[str, Any] = run_limited(
            read_boundary_file,
            kept.path(authority_id),
            most_unpacked=MOST_UNPACKED_SMALL,
            seconds=60,
            file=kept.name,
        )
    except (InputError, LimitError) as error:
        if "file" in error.details:
            error.details["file"] = kept.name
        raise
    finally:
        kept.path(authority_id).unlink(missing_ok=True)
    return found


@require_safe
@member_view
def detail(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show what a city holds, what it lacks and what that means."""
    actor = request.actor
    city = queries.get_city(actor, pk)
    run = queries.last_run(city)
    context = {
        "city": city,
        "run": run if run is not None and run.state != "done" else None,
        "outdated": queries.outdated_analyses(actor, city) if city.state_hash else None,
        "n_spaces": city.spaces.filter(removed__isnull=True).count(),
        "n_layers": city.layers.filter(removed__isnull=True).count(),
        "may_change": queries.can_change(actor, city),
        "attribution": queries.ATTRIBUTION,
        "rename_form": RenameForm(initial={"name": city.name}),
    }
    return render(request, "cities/detail.html", context)


@require_POST
@member_view
def rename(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give a city another name."""
    city = queries.get_city(request.actor, pk)
    check_write(request.actor, city)
    form = RenameForm(request.POST)
    if form.is_valid():
        services.rename_city(request.actor, city, name=form.cleaned_data["name"])
    else:
        add_toast(request, _("Give the city a name of up to 120 signs."), kind="bad")
    return _to(request, city)


@require_POST
@member_view
def remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a city from the lists."""
    city = queries.get_city(request.actor, pk)
    services.remove_city(request.actor, city)
    undo = reverse("cities:bring-back", args=[request.actor.authority.slug, city.pk])
    add_toast(request, _("%(city)s was removed.") % {"city": city.name}, kind="good", undo_url=undo)
    return redirect("cities:list", request.actor.authority.slug)


@require_POST
@member_view
def bring_back(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Put a removed city back."""
    city = queries.get_city(request.actor, pk, is_removed=True)
    services.bring_back_city(request.actor, city)
    return _to(request, city)


def _to(request: ActorRequest, city: City) -> HttpResponse:
    return redirect("cities:detail", request.actor.authority.slug, city.pk)

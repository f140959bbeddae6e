"""Pages of areas: the districts, wards or zones that values are told for."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import ActorRequest, get_readable, member_view
from parvis_web.accounts.rights import can_write
from parvis_web.cities.uploads import upload_view
from parvis_web.collecting import queries, reading, rules, services
from parvis_web.collecting.files import AREA_ENDINGS, MOST_BYTES, MOST_UNPACKED, check_upload
from parvis_web.collecting.forms import AreasForm
from parvis_web.collecting.models import AreaLayer
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.uploads import on_disk, told_by_own_name
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """List the areas there are."""
    actor = request.actor
    may_add = rules.can_bring_in(actor)
    context = {
        "rows": [
            {"layer": layer, "n": len(layer.codes), "may_remove": can_write(actor, layer)}
            for layer in queries.area_layers(actor)
        ],
        "may_add": may_add,
    }
    return render(request, "collecting/areas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: MOST_BYTES)
def new(request: ActorRequest) -> HttpResponse:
    """Take a file with areas."""
    rules.check_bring_in(request.actor)
    form = AreasForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            name, _ending = check_upload(said["file"], AREA_ENDINGS, _("file with areas"))
            with on_disk(said["file"]) as path, told_by_own_name(said["file"]):
                found = run_limited(
                    reading.read_areas,
                    path,
                    code=said["code"],
                    name=said["name_column"],
                    most_unpacked=MOST_UNPACKED,
                    seconds=60,
                    file=name,
                )
        except (InputError, LimitError) as error:
            form.add_error("file", sentence_of(error))
        else:
            services.add_areas(
                request.actor,
                name=said["name"],
                file_name=name,
                found=found,
                valid_from=said["valid_from"],
            )
            return redirect("collecting:areas", request.actor.authority.slug)
    status = 422 if form.errors else 200
    return render(request, "collecting/areas_new.html", {"form": form}, status=status)


@require_POST
@member_view
def remove(request: ActorRequest, layer: UUID) -> HttpResponse:
    """Take areas off the list."""
    row = get_readable(request.actor, AreaLayer.objects.all(), layer)
    services.remove_areas(request.actor, row)
    undo = reverse("collecting:areas-bring-back", args=[request.actor.authority.slug, layer])
    add_toast(request, _("%(name)s is off the list.") % {"name": row.name}, undo_url=undo)
    return redirect("collecting:areas", request.actor.authority.slug)


@require_POST
@member_view
def bring_back(request: ActorRequest, layer: UUID) -> HttpResponse:
    """Put removed areas on the list again."""
    row = get_readable(request.actor, AreaLayer.objects.all(), layer)
    services.bring_back_areas(request.actor, row)
    return redirect("collecting:areas", request.actor.authority.slug)

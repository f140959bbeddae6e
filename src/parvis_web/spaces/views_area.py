"""Pages to draw a protected area anew or to change one: on the map, typed, or from a file."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parvis.errors import InputError, LimitError
from parvis.io.outline_text import outline_as_text
from parvis_web.accounts.access import member_view
from parvis_web.accounts.rights import check_write
from parvis_web.spaces import map_view, queries, rules, services
from parvis_web.spaces.forms import AreaForm, DrawForm
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.uploads import area_from_form
from parvis_web.spaces.views import get_space, space_context
from parvis_web.ui import errors
from parvis_web.ui.toasts import add_toast


def sentence_of(error: Exception) -> str:
    """Return what the user reads where a service or the library refused."""
    if isinstance(error, RefusedError):
        return error.sentence
    assert isinstance(error, InputError | LimitError)  # noqa: S101 - callers catch these only
    return errors.sentence_of(error)


@member_view
def draw(request: HttpRequest) -> HttpResponse:
    """Add a protected area anywhere in a city."""
    actor = request.actor  # type: ignore[attr-defined]
    rules.check_draw(actor)
    cities = queries.ready_cities(actor)
    chosen = cities.filter(pk=request.GET["city"]).first() if _is_id(request) else cities.first()
    if chosen is None:
        return redirect("spaces:list", actor.authority.slug)
    form = DrawForm(cities, request.POST or None, request.FILES or None, initial={"city": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            city = form.cleaned_data["city"]
            geometry, origin, file_name = area_from_form(form.cleaned_data, city)
            space = services.draw_space(
                actor,
                city=city,
                name=form.cleaned_data["name"],
                geometry=geometry,
                origin=origin,
                file_name=file_name,
            )
        except (RefusedError, InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        else:
            add_toast(request, _("The area was added."))
            return redirect("spaces:detail", actor.authority.slug, space.pk)
    context = {
        "form": form,
        "city": chosen,
        "cities": cities,
        "map": map_view.draw_map(request, chosen),
    }
    return render(request, "spaces/draw.html", context, status=422 if form.errors else 200)


def _is_id(request: HttpRequest) -> bool:
    try:
        UUID(request.GET.get("city", ""))
    except ValueError:
        return False
    return True


@member_view
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the outline of a space."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    form = AreaForm(
        request.POST or None,
        request.FILES or None,
        initial={"version": space.version, "outline": json.dumps(space.area)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            geometry, origin, file_name = area_from_form(form.cleaned_data, space.city)
            services.change_area(
                actor,
                space,
                geometry=geometry,
                version=form.cleaned_data.get("version") or 0,
                origin=origin,
                file_name=file_name,
            )
        except (RefusedError, InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        else:
            add_toast(request, _("The outline was changed; the earlier one is in the history."))
            return redirect("spaces:detail", actor.authority.slug, space.pk)
    context = space_context(
        request,
        space,
        "overview",
        form=form,
        corners=outline_as_text(space.area) if space.area else "",
        map=map_view.draw_map(request, space.city, space),
    )
    return render(request, "spaces/edit.html", context, status=422 if form.errors else 200)

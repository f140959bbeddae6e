"""The map of a protected survey's questions: filled in bit by bit, taken from a file, sent."""

import json
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.cities.uploads import upload_view
from parvis_web.collecting import rules, services_protected
from parvis_web.collecting.files import MOST_BYTES
from parvis_web.collecting.forms_survey import MapSourceForm, SurveyMapForm
from parvis_web.collecting.models import ContentKind
from parvis_web.collecting.views_protected import form_of, get_item, page_of
from parvis_web.ui.toasts import add_toast


@require_http_methods(["POST"])
@upload_view(lambda: MOST_BYTES)
def map_(request: ActorRequest, item: UUID) -> HttpResponse:
    """Keep the map as far as it is, or take a saved one or a file in its place."""
    found = get_item(request, item)
    rules.check_open(request.actor, found)
    form = form_of(request, found, request.POST)
    if not isinstance(form, SurveyMapForm):
        raise Http404
    if "saved" in request.POST:
        source = MapSourceForm(request.POST, request.FILES, actor=request.actor)
        if not source.is_valid():
            return page_of(request, found, source_form=source)
        mapping = source.said()
    else:
        mapping = form.draft()
    services_protected.set_map(request.actor, found, mapping=mapping)
    add_toast(request, _("The map is kept as far as it is filled in."))
    return redirect("collecting:protected", request.actor.authority.slug, item)


@require_safe
@member_view
def map_file(request: ActorRequest, item: UUID) -> HttpResponse:
    """Send the map as far as it is filled in."""
    found = get_item(request, item)
    rules.check_open(request.actor, found)
    if found.content_kind == ContentKind.INCIDENTS:
        raise Http404
    mapping = found.settings.get("mapping") or found.facts.get("map", {})
    return HttpResponse(
        json.dumps(mapping, ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="survey-map.json"',
            "X-Content-Type-Options": "nosniff",
        },
    )

"""Files of an analysis: what the map lays over the town, pictures, exports; checked every time."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.approach import exports, kept
from parvis_web.approach.maps import LAYERS
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.approach.views.common import finished, get_analysis, told_refusals

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def private(content: bytes, media_type: str) -> HttpResponse:
    """Return bytes that no cache may keep."""
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def drawing(content: bytes) -> HttpResponse:
    """Return a picture of ours, which runs nothing wherever it is opened."""
    response = private(content, "image/svg+xml")
    response["Content-Security-Policy"] = PICTURE_POLICY
    return response


def overlay_answer(request: ActorRequest, item: Analysis | ClosurePlan) -> HttpResponse:
    """Return the layer asked for of what the map shows, or all of them."""
    name = request.GET.get("layer", "")
    if name and name not in LAYERS:
        raise Http404
    return private(kept.overlay(item, LAYERS.get(name, ())), "application/geo+json")


@require_GET
@member_view
def overlay(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Return perimeter and access points as GeoJSON for the map."""
    item = get_analysis(request, pk, analysis)
    finished(item)
    return overlay_answer(request, item)


@require_GET
@member_view
def map_picture(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Return the map as the report prints it."""
    item = get_analysis(request, pk, analysis)
    finished(item)
    return drawing(kept.picture(item, "map"))


@require_GET
@member_view
def profile_picture(request: ActorRequest, pk: UUID, analysis: UUID) -> HttpResponse:
    """Return the speeds along the outline, class by class."""
    item = get_analysis(request, pk, analysis)
    finished(item)
    return drawing(kept.picture(item, "profile"))


@require_GET
@member_view
@told_refusals
def export(request: ActorRequest, pk: UUID, analysis: UUID, ending: str) -> HttpResponse:
    """Return the result as a file in the format and the grid asked for."""
    item = get_analysis(request, pk, analysis)
    finished(item)
    grid = request.GET.get("grid", "wgs84")
    return exports.export_analysis(request.actor, item, ending=ending, grid=grid)

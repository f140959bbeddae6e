"""The first version of the API: cities, spaces, analyses and runs of the token's authority."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Query
from ninja.throttling import AuthRateThrottle

from parvis import __version__
from parvis_web.accounts.access import get_readable
from parvis_web.accounts.rights import readable
from parvis_web.api import problems
from parvis_web.api.auth import Token, actor_of
from parvis_web.api.features import router as features
from parvis_web.api.schemas import (
    AnalysisOut,
    CityOut,
    Me,
    NewAnalysis,
    NewName,
    NewSpace,
    RunOut,
    SpaceOut,
    SpacePage,
)
from parvis_web.approach.kept import document
from parvis_web.approach.models import Analysis
from parvis_web.approach.services import request_analysis
from parvis_web.cities.models import City
from parvis_web.runs.models import AnalysisRun, RunState
from parvis_web.runs.queries import error_sentence, get_run
from parvis_web.runs.services import cancel_run
from parvis_web.spaces import services as space_services
from parvis_web.spaces.models import Space
from parvis_web.spaces.queries import present_spaces

MOST_LISTED = 200

api = NinjaAPI(
    title="Parvis",
    version="1",
    description="Public spaces of one authority. Send a token: “Authorization: Bearer …”.",
    urls_namespace="api-1",
    auth=Token(),
    docs_url=None,
    openapi_extra={"info": {"x-parvis-version": __version__}},
    throttle=[AuthRateThrottle("1200/m")],
)
problems.install(api)
api.add_router("/ogc", features)


@api.get("/me", response=Me, summary="Whose token this is")
def me(request: HttpRequest) -> Any:
    """Tell the authority, the role and the scopes of the token."""
    actor = actor_of(request)
    return {
        "authority": actor.authority.slug,
        "authority_name": actor.authority.name,
        "role": actor.role,
        "scopes": sorted(actor.scopes or ()),
    }


@api.get("/cities", response=list[CityOut], summary="Imported cities")
def cities(request: HttpRequest) -> Any:
    """List the cities of the authority."""
    return readable(actor_of(request), City.objects.filter(removed__isnull=True))


@api.get("/spaces", response=SpacePage, summary="Public spaces")
def spaces(
    request: HttpRequest,
    search: str = Query("", max_length=100, description="Part of the name"),
    limit: int = Query(100, ge=1, le=1000),
    offset: int = Query(0, ge=0, le=10_000_000),
) -> Any:
    """List the spaces that the token may read, by name."""
    rows = present_spaces(actor_of(request)).order_by("name", "pk")
    if search:
        rows = rows.filter(name__icontains=search.replace("\0", ""))
    return {"total": rows.count(), "items": list(rows[offset : offset + limit])}


@api.post("/spaces", response={201: SpaceOut}, summary="Add a protected area")
def add_space(request: HttpRequest, new: NewSpace) -> Any:
    """Draw a protected area in a city."""
    actor = actor_of(request)
    city = get_readable(actor, City.objects.filter(removed__isnull=True), new.city_id)
    space = space_services.draw_space(
        actor, city=city, name=new.name, geometry=new.area.dict(), origin="api"
    )
    return 201, space


@api.get("/spaces/{space_id}", response=SpaceOut, summary="One public space")
def space(request: HttpRequest, space_id: UUID) -> Any:
    """Return one space."""
    return _space(request, space_id)


@api.patch("/spaces/{space_id}", response=SpaceOut, summary="Rename a space")
def rename_space(request: HttpRequest, space_id: UUID, new: NewName) -> Any:
    """Rename a space on the version that was read."""
    found = _space(request, space_id)
    return space_services.rename_space(actor_of(request), found, name=new.name, version=new.version)


@api.get("/spaces/{space_id}/analyses", response=list[AnalysisOut], summary="Analyses")
def analyses(request: HttpRequest, space_id: UUID) -> Any:
    """List the analyses of a space, newest first."""
    found = _space(request, space_id)
    rows = Analysis.objects.filter(space=found, removed__isnull=True)
    return readable(actor_of(request), rows).select_related("run")[:MOST_LISTED]


@api.post("/spaces/{space_id}/analyses", response={202: AnalysisOut}, summary="Start an analysis")
def start_analysis(request: HttpRequest, space_id: UUID, new: NewAnalysis) -> Any:
    """Ask for an analysis; the answer tells its run, whose progress can be asked for."""
    found = _space(request, space_id)
    return 202, request_analysis(actor_of(request), found, vehicles=new.vehicles, design=new.design)


@api.get("/analyses/{analysis_id}", response=AnalysisOut, summary="One analysis")
def analysis(request: HttpRequest, analysis_id: UUID) -> Any:
    """Return an analysis in short."""
    return _analysis(request, analysis_id)


@api.get("/analyses/{analysis_id}/result", response=dict[str, Any], summary="Its whole result")
def analysis_result(request: HttpRequest, analysis_id: UUID) -> Any:
    """Return the result as ``parvis approach --json`` gives it."""
    found = _analysis(request, analysis_id)
    if found.run.state != RunState.DONE:
        raise Http404
    return document(found)


@api.get("/runs/{run_id}", response=RunOut, summary="How far a run is")
def run(request: HttpRequest, run_id: UUID) -> Any:
    """Return state and progress of a run about something the token may read."""
    return _told(get_run(actor_of(request), run_id)[0])


@api.post("/runs/{run_id}/cancel", response=RunOut, summary="Cancel a run")
def cancel(request: HttpRequest, run_id: UUID) -> Any:
    """Ask a run to stop."""
    actor = actor_of(request)
    return _told(cancel_run(actor, get_run(actor, run_id)[0]))


def _told(found: AnalysisRun) -> dict[str, Any]:
    names = ("id", "kind", "state", "progress", "step", "created", "started", "ended")
    told = {name: getattr(found, name) for name in names}
    sentence = error_sentence(found) if found.error_code else ""
    return told | {"error_code": found.error_code, "error": sentence}


def _analysis(request: HttpRequest, analysis_id: UUID) -> Analysis:
    rows = Analysis.objects.filter(removed__isnull=True).select_related("run", "space")
    return get_readable(actor_of(request), rows, analysis_id)


def _space(request: HttpRequest, space_id: UUID) -> Space:
    found = present_spaces(actor_of(request)).filter(pk=space_id).first()
    if found is None:
        raise Http404
    return found

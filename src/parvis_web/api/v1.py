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
from parvis_web.api.schemas import CityOut, Me, NewName, NewSpace, SpaceOut, SpacePage
from parvis_web.cities.models import City
from parvis_web.spaces import services as space_services
from parvis_web.spaces.models import Space
from parvis_web.spaces.queries import present_spaces

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


def _space(request: HttpRequest, space_id: UUID) -> Space:
    found = present_spaces(actor_of(request)).filter(pk=space_id).first()
    if found is None:
        raise Http404
    return found

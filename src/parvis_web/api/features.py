"""OGC API - Features (core, GeoJSON): spaces and what was found at them, for QGIS by address."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router
from ninja.errors import HttpError

from parvis_web.api.auth import actor_of
from parvis_web.api.feature_collections import COLLECTIONS, Collection

router = Router(tags=["OGC API - Features"])
CONFORMANCE = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MOST_ITEMS = 1000


def _address(request: HttpRequest, name: str, **parts: str) -> str:
    return request.build_absolute_uri(reverse(f"api-1:{name}", kwargs=parts))


def _link(rel: str, href: str, media: str = "application/json", title: str = "") -> dict[str, str]:
    return {"rel": rel, "type": media, "href": href} | ({"title": title} if title else {})


@router.get("/", url_name="ogc", summary="Landing page")
def landing(request: HttpRequest) -> Any:
    """Return where collections, conformance classes and the description are."""
    return {
        "title": f"Parvis: {actor_of(request).authority.name}",
        "links": [
            _link("self", _address(request, "ogc")),
            _link("conformance", _address(request, "ogc-conformance")),
            _link("data", _address(request, "ogc-collections")),
            _link(
                "service-desc",
                _address(request, "openapi-json"),
                "application/vnd.oai.openapi+json;version=3.0",
            ),
        ],
    }


@router.get("/conformance", url_name="ogc-conformance", summary="Conformance classes")
def conformance(request: HttpRequest) -> Any:
    """Return which parts of the standard are there."""
    del request
    return {"conformsTo": CONFORMANCE}


@router.get("/collections", url_name="ogc-collections", summary="Collections")
def collections(request: HttpRequest) -> Any:
    """Return everything that can be read as features."""
    return {
        "links": [_link("self", _address(request, "ogc-collections"))],
        "collections": [_described(request, item) for item in COLLECTIONS.values()],
    }


@router.get("/collections/{key}", url_name="ogc-collection", summary="One collection")
def collection(request: HttpRequest, key: str) -> Any:
    """Return what one collection holds."""
    return _described(request, _known(key))


@router.get("/collections/{key}/items", url_name="ogc-items", summary="Features")
def items(
    request: HttpRequest,
    key: str,
    limit: int = Query(100, ge=1, le=MOST_ITEMS),
    offset: int = Query(0, ge=0, le=10_000_000),
    bbox: str | None = Query(None, description="west,south,east,north in degrees"),
) -> HttpResponse:
    """Return features of a collection, in a fixed order."""
    found = _known(key).read(actor_of(request), box_of(bbox))
    page = found.features(offset, limit)
    address = _address(request, "ogc-items", key=key)
    links = [_link("self", request.build_absolute_uri(), "application/geo+json")]
    if offset + limit < found.total:
        query = f"limit={limit}&offset={offset + limit}" + (f"&bbox={bbox}" if bbox else "")
        links.append(_link("next", f"{address}?{query}", "application/geo+json"))
    links.append(_link("collection", _address(request, "ogc-collection", key=key)))
    body = {
        "type": "FeatureCollection",
        "features": page,
        "numberMatched": found.total,
        "numberReturned": len(page),
        "timeStamp": timezone.now().isoformat(),
        "links": links,
    }
    return JsonResponse(body, content_type="application/geo+json")


@router.get("/collections/{key}/items/{feature}", url_name="ogc-item", summary="One feature")
def item(request: HttpRequest, key: str, feature: str) -> HttpResponse:
    """Return one feature by its id."""
    found = _known(key).one(actor_of(request), feature)
    if found is None:
        raise Http404
    links = [
        _link("self", request.build_absolute_uri(), "application/geo+json"),
        _link("collection", _address(request, "ogc-collection", key=key)),
    ]
    return JsonResponse(found | {"links": links}, content_type="application/geo+json")


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """
    Return west, south, east, north of a ``bbox`` parameter; heights of six numbers are ignored.

    Raises
    ------
    ninja.errors.HttpError
        400 with what would be accepted.
    """
    if text is None:
        return None
    sentence = f"bbox={text!r} is not four (or six) numbers: west,south,east,north in degrees."
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise HttpError(400, sentence) from None
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(-1e6 < number < 1e6 for number in numbers):
        raise HttpError(400, sentence)
    west, south, east, north = numbers
    if south > north:
        raise HttpError(400, sentence)
    return west, south, east, north


def _known(key: str) -> Collection:
    if key not in COLLECTIONS:
        raise Http404
    return COLLECTIONS[key]


def _described(request: HttpRequest, described: Collection) -> dict[str, Any]:
    key = described.key
    return {
        "id": key,
        "title": described.title,
        "description": described.description,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link("self", _address(request, "ogc-collection", key=key)),
            _link("items", _address(request, "ogc-items", key=key), "application/geo+json"),
        ],
    }

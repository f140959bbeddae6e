"""What do the components look like? Pages for developers, with invented content, in DEBUG only."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking, Role
from parvis_web.ui.maps import Drawing, MapSettings, Overlay, Tool
from parvis_web.ui.toasts import add_toast

ACCESS_POINTS = [
    {"number": 1, "name": "Mill Lane", "speed": 24, "width": 6.4, "barrier": _("none")},
    {
        "number": 2,
        "name": "Long Street",
        "speed": 47,
        "width": 9.2,
        "barrier": _("row of bollards"),
    },
    {"number": 3, "name": "Bridge Street", "speed": 58, "width": 7.1, "barrier": _("none")},
    {"number": 4, "name": "Harbour Approach", "speed": 83, "width": 11.0, "barrier": _("none")},
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As people in the city call the place."))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("square", _("Square")), ("street", _("Pedestrian street"))]
    )
    speed = forms.FloatField(
        label=_("Measured speed"), help_text=_("In km/h, from 0 to 130."), max_value=130
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    marking = forms.ChoiceField(
        label=_("Marking"),
        choices=[(item.value, item.label) for item in Marking][:3],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    plan = forms.FileField(
        label=_("Plan"), help_text=_("PDF, PNG or JPEG, up to 20 MB."), required=False
    )
    is_checked = forms.BooleanField(
        label=_("I have checked this on site"), help_text=_("Lifts the grade to A.")
    )


def _as_member(request: HttpRequest) -> dict[str, Any]:
    if request.GET.get("as") == "stranger":
        return {"user": AnonymousUser()}
    user = User(email="coordinator@tessenmark.example", name="Coordinator")
    authority = Authority(name="Town of Tessenmark", slug="tessenmark")
    return {"actor": Actor(authority, user, Role.COORDINATOR, True), "user": user}


def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    sent = SampleForm({"name": "", "speed": "400"})
    add_toast(request, _("The protected area was saved."), undo_url=request.path)
    return render(
        request,
        "ui/gallery.html",
        _as_member(request)
        | {
            "form": SampleForm(auto_id="fresh_%s"),
            "sent_form": sent,
            "access_points": ACCESS_POINTS,
            "markings": list(Marking),
            "page": Paginator(range(240), 20).page(3),
            "codes": ["8f2k-9qpt", "m4xa-77he", "tt0v-3jwd", "z91c-kk2r"],
        },
    )


def big_map(request: HttpRequest) -> HttpResponse:
    """Show the map beside a panel; ``?draw=area`` and ``?draw=barriers`` draw."""
    kind = request.GET.get("draw")
    tools = {
        "area": [Tool("area", "polygon", _("Area"))],
        "barriers": [
            Tool("bollards", "line", _("Row of bollards"), is_repeated=True),
            Tool("planter", "point", _("Planter"), is_repeated=True),
        ],
    }
    settings = MapSettings(
        label=_("Map of the market square"),
        tiles=request.GET.get("tiles", ""),
        bounds=(13.0, 52.0, 13.004, 52.0025),
        overlays=_overlays(),
        drawing=Drawing("id_geometry", tools[kind]) if kind else None,
    )
    context = {"map_settings": settings, "access_points": ACCESS_POINTS, "drawn": ""}
    return render(request, "ui/gallery_map.html", _as_member(request) | context)


def _overlays() -> list[Overlay]:
    corners = [[13.001, 52.0005], [13.003, 52.0007], [13.0029, 52.0019], [13.0012, 52.0018]]
    ring = [*corners, corners[0]]
    sides = [
        _feature("LineString", ring[at : at + 2], id=f"side-{at}", speed_kmh=point["speed"])
        for at, point in enumerate(ACCESS_POINTS)
    ]
    points = [
        _feature(
            "Point",
            place,
            id=f"point-{point['number']}",
            number=point["number"],
            text=f"{point['number']} {point['name']}: {point['speed']} km/h",
        )
        for place, point in zip(corners, ACCESS_POINTS, strict=True)
    ]
    area = [_feature("Polygon", [ring], id="area")]
    row = [[13.00125, 52.00055], [13.0014, 52.0006]]
    barrier = [_feature("LineString", row, id="row", state="proposed")]
    return [
        Overlay("area", "area", _("Protected area"), data=_collection(area), is_fitted=True),
        Overlay("perimeter", "perimeter", _("Attainable speed"), data=_collection(sides)),
        Overlay("barriers", "barriers", _("Barriers"), data=_collection(barrier)),
        Overlay(
            "points",
            "access-points",
            _("Access points"),
            data=_collection(points),
            is_selectable=True,
        ),
    ]


def _feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def error(request: HttpRequest, code: int) -> HttpResponse:
    """Show an error page."""
    return render(request, f"{code}.html", status=code)

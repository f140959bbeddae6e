"""What do the components look like? Pages for developers, with invented content, in DEBUG only."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking, Role
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
    """Show the map beside a panel."""
    return render(
        request,
        "ui/gallery_map.html",
        _as_member(request) | {"access_points": ACCESS_POINTS, "tabs_url": reverse("gallery:list")},
    )


def error(request: HttpRequest, code: int) -> HttpResponse:
    """Show an error page."""
    return render(request, f"{code}.html", status=code)

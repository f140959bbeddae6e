"""Addresses of one's own account; allauth's own pages follow after these."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path

from parvis_web.accounts.views import own


def closed(request: HttpRequest, **parts: str) -> HttpResponse:
    """Answer for pages of allauth that are not offered here: sign-up, addresses, connecting."""
    del request, parts
    raise Http404


CLOSED = (
    r"^signup/",
    r"^email/",
    r"^confirm-email/",
    r"^login/code/",
    r"^3rdparty/signup/",
    r"^3rdparty/$",
    r"^social/",
)

urlpatterns = [
    path("", own.profile, name="profile"),
    path("second-factor/", own.second_factor, name="second_factor"),
    path("sessions/<int:number>/end/", own.end_session, name="end_session"),
    path("invitation/", own.invitation, name="invitation"),
    path("invitation/<str:secret>/", own.open_invitation, name="open_invitation"),
    *(re_path(pattern, closed, name="closed") for pattern in CLOSED),
]

"""The shell of a walk: page, service worker, manifest; it holds no content of any authority."""

import json

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from parvis_web.walks.answers import sign_in_first
from parvis_web.walks.shell import (
    ICON,
    SCRIPT,
    STYLE,
    THEME,
    WORKER,
    found,
    shell_document,
)
from parvis_web.walks.words import words

POLICY = "camera=(self), geolocation=(self), microphone=(), payment=()"


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Return the page that a device keeps; the same for everybody who reads its language."""
    context = {"words": words(), "script": SCRIPT, "style": STYLE, "theme": THEME, "icon": ICON}
    response = render(request, "walks/shell.html", context)
    response["Permissions-Policy"] = POLICY
    return _asked_again(response)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker with the list of what it keeps."""
    del request
    path = found(WORKER)
    if path is None:
        raise Http404
    head = f"self.SHELL = {json.dumps(shell_document())};\n"
    response = HttpResponse(head + path.read_text("utf-8"), content_type="text/javascript")
    response["Service-Worker-Allowed"] = reverse("walk:shell")
    return _asked_again(response)


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Return version and files of the shell."""
    del request
    return _asked_again(JsonResponse(shell_document()))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return what a device needs to install the page."""
    del request
    address = reverse("walk:shell")
    known = {
        "name": _("Parvis on site"),
        "short_name": _("On site"),
        "description": _("Assessments on site, with or without a network."),
        "start_url": address,
        "scope": address,
        "id": address,
        "display": "standalone",
        "orientation": "any",
        "background_color": "#ffffff",
        "theme_color": "#10292e",
        "icons": [{"src": static(ICON), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    response = JsonResponse(known, content_type="application/manifest+json")
    return _asked_again(response)


@require_GET
def csrf(request: HttpRequest) -> HttpResponse:
    """Return a token for what a device sends, to whoever is signed in."""
    if not request.user.is_authenticated:
        return sign_in_first()
    return JsonResponse({"csrf": get_token(request), "person": str(request.user)})


def _asked_again(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response

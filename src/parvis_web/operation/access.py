"""Who sees how the installation does: its operators, and the machine itself."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from parvis_web.accounts.access import has_second_factor

_OWN_NETWORKS = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
    )
)
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via")


def came_directly(request: HttpRequest) -> bool:
    """Return whether a request comes from the machine or its own network, past no proxy."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in _OWN_NETWORKS)


def is_operator(request: HttpRequest) -> bool:
    """Return whether an operator asks, with a second factor in this session."""
    user = request.user
    return user.is_authenticated and user.is_operator and has_second_factor(request)


def operator_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to everybody but operators with a second factor."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request):
            raise Http404
        return view(request, *args, **kwargs)

    return checked

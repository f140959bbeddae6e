"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from parvis import __version__


def application(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the version and whether this is a demonstration."""
    return {
        "actor": getattr(request, "actor", None),
        "version": __version__,
        "is_demo": settings.PARVIS_DEMO,
    }

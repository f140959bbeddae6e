"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from parvis import __version__
from parvis_web.ui.language import is_draft


def application(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the version, and whether demonstration or language need a warning."""
    return {
        "actor": getattr(request, "actor", None),
        "version": __version__,
        "is_demo": settings.PARVIS_DEMO,
        "languages": settings.LANGUAGES,
        "is_draft_language": is_draft(),
    }

"""Which language does a person read, and how far is it translated?"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from parvis_web.config.languages import COMPLETE
from parvis_web.ui.overrides import has_drafts


def chosen(request: HttpRequest) -> str:
    """Return the language that somebody chose in this browser, empty where nobody did."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else ""


def remember(response: HttpResponseBase, language: str) -> None:
    """Let the browser ask for a language from now on; nothing where it is empty or not offered."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        )


def is_draft() -> bool:
    """Tell whether the active language is incomplete or holds translations nobody has reviewed."""
    language = get_language() or "en"
    return language not in COMPLETE or has_drafts(language)

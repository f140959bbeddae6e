"""What every answer carries: a content policy, and an error page of the right family."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from parvis.errors import InputError, LimitError
from parvis_web.accounts.rights import NotAllowed, SecondFactorNeeded

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)


class SecurityHeadersMiddleware:
    """Sets the content policy and keeps members' pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers unless the view set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ErrorPagesMiddleware:
    """Turns what rules and the library raise into a page: sign in again, not allowed, mend this."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; `process_exception` answers what it raises."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer the errors a user can do something about; leave bugs to Django."""
        from parvis_web.ui.errors import sentence_of

        if isinstance(exception, SecondFactorNeeded):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"/account/second-factor/?{query}")
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", {"sentence": exception.sentence}, status=403)
        if isinstance(exception, InputError | LimitError):
            status = 422 if isinstance(exception, LimitError) else 400
            sentence = sentence_of(exception)
            return render(request, "400.html", {"sentence": sentence}, status=status)
        if isinstance(exception, ValidationError):
            sentence = " ".join(exception.messages)
            return render(request, "400.html", {"sentence": sentence}, status=400)
        return None

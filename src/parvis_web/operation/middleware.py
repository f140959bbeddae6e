"""Every request gets an id, a line in the log and a place in the counts."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from parvis_web.config.logs import RequestFacts, current_request, route_of
from parvis_web.operation.metrics import COUNTS

logger = logging.getLogger("parvis_web.requests")


class RequestLogMiddleware:
    """Stands before all others, so that what they refuse is seen too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and tell of it."""
        facts = RequestFacts(secrets.token_hex(8))
        token = current_request.set(facts)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            facts.user_id = _user_id(request)
            self._tell(request, response, time.perf_counter() - begun)
        finally:
            current_request.reset(token)
        response.headers["X-Request-ID"] = facts.request_id
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        method = request.method if request.method in _METHODS else "other"
        logger.info(
            "%s %s",
            method,
            route_of(request),
            extra={"status": response.status_code, "milliseconds": round(seconds * 1000, 1)},
        )
        if settings.PARVIS_METRICS:
            match = request.resolver_match
            page = match.view_name if match and match.view_name else "none"
            COUNTS.observe(page=page, method=method, status=response.status_code, seconds=seconds)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _user_id(request: HttpRequest) -> str:
    """Return the random id of the person, if some page has asked who it is."""
    user = getattr(request, "_cached_user", None)
    return str(user.pk or "") if user is not None else ""

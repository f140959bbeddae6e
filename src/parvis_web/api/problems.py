"""One shape for every error of the API: ``application/problem+json`` with the library's codes."""

import logging
from typing import Any

from django.core.exceptions import ValidationError as FieldError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from parvis.errors import InputError, LimitError, ParvisError
from parvis_web.accounts.rights import NotAllowed
from parvis_web.ui.errors import sentence_of

logger = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem in the sense of RFC 9457."""
    body = {"type": f"urn:parvis:problem:{code}", "title": code, "status": status, "code": code}
    response = JsonResponse(
        body | {"detail": detail} | more, status=status, content_type="application/problem+json"
    )
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def install(api: NinjaAPI) -> None:
    """Have `api` answer every error as a problem."""

    @api.exception_handler(AuthenticationError)
    def no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        del request, error
        sentence = _(
            "Send a token in the header “Authorization: Bearer …”; it is valid for a time."
        )
        return problem(401, "token_needed", sentence)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        del request, error
        return problem(404, "not_found", _("There is nothing here that you may know of."))

    @api.exception_handler(NotAllowed)
    def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
        del request
        return problem(403, str(error.reason), error.sentence)

    @api.exception_handler(ValidationError)
    def wrong_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
        del request
        fields = [
            {"field": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
            for item in error.errors
        ]
        return problem(422, "fields", _("Some fields are wrong; see “errors”."), errors=fields)

    @api.exception_handler(FieldError)
    def wrong_value(request: HttpRequest, error: FieldError) -> HttpResponse:
        del request
        return problem(422, "fields", " ".join(error.messages))

    @api.exception_handler(ParvisError)
    def library_error(request: HttpRequest, error: ParvisError) -> HttpResponse:
        if isinstance(error, InputError):
            return problem(400, error.code, sentence_of(error))
        if isinstance(error, LimitError):
            return problem(422, error.code, sentence_of(error))
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
        return problem(500, error.code, sentence_of(error))

    @api.exception_handler(HttpError)
    def said_by_the_framework(request: HttpRequest, error: HttpError) -> HttpResponse:
        del request
        return problem(error.status_code, "request", str(error))

    @api.exception_handler(Exception)
    def bug(request: HttpRequest, error: Exception) -> HttpResponse:
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
        return problem(500, "internal", _("This is our mistake; the server's log has the details."))

"""How the installation does: for load balancers, for monitoring, for its operators."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parvis_web.operation.access import came_directly, is_operator, operator_view
from parvis_web.operation.health import readiness
from parvis_web.operation.metrics import exposition
from parvis_web.operation.queries import overview


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that the process is up."""
    del request
    return JsonResponse({"up": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the installation can work; why not only to operators and the machine itself."""
    found = readiness()
    answer: dict[str, object] = {"state": found.state}
    if came_directly(request) or (found.state != "down" and is_operator(request)):
        answer["parts"] = {
            part.name: {"works": part.works, "detail": part.detail} for part in found.parts
        }
    return JsonResponse(answer, status=503 if found.state == "down" else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the counts, where they are switched on, to operators and the machine itself."""
    if not settings.PARVIS_METRICS or not (came_directly(request) or is_operator(request)):
        raise Http404
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@require_safe
@operator_view
def operator(request: HttpRequest) -> HttpResponse:
    """List the authorities with counts and disk use."""
    return render(
        request, "operation/operator.html", {"lines": overview(), "readiness": readiness()}
    )

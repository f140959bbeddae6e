"""Pages of assessments: lists, beginning one, its overview and its sections."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.errors import InputError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import Actor, check_read
from parvis_web.assessments import rules, services
from parvis_web.assessments.forms import BeginForm, FrameworkForm
from parvis_web.assessments.models import Assessment, AssessmentState, FrameworkText
from parvis_web.assessments.overview import overview_of
from parvis_web.assessments.queries import (
    assessments_of,
    get_assessment,
    language_of_reader,
    offer_of,
    offers,
)
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.wording import word
from parvis_web.spaces.models import Space
from parvis_web.spaces.views import get_space
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

PAGE_SIZE = 40
MOST_FRAMEWORK_BYTES = 2_000_000


@require_GET
@member_view
def assessment_list(request: ActorRequest) -> HttpResponse:
    """Show the assessments of the authority."""
    actor = request.actor
    found = assessments_of(actor)
    state = request.GET.get("state", "")
    if state in AssessmentState.values:
        found = found.filter(state=state)
    if words := request.GET.get("q", "").strip():
        found = found.filter(subject_name__icontains=words)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "rows": None,
        "states": AssessmentState.choices,
        "state": state,
        "words": request.GET.get("q", ""),
        "may_begin": actor.is_editor,
    }
    return render(request, "assessments/list.html", context)


@require_GET
@member_view
def of_space(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show the assessments of a space, and which could be begun."""
    space = get_space(request, pk)
    actor = request.actor
    may_write = rules.can_begin(actor, space)
    context = {
        "space": space,
        "current_tab": "assessments",
        "assessments": list(assessments_of(actor, space=space)),
        "deleted": assessments_of(actor, space=space, is_removed=True) if may_write else [],
        "may_write": may_write,
        "offers": _listed([each for each in offers(actor.authority) if each.is_of_place]),
    }
    return render(request, "assessments/of_space.html", context)


@require_http_methods(["GET", "POST"])
@member_view
def frameworks(request: ActorRequest) -> HttpResponse:
    """Show the frameworks there are, and load one of the authority's own."""
    actor = request.actor
    form = FrameworkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MOST_FRAMEWORK_BYTES:
                raise RefusedError(_("A framework's file is at most 2 MB."))
            text = file.read().decode("utf-8-sig")
            services.add_framework(actor, text=text, name=file.name)
            add_toast(request, _("The framework is loaded."), kind="good")
            return redirect("assessments:frameworks", actor.authority.slug)
        except UnicodeDecodeError:
            form.add_error("file", _("The file is not UTF-8 text."))
        except RefusedError as refused:
            form.add_error("file", refused.sentence)
        except InputError as error:
            form.add_error("file", sentence_of(error))
    own = FrameworkText.objects.filter(authority=actor.authority, is_own=True, removed__isnull=True)
    context = {
        "offers": _listed(offers(actor.authority)),
        "own": {row.urn: row for row in own},
        "form": form,
        "may_load": actor.is_editor,
    }
    status = 422 if form.errors else 200
    return render(request, "assessments/frameworks.html", context, status=status)


@require_POST
@member_view
def remove_framework(request: ActorRequest, fid: UUID) -> HttpResponse:
    """Offer an own framework no longer."""
    row = FrameworkText.objects.filter(
        authority=request.actor.authority, pk=fid, is_own=True, removed__isnull=True
    ).first()
    if row is None:
        raise Http404
    services.remove_framework(request.actor, row)
    add_toast(request, _("The framework is no longer offered; assessments keep it."))
    return redirect("assessments:frameworks", request.actor.authority.slug)


@require_http_methods(["GET", "POST"])
@member_view
def begin(request: ActorRequest, key: str) -> HttpResponse:
    """Begin an assessment with a framework."""
    actor = request.actor
    space = _space(request)
    rules.check_begin(actor, space)
    offer = offer_of(actor.authority, key)
    language = language_of_reader()
    form = BeginForm(
        request.POST or None,
        framework=offer.framework,
        language=language,
        initial={
            "subject_name": space.name if space else "",
            "is_separate": offer.framework.assessors_asked > 1,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            assessment = services.begin_assessment(
                actor,
                offer.framework,
                text=offer.text,
                subject_name=form.cleaned_data["subject_name"],
                space=space,
                attributes=form.attributes(),
                is_separate=form.cleaned_data["is_separate"],
                due=form.cleaned_data["due"],
                previous=_latest(actor, space, offer.framework.id),
            )
            return redirect("assessments:detail", actor.authority.slug, assessment.pk)
        except RefusedError as refused:
            form.add_error(None, refused.sentence)
    context = {"offer": _listed([offer])[0], "space": space, "form": form}
    status = 422 if form.errors else 200
    return render(request, "assessments/begin.html", context, status=status)


@require_GET
@member_view
def detail(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Show how far an assessment is and what to do next."""
    assessment = get_assessment(request, aid, is_removed_too=True)
    return render(request, "assessments/detail.html", overview_of(request.actor, assessment))


def _space(request: HttpRequest) -> Space | None:
    text = request.POST.get("space") or request.GET.get("space") or ""
    if not text:
        return None
    try:
        return get_space(request, UUID(text))
    except ValueError:
        raise Http404 from None


def _latest(actor: Actor, space: Space | None, urn: str) -> Assessment | None:
    """Return the signed assessment of the same place that a new one goes on from."""
    if space is None:
        return None
    found = (
        assessments_of(actor, space=space)
        .filter(framework__urn=urn, state=AssessmentState.SIGNED)
        .first()
    )
    if found is not None:
        check_read(actor, found)
    return found


def _listed(found: list[Any]) -> list[dict[str, Any]]:
    language = language_of_reader()
    return [
        {
            "key": offer.key,
            "urn": offer.framework.id,
            "version": offer.framework.version,
            "name": word(offer.framework, language),
            "description": word(offer.framework, language, "description"),
            "n_questions": len(offer.framework.questions),
            "marking": offer.framework.marking,
            "is_own": offer.is_own,
            "is_unverified": offer.is_unverified,
            "source": offer.framework.source,
            "is_of_place": offer.is_of_place,
        }
        for offer in found
    ]

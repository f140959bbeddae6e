"""Pages about walks: taking an assessment along, copies that are out, widths that wait."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.errors import InputError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import can, can_write
from parvis_web.accounts.vocabulary import Ability
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.queries import get_assessment, language_of_reader
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.wording import word
from parvis_web.spaces.rules import RefusedError as SpaceRefusedError
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast
from parvis_web.walks import services, services_widths
from parvis_web.walks.models import WalkCopy, WalkWidth
from parvis_web.walks.package import Walk
from parvis_web.walks.places import (
    MOST_PLAN_BYTES,
    analysis_of,
    is_too_large,
    plan_of,
    points_of,
)
from parvis_web.walks.queries import copies_of, waiting_widths
from parvis_web.walks.rules import (
    InsecureError,
    can_withdraw,
    check_take,
    check_way,
    is_out,
    sees_copies,
)


@require_GET
@member_view
def page(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Show what would go along, let a device take it, and list the copies that are out."""
    assessment = get_assessment(request, aid)
    actor = request.actor
    try:
        check_take(actor, assessment)
        check_way(request)
        refused = ""
    except (RefusedError, InsecureError) as problem:
        refused = problem.sentence
    walk = Walk(actor, assessment)
    space = assessment.space
    plan = plan_of(actor, space) if space and can(actor, Ability.READ, space) else None
    now = timezone.now()
    context: dict[str, Any] = {
        "assessment": assessment,
        "space": space,
        "framework_name": word(walk.held.framework, language_of_reader()),
        "refused": refused,
        "n_core": len(walk.core),
        "n_more": len(walk.items) - len(walk.core),
        "n_desk": walk.n_desk,
        "n_points": _n_points(request, assessment),
        "plan": plan,
        "is_plan_left": plan is not None and is_too_large(plan),
        "most_plan": MOST_PLAN_BYTES,
        "address": f"{reverse('walk:shell')}#take={request.path}",
        "copies": [
            {
                "copy": copy,
                "is_expired": copy.expires < now,
                "is_out": is_out(copy),
                "may_withdraw": can_withdraw(actor, copy),
            }
            for copy in copies_of(actor, assessment)
        ],
        "sees_all": sees_copies(actor, assessment),
        "widths": list(waiting_widths(assessment)) if space and can_write(actor, space) else [],
    }
    return render(request, "walks/page.html", context)


@require_POST
@member_view
def withdraw(request: ActorRequest, aid: UUID, copy: UUID) -> HttpResponse:
    """Withdraw a copy."""
    assessment = get_assessment(request, aid)
    found = WalkCopy.objects.filter(assessment=assessment, pk=copy).first()
    if found is None:
        raise Http404
    found.assessment = assessment
    try:
        services.withdraw(request.actor, found)
        add_toast(request, _("The copy is withdrawn: nothing more is taken from it."))
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    return redirect("walks:page", request.actor.authority.slug, aid)


@require_POST
@member_view
def decide_width(request: ActorRequest, aid: UUID, width: UUID) -> HttpResponse:
    """Enter a width that waits, or set it aside."""
    assessment = get_assessment(request, aid)
    found = (
        WalkWidth.objects.filter(copy__assessment=assessment, pk=width)
        .select_related("space", "photo")
        .first()
    )
    if found is None:
        raise Http404
    is_entered = "enter" in request.POST
    try:
        services_widths.decide_width(request.actor, found, is_entered=is_entered)
        add_toast(
            request,
            _("The width is entered; analyse the space again to use it.")
            if is_entered
            else _("The width was set aside."),
        )
    except (RefusedError, SpaceRefusedError) as refused:
        add_toast(request, refused.sentence, kind="bad")
    except InputError as error:
        add_toast(request, sentence_of(error), kind="bad")
    return redirect("walks:page", request.actor.authority.slug, aid)


def _n_points(request: ActorRequest, assessment: Assessment) -> int:
    space = assessment.space
    analysis = analysis_of(request.actor, space) if space else None
    return len(points_of(analysis)) if analysis else 0

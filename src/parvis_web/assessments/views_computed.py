"""Answers taken over from an analysis, all at once."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.assessments.computed import computed_of, computed_waiting
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.queries import get_assessment
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_computed import take_computed
from parvis_web.ui.toasts import add_toast


@require_POST
@member_view
def take(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Take over every answer of the newest analysis that is still open or outdated."""
    assessment = get_assessment(request, aid)
    actor = request.actor
    held = engine_of(assessment)
    computed = computed_of(actor, held)
    try:
        if computed is None:
            raise RefusedError(_("There is no analysis of this space that you may read."))
        n = take_computed(
            actor,
            assessment,
            analysis=computed.analysis,
            values=computed_waiting(actor, held, computed),
        )
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    else:
        text = ngettext(
            "%(n)s answer is taken over from the analysis.",
            "%(n)s answers are taken over from the analysis.",
            n,
        )
        add_toast(request, text % {"n": n}, kind="good")
    return redirect("assessments:detail", actor.authority.slug, aid)

"""What pages and devices read about copies."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from parvis_web.accounts.access import ActorRequest
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.queries import get_assessment
from parvis_web.walks.models import WalkCopy, WalkWidth, WidthState
from parvis_web.walks.rules import check_way, sees_copies


def get_copy(request: ActorRequest, aid: UUID, pk: UUID) -> WalkCopy:
    """
    Return a copy of somebody's own, with its assessment.

    Raises
    ------
    django.http.Http404
        Where it is somebody else's, or the assessment may not be read any more.
    InsecureError
    """
    assessment = get_assessment(request, aid, is_removed_too=True)
    found = WalkCopy.objects.filter(assessment=assessment, pk=pk, person=request.actor.user).first()
    if found is None:
        raise Http404
    check_way(request)
    found.assessment = assessment
    return found


def copies_of(actor: Actor, assessment: Assessment) -> "QuerySet[WalkCopy]":
    """Return the copies that `actor` sees, newest first: their own, or all of them."""
    rows = WalkCopy.objects.filter(assessment=assessment).select_related("person", "withdrawn_by")
    return rows if sees_copies(actor, assessment) else rows.filter(person=actor.user)


def waiting_widths(assessment: Assessment) -> "QuerySet[WalkWidth]":
    """Return the measured widths that wait for a coordinator."""
    rows = WalkWidth.objects.filter(copy__assessment=assessment, state=WidthState.WAITING)
    return rows.select_related("person", "photo", "space")

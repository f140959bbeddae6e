"""Findings that wait for a decision, for those who decide."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import check_editor
from parvis_web.assessments.waiting import WAITS_AT_MOST, overdue_assessments, waiting_of

PAGE_SIZE = 20


@require_GET
@member_view
def waiting(request: ActorRequest) -> HttpResponse:
    """Show the findings that nobody decided about in time, oldest first."""
    check_editor(request.actor)
    page = Paginator(overdue_assessments(request.actor), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": waiting_of(list(page.object_list), on=timezone.localdate()),
        "days": WAITS_AT_MOST.days,
    }
    return render(request, "assessments/waiting.html", context)

"""What was shared with the person, by kind: where guests begin."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.panels import ability_labels
from parvis_web.accounts.queries import Named, shared_with
from parvis_web.comments.models import KINDS
from parvis_web.comments.queries import page_of

OTHERS = _("Other things")
TITLES = {
    "spaces.space": _("Public spaces"),
    "approach.analysis": _("Approach analyses"),
    "scenarios.scenario": _("Scenarios"),
    "approach.closureplan": _("Closure plans"),
    "assessments.assessment": _("Assessments"),
    "documents.document": _("Documents"),
    "": OTHERS,
}
"""Headings in the order in which the kinds are listed."""


@member_view
@require_safe
def shared(request: ActorRequest) -> HttpResponse:
    """List every object that the person is named on, with what for and until when."""
    by_title: dict[str, list[dict[str, Any]]] = {str(title): [] for title in TITLES.values()}
    for named in shared_with(request.actor):
        by_title[str(TITLES.get(named.grant.object_kind, OTHERS))].append(_row(request, named))
    groups = [{"title": title, "rows": rows} for title, rows in by_title.items() if rows]
    return render(request, "accounts/shared.html", {"groups": groups})


def _row(request: ActorRequest, row: Named) -> dict[str, Any]:
    item = row.item
    space = getattr(item, "space", None)
    has_page = item.kind() in KINDS
    url = page_of(item, request.actor.authority.slug).partition("#")[0] if has_page else ""
    return {
        "item": item,
        "space": space,
        "url": url,
        "abilities": ability_labels(row.grant.abilities),
        "grant": row.grant,
    }

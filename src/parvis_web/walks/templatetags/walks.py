"""Copies of an assessment on pages of other apps."""

from typing import Any

from django import template

from parvis_web.assessments.models import Assessment
from parvis_web.walks.models import WalkCopy
from parvis_web.walks.queries import copies_of

register = template.Library()


@register.simple_tag(takes_context=True)
def copies_out(context: Any, assessment: Assessment) -> list[WalkCopy]:
    """Return the copies that devices still hold, as far as the reader sees them, oldest first."""
    rows = copies_of(context["actor"], assessment)
    return list(rows.filter(ended__isnull=True, withdrawn__isnull=True).order_by("taken"))

"""Tabs and words of spaces for templates: ``{% load spaces %}``."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from parvis_web.spaces.models import AssessmentState, Space
from parvis_web.spaces.tabs import tabs_of
from parvis_web.ui.templatetags.ui import badge

register = template.Library()

_BADGES = {
    AssessmentState.UNSEEN: "",
    AssessmentState.ANALYSED: "accent",
    AssessmentState.PLANNED: "warn",
    AssessmentState.SIGNED: "good",
}


@register.inclusion_tag("spaces/tabs.html", takes_context=True)
def space_tabs(context: Context, space: Space, current: str = "") -> dict[str, Any]:
    """Show the tabs of a space that the person sees."""
    return {"tabs": tabs_of(context["actor"], space, current)}


@register.simple_tag
def state_badge(space: Space) -> SafeString:
    """Show how far the work on a space is."""
    state = AssessmentState(space.state)
    return badge(str(state.label), _BADGES[state])

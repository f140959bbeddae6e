"""Measures on pages of other apps: of a scenario or a closure plan, and what is due."""

from typing import Any

from django import template

from parvis_web.measures.due import due_of
from parvis_web.measures.queries import measures_of

register = template.Library()


@register.inclusion_tag("measures/of_item_panel.html", takes_context=True)
def measures_panel(context: Any, item: Any) -> dict[str, Any]:
    """Show the measures that carry out a scenario or a closure plan."""
    actor = context["actor"]
    name = {"scenarios.scenario": "scenario", "approach.closureplan": "plan"}[item.kind()]
    return {"actor": actor, "rows": list(measures_of(actor).filter(**{name: item}))}


@register.inclusion_tag("measures/due_panel.html", takes_context=True)
def due_panel(context: Any) -> dict[str, Any]:
    """Show editors which findings wait too long and which measures are due."""
    actor = context["actor"]
    return {"actor": actor, "due": due_of(actor) if actor.is_editor else None}

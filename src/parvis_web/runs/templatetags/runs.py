"""How pages of other apps show a run at work: ``{% run_progress run %}``."""

from typing import Any

from django import template
from django.template.context import Context

from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.queries import shown

register = template.Library()


@register.inclusion_tag("runs/progress.html", takes_context=True)
def run_progress(context: Context, run: AnalysisRun) -> dict[str, Any]:
    """Show how far a run is; it follows the run by itself and goes on where the result is."""
    return {
        "shown": shown(context["actor"], run),
        "actor": context["actor"],
        "csrf_token": context.get("csrf_token"),
    }

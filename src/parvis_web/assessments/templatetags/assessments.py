"""What templates say about assessments."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from parvis_web.assessments.editing import Card
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import Assessment, AssessmentState
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.wording import word
from parvis_web.ui.templatetags.ui import badge

register = template.Library()

TONES = {
    AssessmentState.DRAFT: "",
    AssessmentState.IN_REVIEW: "warn",
    AssessmentState.SIGNED: "good",
    AssessmentState.SUPERSEDED: "",
}


@register.simple_tag
def framework_name(assessment: Assessment) -> str:
    """Return the name of an assessment's framework in the reader's language."""
    return word(framework_of(assessment), language_of_reader())


@register.simple_tag
def assessment_badge(assessment: Assessment) -> SafeString:
    """Show how far an assessment is."""
    state = AssessmentState(assessment.state)
    return badge(str(state.label), TONES[state])


@register.simple_tag
def previous_fields(card: Card) -> SafeString:
    """Write the hidden fields that say again what the assessment before said."""
    before = card.previous
    if before is None:
        return SafeString("")
    value: Any = before.value
    pairs: list[tuple[str, Any]]
    if before.state != "answered":
        pairs = [(card.state_field, f"?{before.state}")]
    elif isinstance(value, dict):
        pairs = [("low", value["low"]), ("high", value["high"])]
    elif card.control == "place":
        pairs = [("longitude", value[0]), ("latitude", value[1])]
    elif card.control.startswith("interval-"):
        pairs = [("low", value), ("high", value)]
    elif isinstance(value, list):
        pairs = [("value", part) for part in value]
    else:
        pairs = [("value", value)]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)

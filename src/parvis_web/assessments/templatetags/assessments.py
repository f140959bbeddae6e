"""What templates say about assessments."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from parvis_web.assessments.cards import anchor_of
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import Assessment, AssessmentState
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.results import ShownFinding
from parvis_web.assessments.wording import word
from parvis_web.ui.templatetags.ui import badge

register = template.Library()

TONES = {
    AssessmentState.DRAFT: "",
    AssessmentState.IN_REVIEW: "warn",
    AssessmentState.SIGNED: "good",
    AssessmentState.SUPERSEDED: "",
}
SEVERITIES = {
    "high": _("high severity"),
    "medium": _("medium severity"),
    "low": _("low severity"),
    "information": _("for information"),
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


@register.filter
def anchor(key: str) -> str:
    """Return the identity of an item's card in the page."""
    return anchor_of(key)


@register.simple_tag
def severity_badge(found: ShownFinding) -> SafeString:
    """Show in words how much a finding matters."""
    return badge(str(SEVERITIES[found.severity]), found.tone)

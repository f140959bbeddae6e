"""What the demonstration has answered about its square: an assessment under way, one decision."""

from datetime import timedelta

from django.utils import timezone

from parvis_web.accounts.rights import Actor
from parvis_web.assessments.models import Choice, ReplyState
from parvis_web.assessments.queries import offer_of
from parvis_web.assessments.services import begin_assessment
from parvis_web.assessments.services_replies import give_reply
from parvis_web.assessments.services_states import decide_finding
from parvis_web.spaces.models import Space

FRAMEWORK = "site-vulnerability"
SAID = {
    "boundary": "yes",
    "team": ["manager", "police", "fire"],
    "threat_picture": "yes",
    "visits": "partly",
}
NOT_SAID = {"threat_date": "The date stands in the police's letter, which is not at hand."}
SEEN_ONCE = "only_one_time"


def assess_square(actor: Actor, space: Space) -> None:
    """Begin the site vulnerability assessment of the square as a working group would leave it."""
    offer = offer_of(actor.authority, FRAMEWORK)
    today = timezone.localdate()
    assessment = begin_assessment(
        actor,
        offer.framework,
        text=offer.text,
        subject_name=space.name,
        space=space,
        due=today + timedelta(days=60),
    )
    for item, value in SAID.items():
        give_reply(actor, assessment, item=item, state=ReplyState.ANSWERED, value=value)
    for item, reason in NOT_SAID.items():
        give_reply(actor, assessment, item=item, state=ReplyState.UNKNOWN, note=reason)
    decide_finding(
        actor,
        assessment,
        finding=SEEN_ONCE,
        choice=Choice.LATER,
        reason="A second visit follows on an evening with an event.",
        until=today + timedelta(days=30),
    )

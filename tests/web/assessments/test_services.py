"""Answers: whose counts, what is undone, what is at odds, who may answer what."""

from uuid import uuid4

import pytest
from web.assessments.service_examples import answered, attached, begun, first_item, found, in_state

from parvis.assessment import AnswerError
from parvis_web.accounts.rights import NotAllowed
from parvis_web.accounts.vocabulary import Ability
from parvis_web.assessments import services, services_signing, services_states
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import AssessmentState, Reply
from parvis_web.assessments.rules import STATES, Action, RefusedError, can_action, check_section
from parvis_web.assessments.services_replies import current_reply, give_reply
from parvis_web.assessments.services_settling import settle_item, undo_reply


def said(assessment, voice=None) -> str:
    reply = current_reply(assessment, first_item(assessment), voice)
    return "" if reply is None or reply.state != "answered" else reply.value


def test_the_last_answer_counts_and_each_is_kept(here) -> None:
    assessment = begun(here)
    for value in ("no", "planned", "yes"):
        answered(here, assessment, value)
    assert said(assessment) == "yes"
    assert Reply.objects.count() == 3


def test_undo_goes_back_step_by_step_and_no_further(here) -> None:
    assessment = begun(here)
    actor, item = here.actor("coordinator"), first_item(assessment)
    for value in ("no", "planned", "yes"):
        answered(here, assessment, value)
    seen = []
    for _ in range(3):
        undo_reply(actor, assessment, item=item)
        seen.append(said(assessment))
    assert seen == ["planned", "no", ""]
    with pytest.raises(RefusedError):
        undo_reply(actor, assessment, item=item)


def test_what_was_based_on_an_older_state_is_kept_beside_it_until_somebody_chooses(here) -> None:
    assessment = begun(here)
    first = answered(here, assessment, "no")
    answered(here, assessment, "yes", expects=first.pk)
    late = answered(here, assessment, "partly", expects=first.pk, mark=uuid4())
    assert (said(assessment), late.is_current) == ("yes", False)
    assert late.conflicts_with is not None
    with pytest.raises(RefusedError):
        services_states.submit(here.actor("coordinator"), assessment)
    settle_item(here.actor("coordinator"), assessment, reply=late, note="measured since")
    assert said(assessment) == "partly"
    assert not Reply.objects.filter(conflicts_with__isnull=False).exists()


def test_the_same_said_twice_is_no_conflict_and_the_same_sent_twice_is_one_reply(here) -> None:
    assessment = begun(here)
    first = answered(here, assessment, "no")
    answered(here, assessment, "yes", expects=first.pk)
    same = answered(here, assessment, "yes", expects=first.pk)
    assert same.conflicts_with is None
    mark = uuid4()
    assert answered(here, assessment, "no", mark=mark) == answered(
        here, assessment, "no", mark=mark
    )
    assert Reply.objects.filter(pk=mark).count() == 1


def test_separate_assessors_do_not_meet_until_they_settle(here) -> None:
    assessment = begun(here, is_separate=True)
    mine = answered(here, assessment, "no")
    theirs = answered(here, assessment, "yes", actor=here.actor("owner"))
    assert (said(assessment, mine.voice), said(assessment, theirs.voice)) == ("no", "yes")
    result = engine_of(assessment).result(assessment.created.date())
    assert len(result.differences) == 1
    settle_item(here.actor("coordinator"), assessment, reply=theirs, note="minutes of June")
    assert said(assessment) == "yes"
    assert not engine_of(assessment).result(assessment.created.date()).differences


def test_unknown_needs_a_reason_and_values_are_checked(here) -> None:
    assessment = begun(here)
    actor, item = here.actor("coordinator"), first_item(assessment)
    with pytest.raises(RefusedError):
        give_reply(actor, assessment, item=item, state="unknown")
    with pytest.raises(AnswerError):
        answered(here, assessment, "perhaps")
    with pytest.raises(RefusedError):
        give_reply(actor, assessment, item="nothing", state="answered", value="yes")
    assert Reply.objects.count() == 0


def test_links_and_files_are_those_of_the_assessment(here) -> None:
    assessment = begun(here)
    file = attached(here, assessment)
    reply = answered(here, assessment, attachments=[file.pk], links=["https://example.org/a"])
    assert list(reply.attachments.all()) == [file]
    other = attached(here, begun(here))
    for bad in ({"attachments": [other.pk]}, {"links": ["javascript:alert(1)"]}):
        with pytest.raises(RefusedError):
            answered(here, assessment, **bad)


def test_a_guest_answers_only_the_sections_asked_about(here) -> None:
    assessment = begun(here)
    here.name_on("guest", assessment, Ability.READ, Ability.ANSWER)
    guest = here.actor("guest")
    first, second = engine_of(assessment).framework.sections[:2]
    services.assign_section(
        here.actor("coordinator"), assessment, section=first.key, person=here.person("guest")
    )
    answered(here, assessment, actor=guest)
    with pytest.raises(NotAllowed):
        check_section(guest, assessment, second.key)
    with pytest.raises(NotAllowed):
        answered(here, assessment, actor=guest, item=_item_of(assessment, second.key))


def _item_of(assessment, section: str) -> str:
    items = engine_of(assessment).items.values()
    return next(item.key for item in items if item.section == section)


@pytest.mark.parametrize("state", list(AssessmentState))
@pytest.mark.parametrize("action", [action for action in Action if action is not Action.SIGN])
def test_actions_by_role_and_state(here, action: Action, state: AssessmentState) -> None:
    assessment = in_state(begun(here), state)
    possible = state in STATES[action] and action is not Action.RESTORE
    for role in ("owner", "coordinator"):
        assert can_action(here.actor(role), action, assessment) == possible
    for role in ("assessor", "reader"):
        is_read = action is Action.READ and (
            assessment.marking in ("CLEAR", "GREEN") or role == "reader"
        )
        assert can_action(here.actor(role), action, assessment) == (possible and is_read)
    assert not can_action(here.actor("guest"), action, assessment)


def test_nobody_signs_what_they_answered_or_what_has_changed_since(here) -> None:
    assessment = begun(here)
    here.name_on("reader", assessment, Ability.READ, Ability.SIGN, Ability.ANSWER)
    answered(here, assessment, actor=here.actor("reader"))
    in_state(assessment, AssessmentState.IN_REVIEW)
    digest = services_signing.document_digest(assessment)
    person = here.person("reader")
    with pytest.raises(RefusedError):
        services_signing.sign(
            here.actor("reader"), assessment, digest=digest, function="adviser", user=person
        )
    here.name_on("guest", assessment, Ability.READ, Ability.SIGN)
    for wrong in ("0" * 64, ""):
        with pytest.raises(RefusedError):
            services_signing.sign(
                here.actor("guest"),
                assessment,
                digest=wrong,
                function="adviser",
                user=here.person("guest"),
            )
    signature = services_signing.sign(
        here.actor("guest"),
        assessment,
        digest=digest,
        function="adviser",
        user=here.person("guest"),
    )
    assert signature.digest == digest
    with pytest.raises(RefusedError):
        answered(here, assessment, "no")


def test_signing_what_revises_it_supersedes_the_earlier_one(here) -> None:
    earlier = in_state(begun(here), AssessmentState.SIGNED)
    framework = engine_of(earlier).framework
    later = services_states.revise(
        here.actor("coordinator"), earlier, framework, text=earlier.framework.text
    )
    in_state(later, AssessmentState.IN_REVIEW)
    here.name_on("guest", later, Ability.READ, Ability.SIGN)
    services_signing.sign(
        here.actor("guest"),
        later,
        digest=services_signing.document_digest(later),
        function="adviser",
        user=here.person("guest"),
    )
    earlier.refresh_from_db()
    assert earlier.state == AssessmentState.SUPERSEDED


def test_a_decision_other_than_doing_it_says_why_and_later_says_when(here) -> None:
    assessment, finding = found(here)
    actor = here.actor("coordinator")
    for choice, reason in (("accept", ""), ("later", "no money yet"), ("nonsense", "x")):
        with pytest.raises(RefusedError):
            services_states.decide_finding(
                actor, assessment, finding=finding, choice=choice, reason=reason
            )


def test_a_decision_is_about_a_finding_that_the_answers_lead_to(here) -> None:
    assessment, finding = found(here)
    actor = here.actor("coordinator")
    decide = services_states.decide_finding
    with pytest.raises(RefusedError):
        decide(actor, assessment, finding="nothing-of-the-kind", choice="do")
    assert decide(actor, assessment, finding=finding, choice="do").finding == finding
    answered(here, assessment, "yes")
    with pytest.raises(RefusedError):
        decide(actor, assessment, finding=finding, choice="do")

"""Every change of an assessment's state, and the decisions about its findings."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.assessment import moved
from parvis.packs.framework_models import Framework
from parvis_web.accounts.rights import Actor
from parvis_web.assessments import rules
from parvis_web.assessments.held import engine_of, replies_from
from parvis_web.assessments.models import (
    Assessment,
    AssessmentState,
    Choice,
    FindingDecision,
    Reply,
)
from parvis_web.assessments.results import finding_key
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services import begin_assessment, facts
from parvis_web.assessments.services_replies import locked
from parvis_web.audit.recording import note, service


@service("assessment.decide")
def decide_finding(
    actor: Actor,
    assessment: Assessment,
    *,
    finding: str,
    choice: str,
    reason: str = "",
    until: date | None = None,
) -> FindingDecision:
    """
    Record what is done about a finding.

    Parameters
    ----------
    finding : str
        Key, with ``@`` and its place where it is found by place.
    reason : str
        Needed unless it is done.
    until : date, optional
        When to look at it again; needed for what is done later.

    Raises
    ------
    RefusedError
        Where the answers as they stand do not lead to the finding.
    """
    rules.check_action(actor, Action.DECIDE, assessment)
    found = engine_of(assessment).result(timezone.localdate()).findings
    if finding not in {finding_key(each) for each in found}:
        raise RefusedError(_("This finding does not follow from the answers any more."))
    reason = reason.strip()
    if choice not in Choice.values:
        raise RefusedError(_("Choose what is done about the finding."))
    if choice != Choice.DO and not reason:
        raise RefusedError(_("Say why."))
    if choice == Choice.LATER and until is None:
        raise RefusedError(_("Say when to look at it again."))
    row = FindingDecision.objects.create(
        authority=assessment.authority,
        assessment=assessment,
        finding=finding,
        choice=choice,
        reason=reason,
        until=until,
        decided_by=actor.user,
    )
    after = {"finding": row.finding, "choice": choice, "reason": reason}
    note(row, after=after, assessment=str(assessment.pk))
    return row


@service("assessment.submit")
def submit(actor: Actor, assessment: Assessment) -> Assessment:
    """
    Put an assessment forward for review.

    Raises
    ------
    RefusedError
        While replies are at odds or required questions are open.
    """
    assessment = locked(assessment)
    rules.check_action(actor, Action.SUBMIT, assessment)
    if open_conflicts(assessment).exists():
        raise RefusedError(_("Some answers are at odds. Choose which one holds first."))
    progress = engine_of(assessment).progress()
    if progress.n_open:
        raise RefusedError(
            _("%(count)s required questions are not answered yet; “cannot say” is an answer too.")
            % {"count": progress.n_open}
        )
    assessment.submitted = timezone.now()
    return in_state(assessment, AssessmentState.IN_REVIEW)


@service("assessment.send-back")
def send_back(actor: Actor, assessment: Assessment) -> Assessment:
    """Let an assessment in review be worked on again."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.SEND_BACK, assessment)
    assessment.submitted = None
    return in_state(assessment, AssessmentState.DRAFT)


@service("assessment.revise")
def revise(actor: Actor, assessment: Assessment, framework: Framework, *, text: str) -> Assessment:
    """
    Go on from a signed assessment in one of its own: same subject, its answers as a proposal.

    Answers are carried over where `framework` still asks for them; the page shows what changed.
    """
    rules.check_action(actor, Action.REVISE, assessment)
    following = begin_assessment(
        actor,
        framework,
        text=text,
        subject_name=assessment.subject_name,
        space=assessment.space,
        attributes=assessment.attributes,
        is_separate=assessment.is_separate,
        previous=assessment,
    )
    following.marking, following.marking_reason = assessment.marking, assessment.marking_reason
    following.legal_basis, following.review_on = assessment.legal_basis, assessment.review_on
    following.save(update_fields=["marking", "marking_reason", "legal_basis", "review_on"])
    note(following, after={"marking": following.marking}, origin=str(assessment.pk))
    return following


@service("assessment.move")
def move_to(actor: Actor, assessment: Assessment, framework: Framework, *, text: str) -> Assessment:
    """
    Move a draft to another version of its framework, with the answers that still have a place.

    The draft of the version before is taken off the list and can be brought back.
    """
    assessment = locked(assessment)
    rules.check_action(actor, Action.MOVE, assessment)
    carried, _changes = moved(engine_of(assessment).assessment, framework)
    following = begin_assessment(
        actor,
        framework,
        text=text,
        subject_name=assessment.subject_name,
        space=assessment.space,
        attributes=assessment.attributes,
        is_separate=assessment.is_separate,
        due=assessment.due,
        previous=assessment.previous,
    )
    following.entries = assessment.entries
    following.save(update_fields=["entries"])
    rows = replies_from(carried, following, assessment)
    Reply.objects.bulk_create(rows)
    note(following, after={"n_replies": len(rows)}, origin=str(assessment.pk))
    before = facts(assessment)
    assessment.removed = timezone.now()
    assessment.save(update_fields=["removed"])
    note(assessment, before=before, after=facts(assessment))
    return following


@service("assessment.delete")
def delete_assessment(actor: Actor, assessment: Assessment) -> Assessment:
    """Take an assessment off the list; it can be brought back."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.DELETE, assessment)
    return _removed(assessment, is_removed=True)


@service("assessment.restore")
def restore_assessment(actor: Actor, assessment: Assessment) -> Assessment:
    """Bring a deleted assessment back."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.RESTORE, assessment)
    return _removed(assessment, is_removed=False)


def open_conflicts(assessment: Assessment) -> "QuerySet[Reply]":
    """Return the replies that are at odds with what counts."""
    return Reply.objects.filter(assessment=assessment, conflicts_with__isnull=False)


def _removed(assessment: Assessment, *, is_removed: bool) -> Assessment:
    before = facts(assessment)
    assessment.removed = timezone.now() if is_removed else None
    assessment.save(update_fields=["removed"])
    note(assessment, before=before, after=facts(assessment))
    return assessment


def in_state(assessment: Assessment, state: AssessmentState) -> Assessment:
    """Bring an assessment to a state and note it."""
    before = facts(assessment)
    assessment.state = state
    assessment.save(update_fields=["state", "submitted"])
    note(assessment, before=before, after=facts(assessment))
    return assessment

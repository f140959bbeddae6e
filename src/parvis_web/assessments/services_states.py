"""Every change of an assessment's state, and the decisions about its findings."""

from datetime import date
from hashlib import sha256

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.assessment import moved
from parvis.packs.framework_models import Framework
from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.assessments import rules
from parvis_web.assessments.held import engine_of, replies_from, signed_document
from parvis_web.assessments.models import (
    Assessment,
    AssessmentSignature,
    AssessmentState,
    Attachment,
    Choice,
    FindingDecision,
    Reply,
    SignatureMethod,
)
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services import begin_assessment, facts
from parvis_web.assessments.services_replies import locked
from parvis_web.audit.chain import canonical
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
    """
    rules.check_action(actor, Action.DECIDE, assessment)
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
        finding=finding[:200],
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
    return _in_state(assessment, AssessmentState.IN_REVIEW)


@service("assessment.send-back")
def send_back(actor: Actor, assessment: Assessment) -> Assessment:
    """Let an assessment in review be worked on again."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.SEND_BACK, assessment)
    assessment.submitted = None
    return _in_state(assessment, AssessmentState.DRAFT)


@service("assessment.sign")
def sign(
    actor: Actor, assessment: Assessment, *, digest: str, function: str, user: User
) -> AssessmentSignature:
    """
    Sign an assessment in review as the named person.

    Parameters
    ----------
    digest : str
        Of the state the signer saw; refused where it is another by now.
    """
    assessment = locked(assessment)
    rules.check_action(actor, Action.SIGN, assessment)
    rules.check_signer(assessment, user.pk)
    return _signed(
        actor,
        assessment,
        digest=digest,
        method=SignatureMethod.ELECTRONIC,
        signer=user,
        name=str(user),
        function=function,
        signed_on=timezone.localdate(),
        scan=None,
    )


@service("assessment.sign-on-paper")
def sign_on_paper(
    actor: Actor,
    assessment: Assessment,
    *,
    digest: str,
    name: str,
    function: str,
    signed_on: date,
    scan: Attachment,
) -> AssessmentSignature:
    """Record that somebody signed the printed sheet of an assessment in review."""
    assessment = locked(assessment)
    rules.check_action(actor, Action.SIGN_PAPER, assessment)
    if scan.assessment_id != assessment.pk:
        raise RefusedError(_("The scan belongs to another assessment."))
    if signed_on > timezone.localdate():
        raise RefusedError(_("The day of signing lies in the future."))
    return _signed(
        actor,
        assessment,
        digest=digest,
        method=SignatureMethod.PAPER,
        signer=None,
        name=" ".join(name.split()),
        function=function,
        signed_on=signed_on,
        scan=scan,
    )


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


def document_digest(assessment: Assessment) -> str:
    """Return the SHA-256 of exactly what an assessment says now."""
    return sha256(canonical(signed_document(assessment)).encode()).hexdigest()


def open_conflicts(assessment: Assessment) -> "QuerySet[Reply]":
    """Return the replies that are at odds with what counts."""
    return Reply.objects.filter(assessment=assessment, conflicts_with__isnull=False)


def _removed(assessment: Assessment, *, is_removed: bool) -> Assessment:
    before = facts(assessment)
    assessment.removed = timezone.now() if is_removed else None
    assessment.save(update_fields=["removed"])
    note(assessment, before=before, after=facts(assessment))
    return assessment


def _in_state(assessment: Assessment, state: AssessmentState) -> Assessment:
    before = facts(assessment)
    assessment.state = state
    assessment.save(update_fields=["state", "submitted"])
    note(assessment, before=before, after=facts(assessment))
    return assessment


def _signed(
    actor: Actor,
    assessment: Assessment,
    *,
    digest: str,
    method: SignatureMethod,
    signer: User | None,
    name: str,
    function: str,
    signed_on: date,
    scan: Attachment | None,
) -> AssessmentSignature:
    function = " ".join(function.split())
    if not name or not function:
        raise RefusedError(_("Give name and function of who signs."))
    document = signed_document(assessment)
    actual = sha256(canonical(document).encode()).hexdigest()
    if len(digest.strip()) < 8 or not actual.startswith(digest.strip().lower()):
        raise RefusedError(
            _("The digest is not that of the assessment as it stands. Look at it again.")
        )
    signature = AssessmentSignature.objects.create(
        authority=assessment.authority,
        assessment=assessment,
        digest=actual,
        document=document,
        method=method,
        signer=signer,
        signer_name=name,
        signer_function=function,
        signed_on=signed_on,
        scan=scan,
        recorded_by=actor.user,
    )
    note(signature, after={"digest": actual, "method": str(method)})
    _in_state(assessment, AssessmentState.SIGNED)
    earlier = assessment.previous
    if earlier is not None and earlier.state == AssessmentState.SIGNED:
        _in_state(locked(earlier), AssessmentState.SUPERSEDED)
    return signature

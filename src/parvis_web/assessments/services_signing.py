"""Signatures on assessments: in the application, or on a printed sheet."""

from datetime import date
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.assessments import rules
from parvis_web.assessments.held import signed_document
from parvis_web.assessments.models import (
    Assessment,
    AssessmentSignature,
    AssessmentState,
    Attachment,
    SignatureMethod,
)
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services_replies import locked
from parvis_web.assessments.services_states import in_state
from parvis_web.audit.chain import canonical
from parvis_web.audit.recording import note, service


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


def document_digest(assessment: Assessment) -> str:
    """Return the SHA-256 of exactly what an assessment says now."""
    return sha256(canonical(signed_document(assessment)).encode()).hexdigest()


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
    in_state(assessment, AssessmentState.SIGNED)
    earlier = assessment.previous
    if earlier is not None and earlier.state == AssessmentState.SIGNED:
        in_state(locked(earlier), AssessmentState.SUPERSEDED)
    return signature

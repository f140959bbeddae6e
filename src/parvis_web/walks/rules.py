"""What may leave the house on a device, for how long, and what is taken back in."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, NotAllowed, allowed, can_write, check_write
from parvis_web.accounts.vocabulary import Marking
from parvis_web.assessments.models import Assessment, AssessmentState
from parvis_web.assessments.rules import Action, RefusedError, check_action
from parvis_web.walks.models import WalkCopy

LIFETIME = timedelta(days=7)
"""After it, a copy's content is shown no longer."""
MOST_REPLIES = 500
"""Answers in one message."""
GREATEST_WIDTH = 50.0
"""[m]"""


class InsecureError(Exception):
    """The way to the device can be listened to; carries the sentence the user reads."""

    def __init__(self) -> None:
        self.sentence = _(
            "Assessments go onto a device over HTTPS only. Open this page with an address that "
            "begins with https://."
        )
        super().__init__(self.sentence)


class GoneError(Exception):
    """A copy is no longer good; carries the sentence the user reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_way(request: HttpRequest) -> None:
    """Raise `InsecureError` on plain HTTP, but from the machine itself."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    is_here = host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
    if not (request.is_secure() or is_here):
        raise InsecureError


def check_take(actor: Actor, assessment: Assessment) -> None:
    """
    Raise unless `actor` may carry `assessment` along.

    Raises
    ------
    django.http.Http404, NotAllowed, SecondFactorNeeded
        As whoever answers it at the desk.
    RefusedError
        Where it is no draft, or too secret to leave the house.
    """
    check_action(actor, Action.ANSWER, assessment)
    if assessment.marking == Marking.RED:
        raise RefusedError(
            _("What is marked TLP:RED never goes onto a device. Answer it at the desk.")
        )


def can_take(actor: Actor, assessment: Assessment) -> bool:
    """Return whether `actor` may carry `assessment` along."""
    try:
        check_take(actor, assessment)
    except (NotAllowed, Http404, RefusedError):
        return False
    return True


def check_own(actor: Actor, copy: WalkCopy) -> None:
    """Raise 404 unless `actor` took `copy`; nobody brings answers for somebody else."""
    if actor.user is None or copy.person_id != actor.user.pk:
        raise Http404


def check_good(copy: WalkCopy, *, at: datetime | None = None) -> None:
    """
    Raise `GoneError` where a copy was withdrawn or handed back, is past its day, or has no draft.

    Parameters
    ----------
    copy : WalkCopy
    at : datetime, optional
        The moment that must lie before its day; now where left out.
    """
    if copy.withdrawn is not None:
        raise GoneError(_("This copy was withdrawn. Nothing more is taken from it."))
    if copy.ended is not None:
        raise GoneError(_("This copy was handed back. Take the assessment along anew."))
    if copy.assessment.removed is not None:
        raise GoneError(_("The assessment was deleted."))
    if copy.assessment.state != AssessmentState.DRAFT:
        raise GoneError(
            _("The assessment is in review or signed by now: its answers can no longer change.")
        )
    if (at or timezone.now()) > copy.expires:
        raise GoneError(_("This copy has expired. Take the assessment along anew."))


def check_fresh(copy: WalkCopy) -> None:
    """Raise `GoneError` where a copy may not be filled anew."""
    check_good(copy)
    if copy.assessment.marking == Marking.RED:
        raise GoneError(
            _("The assessment is marked TLP:RED by now, which never goes onto a device.")
        )


def check_withdraw(actor: Actor, copy: WalkCopy) -> None:
    """Raise unless `actor` took `copy` or may change its assessment."""
    is_own = actor.user is not None and copy.person_id == actor.user.pk
    if not is_own:
        check_write(actor, copy.assessment)
    if not is_out(copy):
        raise RefusedError(_("This copy is no longer out."))


def can_withdraw(actor: Actor, copy: WalkCopy) -> bool:
    """Return whether `actor` may withdraw `copy`."""
    try:
        return allowed(check_withdraw, actor, copy)
    except RefusedError:
        return False


def is_out(copy: WalkCopy) -> bool:
    """Return whether a device may still hold `copy`."""
    return copy.ended is None and copy.withdrawn is None


def sees_copies(actor: Actor, assessment: Assessment) -> bool:
    """Return whether `actor` sees what others carry along, not their own copies alone."""
    return can_write(actor, assessment)


def check_width(width: float) -> None:
    """Raise `RefusedError` unless `width` can be one."""
    if not 0 < width <= GREATEST_WIDTH:
        raise RefusedError(
            _("A width is more than 0 m and at most %(most)s m.") % {"most": f"{GREATEST_WIDTH:g}"}
        )

"""Who keeps the record of processing, and whose name is erased by whom."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Grant, Membership, User
from parvis_web.accounts.rights import Actor, SecondFactorNeeded, check_editor, check_owner
from parvis_web.accounts.rules import check_person
from parvis_web.accounts.table import Reason


def check_keep_record(actor: Actor) -> None:
    """Raise unless `actor` may read and change the record of processing."""
    check_editor(actor)


def check_erase_names(actor: Actor) -> None:
    """Raise unless `actor` is an owner in a session with a second factor."""
    check_person(actor)
    check_owner(actor)
    if not actor.has_second_factor:
        raise SecondFactorNeeded(
            Reason.SECOND_FACTOR,
            _("Confirm your second factor: a name that is erased does not come back."),
        )


def check_former(actor: Actor, user: User) -> None:
    """Raise `ValidationError` while `user` still works for the authority or is named in it."""
    here = {"authority": actor.authority, "user": user}
    if (
        Membership.objects.in_force().filter(**here).exists()
        or Grant.objects.in_force().filter(**here).exists()
    ):
        raise ValidationError(
            _("This person still works here or is named on something: end that first."),
            code="still_here",
        )

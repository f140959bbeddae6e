"""``reset_second_factor EMAIL --reason …``: for somebody who lost factor and recovery codes."""

import logging
from smtplib import SMTPException
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import InstanceActor
from parvis_web.accounts.services.recovery import reset_second_factor
from parvis_web.operation.links import absolute

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """See the module."""

    help = (
        "Take away a person's second factor, passkeys and recovery codes and end their sessions. "
        "Make sure who asks: in person, or by a number you knew before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the mail address and the reason."""
        parser.add_argument("email", help="Mail address of the person.")
        parser.add_argument(
            "--reason",
            required=True,
            help="Why, and how you made sure who asks; stands in the audit, so without names.",
        )

    def handle(self, *_args: Any, email: str, reason: str, **_options: Any) -> None:
        """Reset, tell the person by mail, and say what happens next."""
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}.")
        try:
            n_ended = reset_second_factor(InstanceActor(None, via="command"), user, reason=reason)
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from None
        self.stdout.write(f"The second factor of {user.email} is gone; sessions ended: {n_ended}.")
        if _is_told(user):
            self.stdout.write("The person was told by mail.")
        else:
            self.stderr.write("The mail could not be sent: tell the person yourself.")
        self.stdout.write("They sign in with the password and set up a new factor at once.")


def _is_told(user: User) -> bool:
    with translation.override(user.language or None):
        subject = _("Your second factor in Parvis was reset")
        text = render_to_string(
            "accounts/mail/second_factor_reset.txt", {"user": user, "link": absolute("/account/")}
        )
    try:
        send_mail(subject, text, None, [user.email])
    except (OSError, SMTPException):
        log.exception("The mail about a reset second factor could not be sent")
        return False
    return True

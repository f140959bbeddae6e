"""``create_operator EMAIL``: an account that runs the installation."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from parvis_web.accounts.rights import InstanceActor
from parvis_web.operation.links import absolute
from parvis_web.operation.services import create_operator


class Command(BaseCommand):
    """See the module."""

    help = "Make an account for somebody who runs this installation; print a link to its password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and name."""
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *_args: Any, email: str, name: str, **_options: Any) -> None:
        """Make the account and print the link with which its password is chosen."""
        actor = InstanceActor(None, via="command")
        try:
            user = create_operator(actor, email=email, name=name)
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from None
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        path = reverse("account_reset_password_from_key", args=key.split("-", 1))
        self.stdout.write(f"{user.email} chooses a password, then a second factor, here:")
        self.stdout.write(absolute(path))

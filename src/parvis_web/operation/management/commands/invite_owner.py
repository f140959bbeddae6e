"""``invite_owner SLUG EMAIL``: a link with which somebody becomes an authority's owner."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from parvis_web.accounts.models import Authority
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.services.invitations import invite_member
from parvis_web.accounts.vocabulary import Role
from parvis_web.operation.links import absolute


class Command(BaseCommand):
    """See the module."""

    help = "Print a link with which the bearer of an address becomes an authority's owner."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the authority and the address."""
        parser.add_argument("slug")
        parser.add_argument("email")

    def handle(self, *_args: Any, slug: str, email: str, **_options: Any) -> None:
        """Offer the role and print the link, which is shown this once."""
        authority = Authority.objects.filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"No authority has the short name {slug!r}.")
        try:
            invitation, secret = invite_member(
                Actor(authority, via="command"), email=email, role=Role.OWNER
            )
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from None
        self.stdout.write(
            f"Give this link to {invitation.email} and to nobody else; "
            f"it ends on {invitation.expires:%Y-%m-%d}:"
        )
        self.stdout.write(absolute(reverse("open_invitation", args=[secret])))

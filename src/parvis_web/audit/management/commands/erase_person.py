"""``parvis web erase_person``: put a number in the place of a name in an authority's chain."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import Actor
from parvis_web.audit.services import erase_person


class Command(BaseCommand):
    """Erase a name; the chain stays whole."""

    help = "Erase a person's name from an authority's audit chain; the chain stays whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the authority and the person's mail address."""
        parser.add_argument("--authority", required=True, help="Short name of the authority.")
        parser.add_argument("--email", required=True, help="Mail address of the person.")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Erase, or say what there is none of."""
        del arguments
        authority = Authority.objects.filter(slug=options["authority"]).first()
        if authority is None:
            raise CommandError(f"There is no authority {options['authority']}.")
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        erase_person(Actor(authority, via="command"), user)
        self.stdout.write("The name is erased from the chain.")

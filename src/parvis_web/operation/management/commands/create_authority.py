"""``create_authority NAME``: found an authority."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from parvis_web.accounts.rights import InstanceActor
from parvis_web.accounts.services.members import create_authority


class Command(BaseCommand):
    """See the module."""

    help = "Found an authority; invite_owner then invites its first owner."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take its name and settings."""
        parser.add_argument("name", help="as it stands on reports")
        parser.add_argument("--slug", help="short name in addresses; made from the name")
        parser.add_argument("--country", default="", help="two letters, as in ISO 3166")
        parser.add_argument("--language", default="en")
        parser.add_argument("--time-zone", default="UTC", help="such as Europe/Brussels")
        parser.add_argument("--second-factor", action="store_true", help="required of everybody")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Found it and say where its pages are."""
        try:
            authority = create_authority(
                InstanceActor(None, via="command"),
                name=options["name"],
                slug=options["slug"] or slugify(options["name"]),
                country=options["country"].upper(),
                language=options["language"],
                time_zone=options["time_zone"],
                requires_second_factor=options["second_factor"],
            )
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from None
        self.stdout.write(f"{authority.name} has its pages at /a/{authority.slug}/")

"""``audit verify`` and ``audit anchor``: the commands of the audit chains, in two words."""

import argparse
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """See the module."""

    requires_system_checks: list[str] = []
    help = "Check the audit chains (verify) or write down how far they have come (anchor)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the second word and what belongs to it."""
        parser.add_argument("what", choices=["verify", "anchor"])
        parser.add_argument("rest", nargs=argparse.REMAINDER)

    def handle(self, *_args: Any, what: str, rest: list[str], **_options: Any) -> None:
        """Run the command of both words."""
        call_command(f"audit_{what}", *rest, stdout=self.stdout)

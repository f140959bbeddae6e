"""Brings database, cache and static files up to date before the server starts."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Migrates, makes the cache's table, collects static files, prints what commands there are."""

    help = "Bring database and static files up to date; done by parvis serve."

    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do each step; what they say goes to standard error."""
        settings.PARVIS_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0, stdout=sys.stderr)
        self.stdout.write(" ".join(sorted(get_commands())))

"""``parvis web seed_demo``: the fictional town with its people, for trying things out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis_web.operation.demo import PASSWORD, DemoError, accounts, seed


class Command(BaseCommand):
    """Fill a demonstration with a fictional town."""

    help = "Fill a demonstration with a fictional town, its people and an analysed square."

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Make what is missing and print the accounts."""
        del arguments, options
        try:
            seed(self.stdout.write)
        except DemoError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"\nEverybody's password: {PASSWORD}")
        for role, email in accounts():
            self.stdout.write(f"  {role:12} {email}")

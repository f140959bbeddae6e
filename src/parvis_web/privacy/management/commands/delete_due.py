"""``parvis web delete_due``: delete data about people whose day has come; run once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis_web.privacy.services import delete_due


class Command(BaseCommand):
    """Delete what is due."""

    help = "Delete data about people whose day has come; run once a day."

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Delete and say how many."""
        del arguments, options
        self.stdout.write(f"{delete_due(timezone.localdate())} datasets deleted.")

"""``parvis web end_shares``: delete received figures whose day has come; run once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis_web.sharing.services import end_expired


class Command(BaseCommand):
    """Delete what has expired."""

    help = "Delete figures received from others whose day has come; run once a day."

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Delete and say how many."""
        del arguments, options
        self.stdout.write(f"{end_expired(timezone.localdate())} share files ended.")

"""``daily``: what must happen once a day."""

import logging
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from parvis_web.audit.reads import forget_old_read_marks

logger = logging.getLogger(__name__)

DAILY = (
    "audit_anchor",
    "clearsessions",
    "delete_due",
    "end_shares",
    "purge_cities",
    "prune",
)
"""Commands of the day."""


class Command(BaseCommand):
    """See the module."""

    requires_system_checks: list[str] = []
    help = "Anchor the audit chains, delete what has expired; run it once a day."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do everything, whatever fails on the way; fail at the end if something did."""
        failed = []
        forget_old_read_marks()
        for name in DAILY:
            try:
                call_command(name, stdout=self.stdout)
            except Exception:
                logger.exception("the daily command %s failed", name)
                failed.append(name)
        if failed:
            raise CommandError(f"These failed, see the log: {', '.join(failed)}")

"""``audit_anchor``: write down, outside the database, how far each chain has come."""

from typing import Any

from django.core.management.base import BaseCommand

from parvis_web.accounts.rights import InstanceActor
from parvis_web.audit.anchors import anchors_file, write_anchors


class Command(BaseCommand):
    """See the module."""

    requires_system_checks: list[str] = []
    help = "Add a line to the file of anchors for every audit chain that has grown."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Add the lines and say how many."""
        added = write_anchors(InstanceActor(None, via="command"))
        self.stdout.write(f"{added} lines added to {anchors_file()}")

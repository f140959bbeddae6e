"""``restore FILE``: put a backup back, after every byte of it was checked."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis_web.accounts.rights import InstanceActor
from parvis_web.operation.archive import BackupError
from parvis_web.operation.restore import restore_backup


class Command(BaseCommand):
    """See the module."""

    requires_system_checks: list[str] = []
    help = "Put a backup back into an empty installation; stop web and worker before."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and whether it replaces what is there."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="replace everything; old files are kept aside"
        )

    def handle(self, *_args: Any, file: Path, replace: bool, **_options: Any) -> None:
        """Put it back and check the audit chains."""
        try:
            actor = InstanceActor(None, via="command")
            restored = restore_backup(file.absolute(), actor, replaces=replace)
        except BackupError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{restored.n_rows} rows of {restored.made} are back.")
        if restored.old_files:
            self.stdout.write(f"The files that were there before are in {restored.old_files}.")
        for finding in restored.findings:
            self.stdout.write(finding.sentence)
        if restored.findings:
            sys.exit(1)
        self.stdout.write("Every audit chain is whole.")

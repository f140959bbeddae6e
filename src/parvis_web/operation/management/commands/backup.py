"""``backup FILE``: everything in one file, while people go on working."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis_web.accounts.rights import InstanceActor
from parvis_web.operation.archive import BackupError
from parvis_web.operation.backup import write_backup


class Command(BaseCommand):
    """See the module."""

    requires_system_checks: list[str] = []
    help = "Write database and files to one file (.tar, .tar.gz or .tgz)."

    def run_from_argv(self, argv: list[str]) -> None:
        """Give way to people at work: a backup that takes longer harms nobody."""
        os.nice(10)
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Write it and say what it holds."""
        try:
            written = write_backup(file.absolute(), InstanceActor(None, via="command"))
        except BackupError as problem:
            raise CommandError(str(problem)) from None
        size = written.size / 2**20
        self.stdout.write(
            f"{file}: {written.n_rows} rows, {written.n_files} files, {size:.1f} MB. "
            "Keep PARVIS_AUDIT_KEY and PARVIS_SECRET_KEY elsewhere: they are not in it."
        )
        if written.n_vanished:
            self.stdout.write(f"{written.n_vanished} files were deleted while they were copied.")

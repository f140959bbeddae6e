"""``parvis web translations``: public page and council paper in the city's own words."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis_web.config.languages import NAMES
from parvis_web.publishing.translation import Status, rows_of, take
from parvis_web.publishing.translation_sheet import read_sheet, write_sheet


class Command(BaseCommand):
    """See the module."""

    help = "Write the texts of public page and council paper to a spreadsheet, or take it back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, the language and the file."""
        parser.add_argument("what", choices=["export", "import"])
        parser.add_argument("--language", required=True, choices=list(NAMES))
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, what: str, language: str, file: Path, **_options: Any) -> None:
        """Write or read the workbook and say what it holds."""
        try:
            say = self._export if what == "export" else self._import
            self.stdout.write(say(language, file))
        except ValidationError as problem:
            raise CommandError("\n".join(problem.messages)) from None
        except OSError as problem:
            raise CommandError(f"{file} cannot be written: {problem.strerror}.") from None

    def _export(self, language: str, file: Path) -> str:
        if file.suffix.lower() != ".xlsx":
            raise CommandError(f"{file}: the name of the file must end in .xlsx.")
        rows = rows_of(language)
        write_sheet(rows, file, language=language)
        missing = sum(row.status == Status.MISSING for row in rows)
        return f"{file}: {len(rows)} texts, {missing} of them without a translation."

    def _import(self, language: str, file: Path) -> str:
        counts = take(language, read_sheet(file))
        return (
            f"{counts['kept']} texts kept, {counts['drafts']} of them unreviewed. "
            f"Restart the application to show them."
        )

"""``audit_verify``: is every audit chain whole?"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parvis_web.accounts.models import Authority
from parvis_web.audit.chain import chain_name
from parvis_web.audit.models import AuditHead
from parvis_web.audit.verification import Finding, verify, verify_everything, verify_line


class Command(BaseCommand):
    """Exit codes: 0 everything whole, 1 something is broken, 2 the question was wrong."""

    requires_system_checks: list[str] = []
    help = "Check the audit chains; one line per finding, exit code 1 if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one authority, a copy of the anchors, or a line of a report."""
        parser.add_argument("--authority", metavar="SLUG", help="only this authority's chain")
        parser.add_argument(
            "--anchors", type=Path, metavar="FILE", help="a copy of the anchors, from a backup"
        )
        parser.add_argument("--line", help="the line of anchor that a signed report carries")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check and report."""
        if options["line"]:
            self._handle_line(options["line"])
            return
        if options["anchors"] and not options["anchors"].is_file():
            raise CommandError(f"{options['anchors']} is not a file.", returncode=2)
        if options["authority"]:
            findings = verify(self._chain(options["authority"]))
        else:
            findings = verify_everything(options["anchors"])
        self._report(findings)

    def _chain(self, slug: str) -> str:
        authority = Authority.objects.filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"No authority has the short name {slug!r}.", returncode=2)
        return chain_name(authority)

    def _handle_line(self, line: str) -> None:
        try:
            stands = verify_line(line)
        except ValueError as problem:
            raise CommandError(f"This is not a line of anchor: {problem}", returncode=2) from None
        if not stands:
            raise CommandError("The line is not genuine, or its event no longer stands.")
        self.stdout.write("The line is genuine and its event stands.")

    def _report(self, findings: list[Finding]) -> None:
        for finding in findings:
            self.stdout.write(finding.sentence)
        if findings:
            sys.exit(1)
        events = sum(AuditHead.objects.values_list("seq", flat=True))
        self.stdout.write(f"Every chain is whole ({events} events).")

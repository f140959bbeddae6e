"""Lists the application's own commands."""

from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prints each command of ours with its one line."""

    help = "List these commands."

    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the list."""
        self.stdout.write("Usage: parvis web COMMAND …; parvis web COMMAND --help tells more.\n\n")
        for name, app in sorted(get_commands().items()):
            if isinstance(app, str) and app.startswith("parvis_web."):
                line = load_command_class(app, name).help.strip().split("\n")[0]
                self.stdout.write(f"  {name:<16} {line}")
        self.stdout.write("\nDjango's own commands, such as check or shell, work too.")

"""``python -m parvis_web COMMAND``: Django's commands with this product's settings."""

import os
import sys


def main() -> None:
    """Run a management command; on one's own machine unless the environment says otherwise."""
    said = os.environ.get("PARVIS_PRODUCTION", "").strip().lower()
    production = said in {"1", "true", "yes", "on"}
    name = "prod" if production else "dev"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"parvis_web.config.settings.{name}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["parvis web", *sys.argv[1:]])


if __name__ == "__main__":
    main()

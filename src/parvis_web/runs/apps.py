"""Names the app for Django."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.runs"
    label = "runs"

    def ready(self) -> None:
        """Learn the kinds of runs from the other apps."""
        from parvis_web.runs.kinds import discover

        discover()

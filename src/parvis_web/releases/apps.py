"""Names the app for Django and lets embargoes end by themselves."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """See the package."""

    name = "parvis_web.releases"
    label = "releases"

    def ready(self) -> None:
        """Have workers write down which embargoes have ended."""
        from parvis_web.releases.services import publish_due
        from parvis_web.runs.regular import register

        register("releases", publish_due)

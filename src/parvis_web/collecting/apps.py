"""Names the app for Django and says how protected data are deleted."""

from django.apps import AppConfig


class CollectingConfig(AppConfig):
    """See the package."""

    name = "parvis_web.collecting"
    label = "collecting"

    def ready(self) -> None:
        """Register the deletion of protected data on their day."""
        from parvis_web.collecting.services_protected import register_deletion

        register_deletion()

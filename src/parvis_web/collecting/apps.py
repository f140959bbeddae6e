"""Names the app for Django and says how protected data are deleted."""

from django.apps import AppConfig


class CollectingConfig(AppConfig):
    """See the package."""

    name = "parvis_web.collecting"
    label = "collecting"

    def ready(self) -> None:
        """Register the deletion of protected data on their day."""
        from parvis_web.collecting.rules import check_delete_on
        from parvis_web.collecting.services_protected import empty_protected
        from parvis_web.privacy import deletion

        deletion.register("collecting.protecteddataset", empty_protected, check_day=check_delete_on)

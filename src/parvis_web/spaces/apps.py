"""Names the app for Django, registers its tabs and how its files are deleted."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    """See the package."""

    name = "parvis_web.spaces"
    label = "spaces"

    def ready(self) -> None:
        """Register the tabs every space has, and the deletion of files."""
        from parvis_web.privacy import deletion
        from parvis_web.spaces import services_evidence
        from parvis_web.spaces.tabs import Tab, register

        register(Tab("overview", _("Overview"), "spaces:detail", 0))
        register(Tab("site", _("On site"), "spaces:site", 12))
        register(Tab("layouts", _("Layouts"), "spaces:layouts", 20))
        register(Tab("plans", _("Plans under the map"), "spaces:plans", 78))
        register(Tab("files", _("Files"), "spaces:files", 79))
        register(Tab("history", _("History"), "spaces:history", 90, is_for_guests=False))
        deletion.register("spaces.evidence", services_evidence.delete_evidence)

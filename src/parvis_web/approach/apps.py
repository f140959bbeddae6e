"""Names the app for Django and gives spaces their tab."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApproachConfig(AppConfig):
    """See the package."""

    name = "parvis_web.approach"
    label = "approach"

    def ready(self) -> None:
        """Add the tab of approach analyses to the pages of spaces."""
        from parvis_web.spaces.tabs import Tab, register

        register(Tab("approach", _("Vehicle approach"), "approach:space", 10))

"""Names the app for Django and registers its tab."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScenariosConfig(AppConfig):
    """See the package."""

    name = "parvis_web.scenarios"
    label = "scenarios"

    def ready(self) -> None:
        """Show scenarios on the page of a space."""
        from parvis_web.scenarios.queries import count_scenarios
        from parvis_web.spaces.tabs import Tab, register

        register(Tab("scenarios", _("Scenarios"), "scenarios:list", 15, count_scenarios))

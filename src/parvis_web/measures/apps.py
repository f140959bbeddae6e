"""Names the app for Django and registers its tab."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeasuresConfig(AppConfig):
    """See the package."""

    name = "parvis_web.measures"
    label = "measures"

    def ready(self) -> None:
        """Show measures on the page of a space."""
        from parvis_web.measures.queries import count_open
        from parvis_web.spaces.tabs import Tab, register

        register(
            Tab("measures", _("Measures"), "measures:of_space", 60, count_open, is_for_guests=False)
        )

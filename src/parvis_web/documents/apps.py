"""Names the app for Django and gives spaces their tabs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.documents"
    label = "documents"

    def ready(self) -> None:
        """Give the page of a space its tabs."""
        from parvis_web.spaces.tabs import Tab, register

        register(Tab("dossier", _("Dossier"), "documents:dossier", 75))
        register(Tab("documents", _("Documents"), "documents:of-space", 80))

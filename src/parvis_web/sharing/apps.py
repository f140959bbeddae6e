"""Names the app for Django."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """See the package."""

    name = "parvis_web.sharing"
    label = "sharing"

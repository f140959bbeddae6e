"""Names the app for Django."""

from django.apps import AppConfig


class WalksConfig(AppConfig):
    """See the package."""

    name = "parvis_web.walks"
    label = "walks"

"""Names the app for Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """See the package."""

    name = "parvis_web.ui"
    label = "ui"

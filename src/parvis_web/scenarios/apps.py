"""Names the app for Django."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """See the package."""

    name = "parvis_web.scenarios"
    label = "scenarios"

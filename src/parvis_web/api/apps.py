"""Names the app for Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package."""

    name = "parvis_web.api"
    label = "api"

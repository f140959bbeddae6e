"""Names the app for Django."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """See the package."""

    name = "parvis_web.spaces"
    label = "spaces"

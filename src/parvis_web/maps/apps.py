"""Names the app for Django."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.maps"
    label = "maps"

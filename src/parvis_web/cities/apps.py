"""Names the app for Django."""

from django.apps import AppConfig


class CitiesConfig(AppConfig):
    """See the package."""

    name = "parvis_web.cities"
    label = "cities"

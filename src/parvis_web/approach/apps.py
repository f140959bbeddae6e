"""Names the app for Django."""

from django.apps import AppConfig


class ApproachConfig(AppConfig):
    """See the package."""

    name = "parvis_web.approach"
    label = "approach"

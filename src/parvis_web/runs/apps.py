"""Names the app for Django."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.runs"
    label = "runs"

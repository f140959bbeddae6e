"""Names the app for Django."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """See the package."""

    name = "parvis_web.dashboard"
    label = "dashboard"

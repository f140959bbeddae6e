"""Names the app for Django."""

from django.apps import AppConfig


class OperationConfig(AppConfig):
    """See the package."""

    name = "parvis_web.operation"
    label = "operation"

"""Names the app for Django and registers the checks of the installation."""

from django.apps import AppConfig


class OperationConfig(AppConfig):
    """See the package."""

    name = "parvis_web.operation"
    label = "operation"

    def ready(self) -> None:
        """Register the checks."""
        from parvis_web.config import checks  # noqa: F401

"""Names the app for Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package."""

    name = "parvis_web.audit"
    label = "audit"

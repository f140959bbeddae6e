"""Names the app for Django."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """See the package."""

    name = "parvis_web.privacy"
    label = "privacy"

"""Names the app for Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """See the package."""

    name = "parvis_web.publishing"
    label = "publishing"

"""Names the app for Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.documents"
    label = "documents"

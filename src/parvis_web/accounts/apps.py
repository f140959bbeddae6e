"""Names the app for Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.accounts"
    label = "accounts"

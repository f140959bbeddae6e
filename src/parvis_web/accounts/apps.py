"""Names the app for Django and listens to what allauth tells."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package."""

    name = "parvis_web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Connect the signals and make the services known."""
        from parvis_web.accounts import signals
        from parvis_web.accounts.services import grants, invitations, markings, members, tokens

        del signals, grants, invitations, markings, members, tokens

"""How allauth treats accounts here: nobody signs up without an invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open only to the bearer of an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether the session carries an invitation."""
        return bool(request.session.get("invitation"))

"""Whose token is it: the header alone decides, never an address or a cookie."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from parvis_web.accounts.rights import Actor
from parvis_web.accounts.tokens import token_actor


class Token(HttpBearer):
    """A token of one person and one authority, see `parvis_web.accounts.tokens`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor of the request's token, None where it is not valid."""
        del token
        return token_actor(request)


def actor_of(request: Any) -> Actor:
    """Return the actor that the token stands for."""
    return request.auth

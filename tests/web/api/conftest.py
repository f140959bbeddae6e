"""A machine that speaks to the API with a token."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis_web.accounts.services.tokens import create_token


class Machine:
    """Sends requests with one token in the header."""

    def __init__(self, token):
        self.token = token
        self.client = Client()

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def send(self, method, path, body):
        call = getattr(self.client, method)
        return call(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._headers(),
        )

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture
def with_token():
    """A machine that has a text for a token."""
    return Machine


@pytest.fixture
def machine():
    """Make a machine of somebody in a town."""

    def make(town, role="coordinator", scopes=("read",)):
        ends = timezone.localdate() + timedelta(days=30)
        _token, text = create_token(town.actor(role), name="QGIS", scopes=scopes, ends_on=ends)
        return Machine(text)

    return make

"""Every address there is, tried by those whom it is not for: nothing of an authority shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from web.examples import parameter

from parvis_web.accounts.services.tokens import create_token
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.models import AuditEvent

OPEN_TO_ALL = {
    "accessibility",
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "public:page",
    "public-figures:list",
    "public-figures:release",
    "public-figures:embed",
    "public-figures:download",
    "set_language",
    "operation:health",
    "operation:ready",
    "api-1:openapi-json",
    "walk:shell",
    "walk:worker",
    "walk:files",
    "walk:manifest",
}
"""Pages that answer anybody; what they say is tested beside them."""

ENDS_THE_SESSION = {
    "account_logout",
    "accounts:leave",
    "usersessions_list",
    "account_reauthenticate",
}
READER_WRITES = {"documents:make", "documents:file-as-of"}
"""What a reader may bring about by an empty form."""


@dataclass(frozen=True)
class Address:
    """One page with the names of its parameters."""

    app: str
    page: str
    route: str
    parameters: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.app}:{self.page}" if self.app else self.page

    @property
    def is_of_an_authority(self) -> bool:
        return self.route.startswith("a/<slug:slug>/")

    def values(self, town: Any) -> dict[str, object]:
        return {name: parameter(town, self.app, self.page, name) for name in self.parameters}

    def at(self, values: dict[str, object]) -> str:
        if not self.page:
            return f"/{self.route}"
        return reverse(self.name, kwargs=values)


def walk(resolver: URLResolver, route: str = "", app: str = "") -> Iterator[Address]:
    """Every pattern of the URL configuration."""
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, here, pattern.namespace or app)
        elif pattern.name != "closed":
            names = re.findall(r"<(?:\w+:)?(\w+)>", here)
            yield Address(app, pattern.name or "", here, tuple(names))


ADDRESSES = sorted(set(walk(get_resolver())), key=lambda address: (address.name, address.route))
METHODS = ("get", "post")


def masked(response: HttpResponse) -> tuple[int, str, str]:
    """Status, place and body without what differs from request to request or repeats its path."""
    body = b"".join(response) if response.streaming else response.content
    text = body.decode("utf-8", "replace").replace(response.wsgi_request.path, "HERE")
    text = re.sub(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", "ID", text)
    text = re.sub(r"[A-Za-z0-9]{64}", "CSRF", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+", "TIME", text)
    return response.status_code, response.get("Location", ""), text


def browser_of(town: Any, role: str) -> Client:
    client = town.client(role)
    client.raise_request_exception = False
    return client


@pytest.fixture
def secretive(make_town):
    """A town whose every example carries its name, with spaces hidden from most."""
    town = make_town("whisperbridge")
    for address in ADDRESSES:
        address.values(town)
    town.space(name="Hidden Yard of whisperbridge", marking=Marking.RED)
    town.space(name="Hidden Close of whisperbridge", marking=Marking.STRICT)
    return town


def changes_in(town: Any) -> list[str]:
    """What was written in the town, by the actions of its chain; reads are no change."""
    events = AuditEvent.objects.filter(chain=str(town.authority.pk)).exclude(action="read")
    return list(events.values_list("action", flat=True))


def test_there_are_addresses_of_every_app():
    assert {address.app for address in ADDRESSES} >= {
        "accounts", "api-1", "approach", "audit", "cities", "documents", "maps", "operation",
        "privacy", "public", "publishing", "runs", "scenarios", "spaces",
    }  # fmt: skip


def test_no_page_takes_the_address_of_another(secretive):
    taken = {}
    for address in ADDRESSES:
        url = address.at(address.values(secretive))
        found = resolve(url)
        is_another = found.route != address.route or found.namespace != address.app
        if is_another and found.view_name not in {address.name, "closed"}:
            taken[address.name] = (url, found.view_name)
    assert not taken


def test_nobody_sees_anything_without_signing_in(secretive):
    wrong = []
    before = changes_in(secretive)
    for address in ADDRESSES:
        for method in METHODS:
            client = Client(raise_request_exception=False)
            url = address.at(address.values(secretive))
            response = getattr(client, method)(url)
            status, place, text = masked(response)
            if "whisperbridge" in text.lower():
                wrong.append((method, url, status, "shows the town"))
            if address.name in OPEN_TO_ALL and status < 500:
                continue
            to_sign_in = place.startswith("/account/login/")
            if address.is_of_an_authority:
                fits = to_sign_in if status == 302 else status in {401, 404, 405}
            else:
                fits = place.startswith("/") if status == 302 else status in {401, 404, 405, 410}
            if not fits:
                wrong.append((method, url, status, place))
    assert not wrong, "\n".join(map(str, wrong))
    assert changes_in(secretive) == before


def test_a_reader_changes_nothing_and_sees_nothing_hidden(secretive):
    wrong = []
    client = browser_of(secretive, "reader")
    for address in ADDRESSES:
        for method in METHODS:
            if address.name in ENDS_THE_SESSION and method == "post":
                continue
            before = changes_in(secretive)
            url = address.at(address.values(secretive))
            status, _place, text = masked(getattr(client, method)(url))
            if status >= 500:
                wrong.append((method, url, status))
            if "Hidden" in text:
                wrong.append((method, url, "shows what is hidden"))
            written = changes_in(secretive)[len(before) :]
            written = [action for action in written if not action.startswith("account.")]
            if written and address.name not in READER_WRITES:
                wrong.append((method, url, written))
    assert not wrong, "\n".join(map(str, wrong))


def test_another_authoritys_owner_meets_the_same_nothing_as_where_nothing_is(secretive, elsewhere):
    wrong = []
    before = changes_in(secretive)
    client = browser_of(elsewhere, "owner")
    nothing = masked(client.get("/a/no-such-town/spaces/"))
    assert nothing[0] == 404
    for address in ADDRESSES:
        if not address.is_of_an_authority:
            continue
        values = address.values(secretive)
        for method in METHODS:
            there = masked(getattr(client, method)(address.at(values)))
            if there == nothing:
                continue
            nowhere = masked(getattr(client, method)(address.at(values | {"slug": "no-such-town"})))
            if there != nowhere or there[0] not in {404, 405}:
                wrong.append((method, address.at(values), there[0], nowhere[0]))
    assert not wrong, "\n".join(map(str, wrong))
    assert changes_in(secretive) == before


def foreign(values: dict[str, object]) -> dict[str, object]:
    """The same parameters with ids that nothing has."""
    return {name: uuid4() if isinstance(value, UUID) else value for name, value in values.items()}


def test_an_id_of_another_authority_is_as_good_as_none(secretive, elsewhere):
    wrong = []
    before = changes_in(secretive)
    client = browser_of(elsewhere, "owner")
    for address in ADDRESSES:
        values = address.values(secretive)
        if not address.is_of_an_authority or foreign(values) == values:
            continue
        own = {"slug": elsewhere.slug}
        for method in METHODS:
            theirs = masked(getattr(client, method)(address.at(values | own)))
            nobodys = masked(getattr(client, method)(address.at(foreign(values) | own)))
            if theirs != nobodys or theirs[0] not in {404, 405}:
                wrong.append((method, address.at(values | own), theirs[0], nobodys[0]))
    assert not wrong, "\n".join(map(str, wrong))
    assert changes_in(secretive) == before


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_token_of_another_authority_finds_nothing(secretive, elsewhere, method):
    from django.utils import timezone

    _token, text = create_token(
        elsewhere.actor("owner"), name="t", scopes=["write"], ends_on=timezone.localdate()
    )
    headers = {"Authorization": f"Bearer {text}"}
    client = Client(raise_request_exception=False)
    wrong = []
    before = changes_in(secretive)
    for address in ADDRESSES:
        if not address.route.startswith("api/"):
            continue
        values = address.values(secretive)
        theirs = masked(getattr(client, method)(address.at(values), headers=headers))
        nobodys = masked(getattr(client, method)(address.at(foreign(values)), headers=headers))
        if theirs != nobodys or theirs[0] >= 500 or "whisperbridge" in theirs[2].lower():
            wrong.append((method, address.at(values), theirs[0], nobodys[0]))
    assert not wrong, "\n".join(map(str, wrong))
    assert changes_in(secretive) == before

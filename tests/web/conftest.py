"""An authority with one person per role, and browsers signed in as them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from allauth.account.internal.userkit import user_id_to_str
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from parvis_web.accounts.models import Authority, Grant, Membership, Owned, User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Ability, Role
from parvis_web.cities.models import City, CityState
from parvis_web.spaces.models import Space

PASSWORD = "correct horse battery staple"  # noqa: S105
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[10.0, 50.0], [10.001, 50.0], [10.001, 50.001], [10.0, 50.001], [10.0, 50.0]]],
}


@dataclass
class Town:
    """One authority of the tests and its people by role."""

    authority: Authority
    people: dict[str, User] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.authority.slug

    def person(self, role: str) -> User:
        """The member of a role; "guest" and "stranger" have none."""
        if role not in self.people:
            user = User.objects.create_user(
                f"{role}@{self.slug}.example", PASSWORD, name=f"{role} of {self.authority.name}"
            )
            if role in Role.values:
                Membership.objects.create(authority=self.authority, user=user, role=role)
            self.people[role] = user
        return self.people[role]

    def actor(self, role: str, *, second_factor: bool = True) -> Actor:
        """Somebody of that role acting, as services take it."""
        user = self.person(role)
        known = Role(role) if role in Role.values else None
        return Actor(self.authority, user, known, second_factor)

    def client(self, role: str, *, second_factor: bool = True) -> Client:
        """A browser signed in as the member of a role."""
        return sign_in(self.person(role), second_factor=second_factor)

    def name_on(self, role: str, item: Owned, *abilities: Ability) -> Grant:
        """Name a person on one object."""
        return Grant.objects.create(
            authority=self.authority,
            user=self.person(role),
            object_kind=item.kind(),
            object_id=item.pk,
            abilities=list(abilities or (Ability.READ,)),
            ends_on=timezone.localdate() + timedelta(days=30),
        )

    def city(self, **fields: object) -> City:
        """A ready city without a store on the disk."""
        return City.objects.create(
            authority=self.authority,
            **{"name": "Tessenmark", "store": "tessenmark", "state": CityState.READY} | fields,
        )

    def space(self, **fields: object) -> Space:
        """A drawn square of the town's city."""
        city = fields.pop("city", None) or City.objects.filter(authority=self.authority).first()
        values = {
            "name": "Market Square",
            "area": SQUARE,
            "is_drawn": True,
            "west": 10.0,
            "south": 50.0,
            "east": 10.001,
            "north": 50.001,
        }
        return Space.objects.create(
            authority=self.authority, city=city or self.city(), **values | fields
        )


def sign_in(user: User, *, second_factor: bool = True) -> Client:
    """Return a browser with a session of `user`."""
    client = Client()
    client.force_login(user)
    if second_factor:
        session = client.session
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session["account_authentication_methods"] = [
            {"method": "password", "at": timezone.now().timestamp()},
            {"method": "mfa", "type": "totp", "at": timezone.now().timestamp()},
        ]
        session.save()
    return client


@pytest.fixture(autouse=True)
def connection_stays_open() -> Iterator[None]:
    """Keep the end of a request from closing the connection whose transaction the test is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def make_town(db: None) -> Callable[..., Town]:
    """Make an authority by its short name."""
    del db

    def make(slug: str = "tessenmark", **fields: object) -> Town:
        name = slug.replace("-", " ").title()
        return Town(Authority.objects.create(name=name, slug=slug, country="DE", **fields))

    return make


@pytest.fixture
def here(make_town: Callable[..., Town]) -> Town:
    """The authority a test is about."""
    return make_town()


@pytest.fixture
def elsewhere(make_town: Callable[..., Town]) -> Town:
    """Another authority, which must never see anything of `here`."""
    return make_town("overfield")

"""A city's own sign-on: configured by the environment, for its own domains and invited people."""

import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import RequestFactory

from parvis_web.accounts.adapter import SocialAccountAdapter
from parvis_web.accounts.models import User
from parvis_web.accounts.services.invitations import invite_member
from parvis_web.accounts.vocabulary import Role
from parvis_web.config.sign_on import OIDC, SAML, sign_ons

OIDC_ENV = {
    "PARVIS_OIDC_SERVER": "https://login.city.example",
    "PARVIS_OIDC_CLIENT": "parvis",
    "PARVIS_OIDC_SECRET": "s",
    "PARVIS_OIDC_DOMAINS": "city.example, works.city.example",
    "PARVIS_OIDC_NAME": "City of Example",
}


@pytest.fixture(autouse=True)
def no_sign_on(monkeypatch):
    for name in ("OIDC_SERVER", "SAML_METADATA", "SIGN_ON_FILE"):
        monkeypatch.delenv(f"PARVIS_{name}", raising=False)


def test_without_configuration_no_app_is_installed():
    assert sign_ons() == ([], {})


def test_openid_connect_comes_from_the_environment(monkeypatch):
    for name, value in OIDC_ENV.items():
        monkeypatch.setenv(name, value)
    apps, providers = sign_ons()
    assert apps == [OIDC]
    (app,) = providers["openid_connect"]["APPS"]
    assert (app["provider_id"], app["name"]) == ("city", "City of Example")
    assert app["settings"]["domains"] == ["city.example", "works.city.example"]


def test_several_come_from_a_file(monkeypatch, tmp_path):
    saml = {
        "kind": "saml",
        "name": "Region",
        "metadata": "https://idp.region.example/metadata",
        "entity": "https://idp.region.example",
        "domains": ["region.example"],
    }
    oidc = {"kind": "oidc", "server": "https://x", "client": "c", "secret": "s", "domains": ["d.x"]}
    file = tmp_path / "sign-ons.json"
    file.write_text(json.dumps([saml, oidc]))
    monkeypatch.setenv("PARVIS_SIGN_ON_FILE", str(file))
    apps, providers = sign_ons()
    assert apps == [SAML, OIDC]
    assert providers["saml"]["APPS"][0]["settings"]["advanced"]["reject_idp_initiated_sso"]


@pytest.mark.parametrize("missing", ["CLIENT", "SECRET", "DOMAINS"])
def test_what_is_missing_is_named(monkeypatch, missing):
    for name, value in OIDC_ENV.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(f"PARVIS_OIDC_{missing}")
    with pytest.raises(ImproperlyConfigured, match=f"PARVIS_OIDC_{missing}"):
        sign_ons()


def login_of(email: str, domains: list[str]) -> SimpleNamespace:
    app = SimpleNamespace(settings={"domains": domains})
    return SimpleNamespace(
        user=User(email=email),
        provider=SimpleNamespace(app=app),
        account=SimpleNamespace(extra_data={"name": "New Person"}, provider="city"),
        connect=lambda _request, _user: None,
    )


@pytest.mark.parametrize(
    ("email", "speaks"),
    [
        ("a@city.example", True),
        ("A@CITY.EXAMPLE", True),
        ("a@other.example", False),
        ("a@evilcity.example", False),
        ("a@city.example.evil", False),
    ],
)
def test_a_sign_on_speaks_for_its_own_domains_only(email, speaks):
    adapter = SocialAccountAdapter()
    login = login_of(email, ["city.example"])
    assert adapter.can_authenticate_by_email(login, email) is speaks


def test_a_link_connects_no_sign_on_to_an_open_session():
    login = SimpleNamespace(state={"process": "connect"}, _did_authenticate_by_email=None)
    with pytest.raises(PermissionDenied):
        SocialAccountAdapter().pre_social_login(RequestFactory().get("/"), login)


def test_a_sign_on_makes_accounts_of_invited_people_only(here):
    invitation, _secret = invite_member(
        here.actor("owner"), email="new@city.example", role=Role.READER
    )
    request = RequestFactory().get("/")
    adapter = SocialAccountAdapter()
    right, wrong = (login_of(f"{name}@city.example", []) for name in ("new", "other"))
    request.session = {}
    assert not adapter.is_open_for_signup(request, right)
    with pytest.raises(ValueError, match="without an invitation"):
        adapter.save_user(request, right)
    request.session = {"invitation": invitation.token_digest}
    assert adapter.is_open_for_signup(request, right)
    assert not adapter.is_open_for_signup(request, wrong)
    user = adapter.save_user(request, right)
    assert (user.email, user.name) == ("new@city.example", "New Person")
    assert not user.has_usable_password()

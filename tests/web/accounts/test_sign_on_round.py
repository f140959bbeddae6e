"""A whole round through an OpenID Connect provider: to it, back with a code, in or out."""

import json

import pytest
from web.accounts.oidc_provider import CLIENT, SECRET, running_provider
from web.instances import new_instance

pytestmark = pytest.mark.django_db(transaction=True)

CASES = {
    "member": ("member", "ada@city.example", True),
    "invited": ("invited", "new@city.example", True),
    "stranger": ("stranger", "nobody@city.example", True),
    "of another city": ("member", "ada@elsewhere.example", True),
    "unverified": ("member", "ben@city.example", False),
}

ROUNDS = """
import json, sys, urllib.error, urllib.parse, urllib.request
import django
django.setup()
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from parvis_web.accounts.models import Authority, Membership, User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.services.invitations import invite_member
from parvis_web.accounts.vocabulary import Role
from parvis_web.audit.models import AuditEvent

server = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"]
authority = Authority.objects.create(name="Tessenmark", slug="tessenmark")
owner = User.objects.create_user("owner@city.example", "x" * 20, name="Owner")
Membership.objects.create(authority=authority, user=owner, role="owner")
actor = Actor(authority, owner, Role.OWNER, True)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def sign_in(kind, email, is_verified):
    browser = Client(SERVER_NAME="localhost")
    if kind == "member":
        user = User.objects.create_user(email, "x" * 20, name="Ada")
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        Membership.objects.create(authority=authority, user=user, role="reader")
    if kind == "invited":
        _, secret = invite_member(actor, email=email, role=Role.READER)
        browser.get(reverse("open_invitation", args=[secret]))
    who = urllib.parse.urlencode({"email": email, "verified": is_verified})
    urllib.request.urlopen(f"{server}/as?{who}")
    n_users = User.objects.count()
    begin = reverse("openid_connect_login", args=["city"])
    page = browser.get("/account/login/").content.decode()
    try:
        urllib.request.build_opener(Stay).open(browser.get(begin)["Location"])
    except urllib.error.HTTPError as found:
        back = urllib.parse.urlsplit(found.headers["Location"])
    browser.get(f"{back.path}?{back.query}")
    me = browser.get("/account/").wsgi_request.user
    methods = browser.session.get("account_authentication_methods", [])
    return {
        "offered": begin in page and "City of Example" in page,
        "signed_in": me.email if me.is_authenticated else "",
        "name": me.name if me.is_authenticated else "",
        "has_password": me.is_authenticated and me.has_usable_password(),
        "n_new": User.objects.count() - n_users,
        "actions": sorted({event.action for event in AuditEvent.objects.all()}),
        "methods": [row["method"] for row in methods],
    }


cases = json.loads(sys.argv[1])
print("SAID" + json.dumps({name: sign_in(*case) for name, case in cases.items()}))
"""


@pytest.fixture
def said(tmp_path):
    """What came of every case, in one instance."""
    with running_provider() as provider:
        env = {
            "PARVIS_OIDC_SERVER": provider.address,
            "PARVIS_OIDC_CLIENT": CLIENT,
            "PARVIS_OIDC_SECRET": SECRET,
            "PARVIS_OIDC_DOMAINS": "city.example",
            "PARVIS_OIDC_NAME": "City of Example",
        }
        with new_instance(tmp_path, **env) as instance:
            printed = instance.python("-c", ROUNDS, json.dumps(CASES))
        assert provider.asked.count("/token") == len(CASES)
    return json.loads(printed.partition("SAID")[2].splitlines()[0])


def test_members_and_invited_people_get_in_and_nobody_else(said):
    assert all(case["offered"] for case in said.values())
    assert {name: case["signed_in"] for name, case in said.items()} == {
        "member": "ada@city.example",
        "invited": "new@city.example",
        "stranger": "",
        "of another city": "",
        "unverified": "",
    }
    assert {name: case["n_new"] for name, case in said.items() if case["n_new"]} == {"invited": 1}
    assert said["invited"]["name"] == "Ada of Overfield"
    assert not said["invited"]["has_password"]
    assert said["member"]["has_password"]
    # The sign-on is no second factor, and each connection left its event.
    assert said["member"]["methods"] == ["socialaccount"]
    assert {"account.sign-in", "account.sign-on-connected"} <= set(said["member"]["actions"])

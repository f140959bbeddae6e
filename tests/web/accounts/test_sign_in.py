"""Signing in: password, second factor, limits behind a proxy, and the events it leaves."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client, RequestFactory

from parvis_web.accounts.adapter import client_ip
from parvis_web.accounts.models import User
from parvis_web.audit.models import AuditEvent

from ..conftest import PASSWORD, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def actions(chain: str) -> list[str]:
    return list(
        AuditEvent.objects.filter(chain=chain).order_by("seq").values_list("action", flat=True)
    )


def test_signing_in_and_out_leaves_events_in_both_chains(here):
    owner = here.person("owner")
    client = Client()
    page = client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    assert (page.status_code, page["Location"]) == (302, "/")
    client.post("/account/logout/")
    expected = ["account.sign-in", "account.sign-out"]
    assert actions("instance") == expected
    assert actions(str(here.authority.pk)) == expected
    owner.refresh_from_db()
    assert owner.last_login is not None


@pytest.mark.parametrize("known", [True, False])
def test_a_failed_attempt_is_recorded_and_tells_nothing(here, known):
    address = here.person("owner").email if known else "nobody@nowhere.example"
    page = Client().post("/account/login/", {"login": address, "password": "wrong"})
    assert page.status_code == 200
    assert actions("instance") == ["account.sign-in-failed"]
    assert actions(str(here.authority.pk)) == ["account.sign-in-failed"] * known
    assert "nobody@nowhere" not in str(list(AuditEvent.objects.values()))


def test_the_same_words_for_a_wrong_password_and_an_unknown_address(here):
    bodies = []
    for address in (here.person("owner").email, "nobody@nowhere.example"):
        page = Client().post("/account/login/", {"login": address, "password": "wrong"})
        bodies.append([str(error) for error in page.context["form"].non_field_errors()])
    assert bodies[0] == bodies[1]


def test_a_person_with_an_app_signs_in_in_two_steps(here):
    owner = here.person("owner")
    TOTP.activate(owner, SECRET)
    client = Client()
    first = client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    assert first["Location"] == "/account/2fa/authenticate/"
    assert client.get(f"/a/{here.slug}/people/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert client.get(f"/a/{here.slug}/people/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": code_now()})
    tokens = client.get(f"/a/{here.slug}/tokens/")
    assert tokens.status_code == 200
    details = AuditEvent.objects.filter(action="account.sign-in").last().details
    assert details == {"methods": ["mfa", "password"]}


def test_the_secret_of_an_app_is_unreadable_in_the_database(here):
    TOTP.activate(here.person("owner"), SECRET)
    assert SECRET not in str(Authenticator.objects.get().data)


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_what_asked_for_it(here):
    owner = here.person("owner")
    client = sign_in(owner, second_factor=False)
    asked = client.get(f"/a/{here.slug}/tokens/")
    assert asked["Location"].startswith("/account/second-factor/?next=")
    explained = client.get(asked["Location"])
    assert b"/account/2fa/totp/activate/" in explained.content
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    done = client.post("/account/2fa/totp/activate/", {"code": code_now(secret)}, follow=True)
    assert b"/account/second-factor/" in done.content
    onward = client.get("/account/second-factor/")
    assert onward["Location"] == f"/a/{here.slug}/tokens/"
    assert client.get(f"/a/{here.slug}/tokens/").status_code == 200
    assert actions("instance").count("account.second-factor-added") == 2


def test_a_session_that_misses_its_second_factor_gets_it_by_a_code(here):
    owner = here.person("owner")
    TOTP.activate(owner, SECRET)
    client = sign_in(owner, second_factor=False)
    page = client.get(f"/account/second-factor/?next=/a/{here.slug}/tokens/")
    assert b"/account/2fa/reauthenticate/?next=/account/second-factor/" in page.content
    target = "/account/second-factor/"
    done = client.post(f"/account/2fa/reauthenticate/?next={target}", {"code": code_now()})
    assert done["Location"] == target
    assert client.get(target)["Location"] == f"/a/{here.slug}/tokens/"


def test_a_second_factor_of_somebody_else_does_not_count(here):
    client = sign_in(here.person("owner"))
    session = client.session
    session["account_authentication_methods_user"] = str(here.person("reader").pk)
    session.save()
    assert client.get(f"/a/{here.slug}/tokens/").status_code == 302


@pytest.mark.parametrize(
    "where", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_nobody_is_sent_to_another_host_after_the_second_factor(here, where):
    page = here.client("owner").get("/account/second-factor/", {"next": where})
    assert page["Location"] == "/"


def test_an_authority_may_ask_everybody_for_a_second_factor(make_town):
    town = make_town("strictford", requires_second_factor=True)
    page = town.client("owner", second_factor=False).get(f"/a/{town.slug}/people/")
    assert page["Location"].startswith("/account/second-factor/")
    assert town.client("owner").get(f"/a/{town.slug}/people/").status_code == 200


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "login/code/", "3rdparty/signup/", "3rdparty/"]
)
def test_there_is_no_sign_up(db, address):
    assert Client().get(f"/account/{address}").status_code == 404
    answer = Client().post(
        f"/account/{address}",
        {"email": "a@b.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert answer.status_code == 404
    assert not User.objects.exists()


def test_changing_the_password_is_recorded_and_ends_other_sessions(here):
    owner = here.person("owner")
    other = sign_in(owner)
    client = Client()
    client.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    new = "quite another long sentence"
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert "account.set-password" in actions("instance")
    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_other_sessions_are_listed_and_ended(here):
    owner = here.person("owner")
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.post("/account/login/", {"login": owner.email, "password": PASSWORD})
    page = browsers[0].get("/account/sessions/")
    assert page.context["session_count"] == 2
    browsers[0].post("/account/sessions/")
    assert browsers[1].get("/account/").status_code == 302
    assert "account.sessions-revoked" in actions("instance")


def test_one_session_of_several_is_ended_and_nobody_elses(here):
    people = [here.person("owner"), here.person("owner"), here.person("reader")]
    browsers = [Client() for _person in people]
    for browser, person in zip(browsers, people, strict=True):
        browser.post("/account/login/", {"login": person.email, "password": PASSWORD})
    own = [session.pk for session in UserSession.objects.filter(user=people[0]).order_by("pk")]
    assert browsers[2].post(f"/account/sessions/{own[1]}/end/").status_code == 404
    assert browsers[1].get("/account/").status_code == 200
    page = browsers[0].get("/account/sessions/").content.decode()
    assert f"/account/sessions/{own[1]}/end/" in page
    assert f"/account/sessions/{own[0]}/end/" not in page
    assert browsers[0].post(f"/account/sessions/{own[1]}/end/").status_code == 302
    assert [browser.get("/account/").status_code for browser in browsers] == [200, 302, 200]
    assert "account.sessions-revoked" in actions("instance")


def test_a_password_is_reset_by_mail(here, mailoutbox):
    owner = here.person("owner")
    Client().post("/account/password/reset/", {"email": owner.email})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    client = Client()
    page = client.get(link.replace("http://testserver", ""), follow=True)
    form = page.request["PATH_INFO"]
    new = "quite another long sentence"
    client.post(form, {"password1": new, "password2": new})
    assert Client().login(email=owner.email, password=new)
    assert "account.set-password" in actions("instance")


HOPS = [
    # proxies, X-Forwarded-For, REMOTE_ADDR, whose address counts
    (0, "", "203.0.113.7", "203.0.113.7"),
    (0, "198.51.100.1", "203.0.113.7", "203.0.113.7"),
    (1, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
    (1, "1.2.3.4, 198.51.100.1", "10.0.0.1", "198.51.100.1"),
    (2, "1.2.3.4, 198.51.100.1, 10.0.0.2", "10.0.0.1", "198.51.100.1"),
    (2, "198.51.100.1", "203.0.113.7", "203.0.113.7"),
    (1, "", "203.0.113.7", "203.0.113.7"),
    (1, "1.2.3.4, not-an-address", "10.0.0.1", "10.0.0.1"),
    (1, "2001:db8::1", "10.0.0.1", "2001:db8::1"),
    (1, "198.51.100.1", "", "198.51.100.1"),
    (0, "198.51.100.1", "", "127.0.0.1"),
]


@pytest.mark.parametrize(("proxies", "forwarded", "direct", "counted"), HOPS)
def test_only_trusted_proxies_tell_the_address(settings, proxies, forwarded, direct, counted):
    settings.PARVIS_TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=direct, **headers)
    assert client_ip(request) == counted


def attempts(address: str, forwarded: list[str]) -> list[bool]:
    """Whether each of several wrong attempts was still answered, one per forwarded address."""
    answered = []
    for number, hops in enumerate(forwarded):
        page = Client().post(
            "/account/login/",
            {"login": f"{number}-{address}", "password": "wrong"},
            HTTP_X_FORWARDED_FOR=hops,
            REMOTE_ADDR="10.0.0.1",
        )
        errors = str(page.context["form"].errors) if page.context else ""
        answered.append(page.status_code == 200 and "Too many" not in errors)
    return answered


def test_a_spoofed_header_does_not_lift_the_limit_of_an_address(db, settings):
    settings.PARVIS_TRUSTED_PROXIES = 1
    spoofed = [f"192.0.2.{number}, 198.51.100.1" for number in range(12)]
    assert attempts("somebody@x.example", spoofed)[-1] is False


def test_people_behind_the_same_proxy_have_limits_of_their_own(db, settings):
    settings.PARVIS_TRUSTED_PROXIES = 1
    assert all(attempts("somebody@x.example", [f"192.0.2.{number}" for number in range(12)]))


def test_one_account_is_tried_five_times_from_wherever(here):
    owner = here.person("owner")
    for number in range(6):
        Client().post(
            "/account/login/",
            {"login": owner.email, "password": "wrong"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )
    page = Client().post("/account/login/", {"login": owner.email, "password": PASSWORD})
    assert page.status_code == 200
    assert "Too many" in str(page.context["form"].errors)

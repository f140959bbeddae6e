"""The first owner comes in by a link, with a password and a second factor of their own."""

import re

from browser.steps import (
    code_of,
    invited_owner,
    join,
    next_code,
    no_barriers,
    sign_in,
)

OWNER = "owner@harbourside.example"
PASSWORD = "four quiet lanterns by the water"  # noqa: S105


def account_menu(page):
    menu = page.get_by_role("banner").locator("details.menu-end")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    return menu


def sign_out(page):
    account_menu(page).get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"/account/login/"))


def test_owner_joins_by_link_sets_up_a_second_factor_and_comes_back_with_it(instance, open_browser):
    page = open_browser()
    page.goto("/")
    page.wait_for_url(re.compile(r"/account/login/"))
    no_barriers(page)

    link = invited_owner(instance, "Harbourside", "harbourside", OWNER)
    page.goto(link)
    no_barriers(page)
    join(page, link, name="First Owner", password=PASSWORD)
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()
    page.get_by_text("You now work with Harbourside.").wait_for()
    no_barriers(page)

    account_menu(page).get_by_role("link", name="Second factor and passkeys").click()
    no_barriers(page)
    page.goto("/account/second-factor/?next=/a/harbourside/people/")
    no_barriers(page)
    page.get_by_role("link", name="Set up an app").click()
    no_barriers(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    used = code_of(secret)
    page.get_by_label("Authenticator code").fill(used)
    page.get_by_role("button", name="Activate").click()
    codes = page.get_by_label("Unused codes").input_value().split()
    assert len(codes) == 10
    no_barriers(page)
    page.get_by_role("link", name="Go on to the page you wanted").click()
    page.wait_for_url(re.compile(r"/a/harbourside/people/"))

    sign_out(page)
    page.goto(link)
    page.get_by_role("heading", name="Invitation").wait_for()
    assert page.get_by_role("button", name="Accept the invitation").count() == 0
    no_barriers(page)

    sign_in(page, OWNER, PASSWORD)
    assert "/2fa/authenticate/" in page.url
    no_barriers(page)
    page.get_by_label("Code").fill(next_code(secret, used))
    page.locator("main").get_by_role("button", name="Sign in").first.click()
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()
    account_menu(page).get_by_text("Signed in with a second factor").wait_for()

    sign_out(page)
    sign_in(page, OWNER, PASSWORD)
    page.get_by_label("Code").fill(codes[0])
    page.locator("main").get_by_role("button", name="Sign in").first.click()
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()

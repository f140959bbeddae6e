"""What people see and may do who are readers, strangers, or work for somebody else."""

import re

import pytest
from browser.steps import TOWN, invited_owner, join, market_square, no_barriers, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.timeout(600)


def test_a_reader_finds_nothing_to_change_and_is_refused_when_asking(demo, open_browser):
    page = open_browser()
    sign_in(page, "reader@tessenmark.example", PASSWORD)
    square = market_square(page)
    for path in ("", "approach/", "scenarios/", "documents/", "site/", "plans/"):
        page.goto(square + path)
        assert page.get_by_role("heading", level=1, name="Market Square").count() == 1
        main = page.locator("main")
        for name in ("Change outline", "Settings", "New analysis", "Make the scenario"):
            assert main.get_by_text(name, exact=True).count() == 0, (path, name)
        no_barriers(page)
    token = page.context.cookies()
    csrf = next(cookie["value"] for cookie in token if "csrf" in cookie["name"])
    for path in ("settings/", "area/", "remove/", "approach/new/", "scenarios/new/"):
        answer = page.request.post(
            square + path,
            form={"csrfmiddlewaretoken": csrf, "name": "Taken over"},
            headers={"Referer": page.url},
        )
        assert answer.status in {403, 404, 405}, (path, answer.status)
    page.goto(f"{TOWN}/cities/new/")
    assert page.get_by_text("City data").count() <= 1
    no_barriers(page)


def test_a_stranger_is_sent_to_sign_in_and_another_authority_finds_nothing(demo, open_browser):
    member = open_browser()
    sign_in(member, "reader@tessenmark.example", PASSWORD)
    square = market_square(member)

    stranger = open_browser()
    for path in (square, f"{TOWN}/spaces/", f"{TOWN}/documents/", f"{TOWN}/people/"):
        stranger.goto(path)
        assert re.search(r"/account/login/", stranger.url), stranger.url
        assert "Tessenmark" not in stranger.locator("main").inner_text()

    link = invited_owner(demo, "Farbank", "farbank", "owner@farbank.example")
    join(stranger, link, name="Owner", password="four quiet lanterns by the water")  # noqa: S106
    for path in (square, f"{square}approach/", f"{TOWN}/spaces/", f"{TOWN}/people/"):
        answer = stranger.goto(path)
        assert answer.status == 404, path
        assert "Market Square" not in stranger.locator("body").inner_text()
    no_barriers(stranger)
    guessed = stranger.goto(square.replace("/tessenmark/", "/farbank/"))
    assert guessed.status == 404

"""The dashboard by keyboard, from six sentences to one number, free of barriers at two widths."""

import pytest
from browser.steps import TOWN, Keys, no_barriers, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def reachable(page):
    """Hold the page against the rules at two widths; it never scrolls sideways."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        no_barriers(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def test_from_six_sentences_to_one_number_by_keyboard(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "reader@tessenmark.example", PASSWORD)
    keys = Keys(page)
    page.goto(f"{TOWN}/indicators/")
    page.get_by_text("Synthetic data", exact=True).wait_for()
    reachable(page)
    page.locator("#sec").get_by_role("link", name="Urban security").focus()
    keys.press("Enter")
    page.get_by_role("heading", name="What moved the score").wait_for()
    reachable(page)
    page.get_by_role("link", name="Burglary of dwellings", exact=True).first.focus()
    keys.press("Enter")
    page.get_by_role("heading", name="Where it comes from").wait_for()
    reachable(page)
    page.locator("figure summary").first.focus()
    keys.press("Enter")
    page.get_by_role("table", name="Burglary of dwellings: how it went").wait_for()
    page.get_by_role("link", name="By area").focus()
    keys.press("Enter")
    page.get_by_text("areas are not ranked").wait_for()
    reachable(page)


def test_a_base_year_is_fixed_and_the_report_waits_at_two_widths(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    for path in (
        "blocks/sen/women-and-men/",
        "peers/",
        "peers/new/",
        "report/",
        "settings/SEN-01/",
    ):
        page.goto(f"{TOWN}/indicators/{path}")
        reachable(page)
    page.goto(f"{TOWN}/indicators/settings/")
    reachable(page)
    page.locator("#id_period").select_option("2024")
    page.locator("#id_reason").fill("Tried out")
    page.get_by_role("button", name="Fix the base year").focus()
    Keys(page).press("Enter")
    page.get_by_text("no longer holds").wait_for()

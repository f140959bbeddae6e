"""Figures go out: chosen, checked, approved by somebody else, read by everybody."""

import re

import pytest
from browser.steps import TOWN, Person, no_barriers, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
VALUES = (
    "indicator,period,area,numerator,denominator\n"
    "SEC-02,2024,city,410,100000\n"
    "SEC-02,2025,city,520,101000\n"
)


def reachable(page):
    """Hold the page against the rules at two widths; it never scrolls sideways."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        no_barriers(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def brought_in(page, person):
    """Have values of the city, unless the demonstration has some."""
    page.goto(f"{TOWN}/data/new/")
    page.locator("input[type=file]").set_input_files(
        {"name": "offences.csv", "mimeType": "text/csv", "buffer": VALUES.encode()}
    )
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    keep = page.get_by_role("button", name=re.compile("^ ?Keep"))
    keep.wait_for(timeout=60_000)
    person.click(keep)
    page.get_by_text("values are kept").first.wait_for()


def test_figures_are_chosen_checked_approved_and_read_by_everybody(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    person = Person(page)
    brought_in(page, person)

    page.goto(f"{TOWN}/releases/")
    reachable(page)
    person.press("Draft a release")
    person.fill("Title", "Security in figures")
    reachable(page)
    person.press("Choose figures")
    page.get_by_role("group", name=re.compile("Violent crime, recorded")).get_by_label(
        re.compile("city total")
    ).check()
    reachable(page)
    person.press("Save the choice")
    person.press("Check for disclosure")
    person.wait_for("As the public will read it")
    reachable(page)
    assert page.get_by_role("button", name="Approve").count() == 0
    release = page.url

    second = open_browser(reduced_motion="reduce")
    sign_in(second, "owner@tessenmark.example", PASSWORD)
    second.goto(release)
    second.get_by_role("button", name="Approve").click()
    second.get_by_role("button", name="Release now").click()
    second.get_by_role("link", name="As the public reads it").wait_for()

    anybody = open_browser(reduced_motion="reduce")
    anybody.goto("/public/tessenmark/figures/")
    reachable(anybody)
    anybody.get_by_role("link", name="Security in figures").first.click()
    anybody.get_by_text("range of chance variation").first.wait_for()
    reachable(anybody)
    with anybody.expect_download() as found:
        anybody.get_by_role("link", name="CSV").first.click()
    assert found.value.suggested_filename.endswith(".csv")
    anybody.get_by_role("link", name=re.compile("for other pages")).first.click()
    anybody.get_by_text("range of chance variation").first.wait_for()
    reachable(anybody)

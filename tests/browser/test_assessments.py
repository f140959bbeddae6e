"""An assessment answered by keyboard: saved by itself, taken back, its gaps shown, not signed."""

import re

import pytest
from browser.steps import TOWN, Keys, Person, no_barriers, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def reachable(page):
    """Hold the page against the rules at two widths; it never scrolls sideways."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        no_barriers(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def begun(page, framework):
    """Begin an assessment of the town and return the path of its page."""
    page.goto(f"{TOWN}/assessments/begin/{framework}/")
    reachable(page)
    page.get_by_label("What is assessed").fill("Tessenmark")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f-]{36}/$"))
    return page.url


def test_a_checklist_is_answered_by_keyboard(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    for path in ("assessments/", "assessments/frameworks/"):
        page.goto(f"{TOWN}/{path}")
        reachable(page)
    address = begun(page, "city-data-checklist")
    reachable(page)
    person, keys = Person(page), Keys(page)
    person.press("Go on answering")
    cards = page.locator("section.question")
    cards.first.wait_for()
    reachable(page)
    assert page.get_by_role("button", name="Save", exact=True).count() == 0

    for number in range(2):
        card = cards.nth(number)
        card.locator("input[type=radio]").first.focus()
        keys.press("Space")
        card.get_by_text(re.compile("^ ?saved")).wait_for()
        focused = page.evaluate("document.activeElement.closest('section.question').id")
        assert focused == card.get_attribute("id")
    keys.press("ArrowDown")
    page.wait_for_function(
        "card => card.querySelector('[name=value]:checked').value !== 'no'"
        " && !card.querySelector('.htmx-request')",
        arg=cards.nth(1).element_handle(),
    )
    told = page.locator("#saved")
    assert re.search(r"questions? (is|are) open in this section", told.inner_text())

    third = cards.nth(2)
    third.get_by_label("Cannot say, because …").focus()
    keys.press("Space")
    third.get_by_text("Say in a few words why; then it is saved.").wait_for()
    assert page.evaluate("document.activeElement.name") == "note"
    assert third.get_by_text("not answered yet").count() == 1
    page.keyboard.type("The archive is closed this week")
    keys.press("Tab")
    third.get_by_text(re.compile("^ ?saved")).wait_for()
    reachable(page)

    first = cards.first
    first.get_by_role("button", name="Undo").click()
    first.get_by_text("taken back").wait_for()
    assert first.locator("[name=value]:checked").count() == 0

    page.goto(address)
    page.locator("#gaps").get_by_text("The archive is closed this week").wait_for()
    person.press("Put forward for review")
    page.locator("#toasts").get_by_text("answer").first.wait_for()
    page.locator("main").get_by_text("draft", exact=True).first.wait_for()
    reachable(page)


def test_without_scripts_an_answer_has_a_button(demo, open_browser):
    page = open_browser(java_script_enabled=False)
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    page.goto(f"{TOWN}/assessments/begin/city-data-checklist/")
    page.get_by_label("What is assessed").fill("Tessenmark on paper")
    page.get_by_role("button", name="Begin", exact=True).click()
    Person(page).press("Go on answering")
    card = page.locator("section.question").first
    card.get_by_label("Cannot say, because …").check()
    card.get_by_role("button", name="Save", exact=True).click()
    assert "Say in a few words why" in card.get_by_role("alert").inner_text()
    card.locator("textarea[name=note]").fill("Nobody was asked yet")
    card.get_by_role("button", name="Save", exact=True).click()
    card.locator(".state").get_by_text("saved").wait_for()

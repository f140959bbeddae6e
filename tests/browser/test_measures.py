"""Measures, dossier and exchange by keyboard, free of barriers at two widths."""

import re

import pytest
from browser.steps import TOWN, Keys, Person, market_square, no_barriers, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def reachable(page):
    """Hold the page against the rules at two widths; it never scrolls sideways."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        no_barriers(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def test_a_measure_is_added_moved_on_and_stands_in_the_dossier(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    square, person, keys = market_square(page), Person(page), Keys(page)
    page.goto(f"{square}measures/")
    reachable(page)
    page.get_by_text("Add a measure", exact=True).focus()
    keys.press("Enter")
    page.locator("#id_name").fill("Lamps in the arcade")
    page.locator("#id_due").fill("2020-01-31")
    reachable(page)
    page.get_by_role("button", name="Add", exact=True).focus()
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/measures/[0-9a-f-]{36}/$"))
    reachable(page)
    page.get_by_label("New state").select_option("decided")
    page.get_by_role("button", name="Change the state").focus()
    keys.press("Enter")
    page.locator(".facts").get_by_text("decided").wait_for()
    for path in (f"{TOWN}/measures/", f"{TOWN}/spaces/"):
        page.goto(path)
        reachable(page)
    page.get_by_text(re.compile(r"measures? (is|are) overdue")).wait_for()
    page.goto(f"{square}dossier/")
    page.get_by_role("link", name="Lamps in the arcade").wait_for()
    reachable(page)
    page.goto(f"{square}assessments/")
    page.locator("main table a, main .list a").first.click()
    person.press("Report and exchange")
    page.get_by_role("heading", name="Report and exchange").wait_for()
    reachable(page)


def test_a_file_dropped_on_a_question_is_laid_to_its_answer(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    page.goto(f"{TOWN}/assessments/begin/city-data-checklist/")
    page.get_by_label("What is assessed").fill("Tessenmark")
    page.get_by_role("button", name="Begin", exact=True).click()
    Person(page).press("Go on answering")
    card = page.locator("section.question").first
    card.locator("input[type=radio]").first.check()
    card.get_by_text(re.compile("^ ?saved")).wait_for()
    card.evaluate(
        """card => {
            const held = new DataTransfer();
            const kind = {type: "application/pdf"};
            held.items.add(new File(["%PDF-1.4 minutes"], "minutes.pdf", kind));
            const told = {dataTransfer: held, bubbles: true, cancelable: true};
            card.dispatchEvent(new DragEvent("dragover", told));
            card.dispatchEvent(new DragEvent("drop", told));
        }"""
    )
    page.locator("section.question").first.locator("summary .count").wait_for()
    assert page.get_by_role("link", name="minutes.pdf").count() == 1

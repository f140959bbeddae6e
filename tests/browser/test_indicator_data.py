"""A table of values comes in: looked at, one row refused, kept, free of barriers at two widths."""

import pytest
from browser.steps import TOWN, Person, no_barriers, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CSV = (
    "Year,Code,District,Cases,People\n"
    "2023,SEC-02,elsewhere,410,100000\n"
    "2024,SEC-02,elsewhere,390,101000\n"
    "2024,SEC-06,elsewhere,many,50000\n"
)


def reachable(page):
    """Hold the page against the rules at two widths; it never scrolls sideways."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        no_barriers(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def test_a_table_is_looked_at_before_it_counts(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "analyst@tessenmark.example", PASSWORD)
    person = Person(page)
    page.goto(f"{TOWN}/data/")
    reachable(page)
    person.press("Add a delivery")
    reachable(page)
    file = {"name": "Offences.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    page.get_by_label("File").set_input_files(file)
    person.press("Read the file")
    person.wait_for("Row 4, Cases: 'many' is no number.")
    reachable(page)
    person.press("Keep 2 values, without the 1 refused")
    person.wait_for("Indicators it tells of")
    page.get_by_text("2 values are kept and count from now on.").wait_for()
    reachable(page)
    page.goto(f"{TOWN}/data/")
    page.get_by_role("link", name="Offences.csv").wait_for()
    reachable(page)
    person.tab("Revisions")
    page.get_by_text("New values: 2.").wait_for()
    reachable(page)

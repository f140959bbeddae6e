"""From a downloaded extract to the papers for the council, through the pages alone."""

import io
import logging
import re

import pytest
from browser.steps import (
    A_WHILE,
    Person,
    invited_owner,
    join,
    map_ready,
    no_barriers,
    place_row,
    table_texts,
)
from pypdf import PdfReader

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
logger = logging.getLogger(__name__)

OWNER = "owner@southquay.example"
PASSWORD = "four quiet lanterns by the water"  # noqa: S105


def import_city(person, name, extract):
    """Upload an extract and watch the import to its end."""
    person.section("City data")
    person.press("Add a city")
    no_barriers(person.page)
    person.fill("Name of the city", name)
    person.page.get_by_label("Extract", exact=True).set_input_files(extract)
    person.fields += 1
    person.press("Import")
    person.page.get_by_role("progressbar").first.wait_for()
    no_barriers(person.page)
    person.wait_for("What the data lack, and what that means")
    person.wait_for("What the data hold")
    no_barriers(person.page)


def state_vehicles(person, classes):
    """State a planning assumption."""
    person.press("State which vehicles to plan for")
    no_barriers(person.page)
    person.click(person.page.get_by_role("radio", name=re.compile("^planning assumption")))
    for key in classes:
        person.click(person.page.get_by_role("checkbox", name=re.compile(rf"^{key} ")))
    person.fill("Who states it", "Office for public order")
    person.fill("Reason", "Deliveries come by lorry, residents by car.")
    person.press("State this")
    person.wait_for("in force")
    no_barriers(person.page)


def analyse(person):
    """Start an analysis and watch it to its end."""
    person.tab("Vehicle approach")
    no_barriers(person.page)
    person.press("Analyse this space")
    no_barriers(person.page)
    person.press("Analyse")
    person.page.get_by_text("What was asked").wait_for()
    person.page.locator("#points").wait_for(timeout=A_WHILE)


def numbers_on_the_map(page):
    """Numbers of the access points that the map offers to select."""
    map_ready(page)
    options = page.locator("parvis-map [role=option]").all_inner_texts()
    return [int(found[1]) for text in options if (found := re.match(r"No\. (\d+),", text))]


def download_text(person, row):
    """Download a document and return the text of its pages."""
    with person.page.expect_download() as started:
        person.click(row.get_by_role("link", name=re.compile("^Download")))
    content = started.value.path().read_bytes()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_owner_brings_a_city_from_its_extract_to_council_paper_and_annex(
    instance, open_browser, shared_data
):
    page = open_browser(accept_downloads=True)
    link = invited_owner(instance, "South Quay", "southquay", OWNER)
    join(page, link, name="Owner", password=PASSWORD)
    person = Person(page)
    no_barriers(page)

    import_city(person, "Monaco", shared_data / "osm" / "monaco-2021.osm.pbf")
    person.tab("Public spaces")
    person.fill("Name", "Place du Palais")
    person.press("Filter")
    person.follow("Place du Palais", page.locator("#spaces"))
    page.get_by_role("heading", level=1, name="Place du Palais").wait_for()
    no_barriers(page)
    place = page.url

    person.tab("Vehicle approach")
    person.follow("Statements and assumptions, with their history")
    state_vehicles(person, ["M1", "N2B"])
    person.follow("Back to the analysis")
    analyse(person)
    no_barriers(page)
    in_table = [int(text) for text in table_texts(page, "tr[data-map-feature] .point-number")]
    assert in_table == list(range(1, len(in_table) + 1))
    assert in_table
    assert numbers_on_the_map(page) == in_table
    streets = table_texts(page, "tr[data-map-feature] th")
    person.click(page.locator("tr[data-map-feature] a").first)
    page.get_by_text("How sure this is").wait_for()
    no_barriers(page)

    person.tab("Scenarios")
    person.fill("Name", "Three rows")
    person.press("Make the scenario")
    page.locator(".scenario-headline").wait_for(timeout=A_WHILE)
    no_barriers(page)
    for number in (*in_table, 1, 1)[:3]:
        before = page.locator("#work").get_attribute("data-edit")
        place_row(person, number)
        page.locator(f"#work:not([data-edit='{before}'])").wait_for()
    page.locator(".scenario-row").nth(2).wait_for(timeout=A_WHILE)
    assert page.locator(".scenario-changes > li").count() == 3
    no_barriers(page)
    person.press("Save version")
    page.get_by_role("button", name="Version saved").wait_for()
    person.press("Make proposed")
    person.wait_for("waits for a named adviser")
    no_barriers(page)

    page.goto(place)
    person.tab("Documents")
    no_barriers(page)
    person.fill("Recipients of the annex", "Fire brigade\nPolice")
    person.press("Make documents")
    page.locator("tr", has_text="council paper").wait_for(timeout=A_WHILE)
    annexes = page.locator("tr", has_text="Fire brigade")
    no_barriers(page)
    paper = download_text(person, page.locator("tr", has_text="council paper").first)
    annex = download_text(person, annexes.first)
    assert "Place du Palais" in paper
    assert not re.search(r"\d\s*km/h", paper)
    assert "km/h" in annex
    assert "Fire brigade" in annex
    assert [street for street in streets if street not in annex] == []
    logger.info("From sign-in to both papers: %s", person.effort)

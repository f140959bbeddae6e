"""From scan, list, drawing and photos to both papers, by somebody who knows no command line."""

import io
import logging
import re

import numpy as np
import pytest
from browser import dirty_inputs
from browser.counting import Walk
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
from market_inputs import make_market_inputs
from pypdf import PdfReader

from parvis.city.select import select_space
from parvis.io.store import load_city

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
logger = logging.getLogger(__name__)

OWNER = "owner@westbank.example"
PASSWORD = "four quiet lanterns by the water"  # noqa: S105
CITY, SQUARE = "Westbank", "Market Square"
RATED = "V/7200[N2B]/64/90:1.5"


def choose(person, label, file):
    """Choose a file in a form."""
    person.page.get_by_label(re.compile(rf"^{re.escape(label)}")).set_input_files(file)
    person.fields += 1


def bring_city(person, extract):
    """Upload an extract and wait for the quality summary."""
    person.section("City data")
    person.press("Add a city")
    person.fill("Name of the city", CITY)
    choose(person, "Extract", extract)
    person.press("Import")
    person.wait_for("What the data lack, and what that means")


def stored_city(instance):
    """The city as the installation keeps it: what the surveyor's office draws its plans from."""
    name = CITY.lower()
    (home,) = (
        home
        for home in instance.data.glob("authorities/*/home")
        if (home / "cities" / name).is_dir()
    )
    return load_city(name, home=home)


def open_square(person):
    """Find the square by its name."""
    person.section("Public spaces")
    person.fill("Name", SQUARE)
    person.press("Filter")
    person.follow(SQUARE, person.page.locator("#spaces"))
    person.page.get_by_role("heading", level=1, name=SQUARE).wait_for()


def click_map(person, place):
    """Click on a place of the map."""
    x, y = person.page.evaluate(
        """place => {
            const map = document.getElementById("map");
            const {x, y} = map.view.project(place);
            const {left, top} = map.view.getCanvas().getBoundingClientRect();
            return [left + x, top + y];
        }""",
        list(place),
    )
    person.page.mouse.click(x, y)
    person.clicks += 1


def lay_under(person, scan):
    """Lay the scan under the map by three points known on both."""
    page = person.page
    person.tab("Plans under the map")
    choose(person, "Plan or photo", scan.file)
    person.press("Add plan")
    plan = page.get_by_role("button", name=re.compile("^Click a place on the plan"))
    for (across, down), place in scan.known:
        plan.scroll_into_view_if_needed()
        box = plan.bounding_box()
        plan.click(position={"x": across * box["width"], "y": down * box["height"]})
        person.clicks += 1
        page.wait_for_url(re.compile(r"pixel\.x="))
        map_ready(page)
        page.locator("#map").scroll_into_view_if_needed()
        click_map(person, place)
        page.wait_for_function("document.getElementById('id_place').value.includes('Point')")
        person.press("Set point")
        page.wait_for_url(re.compile(r"/plans/[^?]*$"))
    said = page.get_by_text(re.compile(r"The points fit within .* on average")).inner_text()
    return float(re.search(r"within ([\d.]+)", said)[1])


def sheet_misses(page, scan):
    """How far each corner of the plan lies from where it should. [m]"""
    settings = page.evaluate("JSON.parse(document.getElementById('map').dataset.settings)")
    shown = np.array(settings["underlay"]["corners"])
    metres = 111_320 * np.array([np.cos(np.radians(shown[0, 1])), 1.0])
    return np.hypot(*((shown - np.array(scan.sheet)) * metres).T)


def trace(person, outline):
    """Draw the outline anew, corner by corner, over the plan."""
    page = person.page
    person.follow("Trace the outline over the plan")
    map_ready(page)
    tools = page.get_by_role("toolbar", name="Drawing")
    person.press("Remove", tools)
    person.press("Draw an outline", tools)
    for place in outline:
        click_map(person, place)
    person.press("Finish", tools)
    no_barriers(page)
    person.press("Save outline")
    person.page.get_by_text("The outline was changed").wait_for()


def lay_over(person, barriers):
    """Lay a list of barriers over the city; return what is said of the rows that were refused."""
    page = person.page
    person.section("City data")
    person.follow(CITY)
    person.tab("Municipal layers")
    person.press("Add a layer")
    choose(person, "File", barriers.file)
    page.get_by_label("It holds").select_option(label="Vehicle security barriers and bollards")
    person.fields += 1
    person.press("Add the layer")
    row = page.locator("tr", has_text=barriers.file.name)
    row.wait_for(timeout=A_WHILE)
    person.click(row.locator("summary"))
    no_barriers(page)
    return row.inner_text(), table_texts(page, "tbody li")


def keep_file(person, file):
    """Add a file to the space and return what is given back of it."""
    page = person.page
    choose(person, "Photo, plan or paper", file)
    person.press("Add file")
    link = page.locator("main").get_by_role("link", name=file.name)
    link.wait_for()
    with page.expect_download() as started:
        person.click(link)
    return started.value.path().read_bytes()


def find_on_site(person, place, picture):
    """Enter a gap that was measured, with a photo of it."""
    page = person.page
    person.tab("On site")
    map_ready(page)
    form = page.locator("#point-finding")
    person.click(page.locator("summary", has_text="Something else at a place"))
    form.get_by_label("What it is about").select_option(label="bollard or block")
    person.fields += 1
    person.fill("Longitude", f"{place[0]:.7f}", form)
    person.fill("Latitude", f"{place[1]:.7f}", form)
    person.fill("Measured, in metres", "1.4", form)
    choose(person, "Photo", picture)
    no_barriers(page)
    person.press("Enter", form)
    page.get_by_text("Results made before it").wait_for()
    with page.expect_download() as started:
        person.follow("Photo", page.locator("main"))
    return started.value.path().read_bytes()


def bring_layout(person, market):
    """Bring the market's drawing and schedule; return the layout's table and what is to settle."""
    page = person.page
    person.tab("Layouts")
    person.fill("Name", "Christmas market")
    choose(person, "Drawing", market.drawing)
    choose(person, "Schedule", market.schedule)
    person.press("Take the layout")
    person.wait_for("coordinate system")
    no_barriers(page)
    person.fill("Name", "Christmas market")
    choose(person, "Drawing", market.drawing)
    choose(person, "Schedule", market.schedule)
    choose(person, "Control points", market.control_points)
    choose(person, "Barrier list", market.barrier_list)
    person.press("Take the layout")
    panel = page.locator("section", has=page.get_by_role("heading", name="christmas-market"))
    panel.wait_for(timeout=A_WHILE)
    no_barriers(page)
    return panel


def state_vehicle(person):
    """State one class of vehicle as planning assumption."""
    page = person.page
    person.tab("Vehicle approach")
    person.follow("Statements and assumptions, with their history")
    person.press("State which vehicles to plan for")
    person.click(page.get_by_role("radio", name=re.compile("^planning assumption")))
    person.click(page.get_by_role("checkbox", name=re.compile("^N2B ")))
    person.fill("Who states it", "Office for public order")
    person.fill("Reason", "Deliveries come by lorry.")
    person.press("State this")
    person.wait_for("in force")
    person.follow("Back to the analysis")


def analyse(person):
    """Start an analysis and watch it to its end."""
    person.tab("Vehicle approach")
    person.press("Analyse this space")
    person.press("Analyse")
    person.page.locator("#points").wait_for(timeout=A_WHILE)


def try_row(person, name):
    """Make a scenario of one row, save and propose it."""
    page = person.page
    person.tab("Scenarios")
    person.fill("Name", name)
    person.press("Make the scenario")
    page.locator(".scenario-headline").wait_for(timeout=A_WHILE)
    place_row(person, 1)
    page.locator(".scenario-row").first.wait_for(timeout=A_WHILE)
    no_barriers(page)
    person.press("Save version")
    page.get_by_role("button", name="Version saved").wait_for()
    person.press("Make proposed")
    person.wait_for("waits for a named adviser")


def papers(person):
    """Have both papers made and return their texts."""
    page = person.page
    person.follow(SQUARE, page.get_by_role("navigation", name="Where you are"))
    person.tab("Documents")
    person.fill("Recipients of the annex", "Fire brigade")
    person.press("Make documents")
    rows = page.locator("tr", has=page.get_by_role("link", name=re.compile("^Download")))
    rows.filter(has_text="Fire brigade").wait_for(timeout=A_WHILE)
    no_barriers(page)
    return [
        pdf_text(person, row.get_by_role("link", name=re.compile("^Download")))
        for row in (
            rows.filter(has_text="council paper").first,
            rows.filter(has_text="Fire brigade").first,
        )
    ]


def pdf_text(person, link):
    """Download a document and return its text."""
    with person.page.expect_download() as started:
        person.click(link)
    content = started.value.path().read_bytes()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_coordinator_comes_from_dirty_inputs_to_council_paper_and_annex(
    instance, open_browser, town, tmp_path
):
    page = open_browser(accept_downloads=True)
    link = invited_owner(instance, CITY, CITY.lower(), OWNER)
    person = Person(page)
    walk = Walk(person)

    with walk.step("Come in by the link of the invitation"):
        join(page, link, name="Coordinator", password=PASSWORD)
        person.clicks, person.fields = 1, 3
    with walk.step("Bring the city from its extract"):
        bring_city(person, town)
    city = stored_city(instance)
    ground = city.spaces.geometry[select_space(city, SQUARE)]
    scan = dirty_inputs.scanned_plan(tmp_path / "Scan_0417.pdf", city, ground)
    barriers = dirty_inputs.barrier_list(tmp_path / "Pollerliste neu.xlsx", city, ground)
    market = make_market_inputs(tmp_path / "market", city, ground)
    place = dirty_inputs.degrees(city, ground.representative_point().coords)[0]
    picture = dirty_inputs.photo(tmp_path / "IMG_2211.jpg", place)

    with walk.step("Lay the list of barriers over the city"):
        taken, refused = lay_over(person, barriers)
    assert len(refused) == len(barriers.slips)
    for number, slip in barriers.slips.items():
        (told,) = [text for text in refused if text.startswith(f"Row {number} was not taken: ")]
        assert slip in told
    assert "2 × bollard" in taken
    assert "1 × block" in taken
    with walk.step("Find the square"):
        open_square(person)
    with walk.step("Lay the scanned plan under the map by three points"):
        miss = lay_under(person, scan)
    assert 0.0 < miss < 2.0
    assert sheet_misses(page, scan).max() < 3.0
    no_barriers(page)
    with walk.step("Trace the protected area from the plan"):
        trace(person, scan.outline)
    with walk.step("Keep a photo from the site"):
        person.tab("Files")
        kept = keep_file(person, picture)
    with walk.step("Enter what was measured, with a photo"):
        entered = find_on_site(person, place, picture)
    for content in (kept, entered):
        assert dirty_inputs.records_of(content) == {}
        assert dirty_inputs.CAMERA.encode() not in content
        assert dirty_inputs.size_of(content) == (480, 640)
    with walk.step("Bring the market's drawing and schedule"):
        panel = bring_layout(person, market)
    told = panel.inner_text()
    assert "24" in panel.locator("tr", has_text="Markt").inner_text()
    assert "no place to the metre" in told
    assert "Gate T3 is open in phase Markt and nobody stands there" in told
    assert "Market Square" in pdf_text(person, panel.get_by_role("link", name="Set-up plan"))

    with walk.step("Say which vehicles to plan for"):
        state_vehicle(person)
    with walk.step("Analyse the approach"):
        analyse(person)
    no_barriers(page)
    streets = table_texts(page, "tr[data-map-feature] th")
    assert streets
    with walk.step("Try a row of bollards, save and propose it"):
        try_row(person, "One row")
    with walk.step("Have council paper and annex made, and download both"):
        paper, annex = papers(person)
    assert SQUARE in paper
    assert not re.search(r"\d\s*km/h", paper)
    assert RATED not in paper
    assert "km/h" in annex
    assert "Fire brigade" in annex
    assert [street for street in streets if street not in annex] == []
    logger.info("From sign-in to both papers: %s\n%s", person.effort, walk.table())
    walk.keep("dirty inputs")

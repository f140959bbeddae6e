"""The pages enlarged, without motion, in forced colours, without WebGL and without scripts."""

import re

import pytest
from browser.conftest import ARGUMENTS, CHROMIUM
from browser.steps import (
    A_WHILE,
    TOWN,
    barriers,
    map_ready,
    market_square,
    no_barriers,
    sign_in,
)

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.timeout(900)
COORDINATOR = "coordinator@tessenmark.example"
PAGES = ("", "approach/", "scenarios/", "scenarios/compare/", "documents/", "site/")


@pytest.fixture(scope="module")
def signed_in(demo, chromium):
    """Cookies of a coordinator who has signed in."""
    context = chromium.new_context(base_url=demo.address)
    page = context.new_page()
    sign_in(page, COORDINATOR, PASSWORD)
    state = context.storage_state()
    context.close()
    return state


def first_scenario(page, square):
    page.goto(f"{square}scenarios/")
    page.get_by_role("link", name="Bollards at access point 1").first.click()
    page.locator(".scenario-headline").wait_for(timeout=A_WHILE)
    return page.url


def test_at_400_percent_nothing_but_tables_and_maps_scrolls_sideways(open_browser, signed_in):
    page = open_browser(storage_state=signed_in)
    square = market_square(page)
    page.set_viewport_size({"width": 320, "height": 256})
    paths = [f"{TOWN}/spaces/", f"{TOWN}/cities/", *(square + name for name in PAGES)]
    for path in [*paths, first_scenario(page, square)]:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (path, wide)


def test_without_motion_nothing_moves_by_itself(open_browser, signed_in):
    page = open_browser(storage_state=signed_in, reduced_motion="reduce")
    page.goto(f"{market_square(page)}approach/")
    map_ready(page)
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(each => {
            const style = getComputedStyle(each);
            const longest = text => Math.max(...text.split(",").map(parseFloat));
            return longest(style.transitionDuration) > 0.01
                || (style.animationName !== "none" && longest(style.animationDuration) > 0.01);
        }).map(each => each.outerHTML.slice(0, 80))"""
    )
    assert not moving, moving[:5]


def test_a_field_that_somebody_made_wider_is_swapped_without_inline_styles(open_browser, signed_in):
    page = open_browser(storage_state=signed_in)
    page.goto(f"{TOWN}/cities/")
    page.evaluate(
        """() => {
            const main = document.querySelector("main");
            main.innerHTML = "<textarea id='note'></textarea>";
            document.getElementById("note").style.width = "333px";
            const swap = {swapStyle: "innerHTML", swapDelay: 0, settleDelay: 1};
            htmx.swap(main, "<textarea id='note' class='swapped'></textarea>", swap);
        }"""
    )
    page.locator("#note.swapped").wait_for()
    page.wait_for_timeout(200)


def test_forced_colours_keep_speeds_and_states_readable(open_browser, signed_in):
    page = open_browser(storage_state=signed_in, forced_colors="active")
    square = market_square(page)
    page.goto(f"{square}approach/")
    chips = page.locator("#points ~ .table-wrap .speed-chip")
    assert all(re.search(r"\d+ km/h", text) for text in chips.all_inner_texts())
    assert chips.count() > 0
    page.locator("tr[data-map-feature] a").first.focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    # Which colours are used is the reader's choice here, and no computed style tells it.
    assert [text for text in barriers(page) if not text.startswith("color-contrast")] == []


def test_without_webgl_a_picture_and_the_table_stand_for_the_map(demo, playwright_driver):
    quiet = [each for each in ARGUMENTS if "angle" not in each and "swiftshader" not in each]
    arguments = [*quiet, "--disable-gpu", "--disable-3d-apis"]
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
    page = browser.new_page(base_url=demo.address)
    sign_in(page, COORDINATOR, PASSWORD)
    page.goto(f"{market_square(page)}approach/")
    page.locator("parvis-map[data-state=unsupported]").wait_for()
    picture = page.locator("parvis-map img.map-picture")
    assert picture.get_attribute("alt")
    page.wait_for_function("document.querySelector('.map-picture').naturalWidth > 100")
    assert page.locator("tr[data-map-feature]").count() > 0
    no_barriers(page)
    browser.close()


def reload_until(page, selector):
    """Load the page anew, as somebody without scripts does, until something stands on it."""
    for _each in range(A_WHILE // 3000):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(3000)
        page.reload()
    raise AssertionError(f"{selector} did not come: {page.locator('main').inner_text()}")


def test_without_scripts_one_signs_in_filters_analyses_and_places_a_barrier(demo, open_browser):
    page = open_browser(java_script_enabled=False)
    sign_in(page, COORDINATOR, PASSWORD)
    page.goto(f"{TOWN}/spaces/?view=table")
    page.get_by_label("Name", exact=True).fill("Market Square")
    page.get_by_role("button", name="Filter").click()
    page.get_by_text("1 space found").wait_for()
    page.get_by_role("link", name="Market Square", exact=True).click()
    square = page.url

    page.goto(f"{square}approach/new/")
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.locator("#points").wait_for(timeout=A_WHILE)
    assert page.locator("noscript img.map-picture").count() == 1

    page.goto(f"{square}scenarios/")
    page.get_by_label("Name", exact=True).fill("Placed without scripts")
    page.get_by_role("button", name="Make the scenario").click()
    reload_until(page, ".scenario-headline")
    form = page.locator("details.scenario-add").filter(has=page.locator("[value=place_row]"))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.get_by_label("Element", exact=True).select_option(label="Fixed bollard, deep foundation")
    form.get_by_label("At access point").select_option("1")
    form.get_by_role("button", name="Add").click()
    page.locator(".scenario-changes > li").wait_for()
    reload_until(page, ".scenario-row")

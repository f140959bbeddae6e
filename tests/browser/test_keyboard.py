"""The way to an access point and a drawn area without a mouse."""

import pytest
from browser.steps import TOWN, Keys, map_ready, no_barriers

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.timeout(600)


def test_sign_in_read_a_result_and_draw_an_area_by_keyboard(demo, open_browser):
    page = open_browser()
    keys = Keys(page)
    page.goto("/")
    keys.to("Email")
    keys.type("coordinator@tessenmark.example")
    keys.to("Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()

    keys.first()
    assert keys.said == "Skip to content"
    keys.press("Enter")
    keys.to("Name")
    keys.type("Market Square")
    keys.press("Enter")
    page.get_by_text("1 space found").wait_for()
    page.wait_for_load_state()
    keys.to("Market Square")
    keys.press("Enter")
    page.get_by_role("heading", level=1, name="Market Square").wait_for()
    keys.to("Vehicle approach")
    keys.press("Enter")
    page.locator("#points").wait_for()
    map_ready(page)

    keys.to("On the map")
    keys.press("End")
    chosen = page.locator("parvis-map [role=option].is-focused")
    text = chosen.inner_text()
    keys.press("Enter")
    page.locator("#point").get_by_text("How sure this is").wait_for()
    number = text.removeprefix("No. ").split(",")[0]
    selected = page.locator("tr[data-map-feature][aria-selected=true] .point-number")
    assert selected.inner_text() == number
    no_barriers(page)

    page.goto(f"{TOWN}/spaces/new/")
    map_ready(page)
    keys.to_canvas()
    for arrows in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        keys.press("Enter")
        for _step in range(6):
            keys.press(arrows)
    keys.press("Enter")
    keys.press("Enter")
    page.wait_for_function("document.getElementById('id_outline').value.includes('Polygon')")
    no_barriers(page)
    keys.to("Name")
    keys.type("Yard drawn by keyboard")
    keys.press("Enter")
    page.get_by_role("heading", level=1, name="Yard drawn by keyboard").wait_for()
    no_barriers(page)

    page.goto(f"{page.url}settings/")
    keys.to("Remove this space")
    keys.press("Enter")
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()
    assert page.get_by_role("link", name="Yard drawn by keyboard", exact=True).count() == 0

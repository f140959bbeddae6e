"""Maps draw from this installation alone; the manual's pictures are taken here."""

import io
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.steps import A_WHILE, TOWN, map_ready, market_square, sign_in
from PIL import Image

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.timeout(600)
IMAGES = Path(__file__).parents[2] / "docs/images/web"


def take(page, name):
    """Keep a picture of the page in 256 colours for the manual, when asked to."""
    if os.environ.get("PARVIS_SCREENSHOTS") == "1":
        IMAGES.mkdir(parents=True, exist_ok=True)
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(IMAGES / f"{name}.png", optimize=True)


def test_maps_ask_no_other_host(demo, open_browser):
    page = open_browser()
    hosts, tiles = set(), []
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.context.on("response", lambda answer: tiles.append((answer.url, answer.status)))
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    square = market_square(page)
    for path in (f"{TOWN}/spaces/", square, f"{square}approach/", f"{square}area/"):
        page.goto(path)
        map_ready(page)
    assert hosts - {""} == {urlsplit(demo.address).netloc}
    drawn = [status for url, status in tiles if ".mvt" in url or ".pmtiles" in url]
    assert drawn
    assert set(drawn) <= {200, 204, 206}


def test_the_main_pages_look_as_the_manual_shows_them(demo, open_browser):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    square = market_square(page)
    page.goto(f"{TOWN}/spaces/")
    map_ready(page)
    take(page, "spaces")
    page.goto(f"{square}approach/")
    map_ready(page)
    page.locator("tr[data-map-feature] a").first.click()
    page.locator("#point").get_by_text("How sure this is").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(0, 0)
    take(page, "result")
    page.goto(f"{square}scenarios/")
    page.get_by_role("link", name="Bollards at access point 1").first.click()
    page.locator(".scenario-headline").wait_for(timeout=A_WHILE)
    take(page, "scenario")
    if page.get_by_role("button", name="Save version").is_enabled():
        page.get_by_role("button", name="Save version").click()
        page.get_by_role("button", name="Version saved").wait_for()
    page.goto(f"{square}scenarios/compare/")
    page.get_by_role("checkbox", name="Bollards at access point 1").first.check()
    page.locator("main").get_by_role("button", name="Compare").click()
    page.get_by_role("table").first.wait_for()
    take(page, "compare")
    page.goto(f"{square}documents/")
    if page.locator("main table").count() == 0:
        page.get_by_role("button", name="Make documents").click()
        page.locator("tr", has_text="council paper").wait_for(timeout=A_WHILE)
    take(page, "documents")

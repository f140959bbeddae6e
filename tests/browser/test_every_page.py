"""Every page that a member reaches by its links, held against the rules of accessibility."""

import re
from urllib.parse import urlsplit

import pytest
from browser.steps import TOWN, barriers, market_square, sign_in

from parvis_web.operation.demo import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

FILES = re.compile(
    r"/export|format=|/download|/register/|/evidence/|sheet="
    r"|\.(pdf|html|svg|png|xlsx|csv|json|parquet|ics|dxf|geojson|yaml)(\?|$)|sort="
)
NEEDED = ("/measures/", "/spaces/*/measures/", "/spaces/*/dossier/", "/assessments/*/exchange/")
"""Pages that no role may miss."""
SAME = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)|\?.*$"
    r"|(?<=/)[A-Z]{3}-\d+(?=/)|(?<=/blocks/)[a-z]{3}(?=/)|(?<=/blocks/[a-z]{3}/)[a-z-]+"
)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
SIZES = {"owner": (DESK, PHONE), "reader": (PHONE,)}
"""Readers see parts of the owner's pages: one size tells whether what is left out leaves holes."""


def kind_of(path):
    """Return the path without what differs among pages of one kind."""
    return SAME.sub("*", path)


def linked(page):
    """Return the paths of pages of the application that this page links to."""
    paths = []
    for href in page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
        parts = urlsplit(href)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        is_page = parts.netloc == urlsplit(page.url).netloc and not FILES.search(path)
        if is_page and re.match(rf"{TOWN}/|/account/", path):
            paths.append(path)
    return paths


@pytest.mark.parametrize("role", ["owner", "reader"])
def test_every_page_is_free_of_barriers(demo, open_browser, role):
    page = open_browser(reduced_motion="reduce")
    sign_in(page, f"{role}@tessenmark.example", PASSWORD)
    square = market_square(page)
    ahead, seen, told = [square, f"{TOWN}/spaces/"], set(), []
    sizes = SIZES[role]
    while ahead:
        path = ahead.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.goto(path)
        assert answer.status == 200, (path, answer.status)
        for size in sizes:
            page.set_viewport_size(size)
            told += [f"{path} at {size['width']}: {text}" for text in barriers(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                told.append(f"{path} at {size['width']}: scrolls sideways")
        sizes = sizes[::-1]  # The next page begins as this one ended: maps are drawn less often.
        ahead += linked(page)
    assert len(seen) > (35 if role == "owner" else 15), sorted(seen)
    missed = [path for path in NEEDED if kind_of(TOWN + path) not in seen]
    assert not missed
    assert not told, "\n".join(told)

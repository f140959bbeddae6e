"""From the invitation to the annex with the keys alone: all is reached, seen, and left again."""

import io
import logging
import re

import pytest
from browser.steps import A_WHILE, Keys, invited_owner, map_ready, no_barriers
from pypdf import PdfReader

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
logger = logging.getLogger(__name__)

OWNER = "owner@eastgate.example"
PASSWORD = "four quiet lanterns by the water"  # noqa: S105
CITY, SQUARE = "Eastgate", "Market Square"

FOCUS = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  window.reached ??= new Set();
  window.reached.add(at);
  const option = document.getElementById(at.getAttribute("aria-activedescendant"));
  const style = getComputedStyle(option ?? at);
  const isMarked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none";
  const box = at.getBoundingClientRect();
  const seen = [[0.5, 0.5], [0.05, 0.5], [0.95, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    const own = [at, ...(at.labels ?? [])];
    return top && (top.contains(at) || own.some((each) => each.contains(top)));
  });
  const said = at.outerHTML.slice(0, 160);
  if (!isMarked) return `no mark of the focus: ${said}`;
  if (!seen) return `not to be seen: ${said}`;
  return "";
}
"""
LEFT_OUT = """
() => {
  const known = "a[href], button, input, select, textarea, summary, [tabindex]";
  const groups = new Set();
  return [...document.querySelectorAll(known)].filter((each) => {
    if (each.tabIndex < 0 || each.disabled || each.type === "hidden") return false;
    const isShown = each.checkVisibility({ visibilityProperty: true });
    if (!isShown || each.closest("[inert]")) return false;
    if (each.type === "radio") {
      const isFirst = !groups.has(each.name);
      groups.add(each.name);
      const group = [...document.getElementsByName(each.name)];
      return isFirst && !group.some((one) => window.reached.has(one));
    }
    return !window.reached.has(each);
  }).map((each) => each.outerHTML.slice(0, 160));
}
"""


class WatchedKeys(Keys):
    """Keys that notice where the focus cannot be seen, and what Tab never reaches."""

    def __init__(self, page):
        super().__init__(page)
        self.lost = []

    def press(self, key):
        """Press one key; after Tab, look where the focus is."""
        super().press(key)
        if key in {"Tab", "Shift+Tab"} and (problem := self.page.evaluate(FOCUS)):
            self.lost.append(f"{self.page.url}: {problem}")

    def reach_all(self, most=400):
        """Go through the page with Tab and back with Shift+Tab: nothing is left out or holds."""
        self.page.evaluate("window.reached = new Set()")
        self.first()
        for _each in range(most):
            self.press("Tab")
            if not (left_out := self.page.evaluate(LEFT_OUT)):
                break
        assert not left_out, f"{self.page.url}: Tab does not reach {left_out}"
        here = self.page.evaluate("document.activeElement.outerHTML")
        self.press("Shift+Tab")
        assert self.page.evaluate("document.activeElement.outerHTML") != here, here
        self.first()

    def main(self):
        """Skip to the content."""
        self.first()
        assert self.said == "Skip to content"
        self.press("Enter")

    def go(self, name):
        """Move on to something of that name and press Enter."""
        self.to(name)
        self.press("Enter")

    def fill(self, name, text):
        """Move on to a field and write into it."""
        self.to(name)
        self.type(text)

    def choose_file(self, name, file):
        """Move on to a field for a file and open the system's dialogue."""
        self.to(name)
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files(file)

    def pick(self, name, choice, most=60):
        """Move on to a list and go down it with the arrows."""
        self.to(name)
        chosen = "document.activeElement.selectedOptions[0].label"
        self.press("Home")
        for _each in range(most):
            if self.page.evaluate(chosen).startswith(choice):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{name} offers no {choice}")

    def to_start(self, start, most=120):
        """Move on until something has the focus whose name begins so."""
        for _each in range(most):
            self.press("Tab")
            if self.said.startswith(start):
                return
        raise AssertionError(f"{start!r} is not reached by Tab")


def come_in(keys, link):
    """Make an account by the link, leave, and sign in again."""
    page = keys.page
    page.goto(link)
    keys.fill("Your name", "Owner")
    keys.fill("Password", PASSWORD)
    keys.fill("Password again", PASSWORD)
    keys.go("Accept the invitation")
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()
    keys.go("Owner")
    keys.go("Sign out")
    page.wait_for_url(re.compile(r"/account/login/"))
    sign_in(keys)


def sign_in(keys):
    """Sign in with mail address and password."""
    keys.fill("Email", OWNER)
    keys.fill("Password", PASSWORD)
    keys.press("Enter")
    keys.page.get_by_role("heading", level=1, name="Public spaces").wait_for()


def bring_city(keys, extract):
    """Upload an extract and read the quality summary."""
    page = keys.page
    keys.first()
    keys.go("City data")
    page.get_by_role("heading", level=1, name="City data").wait_for()
    keys.main()
    keys.go("Add a city")
    page.get_by_label("Name of the city").wait_for()
    keys.reach_all()
    keys.fill("Name of the city", CITY)
    keys.choose_file("Extract", extract)
    keys.go("Import")
    page.get_by_text("What the data lack, and what that means").wait_for(timeout=A_WHILE)
    keys.reach_all()


def open_square(keys):
    """Find the square by its name."""
    page = keys.page
    keys.first()
    keys.go("Public spaces")
    page.get_by_role("heading", level=1, name="Public spaces").wait_for()
    keys.main()
    keys.fill("Name", SQUARE)
    keys.press("Enter")
    page.get_by_text("1 space found").wait_for()
    keys.main()
    keys.go(SQUARE)
    page.get_by_role("heading", level=1, name=SQUARE).wait_for()
    map_ready(page)
    keys.reach_all()


def analyse(keys):
    """State one class of vehicle, start an analysis and read an access point."""
    page = keys.page
    keys.main()
    keys.go("Vehicle approach")
    page.get_by_role("link", name="Analyse this space").wait_for()
    keys.main()
    keys.go("Statements and assumptions, with their history")
    page.get_by_role("link", name="State which vehicles to plan for").wait_for()
    keys.main()
    keys.go("State which vehicles to plan for")
    page.get_by_role("button", name="State this").wait_for()
    keys.reach_all()
    planning = page.get_by_role("radio", name=re.compile("^planning assumption"))
    while page.evaluate("document.activeElement.type") != "radio":
        keys.press("Tab")
    if not planning.is_checked():
        keys.press("ArrowDown")
    assert planning.is_checked()
    keys.to_start("N2B ")
    keys.press("Space")
    keys.fill("Who states it", "Office for public order")
    keys.to_start("Reason")
    keys.type("Deliveries come by lorry.")
    keys.go("State this")
    page.get_by_text("in force").first.wait_for()
    keys.main()
    keys.go("Back to the analysis")
    page.get_by_role("link", name="Analyse this space").wait_for()
    keys.main()
    keys.go("Analyse this space")
    page.get_by_role("button", name="Analyse", exact=True).wait_for()
    keys.reach_all()
    keys.go("Analyse")
    page.locator("#points").wait_for(timeout=A_WHILE)
    map_ready(page)
    keys.reach_all()


def place_three(keys):
    """Make a scenario, place three rows, move the last one, save and propose."""
    page = keys.page
    keys.main()
    keys.go("Scenarios")
    page.get_by_role("button", name="Make the scenario").wait_for()
    keys.main()
    keys.fill("Name", "By keyboard")
    keys.press("Enter")
    page.locator(".scenario-headline").wait_for(timeout=A_WHILE)
    points = page.locator(".point-number").count()
    for number in range(3):
        row = page.locator("details.scenario-add").filter(has=page.locator("[value=place_row]"))
        keys.main()
        if row.get_attribute("open") is None:
            while not row.locator("summary").evaluate("one => one === document.activeElement"):
                keys.press("Tab")
            keys.press("Enter")
        keys.pick("Element", "Fixed bollard, deep")
        keys.pick("At access point", str(1 + number % points))
        before = page.locator("#work").get_attribute("data-edit")
        keys.go("Add")
        page.locator(f"#work:not([data-edit='{before}'])").wait_for()
        assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"
    page.locator(".scenario-row").nth(2).wait_for(timeout=A_WHILE)
    keys.reach_all()
    keys.main()
    keys.to("Change 3")
    before = page.locator("#work").get_attribute("data-edit")
    keys.press("ArrowUp")
    page.locator(f"#work:not([data-edit='{before}'])").wait_for()
    assert keys.said == "Change 3"
    no_barriers(page)
    keys.main()
    page.locator("#save:enabled").wait_for(timeout=A_WHILE)
    keys.go("Save version")
    page.get_by_role("button", name="Version saved").wait_for()
    keys.main()
    keys.go("Make proposed")
    page.get_by_text("waits for a named adviser").first.wait_for()


def take_papers(keys):
    """Have both papers made and take the annex home; return its text."""
    page = keys.page
    keys.first()
    keys.go(SQUARE)
    page.get_by_role("heading", level=1, name=SQUARE).wait_for()
    keys.main()
    keys.go("Documents")
    page.get_by_role("button", name="Make documents").wait_for()
    keys.reach_all()
    keys.main()
    keys.fill("Recipients of the annex", "Fire brigade")
    keys.go("Make documents")
    annex = page.locator("tr", has_text="Fire brigade").get_by_role(
        "link", name=re.compile("^Download")
    )
    annex.first.wait_for(timeout=A_WHILE)
    keys.main()
    for _each in range(120):
        keys.press("Tab")
        if annex.first.evaluate("link => link === document.activeElement"):
            break
    with page.expect_download() as started:
        keys.press("Enter")
    content = started.value.path().read_bytes()
    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(content)).pages)


def test_the_whole_way_is_walked_with_the_keys_alone(instance, open_browser, town):
    page = open_browser(accept_downloads=True)
    link = invited_owner(instance, CITY, CITY.lower(), OWNER)
    keys = WatchedKeys(page)
    come_in(keys, link)
    bring_city(keys, town)
    open_square(keys)
    analyse(keys)
    place_three(keys)
    annex = take_papers(keys)
    assert "km/h" in annex
    assert "Fire brigade" in annex
    assert not keys.lost, "\n".join(dict.fromkeys(keys.lost))

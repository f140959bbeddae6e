"""What people do in the journeys, in their words: sign in, import, analyse, place, propose."""

import base64
import hashlib
import hmac
import re
import struct
import time
from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
TOWN = "/a/tessenmark"
A_WHILE = 300_000
"""Milliseconds that an import, an analysis or a report may take on a busy machine."""


class Person:
    """Somebody at a browser: finds things by the words on the page and counts what it takes."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = 0
        self.fields = 0
        self.started = time.monotonic()

    def click(self, what: Any) -> None:
        """Click on something."""
        what.click()
        self.clicks += 1

    def press(self, name: str, inside: Any = None) -> None:
        """Press the button, or follow the link that looks like one, of that name."""
        scope = inside or self.page.locator("main")
        button = scope.get_by_role("button", name=name, exact=True)
        link = scope.get_by_role("link", name=name, exact=True)
        self.click(button.or_(link).first)

    def follow(self, name: str, inside: Any = None) -> None:
        """Follow a link."""
        self.click((inside or self.page).get_by_role("link", name=name, exact=True).first)

    def tab(self, name: str) -> None:
        """Go to another tab of the space or city; what it counts is no part of its name."""
        tabs = self.page.locator("nav.tabs")
        self.click(tabs.get_by_role("link", name=re.compile(rf"^{re.escape(name)}\b")))

    def section(self, name: str) -> None:
        """Go to another section of the application."""
        self.follow(name, self.page.get_by_role("navigation", name="Sections"))

    def fill(self, label: str, value: str, inside: Any = None) -> None:
        """Fill in one field; whether it must be filled stands in brackets behind its name."""
        named = re.compile(rf"^{re.escape(label)}( \([^)]+\))?$")
        (inside or self.page.locator("main")).get_by_label(named).fill(value)
        self.fields += 1

    def wait_for(self, text: str, timeout: float = A_WHILE) -> None:
        """Wait until the page says something."""
        self.page.locator("main").get_by_text(text).first.wait_for(timeout=timeout)

    @property
    def effort(self) -> str:
        """Clicks, fields and minutes so far."""
        minutes = (time.monotonic() - self.started) / 60
        return f"{self.clicks} clicks, {self.fields} fields, {minutes:.1f} minutes"


def code_of(secret: str, at: float | None = None) -> str:
    """Return the code that an authenticator app shows for a secret (RFC 6238)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def next_code(secret: str, used: str) -> str:
    """Return the first code after one that was used: each opens once."""
    while (code := code_of(secret)) == used:
        time.sleep(1)
    return code


def sign_in(page: Any, email: str, password: str) -> None:
    """Sign in with mail address and password."""
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"^(?!.*/login/)"))


def join(page: Any, link: str, *, name: str, password: str) -> None:
    """Follow an invitation and make an account."""
    page.goto(link)
    page.get_by_label("Name").fill(name)
    for field in page.locator("input[type=password]").all():
        field.fill(password)
    page.get_by_role("button", name="Accept the invitation").click()
    page.wait_for_url(re.compile(r"^(?!.*/invitation/)"))


def invited_owner(instance: Any, authority: str, slug: str, email: str) -> str:
    """Found an authority and return the path of its first owner's invitation."""
    instance.manage("create_authority", authority, "--slug", slug, "--country", "DE")
    printed = instance.manage("invite_owner", slug, email)
    found = re.search(r"/account/invitation/\S+", printed)
    assert found, printed
    return found[0]


def barriers(page: Any) -> list[str]:
    """Return what the accessibility rules (WCAG 2.2 A and AA) find on the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", RULES
    )
    return [
        f"{rule['id']}: {rule['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


def no_barriers(page: Any) -> None:
    """Hold the page against the accessibility rules."""
    told = barriers(page)
    assert not told, f"{page.url}\n" + "\n".join(told)


def table_texts(page: Any, selector: str) -> list[str]:
    """Return the texts of all that match, without surrounding space."""
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def map_ready(page: Any, name: str = "map") -> None:
    """Wait until a map is drawn."""
    page.locator(f"parvis-map#{name}[data-state=ready]").wait_for(timeout=60_000)


def place_row(person: Person, access_point: int) -> None:
    """Place a row of fixed bollards before an access point, by the form beside the plan."""
    page = person.page
    form = page.locator("details.scenario-add").filter(has=page.locator("[value=place_row]"))
    if form.get_attribute("open") is None:
        person.click(form.locator("summary"))
    form.get_by_label("Element", exact=True).select_option(label="Fixed bollard, deep foundation")
    form.get_by_label("At access point").select_option(str(access_point))
    person.fields += 2
    person.press("Add", form)


def market_square(page: Any) -> str:
    """Return the path of the demonstration's square."""
    page.goto(f"{TOWN}/spaces/?view=table&q=Market+Square")
    path = page.get_by_role("link", name="Market Square", exact=True).get_attribute("href")
    assert path
    return str(path)


NAME_OF_FOCUS = """
() => {
  const at = document.activeElement;
  const by = at.labels?.[0] ?? document.getElementById(at.getAttribute("aria-labelledby"));
  const name = at.getAttribute("aria-label") ?? by?.innerText ?? at.innerText;
  return (name ?? "").trim().split("\\n")[0].replace(" (optional)", "");
}
"""

# An address that ends in #main begins there; the body has the focus for a moment instead.
TO_THE_TOP = """
() => {
  document.body.tabIndex = -1;
  document.body.focus({preventScroll: true});
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}
"""


class Keys:
    """Somebody without a mouse: moves on with Tab until the thing they look for has the focus."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write over what stands in the field."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    @property
    def said(self) -> str:
        """Name of what has the focus."""
        return str(self.page.evaluate(NAME_OF_FOCUS))

    def first(self) -> None:
        """Begin at the top of the page."""
        self.page.evaluate(TO_THE_TOP)
        self.press("Tab")

    def to(self, name: str, most: int = 120) -> None:
        """Move on until something of that name has the focus."""
        heard = []
        for _each in range(most):
            self.press("Tab")
            heard.append(self.said)
            if heard[-1] == name:
                return
        raise AssertionError(f"{name!r} is not reached by Tab, but {heard}")

    def to_canvas(self, most: int = 120) -> None:
        """Move on until the map has the focus."""
        for _each in range(most):
            if self.page.evaluate("document.activeElement.localName") == "canvas":
                return
            self.press("Tab")
        raise AssertionError("the map is not reached by Tab")

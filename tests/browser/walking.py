"""What people do with a copy on a device: take it along, answer, photograph, be cut off."""

import os
import re
import signal
import time
from pathlib import Path
from typing import Any

from browser.conftest import ARGUMENTS, CHROMIUM
from browser.steps import TOWN, Keys, market_square

PIN = "482915"
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUEUES = "People who queue or wait stand inside the protected area, not on the carriageway side."


class Device:
    """A tablet: a browser with a profile of its own that can be killed and opened again."""

    def __init__(self, driver: Any, address: str, profile: Path) -> None:
        self.driver, self.address, self.profile = driver, address, profile
        self.told: list[str] = []
        self.context: Any = None
        self.page: Any = None

    def open(self, *, offline: bool = False) -> Any:
        """Start the browser and return its page."""
        self.context = self.driver.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, *CAMERA],
            base_url=self.address,
            viewport={"width": 390, "height": 844},
            permissions=["camera", "geolocation"],
            geolocation={"longitude": 10.0, "latitude": 50.0},
            reduced_motion="reduce",
            offline=offline,
        )
        self.context.set_default_timeout(60_000)
        self.page = self.context.pages[0]
        self.watch(self.page)
        return self.page

    def watch(self, page: Any) -> None:
        """Note every error and whatever the content policy forbids."""
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on(
            "console",
            lambda message: (
                "Content Security Policy" in message.text and self.told.append(message.text)
            ),
        )

    def kill(self) -> None:
        """End the browser at once, as when the battery is empty."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        until = time.monotonic() + 20
        while self.processes() and time.monotonic() < until:
            time.sleep(0.1)

    def processes(self) -> list[int]:
        """Return the browser's own process; its helpers end with it."""
        wanted = f"--user-data-dir={self.profile}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in words and not any(word.startswith(b"--type=") for word in words):
                found.append(int(path.parent.name))
        return found

    def storage(self) -> bytes:
        """Return all that pages have left in the profile, without the browser's own files."""
        kept = {"IndexedDB", "Service Worker", "Local Storage", "Session Storage", "Cache"}
        return self._bytes(kept)

    def whole_profile(self) -> bytes:
        """Return all that the browser has written: history, sessions, caches, databases."""
        return self._bytes(set())

    def _bytes(self, folders: set[str]) -> bytes:
        return b"".join(
            path.read_bytes()
            for path in self.profile.rglob("*")
            if path.is_file() and (not folders or folders & set(path.parts))
        )


def begin(page: Any, subject: str) -> str:
    """Begin an assessment of the square in the application and return its path."""
    square = UUID.search(market_square(page))
    assert square
    page.goto(f"{TOWN}/assessments/begin/site-vulnerability/?space={square[0]}")
    page.get_by_label("What is assessed").fill(subject)
    page.get_by_label("Each assessor answers separately").set_checked(checked=False)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url(re.compile(rf"/assessments/{UUID.pattern}/$"))
    return str(page.evaluate("location.pathname"))


def fill_lock(page: Any) -> None:
    """Name the device and choose a PIN."""
    page.get_by_label("Name of this device").fill("Quill handset")
    page.get_by_label("PIN", exact=True).fill(PIN)
    page.get_by_label("PIN once more").fill(PIN)


def take_along(page: Any, assessment: str, subject: str) -> str:
    """Take a copy onto the device by PIN and return the copy's identity."""
    page.goto(f"{assessment}walk/")
    page.get_by_role("link", name="Open on this device").click()
    fill_lock(page)
    page.get_by_role("button", name="Take along").click()
    page.get_by_role("heading", name=subject).wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return copy_of(page)


def copy_of(page: Any) -> str:
    """Return the identity of the copy that is open."""
    found = UUID.search(page.evaluate("location.hash"))
    assert found
    return found[0]


def go(page: Any, screen: str) -> None:
    """Go to a screen of the open copy."""
    page.evaluate(f"location.hash = '#{copy_of(page)}/{screen}'")


def unlock(page: Any, copy: str, pin: str = PIN) -> None:
    """Try a PIN on the keys of the page."""
    page.goto(f"/walk/#{copy}")
    page.get_by_role("heading", name="Locked").wait_for()
    for digit in pin:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Open", exact=True).click()


def to_question(page: Any, title: str) -> None:
    """Open one question from the list of all."""
    go(page, "all")
    page.get_by_role("link", name=title).click()
    page.get_by_role("heading", name=title).wait_for()


def tap(page: Any, answer: str) -> None:
    """Tap on an answer and wait until the page says that it is saved."""
    page.locator("label.choice", has_text=answer).first.click()
    saved(page)


def saved(page: Any) -> None:
    """Wait until nothing is being saved any more."""
    page.locator(".chip-saved").wait_for()


def photograph(page: Any) -> None:
    """Take a photo in the page, blur its middle and confirm."""
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Keep the photo").wait_for()
    before = pixels(page)
    box = page.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert pixels(page) != before
    page.get_by_role("button", name="Keep the photo").click()
    page.get_by_text("Look once more and tick").wait_for()
    page.get_by_label("No face and no number plate can be read.").check()
    page.get_by_role("button", name="Keep the photo").click()
    page.locator("canvas").wait_for(state="detached")


def photograph_by_keys(page: Any) -> None:
    """Take a photo and blur two places of it by arrow keys and the space bar alone."""
    keys = Keys(page)
    page.get_by_role("button", name="Take it").wait_for()
    keys.to("Take it")
    keys.press("Enter")
    page.get_by_role("button", name="Keep the photo").wait_for()
    keys.to(page.locator(".board").get_attribute("aria-label"))
    page.locator(".aim").wait_for()
    bare = pixels(page)
    for key in (*["ArrowLeft"] * 5, "Space", *["ArrowRight"] * 10, "Space"):
        keys.press(key)
    assert pixels(page) != bare
    keys.to("Undo")
    keys.press("Enter")
    keys.press("Enter")
    assert pixels(page) == bare
    keys.press("Tab")
    keys.press("Tab")
    assert keys.said == "Blur everything"
    keys.press("Enter")
    assert pixels(page) != bare
    while page.evaluate("document.activeElement.type") != "checkbox":
        keys.press("Tab")
    keys.press("Space")
    keys.to("Keep the photo")
    keys.press("Enter")
    page.locator("canvas").wait_for(state="detached")


def pixels(page: Any) -> str:
    """Return what the photo shows by now."""
    return str(page.evaluate("document.querySelector('canvas').toDataURL()"))

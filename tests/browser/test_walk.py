"""On site without a network: nothing said is lost, nothing kept can be read, all can use it."""

import json
import re
import time

import pytest
from browser.steps import Keys, market_square, no_barriers, sign_in
from browser.walking import (
    PIN,
    QUEUES,
    Device,
    begin,
    fill_lock,
    go,
    photograph,
    photograph_by_keys,
    saved,
    take_along,
    tap,
    to_question,
    unlock,
)

from parvis_web.operation.demo import PASSWORD

pytestmark = pytest.mark.timeout(600)

NOTE = "Zinnober gate behind the fountain"
SUBJECT = "Quince court by night"
OTHERS = [
    "Stopping and parking next to the crowd is regulated, and somebody sees to it.",
    "Taxis, coaches and public transport let people off without a crowd on the road.",
]


@pytest.fixture
def device(demo, playwright_driver, tmp_path):
    made = Device(playwright_driver, demo.address, tmp_path / "profile")
    yield made
    made.kill()
    assert not made.told, made.told


def test_a_killed_walk_goes_on_and_meets_what_others_said(device, open_browser):
    page = device.open()
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    assessment = begin(page, SUBJECT)
    copy = take_along(page, assessment, SUBJECT)

    device.context.set_offline(True)
    page.get_by_text("Offline").wait_for()
    to_question(page, QUEUES)
    tap(page, "No")
    to_question(page, OTHERS[0])
    tap(page, "Cannot see, because")
    page.get_by_text("Say why. Then the answer counts.").wait_for()
    page.get_by_label("Note").fill(NOTE)
    saved(page)
    go(page, "point/1")
    page.get_by_role("link", name="Photo of the tape").click()
    photograph(page)
    page.get_by_label("Measured width").fill("3,2")
    page.get_by_role("button", name="Keep the width").click()
    page.get_by_text("Measured: 3.2 m").wait_for()
    to_question(page, OTHERS[1])
    tap(page, "Partly")
    page.get_by_role("link", name="Take a photo").click()
    photograph_by_keys(page)
    page.get_by_role("heading", name=OTHERS[1]).wait_for()
    page.locator("label.choice", has_text="Yes").click()
    device.kill()

    stored, whole = device.storage(), device.whole_profile()
    assert copy.encode("utf-16-be") in stored
    for code in ("utf-8", "utf-16-le", "utf-16-be"):
        for text in (SUBJECT, PIN, "Market Square"):
            assert text.encode(code) not in stored, text
        for text in (NOTE, "Zinnober", QUEUES, "Quill handset"):
            assert text.encode(code) not in whole, text

    other = open_browser()
    sign_in(other, "owner@tessenmark.example", PASSWORD)
    other.goto(assessment)
    other.get_by_role("link", name="Outside: approaches and surroundings").first.click()
    card = other.locator("section.question").filter(has_text=QUEUES)
    card.get_by_label("Yes", exact=True).check()
    card.locator(".state").get_by_text("saved").wait_for()

    page = device.open(offline=True)
    unlock(page, copy)
    page.get_by_role("heading", name=SUBJECT).wait_for()
    page.get_by_text("6 waiting").wait_for()
    for title, answer in ((QUEUES, "No"), (OTHERS[0], "Cannot see, because"), (OTHERS[1], "")):
        to_question(page, title)
        chosen = page.locator("label.choice:has(:checked)").inner_text()
        assert chosen.startswith(answer) if answer else chosen in ("Partly", "Yes")
    to_question(page, OTHERS[0])
    assert page.get_by_label("Note").input_value() == NOTE

    device.context.clear_cookies()
    device.context.set_offline(False)
    go(page, "send")
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("You are signed out. What waits stays here").wait_for()
    page.get_by_text("6 waiting").wait_for()
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    unlock(page, copy)
    page.get_by_role("heading", name=SUBJECT).wait_for()
    go(page, "send")
    page.get_by_role("heading", name="Answered differently").wait_for()
    page.get_by_text("Demo owner said").wait_for()
    page.get_by_text("Everything is sent.").first.wait_for()
    no_barriers(page)

    other.goto(assessment)
    other.get_by_text("1 answer is at odds with what counts").wait_for()
    to_question(page, QUEUES)
    page.get_by_text("Demo owner said").wait_for()
    tap(page, "Partly")
    go(page, "send")
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Everything is sent.").first.wait_for()
    other.reload()
    other.get_by_text(NOTE).first.wait_for()
    assert not other.get_by_text("at odds with what counts").count()
    other.get_by_role("link", name="Outside: approaches and surroundings").first.click()
    strip = other.locator("section.question").filter(has_text=OTHERS[1]).locator(".evidence-strip")
    strip.get_by_text("50.00000, 10.00000").wait_for()
    strip.get_by_text(re.compile(r"\d{2}:\d{2}")).wait_for()
    has_arrived(other, strip.get_by_role("link"))
    other.goto(f"{market_square(other)}site/")
    entered = other.locator("li").filter(has_text="3.20 m").filter(has_text="Photo")
    has_arrived(other, entered.get_by_role("link", name="Photo"))
    other.goto(assessment)
    other.get_by_text("1 copy is still on a device. Answers that wait").wait_for()
    other.goto(f"{assessment}walk/")
    other.get_by_text("Quill handset").first.wait_for()

    go(page, "leave")
    page.get_by_role("button", name="Hand back").click()
    page.get_by_text("No copy is on this device.").wait_for()
    other.reload()
    other.get_by_text("handed back on").wait_for()


def has_arrived(page, link):
    """The photo that a link leads to lies on the server as a picture without hidden records."""
    answer = page.request.get(link.get_attribute("href"))
    assert answer.ok
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.body()[:3] == b"\xff\xd8\xff"
    assert b"Exif" not in answer.body()


def test_ten_wrong_pins_destroy_the_key_and_an_old_copy_only_sends(device):
    page = device.open()
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    assessment = begin(page, SUBJECT)
    copy = take_along(page, assessment, SUBJECT)
    device.context.set_offline(True)
    to_question(page, QUEUES)
    tap(page, "No")

    page.clock.set_fixed_time(time.time() + 8 * 24 * 3600)
    page.reload()
    unlock(page, copy)
    page.get_by_text("The time of this copy is over").wait_for()
    assert QUEUES not in page.locator("main").inner_text()
    go(page, "all")
    page.get_by_text("The time of this copy is over").wait_for()
    device.context.set_offline(False)
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Everything is sent.").first.wait_for()

    page.clock.set_fixed_time(time.time())
    second = take_along(page, assessment, SUBJECT)
    page.get_by_role("button", name="Lock").click()
    for tries in range(10):
        unlock(page, second, "739104")
        if tries < 8:
            page.get_by_text(f"{9 - tries} tries are left").wait_for()
        elif tries == 8:
            page.get_by_text("One try is left").wait_for()
    page.get_by_text("The key is destroyed").wait_for()
    no_barriers(page)
    page.reload()
    page.get_by_text("Ten wrong tries.").wait_for()
    left = page.evaluate(
        """id => new Promise(resolve => {
            indexedDB.open("parvis-walk").onsuccess = ({target}) => {
                const records = target.result.transaction("records").objectStore("records");
                records.count(IDBKeyRange.bound([id], [id, []])).onsuccess = found =>
                    resolve(found.target.result);
            };
        })""",
        second,
    )
    assert left == 0


def test_signing_out_leads_to_what_waits_and_an_export_is_read_back(device, tmp_path):
    page = device.open()
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    assessment = begin(page, SUBJECT)
    take_along(page, assessment, SUBJECT)
    device.context.route("**/answers/", lambda route: route.abort())
    to_question(page, QUEUES)
    tap(page, "No")
    page.goto(assessment)
    menu = page.locator("header.app-bar details.menu-end")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Sign out").click()
    page.get_by_text("wait here that were not sent").wait_for()
    no_barriers(page)
    page.get_by_role("link", name="Send or export").click()
    page.get_by_text("1 item waits on this device.").wait_for()
    copy = page.get_by_role("link", name="Open").first.get_attribute("href")[1:]
    unlock(page, copy)
    page.get_by_role("heading", name=SUBJECT).wait_for()

    go(page, "export")
    password = "four words of rain"  # noqa: S105 - of this test alone
    page.get_by_label("Password for the file").fill(password)
    page.get_by_label("Password once more").fill(password)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    written = file.read_text()
    assert json.loads(written)["format"] == "parvis-walk-export/1"
    assert file.name.endswith(".parvis-walk.json")
    assert not any(text in written for text in (QUEUES, SUBJECT, "queue", assessment))
    page.get_by_role("link", name="Hand back").click()
    assert page.get_by_role("button", name="Hand back").is_disabled()
    page.get_by_label("I have the exported file.").check()
    page.get_by_role("button", name="Hand back").click()
    page.get_by_text("No copy is on this device.").wait_for()

    device.context.unroute("**/answers/")
    page.get_by_role("link", name="Open an exported file").click()
    page.get_by_label("File (.parvis-walk.json)").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("heading", name="Send").wait_for()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Everything is sent.").first.wait_for()

    page.goto(assessment)
    menu.locator("summary").click()
    menu.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Remove the copy and sign out").click()
    page.locator("header.app-bar .user-name").wait_for(state="detached")
    page.goto("/walk/")
    page.get_by_text("No copy is on this device.").wait_for()


SCREENS = ("", "map", "point/1", "q/0", "photo/q/0", "all", "send", "leave", "export")
SIZES = ((360, 780), (1024, 768), (320, 256))
"""A small telephone, a tablet, and 1280 × 1024 enlarged four times."""


def reachable(page, where):
    """Hold a screen against the rules in both appearances; it never scrolls sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        no_barriers(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (where, width, wide)
    page.set_viewport_size({"width": 390, "height": 844})


def small_targets(page):
    """Return buttons, links and answers that a finger in a glove misses."""
    return page.evaluate(
        """() => [...document.querySelectorAll("a, button, label.choice")]
            .filter(each => each.checkVisibility())
            .filter(each => each.getBoundingClientRect().height < 56)
            .map(each => each.outerHTML.slice(0, 100))"""
    )


@pytest.mark.slow
def test_every_screen_is_usable_by_everybody(device):
    page = device.open()
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    assessment = begin(page, SUBJECT)
    page.goto("/walk/")
    page.get_by_role("heading", name="On site").wait_for()
    reachable(page, "home")
    page.goto(f"/walk/#take={assessment}walk/")
    page.get_by_role("heading", name="Take along").wait_for()
    reachable(page, "take")
    copy = take_along(page, assessment, SUBJECT)
    for screen in SCREENS:
        go(page, screen)
        page.wait_for_timeout(300)
        reachable(page, screen)
        assert not small_targets(page), screen
    go(page, "q/0")
    page.get_by_role("heading", name=QUEUES).wait_for()

    keys = Keys(page)
    keys.first()
    while page.evaluate("document.activeElement.type") != "radio":
        keys.press("Tab")
    keys.press("Space")
    saved(page)
    keys.to("Next")
    keys.press("Enter")
    page.get_by_role("heading", name=OTHERS[0]).wait_for()
    assert page.evaluate("document.activeElement.localName") == "h1"

    page.goto("/walk/")
    page.goto(f"/walk/#{copy}")
    page.get_by_role("heading", name="Locked").wait_for()
    reachable(page, "lock")
    page.keyboard.type(PIN)
    keys.press("Enter")
    page.get_by_role("heading", name=SUBJECT).wait_for()
    page.clock.install()
    page.clock.fast_forward(6 * 60 * 1000)
    page.get_by_text("nothing was touched for five minutes").wait_for()


@pytest.mark.slow
def test_every_screen_fits_a_telephone_in_longer_languages_and_in_forced_colours(device, tmp_path):
    page = device.open()
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    copy = take_along(page, begin(page, SUBJECT), SUBJECT)
    for language in ("fr", "pl"):
        cookie = {"name": "django_language", "value": language, "url": device.address}
        device.context.add_cookies([cookie])
        page.goto(f"/walk/?{language}#{copy}")
        page.locator(f"html[lang={language}]").wait_for()
        page.locator("main.lock, .pin, main h1").first.wait_for()
        page.keyboard.type(PIN)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=SUBJECT).wait_for()
        wide = {}
        for screen in SCREENS:
            go(page, screen)
            page.wait_for_timeout(300)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, screen
            wide[screen] = overflowing(page)
            name = screen.replace("/", "-") or "overview"
            page.screenshot(path=tmp_path / f"{language}-{name}.png", full_page=True)
        assert not any(wide.values()), (language, wide)
    page.emulate_media(forced_colors="active")
    for screen in ("", "map", "q/0", "photo/q/0", "send"):
        go(page, screen)
        page.wait_for_timeout(300)
        name = screen.replace("/", "-") or "overview"
        page.screenshot(path=tmp_path / f"forced-{name}.png", full_page=True)


def overflowing(page):
    """Return buttons, links and answers whose words do not fit in them."""
    return page.evaluate(
        """() => [...document.querySelectorAll("a, button, label, .chip, h1, h2, p")]
            .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1
                && getComputedStyle(each).display !== "inline"
                && !each.classList.contains("visually-hidden"))
            .map(each => each.outerHTML.slice(0, 120))"""
    )


def test_a_passkey_opens_a_copy_without_a_network(device):
    page = device.open()
    keys = device.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "hasPrf": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, "coordinator@tessenmark.example", PASSWORD)
    assessment = begin(page, SUBJECT)
    page.goto(f"/walk/#take={assessment}walk/")
    fill_lock(page)
    page.get_by_role("button", name="Use fingerprint, face or security key").click()
    page.get_by_role("heading", name=SUBJECT).wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_role("button", name="Lock").click()
    device.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Open with fingerprint, face or key").click()
    page.get_by_role("heading", name=SUBJECT).wait_for()

    device.context.set_offline(False)
    page.goto(f"{assessment}walk/")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("withdrawn on").wait_for()
    page.goto("/walk/")
    page.get_by_role("link", name="Open").first.click()
    page.get_by_role("button", name="Open with fingerprint, face or key").click()
    page.get_by_text("The copy was withdrawn").wait_for()
    assert QUEUES not in page.locator("main").inner_text()

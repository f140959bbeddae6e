"""A running installation with web, worker and bench, and a Chromium that speaks only to it."""

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

CHROMIUM = os.environ.get("PARVIS_CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu-rasterization",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
KEYS = {"PARVIS_SECRET_KEY": "journeys" * 8, "PARVIS_AUDIT_KEY": "footsteps" * 8}
BACKUP = os.environ.get("PARVIS_DEMO_BACKUP")
"""The demonstration as the first run of the journeys made it; later runs restore it from there."""

STARTS_WITHIN = 900
"""Kernels are compiled and the town is analysed before the first page is served. [s]"""
LONGEST = 1800
"""A journey imports a city and analyses a place. [s]"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give journeys more time than other tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(LONGEST))


@dataclass(frozen=True)
class Instance:
    """An installation of its own: data directory, database, address."""

    data: Path
    address: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "parvis_web", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_database(url: str) -> str:
    """Return the address of a new, empty database beside the one of `url`."""
    if not url.startswith("postgres"):
        return ""
    import psycopg

    name = f"journey_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return re.sub(r"^(\w+://[^/]*/)[^?]*", rf"\g<1>{name}", url)


def _serve(instance: Instance) -> subprocess.Popen[bytes]:
    port = str(urlsplit(instance.address).port)
    with (instance.data / "serve.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "parvis", "serve", "--demo", "--port", port],
            env=instance.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(instance: Instance, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{instance.address}/health/", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"did not start:\n{(instance.data / 'serve.log').read_text()[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Have one process make the demonstration while others wait for its backup."""
    if not BACKUP:
        yield
        return
    with Path(f"{BACKUP}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An installation with the demonstration, served until the tests end."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt install chromium")
    data = tmp_path_factory.mktemp("instance")
    environment = os.environ | {
        "PARVIS_DATA": str(data),
        "PARVIS_HOME": str(data / "library"),
        "DJANGO_SETTINGS_MODULE": "parvis_web.config.settings.dev",
        "DATABASE_URL": _own_database(os.environ.get("DATABASE_URL", "")),
        "PARVIS_DEMO": "1",
        **KEYS,
    }
    made = Instance(data, f"http://localhost:{_free_port()}", environment)
    with _alone():
        is_restored = bool(BACKUP) and Path(BACKUP).exists()
        if is_restored:
            made.manage("prepare")
            made.manage("restore", BACKUP)
        process = _serve(made)
        try:
            _wait(made, process)
            if BACKUP and not is_restored:
                made.manage("backup", BACKUP)
        except BaseException:
            _stop(process)
            raise
    yield made
    _stop(process)


@pytest.fixture(scope="session")
def demo(instance: Instance) -> Instance:
    """The installation with the fictional town, its people, an analysed square and a scenario."""
    return instance


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[object]:
    """What starts browsers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: object) -> Iterator[object]:
    """One Chromium for all journeys."""
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def open_browser(instance: Instance, chromium: object) -> Iterator[Callable[..., object]]:
    """Open a page in a browser of its own; fails when anything asks another host or errs."""
    contexts = []
    foreign: list[str] = []
    errors: list[str] = []

    def opened(**options: object) -> object:
        context = chromium.new_context(
            base_url=instance.address, viewport={"width": 1440, "height": 900}, **options
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()

        def watch(request: object) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(
                instance.address
            ):
                foreign.append(request.url)

        def listen(message: object) -> None:
            if message.type == "error" and "Content Security Policy" in message.text:
                at = message.location
                errors.append(f"{page.url} {at['url']}:{at['lineNumber']} {message.text}")

        context.on("request", watch)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", listen)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not foreign, foreign
    assert not errors, errors

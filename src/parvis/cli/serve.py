"""``parvis serve``: the web application with its workers, started and stopped together."""

import contextlib
import ipaddress
import os
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from parvis.errors import InputError, LimitError

app = typer.Typer()

MANAGE = (sys.executable, "-P", "-m", "parvis_web")
LOCK = "serve.lock"
YES = {"1", "true", "yes", "on"}


class DemoOpenError(InputError):
    """A demonstration is not served to others."""

    code = "serve_demo_open"


class NeedsProductionError(InputError):
    """Settings for one's own machine are not served to others."""

    code = "serve_needs_production"


class ServedTwiceError(InputError):
    """Another server works on the data directory."""

    code = "serve_twice"


class PortTakenError(InputError):
    """The address cannot be listened at."""

    code = "serve_port"


class ServeWindowsError(LimitError):
    """The web server does not run there."""

    code = "serve_windows"


class ServeFailedError(LimitError):
    """A part of the server did not start."""

    code = "serve_failed"


@app.command(epilog="Example: parvis serve --open")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8000,
    data: Annotated[
        Path | None, typer.Option(help="Folder of everything that is kept.", show_default=False)
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="With a fictional town and accounts to try.")
    ] = False,
) -> None:
    """
    Serve the web application on this machine: web, runs and what-if together.

    Ctrl-C stops everything; runs at work go on at the next start.
    """
    from parvis.cli.supervisor import Part, supervise

    if sys.platform == "win32":
        raise ServeWindowsError
    environment = _environment(host, data, demo=demo)
    folder = Path(environment["PARVIS_DATA"])
    with _only_one(folder):
        _check_port(host, port)
        commands = _prepare(environment, demo=demo)
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        parts = [Part("web", _web(host, port)), Part("runs", (*MANAGE, "run_worker"))]
        if "run_bench" in commands:
            parts.append(Part("what-if", (*MANAGE, "run_bench")))

        def ready() -> None:
            typer.echo(f"Parvis is at {address} and keeps its data in {folder}. Ctrl-C stops it.")
            if open_:
                webbrowser.open(address)

        broken = supervise(parts, environment, is_ready=lambda: _answers(host, port), ready=ready)
    if broken:
        raise ServeFailedError(what=broken)


def _environment(host: str, data: Path | None, *, demo: bool) -> dict[str, str]:
    """Return the environment of all parts; refuse what must not be served."""
    from parvis.io.home import home_directory

    environment = dict(os.environ)
    if demo:
        environment["PARVIS_DEMO"] = "1"
    is_demo = environment.get("PARVIS_DEMO", "").strip().lower() in YES
    is_production = environment.get("PARVIS_PRODUCTION", "").strip().lower() in YES
    if not _is_local(host):
        if is_demo:
            raise DemoOpenError(host=host)
        if not is_production and "DJANGO_SETTINGS_MODULE" not in environment:
            raise NeedsProductionError(host=host)
    name = "prod" if is_production else "dev"
    environment.setdefault("DJANGO_SETTINGS_MODULE", f"parvis_web.config.settings.{name}")
    folder = data or Path(environment.get("PARVIS_DATA") or home_directory() / "web")
    environment["PARVIS_DATA"] = str(folder.absolute())
    return environment | {"PYTHONUNBUFFERED": "1"}


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the data directory; another server there is refused."""
    import fcntl

    from parvis.io.store import disk_errors

    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = (folder / LOCK).open("w")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServedTwiceError(folder=str(folder)) from None
        yield


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            reason = os.strerror(problem.errno or 0).lower()
            raise PortTakenError(host=host, port=port, reason=reason) from None


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _prepare(environment: dict[str, str], *, demo: bool) -> set[str]:
    """Bring database and static files up to date; return the commands there are."""
    done = subprocess.run(  # noqa: S603 - our own module
        (*MANAGE, "prepare"), env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise ServeFailedError(what="database")
    commands = set(done.stdout.split())
    if demo and "seed_demo" in commands:
        seeded = subprocess.run((*MANAGE, "seed_demo"), env=environment, check=False)  # noqa: S603
        if seeded.returncode:
            raise ServeFailedError(what="demonstration")
    return commands


def _web(host: str, port: int) -> tuple[str, ...]:
    bound = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return (
        sys.executable, "-P", "-m", "gunicorn", "parvis_web.config.wsgi:application",
        "--bind", bound, "--worker-class", "gthread", "--workers", "2", "--threads", "4",
        "--graceful-timeout", "3", "--timeout", "120", "--keep-alive", "30",
        "--no-control-socket",
        "--log-level", "warning",
    )  # fmt: skip

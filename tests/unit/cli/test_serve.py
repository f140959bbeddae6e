"""``parvis serve`` refuses what must not be served, and keeps its parts running together."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from parvis.cli import main, serve
from parvis.cli.supervisor import Part, supervise

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
)


def run(monkeypatch, *arguments):
    for name in ("PARVIS_DEMO", "PARVIS_PRODUCTION", "DJANGO_SETTINGS_MODULE", "PARVIS_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["parvis", "serve", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "city.example"])  # noqa: S104
def test_a_demonstration_is_served_on_this_machine_only(monkeypatch, capsys, tmp_path, host):
    code = run(monkeypatch, "--demo", "--host", host, "--data", str(tmp_path))
    assert code == 3
    assert "on this machine only" in capsys.readouterr().err


def test_others_are_served_with_production_settings_only(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, "--host", "192.0.2.7", "--data", str(tmp_path)) == 3
    assert "PARVIS_PRODUCTION=1" in capsys.readouterr().err


def test_a_second_server_on_a_folder_is_refused(monkeypatch, capsys, tmp_path):
    with (tmp_path / serve.LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert run(monkeypatch, "--data", str(tmp_path)) == 3
    assert f"Another parvis serve works on {tmp_path}" in capsys.readouterr().err


def test_a_taken_port_is_told(monkeypatch, capsys, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(monkeypatch, "--port", str(port), "--data", str(tmp_path)) == 3
    assert f"Port {port} of 127.0.0.1 cannot be taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True),
     ("0.0.0.0", False), ("::", False), ("example.org", False)],  # noqa: S104
)  # fmt: skip
def test_only_loopback_is_local(host, is_local):
    assert serve._is_local(host) is is_local


def stop_soon(after: float = 0.5) -> None:
    threading.Timer(after, os.kill, (os.getpid(), signal.SIGTERM)).start()


def test_parts_are_stopped_together_even_where_one_does_not_listen():
    parts = [Part("one", SLEEP), Part("two", STUBBORN)]
    begun: list[float] = []

    def ready():
        begun.append(time.monotonic())
        stop_soon()

    assert supervise(parts, os.environ, is_ready=lambda: True, ready=ready) == ""
    assert time.monotonic() - begun[0] < 6.0
    assert all(part.process.poll() is not None for part in parts)


def test_a_part_that_ended_is_started_again(monkeypatch):
    monkeypatch.setattr("parvis.cli.supervisor.EARLY", 0.0)
    part = Part("one", SLEEP)
    first: list[int] = []

    def ready():
        first.append(part.process.pid)
        part.process.kill()
        stop_soon(1.0)

    assert supervise([part], os.environ, is_ready=lambda: True, ready=ready) == ""
    assert part.process.pid != first[0]


def test_a_part_that_cannot_start_ends_the_whole_with_its_name():
    parts = [Part("one", SLEEP), Part("two", (sys.executable, "-c", "raise SystemExit(2)"))]
    assert supervise(parts, os.environ, is_ready=lambda: False, ready=lambda: None) == "two"
    assert parts[0].process.poll() is not None


def test_web_passes_command_and_exit_code_on():
    command = [sys.executable, "-m", "parvis", "web", "no-such-command"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Unknown command" in done.stderr


def test_web_lists_the_applications_commands():
    command = [sys.executable, "-m", "parvis", "web", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    for name in ("run_worker", "prune", "purge_cities"):
        assert name in done.stdout

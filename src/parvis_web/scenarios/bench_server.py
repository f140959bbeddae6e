"""
The bench: keeps prepared places warm in children of its own, so that a web process need not.

One child per place, at most so many of them; the one asked least recently makes room. A child
that is killed is reported and forgotten; the next question prepares the place again.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import IO, Any, cast

from parvis_web.scenarios.bench_link import (
    Address,
    accept_known,
    limit_waiting,
    receive,
    send,
)

logger = logging.getLogger(__name__)

KEPT_BACK = ("SECRET", "KEY", "PASSWORD", "DATABASE_URL", "TOKEN")
"""Settings with these words in their names are not handed to children."""

CONVERSATION = 120.0
"""No conversation with the web takes longer. [s]"""

PREPARING = 900.0
"""A place that is not prepared by then is given up. [s]"""

WATCHING = 0.5
"""Children are looked at this often. [s]"""


def place_key(place: dict[str, Any]) -> str:
    """Return the digest of everything a prepared place depends on, its authority included."""
    return sha256(json.dumps(place, sort_keys=True).encode()).hexdigest()


@dataclass(eq=False)
class Prepared:
    """A child with its place, and what is known of it."""

    process: "subprocess.Popen[str]"
    asked: float
    started: float
    progress: float = 0.0
    place: dict[str, Any] | None = None
    failed: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    next_id: int = 0
    waiting: int = 0
    late: set[int] = field(default_factory=set)
    is_over: bool = False
    is_told: bool = False
    writing: threading.Lock = field(default_factory=threading.Lock)
    told: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, message: dict[str, Any]) -> None:
        """Write a line to the child; one that is gone does not mind."""
        with self.writing, suppress(OSError, ValueError):
            stdin = cast("IO[str]", self.process.stdin)
            stdin.write(json.dumps(message) + "\n")
            stdin.flush()

    @property
    def is_busy(self) -> bool:
        """Whether it prepares its place or somebody waits for an answer of it."""
        return not self.is_over and (self.place is None or self.waiting > 0)


class Bench:
    """
    The children and who asks them.

    Parameters
    ----------
    size : int
        Places kept at most.
    idle : float
        A place nobody asks for so long is let go. [s]
    memory_mb : int
        A child that takes more is ended, where the system tells.
    """

    def __init__(self, *, size: int, idle: float, memory_mb: int) -> None:
        self.size, self.idle, self.memory_mb = max(size, 1), idle, memory_mb
        self._places: OrderedDict[str, Prepared] = OrderedDict()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._address: Address = ""

    def serve(self, address: Address, key: bytes) -> None:
        """Answer who proves to have the key, until `stop`."""
        if isinstance(address, str):
            Path(address).unlink(missing_ok=True)
        before = os.umask(0o077)
        try:
            family = "AF_UNIX" if isinstance(address, str) else "AF_INET"
            listener = Listener(address, family=family, backlog=64)
        finally:
            os.umask(before)
        self._address = address
        threading.Thread(target=self._watch, daemon=True).start()
        with listener:
            while not self._stopped.is_set():
                try:
                    connection = listener.accept()
                except OSError:
                    continue
                threading.Thread(target=self._converse, args=(connection, key), daemon=True).start()

    def stop(self) -> None:
        """End all children and let `serve` return."""
        self._stopped.set()
        with self._lock:
            for prepared in self._places.values():
                prepared.process.kill()
            self._places.clear()
        with suppress(OSError):
            Client(self._address).close()

    def _converse(self, connection: Connection, key: bytes) -> None:
        try:
            with connection:
                limit_waiting(connection, 10.0)
                accept_known(connection, key)
                limit_waiting(connection, CONVERSATION)
                send(connection, self.answer(receive(connection)))
        except (AuthenticationError, OSError, EOFError, ValueError, TypeError, KeyError) as error:
            logger.warning("a conversation ended: %s", type(error).__name__)

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return what a message asks for."""
        if message.get("op") == "status":
            return self._status()
        place, deadline = message["place"], min(float(message["deadline"]), CONVERSATION)
        until = time.monotonic() + deadline
        prepared = self._of(place_key(place), place)
        if prepared is None:
            return {"state": "waiting"}
        prepared.asked = time.monotonic()
        patience = min(until, time.monotonic() + float(message.get("patience", 0.0)))
        with prepared.told:
            while prepared.place is None and not prepared.is_over:
                left = patience - time.monotonic()
                if left <= 0.0 or not prepared.told.wait(left):
                    break
            if message.get("changes") is None or prepared.place is None or prepared.is_over:
                return self._state(prepared)
            number = prepared.next_id
            prepared.next_id += 1
            prepared.waiting += 1
        try:
            return self._asked(prepared, number, message, until)
        finally:
            prepared.waiting -= 1
            prepared.asked = time.monotonic()

    def _asked(
        self, prepared: Prepared, number: int, message: dict[str, Any], until: float
    ) -> dict[str, Any]:
        asked = {"id": number, "changes": message["changes"], "people": message.get("people")}
        prepared.tell(asked)
        with prepared.told:
            while number not in prepared.answers:
                left = until - time.monotonic()
                if prepared.is_over:
                    return self._state(prepared)
                if left <= 0.0 or not prepared.told.wait(left):
                    prepared.late.add(number)
                    return {"state": "failed", "code": "bench_late", "details": {}}
            found = prepared.answers.pop(number)
        if "failed" in found:
            return {"state": "refused", "code": found["failed"], "details": found["details"]}
        reply = {"state": "result", "answer": found["answer"]}
        if message.get("with_place"):
            reply["place"] = prepared.place
        return reply

    def _state(self, prepared: Prepared) -> dict[str, Any]:
        if prepared.failed or prepared.is_over:
            prepared.is_told = True
            code = prepared.failed or "bench_killed"
            return {"state": "failed", "code": code, "details": prepared.details}
        if prepared.place is None:
            return {"state": "preparing", "progress": round(prepared.progress, 3)}
        return {"state": "ready", "place": prepared.place}

    def _status(self) -> dict[str, Any]:
        with self._lock:
            return {
                "state": "status",
                "size": self.size,
                "places": [
                    {"pid": item.process.pid, "is_ready": item.place is not None}
                    for item in self._places.values()
                ],
            }

    def _of(self, key: str, place: dict[str, Any]) -> Prepared | None:
        """Return the child of a place, started if need be; None where all are busy."""
        with self._lock:
            known = self._places.get(key)
            if known is not None and known.is_over:
                del self._places[key]
                if known.place is None and not known.is_told:
                    return known
                known = None
            if known is not None:
                self._places.move_to_end(key)
                return known
            if len(self._places) >= self.size and not self._make_room():
                return None
            prepared = self._started(place)
            self._places[key] = prepared
            return prepared

    def _make_room(self) -> bool:
        for key, item in self._places.items():
            if not item.is_busy:
                item.process.kill()
                del self._places[key]
                return True
        return False

    def _started(self, place: dict[str, Any]) -> Prepared:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not any(word in name.upper() for word in KEPT_BACK)
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "parvis_web.scenarios.bench_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        prepared = Prepared(process, time.monotonic(), time.monotonic())
        prepared.tell(place)
        threading.Thread(target=self._listen, args=(prepared,), daemon=True).start()
        return prepared

    def _listen(self, prepared: Prepared) -> None:
        """Take in what a child says, until it ends."""
        for line in cast("IO[str]", prepared.process.stdout):
            try:
                said = json.loads(line)
            except ValueError:
                continue
            with prepared.told:
                if "progress" in said:
                    prepared.progress = float(said["progress"])
                elif "place" in said:
                    prepared.place = said["place"]
                elif said.get("id") in prepared.late:
                    prepared.late.remove(said["id"])
                elif "id" in said:
                    prepared.answers[int(said["id"])] = said
                elif "failed" in said:
                    prepared.failed, prepared.details = said["failed"], said["details"]
                prepared.told.notify_all()
        prepared.process.wait()
        with prepared.told:
            prepared.is_over = True
            prepared.told.notify_all()
        for pipe in (prepared.process.stdin, prepared.process.stdout):
            with suppress(OSError):
                cast("IO[str]", pipe).close()

    def _watch(self) -> None:
        """Let go of places nobody asks for; end children that take too much or too long."""
        while not self._stopped.wait(WATCHING):
            now = time.monotonic()
            with self._lock:
                for key, item in list(self._places.items()):
                    if not item.is_busy and now - item.asked > self.idle:
                        item.process.kill()
                        del self._places[key]
                    elif memory_of(item.process.pid) > self.memory_mb:
                        item.failed = "bench_memory"
                        item.process.kill()
                    elif item.place is None and now - item.started > PREPARING:
                        item.failed = "bench_late"
                        item.process.kill()


def memory_of(pid: int) -> float:
    """Return the memory a process takes in MB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

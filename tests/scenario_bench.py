"""A stored square as a place of the bench, and a bench with real children for tests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from drawn_square import store_square

from parvis_web.config.data import library_home
from parvis_web.scenarios.bench import Place, Reply, ask, is_running
from parvis_web.scenarios.bench_link import bench_address, bench_key
from parvis_web.scenarios.bench_server import Bench


@contextmanager
def running_bench(*, size: int = 2, idle: float = 600.0, memory_mb: int = 4096) -> Iterator[Bench]:
    """Run a bench in a thread; its children are ended on the way out."""
    bench = Bench(size=size, idle=idle, memory_mb=memory_mb)
    address, key = bench_address(settings.PARVIS_DATA), bench_key(settings.SECRET_KEY)
    thread = threading.Thread(target=bench.serve, args=(address, key), daemon=True)
    thread.start()
    until = time.monotonic() + 10.0
    while not is_running() and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield bench
    finally:
        bench.stop()
        thread.join(10.0)


def place_of(authority_id: UUID, **fields: Any) -> Place:
    """The stored square of an authority, one class, as the bench takes it."""
    home = library_home(authority_id)
    if not home.exists():
        store_square(home)
    where = {"city": "tessenmark", "name": "Market Square", "store_id": "way/77"}
    question = {"place": where, "vehicles": ["N2B"], "design": "cautious", "people_line": None}
    return Place(authority_id=authority_id, question=question, **fields)


def result_of(place: Place, changes: dict[str, Any] | None, **options: Any) -> Reply:
    """The reply to changes, waited for as long as a preparation may take."""
    return ask(place, changes, patience=90.0, deadline=90.0, **options)

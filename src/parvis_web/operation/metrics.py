"""
How many requests, how quick, how many runs: as text that Prometheus reads.

Every process of the web server counts for itself and keeps its counts in a file, so that whichever
process is asked can add them up. Off unless ``PARVIS_METRICS`` is set.
"""

import fcntl
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from parvis_web.operation import heartbeat
from parvis_web.runs.models import AnalysisRun, RunState

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper ends of the classes of response time. [s]"""

_KEEP_EVERY = 1.0
_ENDED = "ended.json"


class Counts:
    """The counts of one process."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._kept = float("-inf")

    def observe(self, *, page: str, method: str, status: int, seconds: float) -> None:
        """Count one request, and keep the counts now and then."""
        app = page.partition(":")[0] if ":" in page else "other"
        with self._lock:
            labels = f'page="{page}",method="{method}",status="{status}"'
            self._counts[f"parvis_requests_total{{{labels}}}"] += 1
            for end in BUCKETS:
                if seconds <= end:
                    self._counts[_bucket(app, f"{end:g}")] += 1
            self._counts[_bucket(app, "+Inf")] += 1
            self._counts[f'parvis_request_seconds_count{{app="{app}"}}'] += 1
            self._counts[f'parvis_request_seconds_sum{{app="{app}"}}'] += seconds  # type: ignore[assignment]
            if time.monotonic() - self._kept > _KEEP_EVERY:
                self._keep()

    def keep(self) -> None:
        """Keep the counts where the other processes find them."""
        with self._lock:
            self._keep()

    def _keep(self) -> None:
        self._kept = time.monotonic()
        if self._counts:
            _write(_folder() / f"{os.getpid()}.json", self._counts)


COUNTS = Counts()


def exposition() -> str:
    """Return everything as Prometheus' text format."""
    COUNTS.keep()
    requests = _total()
    lines = [
        "# TYPE parvis_requests_total counter",
        *_lines(requests, "parvis_requests_total"),
        "# TYPE parvis_request_seconds histogram",
        *_lines(requests, "parvis_request_seconds"),
        "# TYPE parvis_runs gauge",
        *(f'parvis_runs{{state="{state}"}} {count}' for state, count in _runs().items()),
        "# TYPE parvis_worker_heartbeat_age_seconds gauge",
    ]
    age = heartbeat.age("worker")
    lines.append(f"parvis_worker_heartbeat_age_seconds {'NaN' if age is None else round(age, 1)}")
    return "\n".join(lines) + "\n"


def _bucket(app: str, end: str) -> str:
    return f'parvis_request_seconds_bucket{{app="{app}",le="{end}"}}'


def _lines(counts: "Counter[str]", prefix: str) -> list[str]:
    return [f"{name} {counts[name]:g}" for name in counts if name.startswith(prefix)]


def _runs() -> dict[str, int]:
    found = AnalysisRun.objects.values_list("state").annotate(count=Count("pk")).order_by("state")
    return dict.fromkeys(RunState.values, 0) | dict(found)


def _folder() -> Path:
    folder = Path(settings.PARVIS_DATA) / "metrics"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _total() -> "Counter[str]":
    """Add up all processes; what ended processes counted is kept in one file."""
    folder = _folder()
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended, living = _read(folder / _ENDED), Counter[str]()
        for file in folder.glob("[0-9]*.json"):
            counts = _read(file)
            if _is_alive(int(file.stem)):
                living.update(counts)
            else:
                ended.update(counts)
                _write(folder / _ENDED, ended)
                file.unlink()
    return ended + living


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(file: Path) -> "Counter[str]":
    try:
        return Counter(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Counter()


def _write(file: Path, counts: "Counter[str]") -> None:
    part = file.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(counts), encoding="utf-8")
    part.rename(file)

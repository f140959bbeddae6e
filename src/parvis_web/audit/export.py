"""How an owner takes a chain along: a table for a spreadsheet, or lines for a program."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from parvis.report.cells import neutralised
from parvis_web.audit.models import AuditEvent
from parvis_web.audit.queries import Row, rows_of

COLUMNS = (
    "seq", "time", "person", "name", "via", "action", "object_kind", "object_id", "marking",
    "before", "after", "details", "previous", "digest",
)  # fmt: skip
BATCH = 1000


def facts_of(row: Row) -> dict[str, Any]:
    """Return what one event says, with the name its person has now."""
    facts: dict[str, Any] = {
        name: getattr(row.event, name) for name in COLUMNS if hasattr(row.event, name)
    }
    facts["time"] = row.event.time.isoformat()
    facts["person"] = str(row.event.person or "")
    facts["name"] = row.person
    return {name: facts[name] for name in COLUMNS}


def csv_lines(events: "QuerySet[AuditEvent]") -> Iterator[str]:
    """Yield the table: a heading, then one line per event, oldest first, no cell a formula."""
    yield _csv_line(COLUMNS)
    for row in _rows(events):
        facts = facts_of(row) | {"details": row.event.details_text}
        yield _csv_line(neutralised(facts[name]) for name in COLUMNS)


def json_lines(events: "QuerySet[AuditEvent]") -> Iterator[str]:
    """Yield one JSON object per event, oldest first."""
    for row in _rows(events):
        yield json.dumps(facts_of(row), ensure_ascii=False) + "\n"


def _csv_line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _rows(events: "QuerySet[AuditEvent]") -> Iterator[Row]:
    last = 0
    while batch := rows_of(events.filter(seq__gt=last).order_by("seq")[:BATCH]):
        yield from batch
        last = batch[-1].event.seq

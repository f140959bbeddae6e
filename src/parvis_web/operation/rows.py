"""Every row out of one database and unchanged into another, be it SQLite or PostgreSQL."""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils.duration import duration_iso_string

LEFT_OUT = {"contenttypes", "auth", "sessions", "usersessions"}
"""Apps whose rows are made by migrations, or open sessions that must not travel."""

_BATCH = 500
_FIRST_LOOK = "SELECT COUNT(*) FROM django_migrations"
"""On both databases the moment of the first look is the moment that is seen."""


def kept_models() -> list[type[models.Model]]:
    """Return every model whose rows belong to a backup, by label."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


@contextmanager
def snapshot() -> Iterator[None]:
    """
    Show the database as it is at one moment for as long as it takes, without holding up writers.

    Django begins SQLite's transactions as writing ones here; a reading one is begun by hand.
    """
    if connection.vendor != "sqlite":
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(_FIRST_LOOK)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            cursor.execute(_FIRST_LOOK).fetchall()
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows_of(model: type[models.Model]) -> Iterator[str]:
    """Yield a line with the names of the columns, then one line per row, by primary key."""
    names = [field.attname for field in _fields(model)]
    yield json.dumps(names) + "\n"
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=2000):
        yield json.dumps(row, default=_spelled, ensure_ascii=False, separators=(",", ":")) + "\n"


def insert_rows(model: type[models.Model], lines: Iterable[str]) -> int:
    """Insert what `rows_of` gave, as it is: no signal, no automatic time; return how many."""
    lines = iter(lines)
    names = json.loads(next(lines))
    fields = {field.attname: field for field in _fields(model)}
    chosen = [fields[name] for name in names]
    size = connection.ops.bulk_batch_size(chosen, [None] * _BATCH)
    inserted = 0
    while batch := list(islice(lines, min(size, _BATCH))):
        items = [_item(model, chosen, json.loads(line)) for line in batch]
        manager: Any = model._base_manager
        manager._insert(items, fields=chosen, using=connection.alias, raw=True)
        inserted += len(items)
    return inserted


def delete_rows() -> None:
    """Delete every row that a backup would hold, and every session."""
    for model in kept_models():
        model._base_manager.all()._raw_delete(connection.alias)
    for label in ("sessions.session", "usersessions.usersession"):
        apps.get_model(label)._base_manager.all()._raw_delete(connection.alias)


def reset_sequences() -> None:
    """Have the database count on from the numbers that were inserted."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)


def renew_statistics() -> None:
    """Have the database count what it holds, so that it finds the short way to it at once."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _item(model: type[models.Model], fields: list[Any], values: list[Any]) -> models.Model:
    item = model()
    for field, value in zip(fields, values, strict=True):
        setattr(item, field.attname, _understood(field, value))
    return item


def _understood(field: Any, value: Any) -> Any:
    while field.is_relation:
        field = field.target_field
    return value if value is None or isinstance(field, models.JSONField) else field.to_python(value)


def _spelled(value: Any) -> Any:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case timedelta():
            return duration_iso_string(value)
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case _:
            raise TypeError(f"a {type(value).__name__} has no place in a backup")

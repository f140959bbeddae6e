"""What is misconfigured, and what to do about it: ``parvis web check --deploy`` says."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import DatabaseError, connection

LEAST_KEY = 32
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
FRONT_END = ("parvis/base-style.css", "parvis/base.js", "parvis/map.js")
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that is right shows less."""


@register(Tags.files)
def check_data_directory(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Everything that is kept in files lies below one directory."""
    del app_configs
    data = Path(settings.PARVIS_DATA)
    nearest = next(folder for folder in (data, *data.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as problem:
        yield Error(
            f"The data directory {data} cannot be written: {problem.strerror}.",
            hint="Set PARVIS_DATA to a directory that belongs to the user of this service.",
            id="parvis.E001",
        )
        return
    if data.exists() and data.stat().st_mode & 0o077 and data.stat().st_uid == os.getuid():
        yield Warning(
            f"Other users of this machine can look into the data directory {data}.",
            hint=f"chmod 700 {data}",
            id="parvis.W001",
        )


@register(Tags.security)
def check_keys(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Vouching for the chains takes another key than signing cookies does."""
    del app_configs
    if len(settings.PARVIS_AUDIT_KEY) < LEAST_KEY:
        yield Error(
            f"The audit key has {len(settings.PARVIS_AUDIT_KEY)} characters; "
            f"at least {LEAST_KEY} are needed.",
            hint="Set PARVIS_AUDIT_KEY, or PARVIS_AUDIT_KEY_FILE, to: openssl rand -base64 48",
            id="parvis.E002",
        )
    elif settings.PARVIS_AUDIT_KEY == settings.SECRET_KEY:
        yield Error(
            "The audit key equals the secret key.",
            hint="Set PARVIS_AUDIT_KEY to a key of its own: openssl rand -base64 48",
            id="parvis.E003",
        )


@register(Tags.database)
def check_network_instance(
    app_configs: Any, databases: Any = None, **_kwargs: Any
) -> Iterator[CheckMessage]:
    """Objects above GREEN have no place in a network's installation, however old they are."""
    from parvis_web.accounts.objects import held_above

    del app_configs
    if not databases or not settings.PARVIS_NETWORK_INSTANCE:
        return
    try:
        kinds = held_above()
    except DatabaseError:
        return
    if kinds:
        yield Error(
            f"This installation of a network holds what is marked above GREEN: {', '.join(kinds)}.",
            hint=(
                "Only CLEAR and GREEN belong here. Unset PARVIS_NETWORK_INSTANCE, lower or delete "
                "these objects, set it again."
            ),
            id="parvis.E007",
        )


@register(Tags.database)
def check_sqlite(app_configs: Any, databases: Any = None, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Without a write-ahead log, readers and writers of SQLite wait for each other."""
    del app_configs
    if not databases or connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    if mode not in {"wal", "memory"}:
        yield Error(
            f"SQLite keeps its journal as {mode!r}; many people at once need a write-ahead log.",
            hint=(
                "Keep the database on a local disk, not on a network share, and leave "
                "journal_mode=WAL in the database's options; or use PostgreSQL by DATABASE_URL."
            ),
            id="parvis.E004",
        )


@register(Tags.security)
def check_hosts(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Others get no answer from what is meant for one's own machine."""
    del app_configs
    others = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if not others:
        return
    if settings.DEBUG:
        yield Error(
            f"PARVIS_DEBUG is on and the application answers to {', '.join(others)}: "
            "error pages would show its data.",
            hint="Unset PARVIS_DEBUG, or set PARVIS_HOSTS to localhost.",
            id="parvis.E005",
        )
    if settings.PARVIS_DEMO:
        yield Error(
            f"Demonstration accounts exist and the application answers to {', '.join(others)}: "
            "everybody knows their password.",
            hint="Unset PARVIS_DEMO and use a new data directory, or set PARVIS_HOSTS=localhost.",
            id="parvis.E006",
        )


@register(Tags.staticfiles)
def check_front_end(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Styles and scripts are built before they are served."""
    del app_configs
    missing = [name for name in FRONT_END if not finders.find(name)]
    if missing:
        yield Warning(
            f"The pages' styles and scripts are not built: {', '.join(missing)} missing.",
            hint="Run scripts/frontend.sh, or install the wheel, which contains them.",
            id="parvis.W002",
        )


@register(Tags.caches, deploy=True)
def check_cache(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Limits of sign-in attempts count in the cache, so all processes must share it."""
    del app_configs
    caches: Any = settings.CACHES
    backend = caches["default"]["BACKEND"].rsplit(".", 1)[-1]
    if backend in {"LocMemCache", "DummyCache"}:
        yield Warning(
            f"The processes share no cache ({backend}): each counts sign-in attempts for itself.",
            hint="Use the database, files or Redis as the default cache.",
            id="parvis.W003",
        )


@register(deploy=True)
def check_mail(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Invitations and new passwords go out by mail."""
    del app_configs
    is_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    if is_smtp and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Warning(
            "Mail is not configured: the sender is "
            f"{settings.DEFAULT_FROM_EMAIL}, which other servers refuse.",
            hint="Set PARVIS_MAIL_HOST and PARVIS_MAIL_FROM.",
            id="parvis.W004",
        )


@register(Tags.security, deploy=True)
def check_proxy(app_configs: Any, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Believing what a proxy says of the client takes a proxy."""
    del app_configs
    if settings.SECURE_PROXY_SSL_HEADER and not settings.PARVIS_TRUSTED_PROXIES:
        yield Warning(
            "The application believes a proxy about TLS and knows of no proxy: limits count all "
            "people as one, and who reaches the application directly can pretend to use TLS.",
            hint="Set PARVIS_TRUSTED_PROXIES to the number of proxies before it, usually 1.",
            id="parvis.W005",
        )
    if settings.PARVIS_TRUSTED_PROXIES and not settings.SECURE_PROXY_SSL_HEADER:
        yield Warning(
            "There is a proxy, and the application does not ask it whether the client uses TLS.",
            hint="Set SECURE_PROXY_SSL_HEADER, as the production settings do.",
            id="parvis.W006",
        )


@register(Tags.database)
def check_clock(app_configs: Any, databases: Any = None, **_kwargs: Any) -> Iterator[CheckMessage]:
    """Audit events, one-time codes and end dates need a clock that is right."""
    del app_configs
    now, last = datetime.now(UTC), _last_event() if databases else None
    if now < RELEASED or (last is not None and now < last):
        seen = max(moment for moment in (RELEASED, last) if moment is not None)
        yield Warning(
            f"The clock shows {now:%Y-%m-%d %H:%M} UTC and stood at {seen:%Y-%m-%d %H:%M} before.",
            hint="Set the clock, and have it set by the network: timedatectl set-ntp true",
            id="parvis.W007",
        )


def _last_event() -> datetime | None:
    from parvis_web.audit.models import AuditEvent

    try:
        return AuditEvent.objects.order_by("-pk").values_list("time", flat=True).first()
    except DatabaseError:
        return None

"""Which settings does the environment give, and what is wrong with them?"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """Return the variable `name`, or the content of the file that ``NAME_FILE`` points to."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise ImproperlyConfigured(f"{name}_FILE={file} cannot be read: {problem}") from None
    return os.environ.get(name, default).strip()


def switch(name: str, default: bool = False) -> bool:
    """Return whether the variable `name` says yes."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _YES:
        return True
    if value.strip().lower() in _NO:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no; use 1 or 0.")


def number(name: str, default: int) -> int:
    """Return the variable `name` as a whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def words(name: str, default: str = "") -> list[str]:
    """Return the variable `name`, a list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str, data: Path) -> dict[str, Any]:
    """
    Return Django's settings for a database address.

    ``postgresql://user:password@host:port/name`` or ``sqlite:///path``; without an address a
    SQLite file below `data`. A PostgreSQL host may be a socket directory:
    ``?host=/run/postgresql``.
    """
    parts = urlsplit(url or f"sqlite:///{data / 'parvis.sqlite3'}")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
            "PORT": str(parts.port or options.pop("port", "")),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with {parts.scheme!r}; use sqlite:///… or postgresql://…"
    )

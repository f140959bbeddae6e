"""
What the logs say, and what they never say.

One line per event, as JSON in production. A line carries the request's id and the person's random
id. It never carries an address of mail, a password, a token or an address with one in it: routes
are logged instead of paths, and whatever looks like a secret is blanked at the last moment.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BLANK = "[…]"
_NAMES = r"pass(?:word|wd)|secret|token|api[-_]?key|authorization|cookie|csrf|\bcode\b"
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s,;&)}\]]+)"
_SCRUBBED = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*"), BLANK),
    (re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=:-]{8,}"), rf"\1 {BLANK}"),
    (re.compile(r"://[^/\s:@]+:[^/\s@]+@"), f"://{BLANK}@"),
    (re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*"), f"?{BLANK}"),
    (re.compile(rf"(?i)([\w-]*(?:{_NAMES})[\w-]*)(['\"]?\s*[=:]\s*){_VALUE}"), rf"\1\2{BLANK}"),
    (re.compile(r"\b(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{24,}[\w:.-]*"), BLANK),
    (re.compile(r"\b[0-9a-f]{40,}\b"), BLANK),
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request"}


@dataclass
class RequestFacts:
    """What a line says about the request it belongs to."""

    request_id: str
    user_id: str = ""


current_request: ContextVar[RequestFacts | None] = ContextVar("current_request", default=None)


def scrubbed(text: str) -> str:
    """Return `text` without what looks like an address of mail or a secret."""
    for pattern, replacement in _SCRUBBED:
        text = pattern.sub(replacement, text)
    return text


def route_of(request: Any) -> str:
    """Return the pattern of a request's address: it names the page and holds no value."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(no page)"


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        facts: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if about := current_request.get():
            facts["request"] = about.request_id
            facts |= {"user": about.user_id} if about.user_id else {}
        for name, value in vars(record).items():
            if name not in _STANDARD:
                facts[name] = value if isinstance(value, int | float) else scrubbed(str(value))
        if record.exc_info:
            facts["traceback"] = _trace(record.exc_info)
        return json.dumps(facts, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """For reading in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        line = f"{record.levelname.lower()}: {record.name}: {_message(record)}"
        return f"{line}\n{_trace(record.exc_info)}" if record.exc_info else line


def logging_settings(style: str) -> dict[str, Any]:
    """
    Return Django's ``LOGGING``: everything to standard error, nothing by mail.

    Parameters
    ----------
    style : str
        "json" with a line per request, or "plain" without.
    """
    formatter = "JsonFormatter" if style == "json" else "PlainFormatter"
    told: dict[str, Any] = {"handlers": [], "level": "INFO", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{formatter}"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "django": told,
            "django.server": told,
            "parvis": told,
            "parvis_web": told,
            "parvis_web.requests": told | {"level": "INFO" if style == "json" else "ERROR"},
        },
    }


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    path = getattr(getattr(record, "request", None), "path", "")
    if len(path) > 1:
        message = message.replace(path, route_of(getattr(record, "request", None)))
    return scrubbed(message)


def _trace(problem: Any) -> str:
    """Return the traceback without source lines, in which a value might stand."""
    kind, value, trace = problem
    places = [
        f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
    return "\n".join([*places, scrubbed(f"{getattr(kind, '__name__', kind)}: {value}")])

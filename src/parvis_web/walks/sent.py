"""What a device sends, read with care: anything may stand in it."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from parvis_web.assessments.models import ReplyState
from parvis_web.assessments.rules import RefusedError
from parvis_web.walks.rules import MOST_REPLIES

LONGEST_NOTE = 4000
MOST_FILES = 20
"""Photos of one answer."""


@dataclass(frozen=True)
class SentReply:
    """An answer as a device sent it; fields as of `give_reply`."""

    mark: UUID
    item: str
    state: str
    value: Any
    note: str
    attachments: tuple[UUID, ...]
    expects: UUID | None
    answered: datetime


def sent_object(request: HttpRequest) -> dict[str, Any]:
    """Return the object a request's body holds."""
    try:
        found = json.loads(request.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RefusedError(_("What was sent is no JSON.")) from None
    if not isinstance(found, dict):
        raise RefusedError(_("What was sent is no JSON object."))
    return found


def sent_replies(body: dict[str, Any]) -> list[Any]:
    """Return the answers of a message, unread."""
    rows = body.get("replies")
    if not isinstance(rows, list) or len(rows) > MOST_REPLIES:
        raise RefusedError(
            _("“replies” is to be a list of at most %(most)s answers.") % {"most": MOST_REPLIES}
        )
    return rows


def sent_reply(row: Any) -> SentReply:
    """Read one answer."""
    if not isinstance(row, dict):
        raise RefusedError(_("An answer is to be an object."))
    state, attachments = row.get("state"), row.get("attachments") or []
    if state not in ReplyState.values:
        raise RefusedError(_("“%(name)s” cannot be read.") % {"name": "state"})
    if not isinstance(attachments, list) or len(attachments) > MOST_FILES:
        raise RefusedError(_("“%(name)s” cannot be read.") % {"name": "attachments"})
    expects = row.get("expects")
    return SentReply(
        mark=read_uuid(row.get("mark"), "mark"),
        item=read_text(row.get("item"), "item", 200),
        state=state,
        value=row.get("value") if state == ReplyState.ANSWERED else None,
        note=read_text(row.get("note") or "", "note", LONGEST_NOTE),
        attachments=tuple(read_uuid(one, "attachments") for one in attachments),
        expects=None if expects is None else read_uuid(expects, "expects"),
        answered=read_moment(row.get("answered"), "answered"),
    )


def read_uuid(said: Any, name: str) -> UUID:
    """Return an id."""
    try:
        return UUID(said)
    except (ValueError, TypeError, AttributeError):
        raise RefusedError(_("“%(name)s” cannot be read.") % {"name": name}) from None


def read_text(said: Any, name: str, longest: int) -> str:
    """Return a text that is not too long."""
    if not isinstance(said, str) or len(said) > longest or "\x00" in said:
        raise RefusedError(_("“%(name)s” cannot be read.") % {"name": name})
    return said


def read_moment(said: Any, name: str) -> datetime:
    """Return a moment with its zone."""
    try:
        found = parse_datetime(said)
    except (ValueError, TypeError):
        found = None
    if found is None or found.tzinfo is None:
        raise RefusedError(
            _("“%(name)s” is to be a moment as 2027-12-02T09:30:00Z.") % {"name": name}
        )
    return found


def read_number(said: Any, name: str) -> float:
    """Return a finite number."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise RefusedError(_("“%(name)s” is to be a number.") % {"name": name})
    try:
        found = float(said)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise RefusedError(_("“%(name)s” is to be a number.") % {"name": name})
    return found


def read_place(data: QueryDict) -> tuple[float, float] | None:
    """Return longitude and latitude of a form, None where it has none."""
    said = [data.get(name, "").strip() for name in ("longitude", "latitude")]
    if not any(said):
        return None
    try:
        longitude, latitude = (float(text) for text in said)
    except ValueError:
        longitude = latitude = math.nan
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise RefusedError(_("The place is to be longitude and latitude in degrees."))
    return longitude, latitude


def _no_number(text: str) -> Any:
    raise ValueError(text)

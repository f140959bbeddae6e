"""What does the form of one question say?"""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from parvis.assessment import Item
from parvis_web.assessments.cards import control_of
from parvis_web.assessments.models import Reply, ReplyState
from parvis_web.assessments.rules import RefusedError


@dataclass(frozen=True)
class Sent:
    """What a form said about an item."""

    item: str
    state: str
    value: Any
    note: str
    links: list[str]
    attachments: list[UUID]
    expects: UUID | None


def sent_reply(item: Item, data: QueryDict) -> Sent:
    """
    Read the form of one item.

    Raises
    ------
    RefusedError
        Where a number, day or place cannot be read.
    """
    special = [data.get(name, "") for name in ("value", "value-or-state")]
    state = next((text[1:] for text in special if text.startswith("?")), data.get("state", ""))
    value = None
    if state not in (ReplyState.UNKNOWN, ReplyState.NOT_APPLICABLE, ReplyState.CLEARED):
        value = _value(item, data)
        is_photo = item.question.kind == "photo"
        is_given = bool(data.getlist("file")) if is_photo else value not in (None, "", [])
        state = ReplyState.ANSWERED if is_given else ReplyState.CLEARED
    return Sent(
        item.key,
        state,
        value if state == ReplyState.ANSWERED else None,
        data.get("note", ""),
        data.get("links", "").split(),
        [_uuid(text) for text in data.getlist("file")],
        _uuid(data.get("expects", "")) if data.get("expects") else None,
    )


def typed_reply(sent: Sent) -> Reply:
    """Return what was sent as a reply that is not kept."""
    return Reply(
        item=sent.item, state=sent.state, value=sent.value, note=sent.note, links=sent.links
    )


def _value(item: Item, data: QueryDict) -> Any:
    control = control_of(item.question)
    given = data.get("value", "").strip()
    match control:
        case "interval-scale" | "interval-number":
            ends = [data.get(name, "").strip() for name in ("low", "high")]
            if not any(ends):
                return None
            if control == "interval-number":
                ends = [_number(end) for end in ends if end]  # type: ignore[misc]
            low, high = ends[0] or ends[-1], ends[-1] or ends[0]
            return low if low == high else {"low": low, "high": high}
        case "multiple":
            return data.getlist("value")
        case "number":
            return _number(given) if given else None
        case "date":
            return _day(given) if given else None
        case "place":
            ends = [data.get(name, "").strip() for name in ("longitude", "latitude")]
            return [_number(end) for end in ends] if any(ends) else None
        case "photo":
            return None
        case _:
            return given


def _number(text: str) -> float:
    try:
        return float(text.replace("\N{NO-BREAK SPACE}", "").replace(",", "."))
    except ValueError:
        raise RefusedError(_("“%(text)s” is not a number.") % {"text": text[:40]}) from None


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise RefusedError(
            _("“%(text)s” is no day; write it as 2027-12-02.") % {"text": text[:40]}
        ) from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise RefusedError(_("This page is out of date. Load it again.")) from None

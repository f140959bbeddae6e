"""What a section's page shows of each question, and what a form sent back says."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from parvis.assessment import Item
from parvis.assessment.items import entries as entries_of
from parvis.assessment.items import places
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Asked, Section
from parvis_web.accounts.models import User
from parvis_web.assessments.held import Held
from parvis_web.assessments.models import Assessment, Attachment, Reply, ReplyState
from parvis_web.assessments.results import place_words
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.wording import said_words, word

CHOICES = ("single", "scale")
"""Kinds that are answered with one radio button."""


@dataclass
class ChoiceOption:
    """One button or box to choose."""

    key: str
    name: str
    description: str = ""
    tone: str = "neutral"
    is_chosen: bool = False
    is_low: bool = False
    is_high: bool = False


@dataclass
class Card:
    """
    One item as the page shows it.

    Attributes
    ----------
    control : str
        Kind of the question; ``interval-scale`` and ``interval-number`` where a range may be given.
    reply, previous : Reply or None
        What counts now; what the assessment before said.
    odd : list of Reply
        Kept beside `reply` until somebody chooses.
    """

    item: Item
    asked: Asked
    name: str
    guidance: str
    control: str
    options: list[ChoiceOption]
    reply: Reply | None
    previous: Reply | None = None
    previous_words: str = ""
    said: str = ""
    odd: list[tuple[Reply, str]] = field(default_factory=list)
    is_unverified: bool = False
    expects: str = ""
    files: list[Attachment] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Identity of the card in the page."""
        return anchor_of(self.item.key)

    @property
    def state(self) -> str:
        """State of the reply that counts; empty where there is none."""
        return "" if self.reply is None else self.reply.state

    @property
    def value(self) -> Any:
        """Value of the reply that counts, as the file writes it."""
        return self.reply.value if self.reply and self.reply.state == ReplyState.ANSWERED else None

    @property
    def is_choice(self) -> bool:
        """It is answered with one radio button."""
        return self.control in CHOICES

    @property
    def state_field(self) -> str:
        """Name of the field in which a form says that it cannot be said."""
        return "value" if self.is_choice else "value-or-state"

    @property
    def plain(self) -> str:
        """The value as a field shows it."""
        return (
            ""
            if self.value is None
            else f"{self.value:g}"
            if _is_number(self.value)
            else str(self.value)
        )

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends of a range as fields show them; of a place longitude and latitude."""
        value = self.value
        if value is None:
            return "", ""
        if isinstance(value, dict):
            value = (value["low"], value["high"])
        elif not isinstance(value, list):
            value = (value, value)
        return str(value[0]), str(value[1])

    @property
    def has_reasons(self) -> bool:
        """A remark, a link or a file stands with it, or has to."""
        said = self.reply is not None and (
            self.reply.note or self.reply.links or self.state == ReplyState.UNKNOWN
        )
        return bool(said or self.files or self.control == "photo")

    @property
    def is_open(self) -> bool:
        """Nobody has answered it."""
        return self.state in {"", ReplyState.CLEARED}

    @property
    def is_as_before(self) -> bool:
        """It says what the assessment before said."""
        return (
            self.reply is not None
            and self.previous is not None
            and (self.reply.state, self.reply.value) == (self.previous.state, self.previous.value)
        )


def anchor_of(key: str) -> str:
    """Return the identity of an item's card in the page."""
    return "q-" + "".join(sign if sign.isalnum() else "-" for sign in key)


@dataclass(frozen=True)
class Block:
    """One place that a repeated section is asked for."""

    at: tuple[str, ...]
    name: str
    is_current: bool
    is_done: bool

    @property
    def href(self) -> str:
        """Address of the place, seen from its section."""
        return f"?at={quote(self.key)}"

    @property
    def key(self) -> str:
        """As it stands in addresses."""
        return "/".join(self.at)


def blocks_of(
    held: Held,
    section: Section,
    chosen: str,
    language: str,
    *,
    asked: Iterable[Item],
    voice: User | None,
) -> tuple[list[Block], tuple[str, ...]]:
    """Return the places a section is asked for and the one that is shown."""
    size = len(section.repeat)
    said = replies_of(held, voice)
    is_open = {
        item.at[:size]
        for item in asked
        if item.section == section.key
        and item.question.required
        and (item.key not in said or said[item.key].state == ReplyState.CLEARED)
    }
    known = entries_of(held.framework, held.lists)
    all_places = list(places(known, section.repeat))
    at = tuple(chosen.split("/"))[:size] if chosen else ()
    if at not in all_places:
        at = all_places[0] if all_places else ()
    blocks = [
        Block(
            place,
            place_words(held, section.repeat, place, language),
            place == at,
            place not in is_open,
        )
        for place in all_places
    ]
    return blocks, at


def replies_of(held: Held, voice: User | None) -> dict[str, Reply]:
    """Return by item what `voice` says now; the common sheet where None."""
    voice_id = None if voice is None else voice.pk
    return {
        reply.item: reply
        for reply in held.replies
        if reply.is_own_voice == (voice is not None) and (reply.voice_id or None) == voice_id
    }


def cards_of(
    held: Held,
    items: Iterable[Item],
    *,
    voice: User | None,
    language: str,
    previous: Mapping[str, Reply] | None = None,
    odd: Mapping[str, Sequence[Reply]] | None = None,
    typed: Reply | None = None,
) -> list[Card]:
    """Return what the page shows of some items; `typed` was refused and is shown again."""
    replies = replies_of(held, voice)
    cards = []
    for item in items:
        now = replies.get(item.key)
        reply = typed if typed is not None and typed.item == item.key else now
        before = (previous or {}).get(item.key)
        card = Card(
            item,
            item.question,
            word(item.question, language),
            word(item.question, language, "guidance"),
            _control(item.question),
            _options(held.framework, item.question, reply, language),
            reply,
            before,
            said_words(held.framework, item, before, language) if before else "",
            said_words(held.framework, item, reply, language) if reply else "",
            [
                (each, said_words(held.framework, item, each, language))
                for each in (odd or {}).get(item.key, ())
            ],
            _is_unverified(held.framework, item),
            "" if now is None else str(now.pk),
            [] if now is None else [file for file in now.attachments.all() if not file.removed],
        )
        cards.append(card)
    return cards


def _is_unverified(framework: Framework, item: Item) -> bool:
    key = item.question.evidence or (item.table.evidence if item.table else None)
    if key is None:
        section = next(known for known in framework.sections if known.key == item.section)
        key = section.evidence
    return key is not None and not framework.evidence[key].verified


def _control(asked: Asked) -> str:
    kind: str = asked.kind  # type: ignore[attr-defined]
    return f"interval-{kind}" if asked.interval and kind in ("scale", "number") else kind


def _options(
    framework: Framework, asked: Asked, reply: Reply | None, language: str
) -> list[ChoiceOption]:
    value = reply.value if reply and reply.state == ReplyState.ANSWERED else None
    low, high = (value["low"], value["high"]) if isinstance(value, dict) else (value, value)
    chosen = value if isinstance(value, list) else [low]
    if asked.scale:
        known = framework.scale(asked.scale).levels
        tones = [level.tone for level in known]
    else:
        known = asked.options  # type: ignore[assignment]
        tones = ["neutral"] * len(known)
    return [
        ChoiceOption(
            option.key,
            word(option, language),
            word(option, language, "description"),
            tone,
            option.key in chosen,
            option.key == low,
            option.key == high,
        )
        for option, tone in zip(known, tones, strict=True)
    ]


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
    control = _control(item.question)
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


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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


def previous_replies(assessment: Assessment) -> dict[str, Reply]:
    """Return what the assessment before said on its common sheet, by item."""
    if assessment.previous_id is None:
        return {}
    rows = Reply.objects.filter(
        assessment_id=assessment.previous_id, is_current=True, is_own_voice=False
    ).exclude(state=ReplyState.CLEARED)
    return {reply.item: reply for reply in rows}

"""What a section's page shows of each question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parvis.assessment import Item
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Asked
from parvis_web.accounts.models import User
from parvis_web.assessments.computed import Computed, Offer
from parvis_web.assessments.held import Held, replies_of
from parvis_web.assessments.models import Assessment, Attachment, Reply, ReplyState
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
    computed : Offer or None
        What the newest analysis of the space says.
    has_lapsed : bool
        What was chosen is offered no longer, since an earlier answer was changed.
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
    computed: Offer | None = None
    has_lapsed: bool = False

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


def cards_of(
    held: Held,
    items: Iterable[Item],
    *,
    voice: User | None,
    language: str,
    previous: Mapping[str, Reply] | None = None,
    odd: Mapping[str, Sequence[Reply]] | None = None,
    typed: Reply | None = None,
    computed: Computed | None = None,
) -> list[Card]:
    """Return what the page shows of some items; `typed` was refused and is shown again."""
    replies = replies_of(held, voice)
    voice_key = None if voice is None else str(voice.pk)
    offers, lapsed = held.offered(voice_key), held.lapsed(voice_key)
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
            control_of(item.question),
            _options(held.framework, item.question, reply, language, offers.get(item.key)),
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
            computed.offer(held, item.key, now, language) if computed else None,
            item.key in lapsed,
        )
        cards.append(card)
    return cards


def _is_unverified(framework: Framework, item: Item) -> bool:
    key = item.question.evidence or (item.table.evidence if item.table else None)
    if key is None:
        section = next(known for known in framework.sections if known.key == item.section)
        key = section.evidence
    return key is not None and not framework.evidence[key].verified


def control_of(asked: Asked) -> str:
    """Return which fields a question is answered with, see `Card`."""
    kind: str = asked.kind  # type: ignore[attr-defined]
    return f"interval-{kind}" if asked.interval and kind in ("scale", "number") else kind


def _options(
    framework: Framework,
    asked: Asked,
    reply: Reply | None,
    language: str,
    offered: Sequence[str] | None,
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
        if offered is None or option.key in offered
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def previous_replies(assessment: Assessment) -> dict[str, Reply]:
    """Return what the assessment before said on its common sheet, by item."""
    if assessment.previous_id is None:
        return {}
    rows = Reply.objects.filter(
        assessment_id=assessment.previous_id, is_current=True, is_own_voice=False
    ).exclude(state=ReplyState.CLEARED)
    return {reply.item: reply for reply in rows}

"""What goes along on a device: the questions asked on site, map, plan and numbered points."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parvis.assessment import Item, asked_when, offered_when
from parvis.assessment.items import entries
from parvis.io.answer_values import value_document
from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import CORE_AT_MOST, Named, Question
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.held import Held, engine_of
from parvis_web.assessments.models import Assessment, Reply, ReplyState
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.results import place_words
from parvis_web.assessments.rules import asked_sections
from parvis_web.assessments.services_replies import voice_of
from parvis_web.assessments.wording import word
from parvis_web.walks.models import WalkCopy
from parvis_web.walks.places import place_document

Tree = Mapping[str, Any]
"""A condition as `parvis.assessment.asked_when` tells it."""
FORMAT = "parvis-walk/1"
ON_SITE = ("site", "both")
KINDS = {"photo": "evidence"}
"""How the device calls kinds of questions, where not as frameworks do."""


class Walk:
    """
    An assessment as one person answers it on site.

    Attributes
    ----------
    items : list of Item
        The core set first, then what else is asked on site; each in the framework's order.
    core : frozenset of str
        Keys of the core set, `CORE_AT_MOST` at most.
    n_desk : int
        Questions that stay at the desk.
    """

    def __init__(self, actor: Actor, assessment: Assessment) -> None:
        self.held = engine_of(assessment)
        self.voice = voice_of(actor, assessment)
        known = self.held.framework.sections
        own = asked_sections(actor, assessment)
        self.sections = [one for one in known if own is None or one.key in own]
        seen = {section.key for section in self.sections}
        self.withheld = frozenset(one.key for one in known) - seen
        on_site = [
            item for item in self.held.items.values() if item.section in seen and _is_on_site(item)
        ]
        core = [item.key for item in on_site if _question(item).core][:CORE_AT_MOST]
        self.core = frozenset(core)
        self.items = sorted(on_site, key=lambda item: item.key not in self.core)
        n_seen = sum(item.section in seen for item in self.held.items.values())
        self.n_desk = n_seen - len(self.items)

    @property
    def replies(self) -> dict[str, Reply]:
        """What the person's voice says now, by item."""
        voice_id = None if self.voice is None else self.voice.pk
        return {
            reply.item: reply
            for reply in self.held.replies
            if (reply.is_own_voice, reply.voice_id) == (self.voice is not None, voice_id)
        }

    @property
    def voice_key(self) -> str | None:
        """The voice as the library names it."""
        return None if self.voice is None else str(self.voice.pk)


def package(actor: Actor, copy: WalkCopy, *, csrf: str, base: str, issued: str) -> dict[str, Any]:
    """Return everything a device needs to ask the questions of `copy` without a network."""
    assessment = copy.assessment
    walk = Walk(actor, assessment)
    held, language = walk.held, language_of_reader()
    framework = held.framework
    voice, withheld = walk.voice_key, walk.withheld
    trees = asked_when(held.assessment, assessor=voice, withheld=withheld)
    offers = offered_when(held.assessment, assessor=voice, withheld=withheld)
    replies = walk.replies
    shown = {item.key for item in walk.items}
    others = _rested_on(shown, trees, offers)
    sections = {item.section for item in walk.items}
    return {
        "format": FORMAT,
        "copy": str(copy.pk),
        "base": base,
        "issued": issued,
        "expires": copy.expires.isoformat(),
        "csrf": csrf,
        "person": {"name": str(actor.user)},
        "language": language,
        "assessment": {
            "id": str(assessment.pk),
            "subject": assessment.subject_name,
            "framework": {
                "title": word(framework, language),
                "urn": framework.id,
                "version": framework.version,
            },
            "marking": assessment.marking,
            "edit": assessment.edit,
            "is_separate": assessment.is_separate,
            "visited": assessment.visited.isoformat() if assessment.visited else None,
        },
        "sections": [
            {
                "key": one.key,
                "title": word(one, language),
                "guidance": word(one, language, "guidance"),
            }
            for one in walk.sections
            if one.key in sections
        ],
        "items": [
            _item(walk, item, trees[item.key], offers.get(item.key, {}), replies, language)
            for item in walk.items
        ],
        "others": [
            _other(framework, held.items[key], trees[key], offers.get(key, {}), replies.get(key))
            for key in others
        ],
        "n_desk": walk.n_desk,
        "attributes": _attributes(held),
        "lists": _lists(held, language),
        **place_document(actor, assessment),
    }


def _question(item: Item) -> Question:
    assert isinstance(item.question, Question)  # noqa: S101 - cells of tables are left out before
    return item.question


def _is_on_site(item: Item) -> bool:
    if item.table is not None:
        return False
    asked = _question(item)
    return asked.where in ON_SITE and asked.computed_from is None


def _item(
    walk: Walk,
    item: Item,
    tree: Tree | None,
    offers: Mapping[str, Tree],
    replies: Mapping[str, Reply],
    language: str,
) -> dict[str, Any]:
    asked, reply = _question(item), replies.get(item.key)
    said: dict[str, Any] = {
        "key": item.key,
        "section": item.section,
        "title": word(asked, language),
        "guidance": word(asked, language, "guidance"),
        "kind": KINDS.get(asked.kind, asked.kind),
        "allows": {
            "unknown": True,
            "not_applicable": asked.not_applicable,
            "note_required_for": ["unknown"],
        },
        "required": asked.required,
        "core": item.key in walk.core,
        "when": tree,
        "block": _block(walk.held, item, language),
        "reply": _reply(reply) if reply and reply.state != ReplyState.CLEARED else None,
        "expects": str(reply.pk) if reply else None,
    }
    if asked.scale:
        levels = walk.held.framework.scale(asked.scale).levels
        said["levels"] = [
            _choice(level, offers, language) | {"tone": level.tone} for level in levels
        ]
    if asked.options:
        said["options"] = [_choice(option, offers, language) for option in asked.options]
    if asked.kind == "number":
        said |= {
            "unit": asked.unit,
            "minimum": asked.minimum,
            "maximum": asked.maximum,
            "whole": asked.integer,
        }
    return said


def _choice(entry: Named, offers: Mapping[str, Tree], language: str) -> dict[str, Any]:
    """Return an option or level; where `when` is a tree, it applies while that holds."""
    return {
        "key": entry.key,
        "label": word(entry, language),
        "words": word(entry, language, "description"),
        "when": offers.get(entry.key),
    }


def _block(held: Held, item: Item, language: str) -> dict[str, str] | None:
    if not item.lists:
        return None
    return {
        "list": "/".join(item.lists),
        "entry": "/".join(item.at),
        "title": place_words(held, item.lists, item.at, language),
    }


def _reply(reply: Reply) -> dict[str, Any]:
    return {
        "id": str(reply.pk),
        "state": reply.state,
        "value": reply.value,
        "note": reply.note,
        "attachments": [str(file.pk) for file in reply.attachments.all() if not file.removed],
        "answered": reply.answered.isoformat(),
        "by": str(reply.written_by or ""),
    }


def _other(
    framework: Framework,
    item: Item,
    tree: Tree | None,
    offers: Mapping[str, Tree],
    reply: Reply | None,
) -> dict[str, Any]:
    is_said = reply is not None and reply.state != ReplyState.CLEARED
    said: dict[str, Any] = {
        "key": item.key,
        "kind": KINDS.get(item.question.kind, item.question.kind),
        "when": tree,
        "reply": {"state": reply.state, "value": reply.value} if reply and is_said else None,
    }
    asked = item.question
    if asked.scale:
        levels = framework.scale(asked.scale).levels
        said["levels"] = [{"key": one.key, "when": offers.get(one.key)} for one in levels]
    if asked.options:
        said["options"] = [{"key": one.key, "when": offers.get(one.key)} for one in asked.options]
    return said


def _rested_on(
    shown: Iterable[str],
    trees: Mapping[str, Tree | None],
    offers: Mapping[str, Mapping[str, Tree]],
) -> list[str]:
    """Return the items that conditions of `shown` ask about, however indirectly, beside them."""
    found: dict[str, None] = {}
    waiting = list(shown)
    known = set(waiting)
    while waiting:
        item = waiting.pop()
        for tree in (trees[item], *offers.get(item, {}).values()):
            for key in _named(tree):
                if key not in known:
                    known.add(key)
                    found[key] = None
                    waiting.append(key)
    return list(found)


def _named(tree: Tree | None) -> Iterator[str]:
    if tree is None:
        return
    yield from tree.get("items", ())
    for part in (*tree.get("all", ()), *tree.get("any", ())):
        yield from _named(part)
    yield from _named(tree.get("not"))


def _attributes(held: Held) -> dict[str, Any]:
    kinds = {known.key: known.kind for known in held.framework.attributes}
    return {
        key: {"kind": kinds[key], "value": value_document(value)}
        for key, value in held.subject.attributes.items()
    }


def _lists(held: Held, language: str) -> dict[str, Any]:
    """Return the lists with all their entries, by key."""
    texts = {known.key: known for known in held.framework.lists}
    own = {
        (known.key, entry.key): word(entry, language)
        for known in held.framework.lists
        for entry in known.entries
    }
    return {
        key: {
            "title": word(texts[key], language),
            "entries": [
                {"key": entry.key, "title": own.get((key, entry.key), entry.name)}
                for entry in found
            ],
        }
        for key, found in entries(held.framework, held.lists).items()
    }

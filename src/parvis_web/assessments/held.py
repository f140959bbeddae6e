"""How an assessment kept in the database becomes one of the library, and back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, cast

from parvis.assessment import (
    Answer,
    AnswerState,
    EvidenceFile,
    Item,
    ListEntry,
    Progress,
    Result,
    Subject,
    evaluate,
    items,
    lapsed,
    offered,
    progress,
    shown,
)
from parvis.assessment import Assessment as Answered
from parvis.io.answer_values import value_document, value_from
from parvis.io.assessment_file import AssessmentFile, assessment_document
from parvis.packs.framework_models import Framework
from parvis.packs.frameworks import read_framework
from parvis_web.accounts.models import User
from parvis_web.assessments.models import (
    Assessment,
    Attachment,
    FindingDecision,
    FrameworkText,
    Reply,
    ReplyState,
)


@lru_cache(maxsize=128)
def _framework(digest: str, text: str) -> Framework:
    del digest
    return read_framework(text, name="framework")


def framework_from(row: FrameworkText) -> Framework:
    """Return the framework that `row` holds."""
    return _framework(row.digest, row.text)


def framework_of(assessment: Assessment) -> Framework:
    """Return the framework of an assessment, in the version it was begun with."""
    return framework_from(assessment.framework)


class Held:
    """
    An assessment with its current replies, as the library sees it.

    Parameters
    ----------
    row : Assessment
    replies : iterable of Reply, optional
        Read from the database where left out.
    """

    def __init__(self, row: Assessment, replies: Iterable[Reply] | None = None) -> None:
        self.row = row
        self._given = None if replies is None else list(replies)

    @cached_property
    def framework(self) -> Framework:
        """The framework, in the version the assessment was begun with."""
        return framework_of(self.row)

    @cached_property
    def replies(self) -> list[Reply]:
        """What counts now, of every voice."""
        if self._given is not None:
            return self._given
        return list(
            Reply.objects.filter(assessment=self.row, is_current=True)
            .select_related("voice", "written_by")
            .prefetch_related("attachments")
        )

    @cached_property
    def lists(self) -> Mapping[str, tuple[ListEntry, ...]]:
        """Entries that assessors added."""
        return {
            key: tuple(ListEntry(entry["key"], entry["name"]) for entry in rows)
            for key, rows in self.row.entries.items()
        }

    @cached_property
    def subject(self) -> Subject:
        """What is assessed, with its facts."""
        kinds = {known.key: known for known in self.framework.attributes}
        return Subject(
            kind=self.framework.subject,
            name=self.row.subject_name,
            attributes={
                key: value_from(value, kinds[key].kind)  # type: ignore[misc]
                for key, value in self.row.attributes.items()
                if key in kinds
            },
            ref=str(self.row.space_id or ""),
        )

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by its key, in order."""
        return {item.key: item for item in items(self.framework, self.subject, self.lists)}

    @cached_property
    def assessment(self) -> Answered:
        """The assessment as the library takes it."""
        answers = [
            answer_of(reply, self.items[reply.item], reply.attachments.all())
            for reply in self.replies
            if reply.state != ReplyState.CLEARED and reply.item in self.items
        ]
        return Answered(self.framework, self.subject, self.lists, tuple(answers))

    def shown(self, voice: str | None = None) -> Any:
        """Return the items that are asked as things stand, for one voice or for all together."""
        return shown(self.assessment, assessor=voice)

    def offered(self, voice: str | None = None) -> Mapping[str, Sequence[str]]:
        """Return what may be chosen by item, where earlier answers decide it."""
        return offered(self.assessment, assessor=voice)

    def lapsed(self, voice: str | None = None) -> frozenset[str]:
        """Return the items whose answer chose what is offered no longer."""
        return frozenset(answer.item for answer in lapsed(self.assessment, assessor=voice))

    def progress(self, voice: str | None = None) -> Progress:
        """Return how much is answered, by one voice or by all together."""
        return progress(self.assessment, assessor=voice)

    def result(self, on: date) -> Result:
        """Return scores, findings, duties and gaps as of a day."""
        return evaluate(self.assessment, on=on)


def replies_of(held: Held, voice: User | None) -> dict[str, Reply]:
    """Return by item what `voice` says now; the common sheet where None."""
    voice_id = None if voice is None else voice.pk
    return {
        reply.item: reply
        for reply in held.replies
        if reply.is_own_voice == (voice is not None) and (reply.voice_id or None) == voice_id
    }


def engine_of(assessment: Assessment) -> Held:
    """Return an assessment with what counts now."""
    return Held(assessment)


def item_of(assessment: Assessment, key: str) -> Item | None:
    """Return an item by its key, None where the assessment has none such."""
    return Held(assessment, ()).items.get(key)


def answer_of(reply: Reply, item: Item, files: Iterable[Attachment]) -> Answer:
    """Return a reply as the library takes it; who says it is the voice's id."""
    return Answer(
        question=item.name,
        at=item.at,
        state=cast("AnswerState", reply.state),
        value=value_from(reply.value, item.question.kind),
        assessor=str(reply.voice_id or "") if reply.is_own_voice else "",
        note=reply.note,
        evidence=tuple(
            EvidenceFile(file.digest, file.original_name, file.media_type) for file in files
        ),
        when=reply.answered,
    )


def signed_document(assessment: Assessment) -> dict[str, Any]:
    """Return what a signature covers: the assessment's file, links and the decisions on it."""
    held = engine_of(assessment)
    decisions = FindingDecision.objects.filter(assessment=assessment).order_by("created")
    return {
        "assessment": assessment_document(AssessmentFile(held.assessment, assessment.marking)),
        "id": str(assessment.pk),
        "links": {
            str(reply.pk): [reply.item, *reply.links]
            for reply in sorted(held.replies, key=lambda reply: str(reply.pk))
            if reply.links
        },
        "decisions": [
            [row.finding, row.choice, row.reason, row.until.isoformat() if row.until else ""]
            for row in decisions
        ],
    }


def replies_from(carried: Answered, following: Assessment, origin: Assessment) -> Sequence[Reply]:
    """Return the replies of `following` for answers carried over from `origin`."""
    voices = {str(reply.voice_id): reply for reply in engine_of(origin).replies if reply.voice_id}
    rows = []
    for answer in carried.answers:
        speaker = voices.get(answer.assessor)
        rows.append(
            Reply(
                authority=following.authority,
                assessment=following,
                item=answer.item,
                voice=speaker.voice if speaker else None,
                is_own_voice=speaker is not None,
                state=answer.state,
                value=value_document(answer.value),
                note=answer.note,
                source="moved",
                written_by=speaker.written_by if speaker else None,
                answered=answer.when or following.created,
            )
        )
    return rows

"""What the newest analysis of a space answers of its assessment, beside what stands there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.io.kept_results import KeptResultError
from parvis.report.computed import computed_names, computed_values
from parvis_web.accounts.rights import Actor, readable
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach.kept import result_of
from parvis_web.approach.models import Analysis
from parvis_web.assessments.held import Held, replies_of
from parvis_web.assessments.models import Reply, ReplyState
from parvis_web.assessments.rules import Action, asked_sections, can_action
from parvis_web.assessments.services_replies import voice_of
from parvis_web.assessments.wording import said_words
from parvis_web.audit.reads import record_read
from parvis_web.runs.models import RunState
from parvis_web.ui import formats

SOURCE = "analysis"


@dataclass(frozen=True)
class Offer:
    """
    What the newest analysis says of one item.

    Attributes
    ----------
    words : str
        The value in words.
    standing : str
        ``open``: nobody answered; ``taken``: the answer was taken over from this analysis;
        ``same``: somebody says the same; ``outdated``: it was taken over from another analysis,
        which said something else; ``differs``: somebody says something else.
    """

    analysis: Analysis
    value: str | float
    words: str
    standing: str

    @property
    def may_take(self) -> bool:
        """Whether taking it over changes anything."""
        return self.standing in {"open", "outdated", "differs"}


@dataclass(frozen=True)
class Computed:
    """The newest analysis that a person may read, and what it says by item."""

    analysis: Analysis
    values: Mapping[str, str | float] = field(default_factory=dict)

    def offer(self, held: Held, item: str, reply: Reply | None, language: str) -> Offer | None:
        """Return what it says of an item beside `reply`; None where it says nothing."""
        if item not in self.values:
            return None
        value = self.values[item]
        said = Reply(item=item, state=ReplyState.ANSWERED, value=value)
        words = said_words(held.framework, held.items[item], said, language)
        return Offer(self.analysis, value, words, _standing(reply, value, self.analysis))


def computed_of(actor: Actor, held: Held) -> Computed | None:
    """
    Return what the newest analysis that `actor` may read says of an assessment.

    An analysis with a higher marking than the assessment is passed over: its figures would be read
    by people who may not read it.
    """
    assessment = held.row
    names = computed_names(held.assessment) if assessment.space_id else {}
    if not names:
        return None
    most = Marking(assessment.marking).order
    fitting = [marking for marking in Marking if marking.order <= most]
    rows = Analysis.objects.filter(
        space=assessment.space_id,
        removed__isnull=True,
        run__state=RunState.DONE,
        marking__in=fitting,
    )
    analysis = readable(actor, rows).select_related("run").order_by("-created").first()
    if analysis is None:
        return None
    if Marking(analysis.marking).is_restricted:
        record_read(actor, analysis)
    try:
        values = _values(analysis.pk)
    except KeptResultError:
        return None
    return Computed(
        analysis, {item: values[name] for item, name in names.items() if name in values}
    )


def computed_waiting(actor: Actor, held: Held, computed: Computed | None) -> dict[str, str | float]:
    """Return, by item, what `actor` can take over at once: nobody's own answer is replaced."""
    if computed is None or not can_action(actor, Action.ANSWER, held.row):
        return {}
    voice = voice_of(actor, held.row)
    own = asked_sections(actor, held.row)
    replies = replies_of(held, voice)
    asked = held.shown(None if voice is None else str(voice.pk))
    return {
        item.key: computed.values[item.key]
        for item in asked
        if item.key in computed.values
        and (own is None or item.section in own)
        and _standing(replies.get(item.key), computed.values[item.key], computed.analysis)
        in {"open", "outdated"}
    }


def origin_words(analysis: Analysis) -> str:
    """Return the remark of an answer that was taken over: from which analysis it is."""
    day = formats.day(timezone.localdate(analysis.created))
    return _("From the approach analysis of %(day)s, run %(run)s.") % {
        "day": day,
        "run": str(analysis.run_id)[:8],
    }


def remark(before: Reply | None, analysis: Analysis) -> str:
    """Return the remark of an answer taken over; what somebody wrote themselves stays."""
    own = before.note if before is not None and before.source != SOURCE else ""
    return own or origin_words(analysis)


def _standing(reply: Reply | None, value: str | float, analysis: Analysis) -> str:
    if reply is None or reply.state == ReplyState.CLEARED:
        return "open"
    is_same = reply.state == ReplyState.ANSWERED and reply.value == value
    if reply.analysis_id is None:
        return "same" if is_same else "differs"
    if is_same:
        return "taken"
    return "outdated" if reply.analysis_id != analysis.pk else "differs"


@lru_cache(maxsize=256)
def _values(pk: UUID) -> Mapping[str, str | float]:
    """Results are never changed, so that each is read once."""
    return computed_values(result_of(Analysis.objects.get(pk=pk)))

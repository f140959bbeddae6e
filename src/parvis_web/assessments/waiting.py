"""Which findings wait for a decision longer than they should?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.assessments.held import Held
from parvis_web.assessments.models import (
    Assessment,
    AssessmentState,
    Choice,
    FindingDecision,
    Reply,
)
from parvis_web.assessments.queries import assessments_of, language_of_reader
from parvis_web.assessments.results import ShownFinding, finding_key, shown_finding
from parvis_web.assessments.wording import word

if TYPE_CHECKING:
    from django.db.models import QuerySet

WAITS_AT_MOST = timedelta(days=30)
"""From the day an assessment was put forward; decisions/findings-wait-thirty-days.md says why."""


@dataclass(frozen=True)
class Waiting:
    """
    An assessment with findings nobody decided about in time, or that are to be looked at again.

    `findings` is empty where its marking lets it be read on its own page only.
    """

    assessment: Assessment
    framework_name: str
    since: date
    n_findings: int
    findings: Sequence[ShownFinding]


def overdue_assessments(actor: Actor) -> "QuerySet[Assessment]":
    """Return the assessments put forward long enough ago, oldest first."""
    states = (AssessmentState.IN_REVIEW, AssessmentState.SIGNED)
    return (
        assessments_of(actor)
        .filter(state__in=states)
        .annotate(since=Coalesce(F("submitted"), F("edited")))
        .filter(since__lte=timezone.now() - WAITS_AT_MOST)
        .order_by("since")
    )


def waiting_of(assessments: Sequence[Assessment], *, on: date) -> list[Waiting]:
    """Return what waits of some of `overdue_assessments` as of a day; three queries."""
    replies: dict[object, list[Reply]] = defaultdict(list)
    rows = Reply.objects.filter(assessment__in=assessments, is_current=True)
    for reply in rows.select_related("voice").prefetch_related("attachments"):
        replies[reply.assessment_id].append(reply)
    decisions: dict[object, dict[str, FindingDecision]] = defaultdict(dict)
    for decision in FindingDecision.objects.filter(assessment__in=assessments):
        decisions[decision.assessment_id].setdefault(decision.finding, decision)
    found = []
    for row in assessments:
        waiting = _waiting(row, Held(row, replies[row.pk]), decisions[row.pk], on)
        if waiting.n_findings:
            found.append(waiting)
    return found


def _waiting(row: Assessment, held: Held, decided: dict[str, FindingDecision], on: date) -> Waiting:
    language = language_of_reader()
    open_ones = [
        each for each in held.result(on).findings if _is_open(decided.get(finding_key(each)), on)
    ]
    is_told = not Marking(row.marking).is_restricted
    shown = [shown_finding(held, each, decided, language) for each in open_ones] if is_told else []
    since = timezone.localdate(row.submitted or row.edited)
    return Waiting(row, word(held.framework, language), since, len(open_ones), shown)


def _is_open(decision: FindingDecision | None, on: date) -> bool:
    if decision is None:
        return True
    is_again = decision.choice == Choice.LATER and decision.until is not None
    return is_again and decision.until <= on  # type: ignore[operator]

"""What waits for somebody to see to it: findings without a decision, measures near their day."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from parvis_web.accounts.rights import Actor
from parvis_web.assessments.waiting import overdue_assessments, waiting_of
from parvis_web.measures.models import OPEN_STATES
from parvis_web.measures.queries import measures_of

SOON = timedelta(days=30)
MOST_ASSESSMENTS = 20
"""Looked through for findings; the oldest first."""


@dataclass(frozen=True)
class Due:
    """
    How much waits.

    Attributes
    ----------
    n_findings, n_assessments : int
        Findings that wait too long, and of how many assessments.
    n_overdue, n_soon : int
        Open measures past their day, and those whose day comes within `SOON`.
    is_more : bool
        There are assessments that were not looked through.
    """

    n_findings: int
    n_assessments: int
    n_overdue: int
    n_soon: int
    is_more: bool

    @property
    def is_nothing(self) -> bool:
        """Nothing waits."""
        return not (self.n_findings or self.n_overdue or self.n_soon)


def due_of(actor: Actor) -> Due:
    """Return how much waits in an authority, of what `actor` may know of."""
    today = timezone.localdate()
    assessments = list(overdue_assessments(actor)[: MOST_ASSESSMENTS + 1])
    waiting = waiting_of(assessments[:MOST_ASSESSMENTS], on=today)
    days = list(
        measures_of(actor)
        .filter(state__in=OPEN_STATES, due__lte=today + SOON)
        .values_list("due", flat=True)
    )
    n_overdue = sum(day is not None and day < today for day in days)
    return Due(
        sum(each.n_findings for each in waiting),
        len(waiting),
        n_overdue,
        len(days) - n_overdue,
        len(assessments) > MOST_ASSESSMENTS,
    )

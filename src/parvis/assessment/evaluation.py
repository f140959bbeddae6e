"""All that follows from an assessment as of a day."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace

from parvis.assessment.agreement import agreement, differences, n_compared
from parvis.assessment.findings import duties, findings, gaps
from parvis.assessment.model import Assessment
from parvis.assessment.progress import progress_of
from parvis.assessment.reading import Reading, read
from parvis.assessment.results import Gap, Result, ScoreResult
from parvis.assessment.scores import score_at
from parvis.packs.framework_models import Framework


def evaluate(assessment: Assessment, *, on: datetime.date) -> Result:
    """
    Return scores, findings, duties and gaps of an assessment.

    Where people's own answers are held back from small groups, nobody's differ from another's:
    differences, agreement and what single people gave as reasons are left out. As long as the
    group is smaller than that, so are findings that hold and what somebody could not say.

    Parameters
    ----------
    assessment : Assessment
    on : date
        Day as of which duties are told.

    Returns
    -------
    Result
        The same for the same input, in whatever order answers were given.

    Raises
    ------
    AnswerError
        If an answer is none that its question takes.
    """
    reading = read(assessment)
    least = least_group(assessment.framework)
    are_people = least > 1
    is_small = are_people and reading.people() < least
    differing = () if are_people else differences(reading.sheet, reading.answers)
    return Result(
        on=on,
        scores=tuple(scores(reading)),
        findings=() if is_small else findings(reading),
        undecided_findings=findings(reading, undecided=True),
        duties=duties(reading, on=on),
        undecided_duties=duties(reading, on=on, undecided=True),
        gaps=tuple(_unattributed(gaps(reading), is_small)) if are_people else gaps(reading),
        progress=progress_of(reading),
        agreement=() if are_people else agreement(assessment),
        differences=tuple(d for d in differing if not d.is_settled or d.needs_rationale),
        n_compared=0 if are_people else n_compared(reading.sheet, reading.answers),
        n_assessors=reading.people(),
    )


def least_group(framework: Framework) -> int:
    """Return how many people must have answered before anything that follows is told; else 1."""
    return max((score.least_group for score in framework.scores), default=1)


def _unattributed(found: Iterable[Gap], is_small: bool) -> Iterator[Gap]:
    for gap in found:
        if not is_small or gap.kind in ("missing", "attribute", "finding"):
            yield replace(gap, notes=())


def scores(reading: Reading) -> Iterator[ScoreResult]:
    """Yield every score, slice by slice."""
    for score in reading.sheet.framework.scores:
        for at in reading.sheet.slices(score.by):
            found = score_at(reading, score, at)
            if found is not None:
                yield found

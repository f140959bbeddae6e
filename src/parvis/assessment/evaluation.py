"""All that follows from an assessment as of a day."""

import datetime
from collections.abc import Iterator

from parvis.assessment.agreement import agreement, differences, n_compared
from parvis.assessment.findings import duties, findings, gaps
from parvis.assessment.model import Assessment
from parvis.assessment.progress import progress_of
from parvis.assessment.reading import Reading, read
from parvis.assessment.results import Result, ScoreResult
from parvis.assessment.scores import score_at


def evaluate(assessment: Assessment, *, on: datetime.date) -> Result:
    """
    Return scores, findings, duties and gaps of an assessment.

    Where people's own answers are held back from small groups, nobody's differ from another's:
    differences and agreement are left out.

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
    are_people = any(score.least_group > 1 for score in assessment.framework.scores)
    differing = () if are_people else differences(reading.sheet, reading.answers)
    return Result(
        on=on,
        scores=tuple(scores(reading)),
        findings=findings(reading),
        undecided_findings=findings(reading, undecided=True),
        duties=duties(reading, on=on),
        undecided_duties=duties(reading, on=on, undecided=True),
        gaps=gaps(reading),
        progress=progress_of(reading),
        agreement=() if are_people else agreement(assessment),
        differences=tuple(d for d in differing if not d.is_settled or d.needs_rationale),
        n_compared=0 if are_people else n_compared(reading.sheet, reading.answers),
        n_assessors=reading.people(),
    )


def scores(reading: Reading) -> Iterator[ScoreResult]:
    """Yield every score, slice by slice."""
    for score in reading.sheet.framework.scores:
        for at in reading.sheet.slices(score.by):
            found = score_at(reading, score, at)
            if found is not None:
                yield found

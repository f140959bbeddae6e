"""Scores over people: spread between assessors or partners, needs for training."""

from collections.abc import Iterable, Sequence
from statistics import fmean, median

from parvis.assessment.figures import values_of
from parvis.assessment.model import Item
from parvis.assessment.reading import Reading
from parvis.assessment.results import (
    At,
    BorichResult,
    BorichRow,
    Figure,
    SpreadResult,
    SpreadRow,
)
from parvis.assessment.sheet import Place, agrees
from parvis.packs.framework_scores import Borich, Spread

DIGITS = 9


def spread(reading: Reading, score: Spread, at: At) -> SpreadResult:
    """
    Return median and range over assessors of each reference, and which is the weakest.

    Where a reference means several items, each assessor counts with the median of theirs.
    """
    place = dict(zip(score.by, at, strict=True))
    each = reading.of_each_assessor()
    rows = tuple(
        _spread_row(reference, [*_said(each.values(), reference, place)], score.least_group)
        for reference in score.of
    )
    medians = [row.median for row in rows if row.median is not None]
    weakest = tuple(row.of for row in rows if medians and row.median == min(medians))
    return SpreadResult(score.key, score.method, at, rows, weakest)


def borich(reading: Reading, score: Borich, at: At) -> BorichResult:
    """
    Return the mean weighted discrepancy score of each item, greatest first.

    Notes
    -----
    ``(importance - competence) * mean(importance)``, mean over the people who rated both [1]_.

    References
    ----------
    .. [1] G. D. Borich, "A needs assessment model for conducting follow-up studies", Journal of
       Teacher Education 31(3), 1980, 39-42.
    """
    place = dict(zip(score.by, at, strict=True))
    each = list(reading.of_each_assessor().values())
    competence = {item.at: item for item in reading.sheet.valued(score.competence)}
    rows = [
        _borich_row(each, item, competence[item.at], score.least_group)
        for item in reading.sheet.valued(score.importance)
        if agrees(item, place) and item.at in competence
    ]
    rows.sort(key=lambda row: (row.mwds is None, -(row.mwds or 0.0), row.item))
    return BorichResult(score.key, score.method, at, tuple(rows))


def _said(each: Iterable[Reading], reference: str, place: Place) -> Iterable[float]:
    for reading in each:
        told = [*_told(reading, reference, place)]
        if told:
            yield median(told)


def _told(reading: Reading, reference: str, place: Place) -> Iterable[float]:
    from parvis.assessment.scores import score_at

    head, _, key = reference.partition(":")
    if head == "score":
        score = reading.sheet.names.scores[key]
        for at in reading.sheet.slices_at(score.by, place):
            found = score_at(reading, score, at)
            if isinstance(found, Figure) and found.low is not None and found.high is not None:
                yield (found.low + found.high) / 2.0
        return
    for item in reading.sheet.valued(reference):
        value = _value(reading, item) if agrees(item, place) else None
        if value is not None:
            yield value


def _value(reading: Reading, item: Item) -> float | None:
    """Return the middle of what one assessor said; None where that is no number."""
    known = reading.holds_of(item)
    if not known.is_known or not reading.is_shown(item):
        return None
    low, high = values_of(reading, item.question, known)
    return (low + high) / 2.0


def _spread_row(reference: str, said: Sequence[float], least_group: int) -> SpreadRow:
    if 0 < len(said) < least_group:
        return SpreadRow(reference, None, None, None, None, is_hidden=True)
    if not said:
        return SpreadRow(reference, 0, None, None, None, is_hidden=False)
    return SpreadRow(reference, len(said), median(said), min(said), max(said), is_hidden=False)


def _borich_row(each: Sequence[Reading], item: Item, other: Item, least_group: int) -> BorichRow:
    pairs = [
        (importance, competence)
        for reading in each
        if (importance := _value(reading, item)) is not None
        and (competence := _value(reading, other)) is not None
    ]
    if len(pairs) < max(least_group, 1):
        n = None if pairs else 0
        return BorichRow(item.key, item.at, n, None, None, None, is_hidden=bool(pairs))
    importance = fmean(first for first, _ in pairs)
    competence = fmean(second for _, second in pairs)
    mwds = round((importance - competence) * importance, DIGITS)
    return BorichRow(item.key, item.at, len(pairs), importance, competence, mwds, is_hidden=False)

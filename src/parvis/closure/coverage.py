"""Whether the ratings of a product cover the classes that arrive at a line."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

from parvis.approach.ratings import Rating, Verdict, match_rating, parse_rating
from parvis.approach.results import ClassAtPoint
from parvis.closure.results import Coverage

NONE_TESTED = "NONE_TESTED"
"""Verdict where no test reaches the speed or the mass."""

_RANK = {Verdict.EXACT: 0, Verdict.DOMINATES: 1, Verdict.KE_INDICATIVE: 2, Verdict.FAIL: 3}


def cover_class(
    entry: ClassAtPoint, ratings: Iterable[str], *, accepted_classes: Collection[str] = ()
) -> Coverage:
    """
    Compare what one product holds with what a class requires at a line.

    Parameters
    ----------
    entry : ClassAtPoint
        The class with its required rating and its penetration limit at the line.
    ratings : iterable of str
        All ratings that the one product holds; none: unrated.
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.

    Returns
    -------
    Coverage
        By the rating that comes closest; among those that suffice, the one with the least energy.
        Energy alone never suffices.

    Raises
    ------
    RatingError
        If a rating cannot be read.
    """
    return _cover(
        entry.vehicle,
        entry.required_rating,
        entry.rating_reason,
        entry.penetration_limit,
        tuple(ratings),
        frozenset(accepted_classes),
    )


def cover_classes(
    entries: Sequence[ClassAtPoint],
    ratings: Sequence[str],
    *,
    accepted_classes: Collection[str] = (),
) -> tuple[Coverage, ...]:
    """Return the coverage of each class, in their order; see `cover_class`."""
    return tuple(
        cover_class(entry, ratings, accepted_classes=accepted_classes) for entry in entries
    )


def weaker(one: Coverage, other: Coverage) -> Coverage:
    """Return which of two coverages of a class, by products side by side, lets it through."""
    return one if not one.holds or other.holds else other


@lru_cache(maxsize=65536)
def _cover(
    vehicle: str,
    notation: str,
    untested: str,
    limit: float,
    ratings: tuple[str, ...],
    accepted: frozenset[str],
) -> Coverage:
    if not notation:
        return Coverage(vehicle, "", "", NONE_TESTED, False, untested)
    required = read_rating(notation)
    best: tuple[tuple[bool, int, float], Coverage] | None = None
    for text in ratings:
        offered = read_rating(text)
        match = match_rating(required, offered, penetration_limit=limit, accepted_classes=accepted)
        holds = match.is_acceptable
        is_short = match.verdict in (Verdict.FAIL, Verdict.KE_INDICATIVE)
        is_told_by_match = holds or is_short or not match.conditions
        reason = match.reason.code if is_told_by_match else match.conditions[0].code
        rank = (not holds, _RANK[match.verdict], offered.energy if holds else -offered.energy)
        found = Coverage(vehicle, notation, text, match.verdict.value, holds, reason)
        if best is None or rank < best[0]:
            best = (rank, found)
    if best is None:
        return Coverage(vehicle, notation, "", Verdict.FAIL.value, False, "unrated")
    return best[1]


@cache
def read_rating(text: str) -> Rating:
    """Return a rating that was written in a pack or made by an analysis."""
    return parse_rating(text)

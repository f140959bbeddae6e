"""Answer by what an authority may order its assessments: never by how exposed a space is."""

from collections.abc import Sequence
from enum import StrEnum

from parvis.errors import InputError


class CriterionUnknownError(InputError):
    """A criterion was stated that an assessment programme does not know, or one twice."""

    code = "criterion_unknown"


class CriteriaMissingError(InputError):
    """A programme has no order without criteria."""

    code = "criteria_missing"


class TableNeededError(InputError):
    """A criterion needs the authority's table of spaces."""

    code = "programme_table_needed"


class Criterion(StrEnum):
    """
    What the spaces of a programme may be ordered by.

    The first five come from the authority's own table, the last three say how well a space is
    known. Speeds, energies, ratings and widths are no members, and so no programme can be ordered
    by them.
    """

    EVENTS = "events"
    PEOPLE = "people"
    WORKS = "works"
    NEXT_EVENT = "next-event"
    LAST_ASSESSMENT = "last-assessment"
    DATA_GRADE = "data-grade"
    UNKNOWN_GROUND = "unknown-ground"
    FACTS_TO_MEASURE = "facts-to-measure"


FROM_TABLE = frozenset(
    {
        Criterion.EVENTS,
        Criterion.PEOPLE,
        Criterion.WORKS,
        Criterion.NEXT_EVENT,
        Criterion.LAST_ASSESSMENT,
    }
)
"""Criteria that need the authority's table of spaces."""


def stated_criteria(words: Sequence[str]) -> tuple[Criterion, ...]:
    """
    Return the criteria an authority states, in its order.

    Parameters
    ----------
    words : sequence of str

    Raises
    ------
    CriteriaMissingError
        None is stated.
    CriterionUnknownError
        A word is no criterion, or stands twice.

    Examples
    --------
    >>> [str(item) for item in stated_criteria(["works", "Events"])]
    ['works', 'events']
    """
    accepted = ", ".join(Criterion)
    found: list[Criterion] = []
    for word in words:
        plain = word.strip().lower().replace("_", "-").replace(" ", "-")
        if not plain:
            continue
        if plain not in set(Criterion):
            problem = "is no criterion of an assessment programme"
            raise CriterionUnknownError(value=word.strip(), problem=problem, accepted=accepted)
        if Criterion(plain) in found:
            raise CriterionUnknownError(value=plain, problem="stands twice", accepted=accepted)
        found.append(Criterion(plain))
    if not found:
        raise CriteriaMissingError(accepted=accepted)
    return tuple(found)


def check_table(criteria: Sequence[Criterion], *, has_table: bool) -> None:
    """
    Refuse criteria that speak of what only the authority's table can say, where there is none.

    Raises
    ------
    TableNeededError
    """
    needed = [item for item in criteria if item in FROM_TABLE]
    if needed and not has_table:
        raise TableNeededError(criteria=", ".join(needed))

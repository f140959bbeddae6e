"""Which questions of an assessment an analysis answers, and with which value."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from parvis.approach.ratings import parse_rating
from parvis.approach.results import ApproachResult
from parvis.assessment import Answer, Assessment, Value, items
from parvis.packs.framework_questions import Question
from parvis.report.speech import fastest_class, first_speed, spoken_speed


@dataclass(frozen=True)
class Filled:
    """
    What became of an assessment when an analysis answered.

    Attributes
    ----------
    assessment : Assessment
    taken : mapping of str to str or float
        New answers by item.
    same : tuple of str
        Items that said so already.
    differs : mapping of str to tuple
        By item, what stands there and what the analysis says.
    """

    assessment: Assessment
    taken: Mapping[str, str | float]
    same: tuple[str, ...]
    differs: Mapping[str, tuple[Value, str | float]]


def computed_values(result: ApproachResult) -> Mapping[str, str | float]:
    """
    Return what an analysis says, by the names that frameworks call it.

    Parameters
    ----------
    result : ApproachResult

    Returns
    -------
    mapping of str to str or float
        Keys of `parvis.packs.framework_questions.COMPUTED`. Speeds are those a person is told
        first; an access point counts as open unless a rated barrier stands there. Without an
        access point there is neither speed nor rating, and no rating where one of the points
        needs more than what is tested.
    """
    points = result.access_points
    found: dict[str, str | float] = {
        "approach.n_access_points": float(len(points)),
        "approach.n_open_access_points": float(sum(each.existing != "rated" for each in points)),
        "approach.grade": str(result.grade),
        "space.area_m2": float(round(result.area)),
    }
    fastest = max((first_speed(fastest_class(each)) for each in points), default=math.nan)
    if math.isfinite(fastest):
        found["approach.greatest_speed_kmh"] = float(spoken_speed(fastest))
    governing = [
        entry for each in points for entry in each.classes if entry.vehicle == each.governing
    ]
    ratings = [entry.required_rating for entry in governing]
    if ratings and all(ratings):
        hardest = max(ratings, key=lambda text: parse_rating(text).energy)
        found["approach.least_required_rating"] = hardest
    return found


def computed_names(assessment: Assessment) -> Mapping[str, str]:
    """Return, by item, the name of what an analysis can answer; in the order of the questions."""
    listed = items(assessment.framework, assessment.subject, assessment.lists)
    return {
        item.key: item.question.computed_from
        for item in listed
        if isinstance(item.question, Question) and item.question.computed_from
    }


def computed_answers(assessment: Assessment, result: ApproachResult) -> Mapping[str, str | float]:
    """Return, by item, the values that an analysis gives for an assessment."""
    values = computed_values(result)
    names = computed_names(assessment)
    return {item: values[name] for item, name in names.items() if name in values}


def filled(
    assessment: Assessment,
    result: ApproachResult,
    *,
    assessor: str,
    when: dt.datetime,
    replaces: bool = False,
) -> Filled:
    """
    Answer what an analysis knows.

    Parameters
    ----------
    assessment : Assessment
    result : ApproachResult
        Named by the note of each new answer.
    assessor : str
        Who answers.
    when : datetime
    replaces : bool
        Answers of `assessor` that say something else are replaced; otherwise they stay.
    """
    there = {each.item: each for each in assessment.answers if each.assessor == assessor}
    run = str(result.provenance["run_id"])[:16]
    taken: dict[str, str | float] = {}
    same: list[str] = []
    differs: dict[str, tuple[Value, str | float]] = {}
    for item, value in computed_answers(assessment, result).items():
        before = there.get(item)
        if before is not None and before.value == value:
            same.append(item)
        elif before is not None and not replaces:
            differs[item] = (before.value, value)
        else:
            taken[item] = value
    new = [
        Answer(item, value=value, assessor=assessor, note=f"approach analysis {run}", when=when)
        for item, value in taken.items()
    ]
    return Filled(assessment.with_answers(new), taken, tuple(same), differs)

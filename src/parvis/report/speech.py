"""How is a figure said to a person? One place decides on rounding, caution and qualification."""

import math

from parvis.approach.results import AccessPoint, ApproachResult, ClassAtPoint, Notice
from parvis.approach.vehicles import load_vehicle_classes
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS, Grade

SPEED_STEP = 5
"""Speeds are said in steps of this many km/h, upwards."""

MOST_TO_MEASURE = 8
"""Inputs that a person is asked to measure first; the survey sheet and exports hold all."""

PLANNING = "planning-assumption"
"""Kind of a statement that is the authority's own assumption, not one about a threat."""

TINY = 1e-9
"""Of a step: keeps 25.000000001 km/h, a matter of floating point, from being said as 30."""


def round_up(value: float, step: float) -> float:
    """
    Round up to a whole number of steps.

    Parameters
    ----------
    value : float
        Any unit; finite.
    step : float
        Same unit, > 0.

    Returns
    -------
    float
        The smallest multiple of `step` that is not below `value` (less a billionth of a step).

    Examples
    --------
    >>> round_up(61.2, 5)
    65.0
    >>> round_up(65.0, 5)
    65.0
    """
    steps = math.ceil(value / step - TINY)
    return steps / (1 / step) if step < 1 else float(steps * step)


def spoken_speed(speed: float) -> int:
    """
    Return the speed a person is told first: in km/h, rounded up to 5 km/h.

    Parameters
    ----------
    speed : float
        [m s⁻¹], finite, >= 0.

    Examples
    --------
    >>> spoken_speed(17.0)
    65
    """
    return int(round_up(speed * KMH_PER_MPS, SPEED_STEP))


def governing_class(point: AccessPoint) -> ClassAtPoint:
    """Return the class whose required rating governs at `point`."""
    return next(entry for entry in point.classes if entry.vehicle == point.governing)


def fastest_class(point: AccessPoint) -> ClassAtPoint:
    """
    Return the class whose first speed is highest at `point`; the first in pack order of equals.

    It is another one than the governing class where a light vehicle is faster than the heavy one
    whose energy decides the rating.
    """
    return max(
        point.classes, key=lambda entry: (math.isfinite(first_speed(entry)), first_speed(entry))
    )


def first_speed(entry: ClassAtPoint) -> float:
    """
    Return the cautious speed, or the physical limit where there is no cautious one.

    Returns
    -------
    float
        [m s⁻¹]. A class that enters on the upper ground only has a physical limit alone.
    """
    return entry.speed.cautious if math.isfinite(entry.speed.cautious) else entry.speed.limit


def rating_text(entry: ClassAtPoint, wording: Wording) -> str:
    """Return the required rating in figures, or the sentence that says why there is none."""
    if entry.required_rating:
        return entry.required_rating
    return wording(f"rating_reason.{entry.rating_reason}")


def grade_reasons(point: AccessPoint, wording: Wording) -> list[str]:
    """Return why the result at `point` is no better than its grade, one phrase each."""
    reasons = [wording(f"clear_width_reason.{point.clear_width_reason}")]
    if point.only_limit:
        reasons.append(wording("only_limit"))
    if point.over_steps:
        reasons.append(wording("over_steps"))
    binding = governing_class(point).binding
    if binding is not None and binding.changes_in_box:
        reasons.append(wording("changes_in_box"))
    return reasons


def grade_text(point: AccessPoint, wording: Wording) -> str:
    """Return the grade in words with its reasons, e.g. ``"screening only: clear width …"``."""
    reasons = grade_reasons(point, wording)
    if point.grade is not Grade.C and point.clear_width_grade is point.grade:
        reasons = reasons[1:]
    said = wording(f"grade.{point.grade}")
    return f"{said}: {'; '.join(reasons)}" if reasons else said


def summary(result: ApproachResult, wording: Wording) -> str:
    """
    Return the one sentence a person reads first; never "safe".

    Without an access point it says what was looked at and what the data cannot know.
    """
    classes = wording.join(
        [wording.vehicle(vehicle.key, vehicle.name) for vehicle in result.vehicles]
    )
    if not result.access_points:
        return wording("no_access_point", classes=classes)
    point = fastest_point(result)
    entry = fastest_class(point)
    return wording(
        "access_points_found",
        count=len(result.access_points),
        number=point.id,
        speed=spoken_speed(first_speed(entry)),
        vehicle=vehicle_name(result, entry.vehicle, wording),
    )


def fastest_point(result: ApproachResult) -> AccessPoint:
    """Return the access point with the highest first speed of any class."""
    return max(result.access_points, key=lambda point: first_speed(fastest_class(point)))


def vehicle_name(result: ApproachResult, key: str, wording: Wording) -> str:
    """Return the name of a class of this result in the reader's language."""
    name = next((vehicle.name for vehicle in result.vehicles if vehicle.key == key), key)
    return wording.vehicle(key, name)


def threat_text(result: ApproachResult, wording: Wording) -> str:
    """Return which statement or assumption chose the vehicle classes, or that there is none."""
    statement = result.threat_statement
    if statement is None:
        keys = [vehicle.key for vehicle in result.vehicles]
        if keys == [vehicle.key for vehicle in load_vehicle_classes()]:
            return wording("no_threat_statement")
        return wording("classes_chosen", classes=wording.join(keys))
    said = "planning_assumption" if statement.get("kind") == PLANNING else "threat_statement"
    return wording(
        said,
        reference=statement.get("reference", "–"),
        authority=statement.get("authority", "–"),
        date=statement.get("date", "–"),
    )


def notice_texts(result: ApproachResult, wording: Wording) -> list[str]:
    """Return one sentence per notice; an unknown code is shown with its facts, not dropped."""
    return [notice_text(notice, wording) for notice in result.notices]


def notice_text(notice: Notice, wording: Wording) -> str:
    """Return the sentence of one notice."""
    fields = {key: _fact(key, value, wording) for key, value in notice.details.items()}
    if wording.has(f"notice.{notice.code}"):
        return wording.lenient(f"notice.{notice.code}", notice.count, fields)
    facts = ", ".join(f"{key}: {value}" for key, value in sorted(fields.items()))
    return wording("notice_unknown", code=notice.code, number=notice.count, facts=facts or "–")


def _fact(key: str, value: object, wording: Wording) -> str:
    """Return a fact of a notice in words; its key tells the unit."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if key.endswith("share"):
            return f"{wording.number(100 * value)} %"
        return wording.number(value, 0 if float(value).is_integer() or abs(value) >= 10 else 1)
    return str(value)

"""Whether a rating meets a required one, and which one a place requires."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from parvis.approach.ratings.rating import (
    MANUAL,
    RELATIVE_TOLERANCE,
    SQUARE_ON,
    Rating,
    is_at_least,
    number_text,
    out_of_range,
    system_of,
    words_of,
)
from parvis.approach.vehicles import VehicleClass
from parvis.terms import KMH_PER_MPS

REQUIRING_SYSTEM = "iso-22343-1"


class Verdict(StrEnum):
    """How an offered rating stands to a required one."""

    EXACT = "EXACT"
    DOMINATES = "DOMINATES"
    KE_INDICATIVE = "KE_INDICATIVE"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Remark:
    """A stable code, and the facts its sentence needs."""

    code: str
    details: tuple[tuple[str, str], ...] = ()

    def sentence(self, language: str = "en") -> str:
        """Return the sentence, in English where `language` has none."""
        return words_of(language)[self.code].format(**dict(self.details))


@dataclass(frozen=True, slots=True)
class RatingMatch:
    """
    Whether an offered rating meets a required one.

    Attributes
    ----------
    verdict : Verdict
    reason : Remark
        Why.
    conditions : tuple of Remark
        What must be settled for this offer before it may be accepted.
    checks : tuple of Remark
        What no rating covers and is checked for every barrier.
    """

    verdict: Verdict
    reason: Remark
    conditions: tuple[Remark, ...]
    checks: tuple[Remark, ...]

    @property
    def is_acceptable(self) -> bool:
        """Whether the rating suffices as it stands; energy alone never does."""
        return self.verdict in (Verdict.EXACT, Verdict.DOMINATES) and not self.conditions


_CHECKS = tuple(
    Remark(code)
    for code in ("ground_as_tested", "clear_gap", "array_length_as_tested", "lowered_state")
)


def match_rating(
    required: Rating,
    offered: Rating,
    *,
    penetration_limit: float | None = None,
    accepted_classes: Collection[str] = (),
) -> RatingMatch:
    """
    Decide whether an offered rating meets a required one.

    Parameters
    ----------
    required : Rating
        Without a stated standard it is read as one of ISO 22343-1.
    offered : Rating
    penetration_limit : float, optional
        Stand-off to people less the installation margin. [m], >= 0. Without it the penetration of
        `required` is the limit, and without that penetration is not compared.
    accepted_classes : collection of str, optional
        Test vehicle classes whose front an adviser accepted as at least as demanding.

    Returns
    -------
    RatingMatch

    Raises
    ------
    RatingValueError
        If the limit is below zero.

    Notes
    -----
    ``EXACT``: same family of standards, same class, mass and speed at least as required.
    ``DOMINATES``: another class with at least the mass and speed, once an adviser accepts its
    front. ``KE_INDICATIVE``: only the energy suffices; never accepted by itself. ``FAIL``: else.
    Penetrations of different datums are not compared, except that one which exceeds the limit
    fails: every other datum gives less than the attack face.

    Examples
    --------
    >>> from parvis.approach.ratings import parse_rating
    >>> required = parse_rating("V/7200[N2B]/64/90")
    >>> match_rating(required, parse_rating("V/7200[N2B]/80/90:1.1")).verdict.value
    'EXACT'
    >>> match_rating(required, parse_rating("ASTM F2656-15 M50/P1")).reason.code
    'energy_only'
    """
    required = _requirement(required)
    limit = required.penetration if penetration_limit is None else penetration_limit
    if limit < 0.0:
        raise out_of_range(("penetration_limit", limit, "zero or more"))
    conditions = _conditions(required, offered, limit, accepted_classes)
    failure = _failure(required, offered, limit)
    if failure is not None:
        return RatingMatch(Verdict.FAIL, failure, conditions, _CHECKS)
    if is_at_least(offered.mass, required.mass) and is_at_least(offered.speed, required.speed):
        if _is_same_class(required, offered):
            return RatingMatch(Verdict.EXACT, Remark("same_class"), conditions, _CHECKS)
        classes = _pair(offered.vehicle_class or "?", required.vehicle_class or "?")
        is_other_code = offered.vehicle_class != required.vehicle_class
        reason = Remark("heavier_vehicle" if is_other_code else "same_code", classes)
        return RatingMatch(Verdict.DOMINATES, reason, conditions, _CHECKS)
    energies = _pair(f"{offered.energy / 1e3:.0f}", f"{required.energy / 1e3:.0f}")
    return RatingMatch(Verdict.KE_INDICATIVE, Remark("energy_only", energies), conditions, _CHECKS)


def highest_tested_speed() -> float:
    """Return the highest speed that the standard of requirements tests at. [m s⁻¹]."""
    return float(max(system_of(REQUIRING_SYSTEM).speeds) / KMH_PER_MPS)


def required_rating(
    vehicle: VehicleClass, speed: float, *, angle: float = SQUARE_ON
) -> tuple[str, str]:
    """
    Rating that a place requires: the next mass and speed that are tested, at or above.

    Parameters
    ----------
    vehicle : VehicleClass
        Design vehicle.
    speed : float
        Design speed, unrounded. [m s⁻¹], >= 0.
    angle : float, default π/2
        Test angle. [rad], above 0 and at most π/2. A smaller one than π/2 only where the geometry
        physically prevents a steeper approach.

    Returns
    -------
    notation : str
        ISO 22343-1 notation without penetration; "" where there is none.
    reason : str
        ``next_tested_speed``, ``above_tested_speeds`` (reduce the speed first) or
        ``no_tested_mass``.

    Raises
    ------
    RatingValueError
        If speed or angle are out of their range.

    Examples
    --------
    >>> from parvis.approach.vehicles import load_vehicle_classes
    >>> lorry = load_vehicle_classes(["N2B"])[0]
    >>> required_rating(lorry, 52.0 / 3.6)
    ('V/7200[N2B]/64/90', 'next_tested_speed')
    >>> required_rating(lorry, 120.0 / 3.6)
    ('', 'above_tested_speeds')
    """
    if not (math.isfinite(speed) and speed >= 0.0):
        raise out_of_range(("speed", speed, "zero or more"))
    if not 0.0 < angle <= SQUARE_ON + RELATIVE_TOLERANCE:
        raise out_of_range(("angle", angle, "above 0 and at most π/2"))
    system = system_of(REQUIRING_SYSTEM)
    enough = [test for test in system.vehicles if is_at_least(test.mass_kg, vehicle.mass)]
    if not enough:
        return "", "no_tested_mass"
    own = [test for test in enough if vehicle.key in test.classes]
    lightest = min(own or enough, key=lambda test: test.mass_kg)
    speeds = [v for v in system.speeds if is_at_least(v, speed * KMH_PER_MPS)]
    if not speeds:
        return "", "above_tested_speeds"
    code = vehicle.key if own else lightest.classes[0]
    degrees = number_text(math.degrees(angle))
    return f"V/{number_text(lightest.mass_kg)}[{code}]/{number_text(speeds[0])}/{degrees}", (
        "next_tested_speed"
    )


def _failure(required: Rating, offered: Rating, limit: float) -> Remark | None:
    if not is_at_least(offered.angle, required.angle):
        degrees = _pair(*(number_text(math.degrees(r.angle)) for r in (offered, required)))
        return Remark("angle_below", degrees)
    if not is_at_least(offered.energy, required.energy):
        energies = _pair(*(f"{r.energy / 1e3:.0f}" for r in (offered, required)))
        return Remark("energy_below", energies)
    if math.isnan(limit):
        return None
    if math.isnan(offered.penetration):
        return Remark("penetration_not_shown", _pair("", number_text(limit)))
    if offered.penetration > limit:
        return Remark(
            "penetration_exceeds", _pair(number_text(offered.penetration), number_text(limit))
        )
    return None


def _conditions(
    required: Rating, offered: Rating, limit: float, accepted_classes: Collection[str]
) -> tuple[Remark, ...]:
    found: list[Remark] = []
    is_accepted = offered.vehicle_class in accepted_classes
    if not _is_same_class(required, offered) and not is_accepted:
        found.append(Remark("front_geometry"))
    if offered.system == MANUAL:
        found.append(Remark("entered_by_hand", (("entered_by", offered.entered_by),)))
    elif not offered.system:
        found.append(Remark("standard_not_stated"))
    elif _family(offered) != _family(required):
        names = (_system_name(rating) for rating in (offered, required))
        found.append(Remark("standards_differ", _pair(*names)))
    if offered.method not in ("", "V"):
        found.append(Remark("method_not_vehicle_test", (("method", offered.method),)))
    if not math.isnan(limit):
        if offered.datum != "attack-face" and not math.isnan(offered.penetration):
            found.append(Remark("datum_differs"))
        if offered.dispersion > limit:
            debris = _pair(number_text(offered.dispersion), number_text(limit))
            found.append(Remark("debris_exceeds", debris))
    return tuple(found)


def _is_same_class(required: Rating, offered: Rating) -> bool:
    """Whether the class codes agree, in one family of standards or as far as is stated."""
    families = {_family(required), _family(offered)} - {"", MANUAL}
    is_same_code = required.vehicle_class == offered.vehicle_class
    return bool(required.vehicle_class) and is_same_code and len(families) == 1


def _requirement(rating: Rating) -> Rating:
    """Return a requirement with a standard: without one it is read as ISO 22343-1."""
    return rating if rating.system else replace(rating, system=REQUIRING_SYSTEM)


def _family(rating: Rating) -> str:
    """Return the family of a rating's standard; "" and manual ones stand for themselves."""
    is_listed = rating.system not in ("", MANUAL)
    return system_of(rating.system).family if is_listed else rating.system


def _system_name(rating: Rating) -> str:
    return (
        system_of(rating.system).name if rating.system not in ("", MANUAL) else rating.scheme or "?"
    )


def _pair(offered: str, required: str) -> tuple[tuple[str, str], ...]:
    return (("offered", offered), ("required", required))

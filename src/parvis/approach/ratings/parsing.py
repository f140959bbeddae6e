"""How a rating string, or the figures of a certificate, become a rating."""

import math
import re
import unicodedata
from typing import TYPE_CHECKING

from parvis.approach.ratings.rating import (
    MANUAL,
    RELATIVE_TOLERANCE,
    SQUARE_ON,
    Rating,
    RatingLevelError,
    RatingSyntaxError,
    number_text,
    out_of_range,
    words_of,
)
from parvis.packs.content import load_rating_systems
from parvis.terms import KMH_PER_MPS

if TYPE_CHECKING:
    from parvis.packs.models import RatingSystem

MPS_PER_MPH = 0.44704
LONGEST_TEXT = 200


def parse_rating(text: str) -> Rating:
    """
    Read a rating in the notation of ISO 22343-1, IWA 14-1, PAS 68, ASTM F2656 or SD-STD-02.01.

    Parameters
    ----------
    text : str
        The rating, with or without the name of its standard. A requirement may lack the
        penetration.

    Returns
    -------
    Rating

    Raises
    ------
    RatingSyntaxError
        If no notation reads it.
    RatingLevelError
        If the standard has no such level or designation.
    RatingValueError
        If speed, angle or penetration are outside the standard's range.

    Notes
    -----
    Notations are data, see pack `barrier-ratings`. Where the standard is not named and more than
    one writes such a text, `system` stays empty and the datum unstated.

    Examples
    --------
    >>> rating = parse_rating("V/7200[N3C]/80/90:1.1")
    >>> rating.mass, round(rating.speed * 3.6), rating.penetration
    (7200.0, 80, 1.1)
    >>> parse_rating("M50/P1").vehicle_class
    'M'
    """
    stated, edition, rest = _standard(_clean(text))
    systems = load_rating_systems().entries if stated is None else (stated,)
    read: list[tuple[RatingSystem, re.Match[str]]] = []
    for system in systems:
        # A product word ("Bollard") may stand before a metric rating.
        word = r"(?:[A-Z][A-Z -]*\s)?" if system.notation == "metric" else ""
        match = re.fullmatch(word + system.pattern, rest)
        if match:
            read.append((system, match))
    if not read:
        raise RatingSyntaxError(text=text[:LONGEST_TEXT], accepted=_examples())
    fitting = read if len(read) == 1 else [pair for pair in read if _knows_vehicle(*pair)]
    families = {system.family for system, _ in fitting}
    is_unique = len(families) == 1
    system, match = fitting[0] if is_unique else read[0]
    return _rating(
        text.strip(), system, match, stated=stated is not None, unique=is_unique, edition=edition
    )


def manual_rating(
    *,
    mass: float,
    speed: float,
    penetration: float,
    entered_by: str,
    angle: float = SQUARE_ON,
    ground: str = "",
    array_length: float = math.nan,
    scheme: str = "",
    vehicle_class: str = "",
    dispersion: float = math.nan,
    datum: str = "unstated",
) -> Rating:
    """
    Enter a certificate that no notation covers, e.g. DIN SPEC 91414-1 or a police barrier test.

    Parameters
    ----------
    mass : float
        [kg], > 0.
    speed : float
        [m s⁻¹], > 0.
    penetration : float
        [m], >= 0; NaN where the certificate does not state it.
    entered_by : str
        Who entered it; not empty.
    angle : float, default π/2
        [rad], > 0, at most π/2.
    ground, scheme, vehicle_class : str, optional
        Ground of the test, name of the scheme, class of the vehicle.
    array_length, dispersion : float, optional
        [m], >= 0; NaN where not stated.
    datum : {"attack-face", "rear-face", "cargo-bed-front", "unstated"}, optional

    Returns
    -------
    Rating

    Raises
    ------
    RatingValueError
        If a figure is out of its range; names all that are.

    Examples
    --------
    >>> manual_rating(
    ...     mass=7500.0, speed=50 / 3.6, penetration=4.2, entered_by="A. Assessor",
    ...     scheme="DIN SPEC 91414-1", ground="asphalt", array_length=6.0,
    ... ).system
    'manual'
    """
    problems: list[tuple[str, float | str, str]] = []
    for name, value in (("mass", mass), ("speed", speed)):
        if not (math.isfinite(value) and value > 0.0):
            problems.append((name, value, "above zero"))
    if not 0.0 < angle <= SQUARE_ON + RELATIVE_TOLERANCE:
        problems.append(("angle", angle, "above 0 and at most π/2"))
    for name, value in (
        ("penetration", penetration),
        ("array_length", array_length),
        ("dispersion", dispersion),
    ):
        if value < 0.0 or math.isinf(value):
            problems.append((name, value, "zero or more"))
    if not entered_by.strip():
        problems.append(("entered_by", entered_by, "a name"))
    if f"datum_{datum}" not in words_of("en"):
        problems.append(("datum", datum, "attack-face, rear-face, cargo-bed-front or unstated"))
    if problems:
        raise out_of_range(*problems)
    return Rating(
        text="",
        system=MANUAL,
        is_system_stated=bool(scheme),
        edition="",
        mass=mass,
        vehicle_class=vehicle_class,
        speed=speed,
        angle=angle,
        penetration=penetration,
        penetration_level="",
        dispersion=dispersion,
        datum=datum,
        method="V",
        scheme=scheme,
        ground=ground,
        array_length=array_length,
        entered_by=entered_by.strip(),
    )


def _clean(text: str) -> str:
    """Return `text` in one spelling of dashes, spaces, brackets and numbers."""
    if len(text) > LONGEST_TEXT:
        raise RatingSyntaxError(text=text[:40] + "…", accepted=_examples())
    cleaned = unicodedata.normalize("NFKC", text).upper().strip().strip("\"'`.;")
    cleaned = re.sub(r"[\u2010-\u2015\u2212]", "-", cleaned)
    cleaned = re.sub(r"(?<=\d),(?=\d{3}\s*(?:KG)?\s*[\[(])", "", cleaned)
    cleaned = re.sub(r"(?<=\d),(?=\d)", ".", cleaned)
    cleaned = re.sub(r"\s*([/\[\]():])\s*", r"\1", cleaned)
    return re.sub(r"\s+", " ", cleaned).strip()


def _standard(cleaned: str) -> tuple["RatingSystem | None", str, str]:
    """Return the standard a text begins with, its edition, and the rest of the text."""
    longest: tuple[RatingSystem | None, str, str] = (None, "", cleaned)
    for system in load_rating_systems().entries:
        found = re.match(rf"(?:BS\s+|EN\s+)*(?:{system.prefix})(?![A-Z0-9])", cleaned)
        if found and len(cleaned) - found.end() < len(longest[2]):
            edition = next((group for group in found.groupdict().values() if group), "")
            longest = (system, edition, cleaned[found.end() :])
    stated, edition, rest = longest
    return stated, edition, re.sub(r"^[\s,;:/-]+(?:(?:RATING|RATED|TESTED)\s+)?", "", rest)


def _knows_vehicle(system: "RatingSystem", match: re.Match[str]) -> bool:
    groups = match.groupdict()
    code, mass = groups["class"], groups.get("mass")
    return any(
        code in test.classes and (mass is None or float(mass) in (test.mass_kg, *test.alternatives))
        for test in system.vehicles
    )


def _rating(
    text: str,
    system: "RatingSystem",
    match: re.Match[str],
    *,
    stated: bool,
    unique: bool,
    edition: str,
) -> Rating:
    groups = match.groupdict()
    code, level = groups["class"], groups.get("level") or ""
    if system.notation == "metric":
        mass, angle = float(groups["mass"]), float(groups["angle"])
        speed = float(groups["speed"]) / KMH_PER_MPS
        penetration = float(groups["penetration"] or math.nan)
        dispersion = float(groups["dispersion"] or math.nan)
    else:
        mass, angle, dispersion = _coded_mass(system, code), 90.0, math.nan
        speed = _coded_speed(system, code, groups["speed"], text) * MPS_PER_MPH
        penetration = _band(system, level, text)
    if speed <= 0.0:
        raise out_of_range(("speed", groups["speed"], "above zero"))
    if not 0.0 < angle <= 90.0:
        raise out_of_range(("angle", angle, "above 0 and at most 90"))
    if mass <= 0.0:
        raise out_of_range(("mass", mass, "above zero"))
    most = system.greatest_penetration_m
    if unique and most is not None and penetration > most:
        raise out_of_range(("penetration", penetration, f"at most {number_text(most)} m"))
    return Rating(
        text=text,
        system=system.key if unique else "",
        is_system_stated=stated,
        edition=edition,
        mass=mass,
        vehicle_class=code,
        speed=speed,
        angle=math.radians(angle),
        penetration=penetration,
        penetration_level=level,
        dispersion=dispersion,
        datum=system.datum if unique else "unstated",
        method=groups.get("method") or "",
    )


def _coded_mass(system: "RatingSystem", code: str) -> float:
    return next(test.mass_kg for test in system.vehicles if code in test.classes)


def _coded_speed(system: "RatingSystem", code: str, digits: str, text: str) -> float:
    if not system.codes:
        return float(digits)
    speeds = {test.code: test.speed for test in system.codes}
    if code + digits not in speeds:
        raise RatingLevelError(text=text, what=code + digits, accepted=", ".join(speeds))
    return speeds[code + digits]


def _band(system: "RatingSystem", level: str, text: str) -> float:
    if not level:
        return math.nan
    bands = {band.level: band.at_most_m for band in system.bands}
    if level not in bands:
        raise RatingLevelError(text=text, what=level, accepted=", ".join(bands))
    return bands[level]


def _examples() -> str:
    return "V/7200[N3C]/80/90:1.1, 7500[N3]/80/90:2.3/4.0, M50/P1 or K12/L3"

"""What a rating means, in one plain sentence."""

import math

from parvis.approach.ratings.rating import (
    MANUAL,
    Rating,
    comma_number,
    number_text,
    system_of,
    words_of,
)
from parvis.terms import KMH_PER_MPS

DECIMAL_COMMA = frozenset({"fr", "pl"})


def explain(rating: Rating, *, language: str = "en", required: bool = False) -> str:
    """
    Say in one plain sentence what a rating means.

    Parameters
    ----------
    rating : Rating
    language : str, default "en"
        Language of the pack's sentences; English where it has none.
    required : bool, default False
        Word it as a requirement instead of a test.

    Examples
    --------
    >>> from parvis.approach.ratings import parse_rating
    >>> explain(parse_rating("PAS 68:2013 7500[N3]/80/90:2.3/4.0"))
    'A test vehicle of 7500 kg (class N3) hit the barrier at 80 km/h and 90° and went 2.3 m beyond \
the rear face of the barrier, with major debris up to 4 m; tested to PAS 68:2013.'
    """
    words = words_of(language)
    number = comma_number if language in DECIMAL_COMMA else number_text
    vehicle = ""
    if rating.vehicle_class:
        vehicle = words["class"].format(**{"class": rating.vehicle_class})
    if rating.method not in ("", "V"):
        vehicle += words["method"].format(method=rating.method)
    if not math.isnan(rating.penetration):
        key = "penetration_band" if rating.penetration_level else "penetration"
        penetration = words[key].format(
            penetration=number(rating.penetration),
            datum=words[f"datum_{rating.datum}"],
            level=rating.penetration_level,
        )
    else:
        penetration = "" if required else words["penetration_unknown"]
    dispersion = ""
    if not math.isnan(rating.dispersion):
        dispersion = words["dispersion"].format(dispersion=number(rating.dispersion))
    if rating.ground:
        dispersion += words["ground"].format(ground=rating.ground)
    if not math.isnan(rating.array_length):
        dispersion += words["array_length"].format(array_length=number(rating.array_length))
    return words["explain_required" if required else "explain"].format(
        mass=number(rating.mass),
        vehicle=vehicle,
        speed=number(rating.speed * KMH_PER_MPS),
        angle=number(math.degrees(rating.angle)),
        penetration=penetration,
        dispersion=dispersion,
        standard=_standard_clause(rating, words),
    )


def _standard_clause(rating: Rating, words: dict[str, str]) -> str:
    if rating.system == MANUAL:
        scheme = f"{rating.scheme}, " if rating.scheme else ""
        return words["standard_manual"].format(standard=scheme, entered_by=rating.entered_by)
    if not rating.system:
        return words["standard_unknown"]
    edition = f":{rating.edition}" if len(rating.edition) == 4 else ""
    if rating.edition and not edition:
        edition = f"-{rating.edition}"
    key = "standard" if rating.is_system_stated else "standard_assumed"
    return words[key].format(standard=system_of(rating.system).name + edition)

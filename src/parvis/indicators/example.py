"""
Which figures could a fictional town have: districts, statistics, recorded incidents, a survey.

Everything here is drawn with a seed and says so. It fills the indicators of a town that exists
nowhere, so that a dashboard can be shown without anybody's weaknesses.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point, Polygon, box

from parvis.city.town import EPSG, ORIGIN
from parvis.city.town_names import TOWN_NAME
from parvis.city.town_plan import SIZES
from parvis.indicators.estimates import Flag
from parvis.indicators.values import DataGrade, Observation
from parvis.packs.indicators import catalogue

__all__ = ["EPSG", "TOWN_NAME"]

Floats = NDArray[np.float64]
SOURCE = f"synthetic data of {TOWN_NAME}, a fictional town"
CITY = "city"
YEARS = (2023, 2025)
"""Years of both surveys; statistics and incidents cover those between too."""
N_ANSWERS = 3_000
ALL_YEARS = tuple(range(YEARS[0], YEARS[1] + 1))


@dataclass(frozen=True, slots=True)
class District:
    """
    A district of the fictional town.

    Attributes
    ----------
    code, name : str
    people : int
        Residents in the first year.
    dwellings : int
    present : int
        People there on average over day and night.
    polygon : Polygon
        In the metres of the town.
    mood : float
        How much safer than in the town as a whole people feel, in standard deviations.
    risk : float
        How many times as many incidents as in the town as a whole.
    """

    code: str
    name: str
    people: int
    dwellings: int
    present: int
    polygon: Polygon
    mood: float
    risk: float


@dataclass(frozen=True, eq=False, slots=True)
class DrawnIncidents:
    """
    Recorded incidents of the fictional town, by month.

    Attributes
    ----------
    month : tuple of str
        As ``2025-03``.
    kind, place, area : tuple of str
    xy : ndarray, shape (n, 2)
        Metres; NaN where the place was not recorded.
    """

    month: tuple[str, ...]
    kind: tuple[str, ...]
    place: tuple[str, ...]
    area: tuple[str, ...]
    xy: Floats


_DISTRICTS = (
    ("TM-1", "Market", 2_900, 1_750, 6_800, -0.15, 2.1),
    ("TM-2", "Mill Quay", 3_600, 1_900, 3_900, 0.05, 0.9),
    ("TM-3", "North Gate", 4_300, 2_050, 3_700, 0.25, 0.7),
    ("TM-4", "Station", 3_100, 1_700, 4_600, -0.45, 1.6),
    ("TM-5", "Orchards", 4_100, 1_800, 2_900, 0.35, 0.5),
    ("TM-6", "Southbank", 3_000, 1_550, 2_600, -0.05, 0.9),
)
KINDS = {
    "assault": 0.0042, "robbery": 0.0011, "theft from person": 0.0048, "burglary dwelling": 0.0031,
    "theft other": 0.0125, "criminal damage": 0.0074, "sexual offence": 0.0009,
    "bias-motivated": 0.0006,
}  # fmt: skip
"""Kinds of incidents, and how many there are in a year for each resident."""
PLACES = ("street", "square", "park", "transport", "venue")
_PLACE_SHARES = (0.45, 0.2, 0.1, 0.13, 0.12)
_TREND = {"robbery": -0.10, "burglary dwelling": -0.06, "criminal damage": 0.03}
_UNPLACED = 0.04
_VIOLENT = ("assault", "robbery", "sexual offence")
_PROPERTY = ("theft from person", "burglary dwelling", "theft other", "criminal damage")
COUNTS: dict[str, tuple[str, ...]] = {
    "SEC-02": _VIOLENT,
    "SEC-03": _PROPERTY,
    "SEC-04": ("robbery",),
    "SEC-05": ("theft from person",),
    "SEC-06": ("burglary dwelling",),
    "SEC-07": ("sexual offence",),
    "SEC-08": ("bias-motivated",),
}
"""Indicators of recorded offences by the kinds they count."""


def example_districts(size: str = "small") -> tuple[District, ...]:
    """
    Return the districts of the fictional town: the old core and five around it.

    Parameters
    ----------
    size : str
        Of the town, as of `parvis.city.town.make_town`; districts of other sizes are those of a
        small town.

    Examples
    --------
    >>> [district.name for district in example_districts()][:2]
    ['Market', 'Mill Quay']
    """
    plan = SIZES.get(size, SIZES["small"])
    x, y = ORIGIN
    half = plan.half_side
    extent = box(x - half, y - half, x + half, y + half)
    core = Point(x, y).buffer(plan.core_radius)
    n = len(_DISTRICTS) - 1
    shapes = [core]
    for at in range(n):
        first, last = (2.0 * math.pi * (at + step) / n + 0.3 for step in (0, 1))
        turns = np.linspace(first, last, 16)
        rim = [(x + 3 * half * math.cos(t), y + 3 * half * math.sin(t)) for t in turns]
        wedge = Polygon([(x, y), *rim]).intersection(extent).difference(core)
        shapes.append(Polygon(wedge.exterior) if isinstance(wedge, Polygon) else core)
    return tuple(
        District(code, name, people, dwellings, present, shape, mood, risk)
        for (code, name, people, dwellings, present, mood, risk), shape in zip(
            _DISTRICTS, shapes, strict=True
        )
    )


def example_incidents(*, seed: int = 1, size: str = "small") -> DrawnIncidents:
    """
    Draw recorded incidents: points by month, a few without a place.

    Parameters
    ----------
    seed : int
        The same one gives the same incidents.
    size : str
    """
    rng = np.random.default_rng([seed, 11])
    month, kind, place, area = [], [], [], []
    points: list[Floats] = []
    for district in example_districts(size):
        for word, rate in KINDS.items():
            for year in ALL_YEARS:
                moved = math.exp(_TREND.get(word, 0.0) * (year - YEARS[0]))
                n = int(rng.poisson(district.people * rate * district.risk * moved))
                months = rng.integers(1, 13, n)
                month += [f"{year}-{each:02d}" for each in months.tolist()]
                kind += [word] * n
                place += rng.choice(PLACES, n, p=_PLACE_SHARES).tolist()
                area += [district.code] * n
                points.append(_points_in(rng, district.polygon, n))
    xy = np.concatenate(points)
    xy[rng.random(len(xy)) < _UNPLACED] = np.nan
    order = np.argsort(np.array(month), kind="stable")
    return DrawnIncidents(
        tuple(month[at] for at in order),
        tuple(kind[at] for at in order),
        tuple(place[at] for at in order),
        tuple(area[at] for at in order),
        xy[order],
    )


def example_statistics(*, seed: int = 1, size: str = "small") -> tuple[Observation, ...]:
    """
    Draw what registers, the service desk and field audits of the fictional town say.

    Counts of recorded offences are those of `example_incidents` with the same seed.
    """
    rng = np.random.default_rng([seed, 12])
    districts = example_districts(size)
    incidents = example_incidents(seed=seed, size=size)
    years = np.array([each[:4] for each in incidents.month])
    kinds, areas = np.array(incidents.kind), np.array(incidents.area)
    found: list[Observation] = []
    for year in ALL_YEARS:
        for district in districts:
            is_of = (years == str(year)) & (areas == district.code)
            counted = {
                code: int((is_of & np.isin(kinds, named)).sum()) for code, named in COUNTS.items()
            }
            found += _of_district(rng, district, year, counted)
        found += _of_city(found, districts, year)
        found += _only_city(rng, districts, year)
    return tuple(found)


def provisional(row: Observation) -> Observation:
    """Return a count as it was first said, with a part still to be recorded."""
    if row.error_model != "poisson" or row.numerator is None or not row.denominator:
        return row
    first = float(math.floor(0.97 * row.numerator))
    share = first / row.numerator if row.numerator else 1.0
    value = None if row.value is None else row.value * share
    return replace(row, numerator=first, n=int(first), value=value, flag=Flag.PROVISIONAL)


def example_answers(year: int, *, seed: int = 1) -> dict[str, list[str]]:
    """
    Draw the answers of a survey of residents to the question module.

    Parameters
    ----------
    year : int
        One of `YEARS`; more people feel safe after dark in the second.
    seed : int

    Returns
    -------
    dict of str to list of str
        By column: questions, and ``id``, ``day``, ``stratum`` and ``weight``. Districts are
        strata with 500 answers each, weighted to their residents.
    """
    rng = np.random.default_rng([seed, 13, year])
    districts = example_districts()
    each = N_ANSWERS // len(districts)
    n = each * len(districts)
    of = np.repeat(np.arange(len(districts)), each)
    later = float(year > YEARS[0])
    woman = rng.random(n) < 0.515
    age = np.clip(rng.gamma(5.2, 9.2, n) + 15.0, 16, 95).astype(int)
    hard = rng.random(n) < np.where(age >= 65, 0.24, 0.08)
    abroad = rng.random(n) < 0.22
    mood = rng.standard_normal(n) * 0.8 + np.array([d.mood for d in districts])[of]
    mood -= 0.12 * hard + 0.08 * abroad
    safe = mood - 0.28 * woman - 0.22 * (age >= 65) - 0.15 * hard
    night = safe - 0.85 - 0.30 * woman + 0.22 * later
    columns = {
        "id": [f"{year}-{at:04d}" for at in range(n)],
        "day": [f"{year}-{5 + at % 2:02d}-{1 + at % 28:02d}" for at in range(n)],
        "stratum": [districts[at].code for at in of],
        "weight": [f"{districts[at].people / each:.3f}" for at in of],
        "D1": np.where(woman, "f", "m").tolist(),
        "D2": [str(value) for value in age],
        "D3c": np.where(hard, "a_lot", "no_difficulty").tolist(),
        "D4": [districts[at].code for at in of],
        "D5": np.where(abroad, "yes", "no").tolist(),
        "D6": [str(value) for value in rng.integers(1, 5, n)],
    }
    columns |= _scales(rng, mood, safe, night, later)
    columns |= _experiences(rng, woman, age, mood, abroad, later)
    columns["D1"] = [
        "x" if drawn < 0.006 else word
        for drawn, word in zip(rng.random(n).tolist(), columns["D1"], strict=True)
    ]
    return columns


_SATISFIED = ("not_satisfied", "rather_unsatisfied", "rather_satisfied", "very_satisfied")
_AGREE = ("strongly_disagree", "disagree", "agree", "strongly_agree")
_FELT = ("very_unsafe", "unsafe", "safe", "very_safe")
_FIVE = ("strongly_disagree", "disagree", "neither", "agree", "strongly_agree")
_LIKELY = ("very_unlikely", "unlikely", "neither", "likely", "very_likely")
_OFTEN = ("often", "sometimes", "rarely", "never")
_WORRIED = ("very", "fairly", "not_very", "not_at_all")
_PROBLEM = ("big", "some", "small", "no_problem")
_FOUR = (-1.6, -0.8, 0.75)


def _scales(
    rng: np.random.Generator, mood: Floats, safe: Floats, night: Floats, later: float
) -> dict[str, list[str]]:
    """Return answers on a scale: the higher the mood, the better the answer."""

    def scale(
        latent: Floats, words: tuple[str, ...], cuts: tuple[float, ...], noise: float = 0.8
    ) -> list[str]:
        at = np.digitize(latent + noise * rng.standard_normal(latent.size), cuts)
        said = np.array(words, dtype=object)[at]
        said[rng.random(latent.size) < 0.015] = "dont_know"
        said[rng.random(latent.size) < 0.008] = ""
        return [str(word) for word in said]

    out = rng.random(mood.size)
    found = {
        "Q1": scale(mood + 0.9, _SATISFIED, _FOUR),
        "Q2": scale(mood + 0.35, _AGREE, (-1.2, 0.0, 1.5)),
        "Q3": scale(mood + 0.5, _AGREE, (-1.2, 0.0, 1.3)),
        "Q6": scale(mood + 0.15 - 0.1 * later, _AGREE, (-1.1, 0.0, 1.6)),
        "Q8": scale(safe + 1.5, _FELT, (-1.3, -0.3, 1.2)),
        "Q10": scale(night + 0.1, _FELT, (-1.5, -0.3, 1.4)),
        "Q11": scale(night + 0.6, _OFTEN, (-1.2, -0.1, 0.9)),
        "Q13": scale(safe + 0.8, ("yes", "no"), (0.0,)),
        "Q25": scale(mood + 0.6 + 0.1 * later, _SATISFIED, _FOUR),
        "Q26": scale(mood + 0.1, _SATISFIED, _FOUR),
        "Q5": scale(mood + 0.6, ("tend_not_to_trust", "tend_to_trust"), (0.0,)),
    }
    for letter, shift in zip("abc", (0.8, 0.3, 0.5), strict=True):
        found[f"Q4{letter}"] = scale(mood + shift, _FIVE, (-1.5, -0.5, 0.2, 1.4))
    for letter in "de":
        found[f"Q4{letter}"] = scale(-mood - 0.4, _FIVE, (-1.2, -0.2, 0.6, 1.6))
    for letter in "fghij":
        found[f"Q4{letter}"] = scale(mood + 0.3, _LIKELY, (-1.3, -0.4, 0.3, 1.4))
    for letter, shift in zip("abcde", (0.2, 0.5, 0.4, 0.3, 0.1), strict=True):
        found[f"Q12{letter}"] = scale(safe + shift, _WORRIED, (-1.4, -0.3, 0.8))
    for letter, shift in zip("abcde", (0.6, 0.7, 0.2, -0.1, 0.2), strict=True):
        found[f"Q14{letter}"] = scale(mood + shift + 0.05 * later, _PROBLEM, (-1.0, 0.0, 0.8))
    dark = scale(night + 0.75, _FELT, (-1.4, -0.3, 1.1))
    stays = out < 0.10 / (1.0 + np.exp(2.0 * (night + 0.4)))
    found["Q9"] = [
        "never_goes_out" if stay else word for stay, word in zip(stays, dark, strict=True)
    ]
    found["Q10"] = [
        "never_uses" if drawn > 0.7 else word
        for drawn, word in zip(out.tolist(), found["Q10"], strict=True)
    ]
    return found


def _experiences(
    rng: np.random.Generator,
    woman: NDArray[np.bool_],
    age: NDArray[np.int64],
    mood: Floats,
    abroad: NDArray[np.bool_],
    later: float,
) -> dict[str, list[str]]:
    """Return what happened to people, and what they took part in."""
    n = woman.size
    young = age < 35

    def happens(odds: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
        return np.asarray(rng.random(n) < 1.0 / (1.0 + np.exp(-odds)))

    found: dict[str, list[str]] = {}
    sets = (
        ("Q15", -2.6 + 1.5 * woman + 0.9 * young, ("remarks", "staring", "following", "touching")),
        ("Q19", -1.9 + 0.6 * young - 0.1 * mood, ("insults", "threats", "following", "physical")),
    )
    for first, odds, forms in sets:
        base = int(first[1:])
        lived = happens(odds)
        what = rng.choice(forms, n, p=(0.5, 0.25, 0.15, 0.1))
        when = np.where(rng.random(n) < 0.55, "within_12_months", "earlier")
        where = rng.choice(["street", "square_or_park", "transport", "venue"], n)
        silent = rng.random(n) < 0.02
        found[first] = np.where(silent, "prefer_not", np.where(lived, what, "none")).tolist()
        for step, said in enumerate((what, when, where), start=1):
            found[f"Q{base + step}"] = np.where(lived & ~silent, said, "").tolist()
    theft, robbed = happens(-3.2 + 0.3 * young - 0.1 * mood), happens(-4.9 + 0.4 * young)
    violence = happens(-3.15 + 0.7 * young - 0.15 * mood)
    threat = happens(-3.4 + 0.5 * young - 0.12 * later)
    kinds = (("theft", theft), ("robbery", robbed), ("violence", violence), ("threat", threat))
    found["Q23"] = [
        " ".join(word for word, happened in kinds if happened[at]) or "none" for at in range(n)
    ]
    reported = np.where(rng.random(n) < 0.42, "yes", "no")
    found["Q24"] = np.where(violence, reported, "").tolist()
    ground = rng.choice(["sex", "age", "disability", "origin", "religion", "other"], n)
    found["Q7"] = np.where(happens(-2.3 + 1.2 * abroad + 0.3 * woman), ground, "none").tolist()
    part = rng.choice(["meeting", "safety_walk", "watch", "budget_vote"], n)
    found["Q27"] = np.where(happens(-2.5 + 0.35 * later + 0.1 * mood), part, "none").tolist()
    return found


def _points_in(rng: np.random.Generator, polygon: Polygon, n: int) -> Floats:
    import shapely

    west, south, east, north = polygon.bounds
    found = np.empty((0, 2))
    while len(found) < n:
        drawn = rng.uniform((west, south), (east, north), (max(4 * n, 16), 2))
        found = np.concatenate([found, drawn[shapely.contains_xy(polygon, drawn)]])
    return found[:n]


def _row(
    code: str, year: int, area: str, above: float, below: float, grade: DataGrade = DataGrade.A
) -> Observation:
    """Return a value from its numerator and denominator, by the catalogue's multiplier."""
    known = catalogue().indicators[code]
    value = above / below * (known.multiplier or 1.0)
    n = int(above) if known.error_model == "poisson" else int(below)
    return Observation(
        code, str(year), area, value, known.unit, known.error_model,
        n=None if code in _LENGTHS else n,
        numerator=above, denominator=below, source=SOURCE, grade=grade,
    )  # fmt: skip


def _plain(
    code: str, year: int, area: str, value: float, n: int | None = None,
    grade: DataGrade = DataGrade.B, split: str = "",
) -> Observation:  # fmt: skip
    known = catalogue().indicators[code]
    return Observation(
        code, str(year), area, value, known.unit, known.error_model, split=split, n=n,
        source=SOURCE, grade=grade,
    )  # fmt: skip


_LENGTHS = ("LIV-06",)
_PER_PEOPLE = ("SEC-02", "SEC-03", "SEC-07", "SEC-08")
_PER_PRESENT = ("SEC-04", "SEC-05")
SUMMED = (
    "QOL-02", "QOL-04", "SOC-06", "LIV-06", "LIV-07", "LIV-09", "LIV-13", *COUNTS, "SEC-13",
    "BCK-04", "BCK-05",
)  # fmt: skip
"""Indicators whose city value follows from the counts of the districts."""


def _of_district(
    rng: np.random.Generator, district: District, year: int, counted: dict[str, int]
) -> Iterator[Observation]:
    area = district.code
    step = year - YEARS[0]
    people = int(district.people * (1.0 + 0.006 * step))
    present = int(district.present * (1.0 + 0.01 * step))
    for code, count in counted.items():
        below = (
            people if code in _PER_PEOPLE else present if code in _PER_PRESENT
            else district.dwellings
        )  # fmt: skip
        yield _row(code, year, area, count, below)
    force = int(0.52 * people)
    yield _row("QOL-02", year, area, rng.binomial(force, 0.066 - 0.012 * district.mood), force)
    yield _row("QOL-04", year, area, rng.binomial(people, 0.19 - 0.05 * district.mood), people)
    voters = int(0.78 * people)
    yield _row("SOC-06", year, area, int(voters * (0.5 + 0.08 * district.mood)), voters)
    walks = 18_000.0
    yield _row(
        "LIV-06", year, area, walks * (0.68 + 0.04 * step + 0.05 * district.mood), walks,
        DataGrade.B,
    )  # fmt: skip
    lamps = 260
    yield _row("LIV-07", year, area, int(rng.poisson(7.0 - step)), lamps)
    audited = 8
    yield _row("LIV-09", year, area, int(rng.binomial(audited, 0.45 + 0.06 * step)), audited)
    yield _row("LIV-13", year, area, int(rng.poisson(people * 0.021 * district.risk)), people)
    yield _row("SEC-13", year, area, int(rng.poisson(people * 0.016 * district.risk)), people)
    yield _row("BCK-04", year, area, int(0.118 * people), people)
    nights = 4.5 * present * district.risk
    yield _row("BCK-05", year, area, int(nights * (1 + 0.05 * step)), people)
    yield _plain("BCK-01", year, area, people, people, DataGrade.A)
    yield _plain("BCK-02", year, area, present)
    yield _plain("LIV-05", year, area, 58 + 2 * step + 12 * district.mood + rng.normal(0, 1), 8)
    yield _plain("QOL-08", year, area, 11.2 - 0.3 * step + 1.4 * (district.risk - 1))


def _of_city(
    found: list[Observation], districts: tuple[District, ...], year: int
) -> Iterator[Observation]:
    """Yield the city's values from the sums of the districts."""
    codes = {district.code for district in districts}
    rows = [each for each in found if each.period == str(year) and each.area in codes]
    for code in SUMMED:
        listed = [each for each in rows if each.indicator == code]
        above = sum(each.numerator or 0.0 for each in listed)
        below = sum(each.denominator or 0.0 for each in listed)
        yield _row(code, year, CITY, above, below, listed[0].grade)
    for code, is_sum in (("BCK-01", True), ("BCK-02", True), ("LIV-05", False), ("QOL-08", False)):
        values = [each.value or 0.0 for each in rows if each.indicator == code]
        n = sum(each.n or 0 for each in rows if each.indicator == code) or None
        yield _plain(code, year, CITY, sum(values) / (1 if is_sum else len(values)), n)


def _only_city(
    rng: np.random.Generator, districts: tuple[District, ...], year: int
) -> Iterator[Observation]:
    step = year - YEARS[0]
    people = int(sum(each.people for each in districts) * (1.0 + 0.006 * step))
    young = int(0.17 * people)
    yield _row("QOL-03", year, CITY, rng.binomial(young, 0.105 - 0.004 * step), young)
    yield _row("LIV-12", year, CITY, 780 + 25 * step, 1_900, DataGrade.C)
    yield _row("SEC-15", year, CITY, 5 + 2 * step, 14)
    yield _row("BCK-07", year, CITY, 47 + step, people)
    yield _row("BCK-10", year, CITY, 31 + 4 * step, 88, DataGrade.B)
    yield _row("BCK-11", year, CITY, 4 + step, 17, DataGrade.B)
    yield _plain("LIV-08", year, CITY, 9.0 - 0.8 * step, 412)
    yield _plain("SEC-14", year, CITY, 8.4 - 0.1 * step, 1_150)
    yield _plain("BCK-06", year, CITY, 4.4, None, DataGrade.C)
    yield _plain("BCK-09", year, CITY, 46.0 + 6 * step, 5, DataGrade.C)
    for word, value in (("day", 66.0 + 2 * step), ("night", 51.0 + 3 * step)):
        yield _plain("LIV-05", year, CITY, value, 48, split=f"day_night={word}")

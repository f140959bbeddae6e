"""Figures of a town that does not exist, one of every kind."""

import math
from typing import Any

from parvis.indicators.estimates import Flag
from parvis.report.figures import Against, Figure, Kind, Mark, Reporting, Role, Series

SURVEY = "Survey of residents 2025"


def area_marks() -> tuple[Mark, ...]:
    return (
        Mark("Old Town", 54.0, 50.0, 58.0, "a0", against=Against.NOT_DIFFERENT, n=210),
        Mark("Harbour", 44.0, 40.0, 48.0, "a1", against=Against.LOWER, n=190),
        Mark("Station quarter", 61.0, 57.0, 65.0, "a2", against=Against.HIGHER, n=205),
        Mark("Mill Hill", code="a3", note="Nobody was asked here."),
        Mark(
            "Riverside", 52.0, 39.0, 65.0, "a4", against=Against.NOT_DIFFERENT,
            flags=(Flag.UNRELIABLE,), n=41,
        ),
        Mark("East Fields", code="a5", flags=(Flag.CONFIDENTIAL,)),
    )  # fmt: skip


def interval_dots(language: str = "en") -> Figure:
    return Figure(
        "dots", Kind.INTERVAL_DOTS, "Out alone after dark", (Series("Areas", area_marks()),),
        unit="%", of="Area", target=65.0, reference=Mark("Tessenmark", 53.0, 51.0, 55.0),
        source=SURVEY, period="2025", language=language,
    )  # fmt: skip


def trend(language: str = "en") -> Figure:
    values = {"2018": 47.0, "2019": 50.0, "2020": None, "2021": 52.0, "2022": 51.0, "2023": 58.0}
    flags = {"2022": (Flag.BREAK,), "2023": (Flag.PROVISIONAL,)}
    marks = tuple(
        Mark(year, value, value and value - 4, value and value + 4, year, flags=flags.get(year, ()))
        for year, value in values.items()
    )
    return Figure(
        "trend", Kind.TREND, "Assaults", (Series("Tessenmark", marks),),
        unit="per 100,000 residents", of="Year", target=45.0, base="2021",
        change="no_demonstrable_change", is_complete_count=True,
        recorded=Reporting(0.42, "survey 2024"), source="Police", period="2018 – 2023",
        language=language,
    )  # fmt: skip


def pair(language: str = "en") -> Figure:
    objective = (
        Mark("Violence", 62.0, 55.0, 69.0, "t0"),
        Mark("Mobility", 71.0, 66.0, 76.0, "t1"),
        Mark("Trust", code="t2"),
    )
    perceived = (Mark("Violence", 48.0, 41.0, 55.0, "t0"), Mark("Trust", 51.0, 45.0, 57.0, "t2"))
    return Figure(
        "pair", Kind.PAIR, "Both halves",
        (Series("objective", objective, "objective"), Series("perceived", perceived, "perceived")),
        unit="points, 0 to 100", of="Theme", by="Half", least=0.0, most=100.0, language=language,
    )  # fmt: skip


def small_multiples(language: str = "en") -> Figure:
    return Figure(
        "multiples", Kind.SMALL_MULTIPLES, "Who goes out alone",
        (
            Series("Sex", (Mark("Women", 46.0, 42.0, 50.0, "sex=f"),
                           Mark("Men", 61.0, 57.0, 65.0, "sex=m")), "sex"),
            Series("Age", (Mark("15 to 24 years", 48.0, 40.0, 56.0, "age=15-24"),
                           Mark("65 years and over", code="age=65-", flags=(Flag.SUPPRESSED,))),
                   "age"),
        ),
        unit="%", of="Group", by="Split", reference=Mark("Tessenmark", 54.0, 52.0, 56.0),
        language=language,
    )  # fmt: skip


def waterfall(language: str = "en") -> Figure:
    marks = (
        Mark("2021", 100.0, code="start", role=Role.START),
        Mark("Theft", -1.25, code="SEC-05"),
        Mark("Trust", 3.5, code="SOC-01", note="There was no value in the base period."),
        Mark("2025", 102.25, code="end", role=Role.END),
    )
    return Figure(
        "waterfall", Kind.WATERFALL, "What moved the score", (Series("Score", marks),),
        unit="points", of="Indicator", language=language,
    )  # fmt: skip


def share(language: str = "en") -> Figure:
    marks = (Mark("Trust", 75.0, n=12), Mark("Security", 0.0, n=14), Mark("Nothing asked"))
    return Figure(
        "share", Kind.SHARE, "Indicators with a value", (Series("Blocks", marks),),
        unit="%", of="Block", decimals=0, language=language,
    )  # fmt: skip


def square(x: float, y: float, side: float = 1000.0) -> dict[str, Any]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def area_map(language: str = "en") -> Figure:
    return Figure(
        "areas", Kind.AREA_MAP, "Out alone after dark by area", (Series("Areas", area_marks()),),
        unit="%", of="Area", reference=Mark("Tessenmark", 53.0, 51.0, 55.0), source=SURVEY,
        shapes={f"a{i}": square(1000.0 * (i % 3), 1000.0 * (i // 3)) for i in range(6)},
        is_degrees=False, period="2025", language=language,
    )  # fmt: skip


def profile(language: str = "en") -> Figure:
    def marks(day: int) -> tuple[Mark, ...]:
        values = [round(6 + 5 * math.sin(hour / 24 * 6.28 + day)) for hour in range(24)]
        standing = [Against.HIGHER if each > 9 else Against.NOT_DIFFERENT for each in values]
        return tuple(
            Mark(f"{hour}:00", float(each), each / 2, each * 2.0, f"{hour:02}", against=against)
            for hour, (each, against) in enumerate(zip(values, standing, strict=True))
        )

    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "All days"]
    return Figure(
        "week", Kind.PROFILE, "Hours of the week",
        tuple(Series(name, marks(day), f"{day}") for day, name in enumerate(days)),
        unit="recorded", of="Hour", by="Day", decimals=0, is_complete_count=True,
        recorded=Reporting(), language=language,
    )  # fmt: skip


def concentration(language: str = "en") -> Figure:
    marks = tuple(
        Mark(f"{place}", 100.0 * (1 - (1 - place / 20) ** 4), code=f"{place}", at=place / 20)
        for place in range(21)
    )
    return Figure(
        "concentration", Kind.CONCENTRATION, "In how few places", (Series("2025", marks),),
        unit="% of what is recorded", of="Share of places",
        reference=Mark("half", 50.0, at=0.159), recorded=Reporting(), language=language,
    )  # fmt: skip


SAMPLES = {
    Kind.INTERVAL_DOTS: interval_dots,
    Kind.TREND: trend,
    Kind.PAIR: pair,
    Kind.SMALL_MULTIPLES: small_multiples,
    Kind.WATERFALL: waterfall,
    Kind.SHARE: share,
    Kind.AREA_MAP: area_map,
    Kind.PROFILE: profile,
    Kind.CONCENTRATION: concentration,
}

"""How are the fictional town's figures kept and written: as deliveries, and as files to try."""

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from parvis.indicators.example import (
    CITY,
    EPSG,
    SOURCE,
    YEARS,
    District,
    example_answers,
    example_districts,
    example_incidents,
    example_statistics,
    provisional,
)
from parvis.indicators.surveyed import document_of, surveyed
from parvis.indicators.values import Observations, observations_of
from parvis.indicators.vintages import Delivery
from parvis.io.observations import save_delivery
from parvis.io.store import disk_errors
from parvis.io.survey_map import SurveyMap, survey_map_of
from parvis.io.survey_rows import answered_of
from parvis.io.survey_table import SurveyTable
from parvis.packs.indicators import Catalogue, catalogue
from parvis.packs.questions import question_module

STATISTICS = ("indicator", "year", "district", "value", "n", "count", "base", "time", "grade")


@dataclass(frozen=True, eq=False, slots=True)
class ExampleDelivery:
    """
    One delivery of the fictional town's figures.

    Attributes
    ----------
    received : date
    note : str
    table : Observations
    survey : dict or None
        See `parvis.indicators.surveyed.document_of`.
    """

    received: dt.date
    note: str
    table: Observations
    survey: dict[str, Any] | None = None


def example_observations(
    *, seed: int = 1, size: str = "small", known: Catalogue | None = None
) -> tuple[ExampleDelivery, ...]:
    """
    Return all figures of the fictional town as deliveries, in the order they came.

    Parameters
    ----------
    seed : int
        The same one gives the same figures.
    size : str
        Of the town, as of `parvis.city.town.make_town`.
    known : Catalogue, optional
        Indicators that hold; others are left out.

    Returns
    -------
    tuple of ExampleDelivery
        Two surveys, and two deliveries of statistics: counts of the last year in the first are
        provisional, and the second revises them.
    """
    known = catalogue() if known is None else known
    rows = [
        row for row in example_statistics(seed=seed, size=size) if row.indicator in known.indicators
    ]
    first, last = YEARS
    early = [
        provisional(row) if row.period == str(last - 1) else row
        for row in rows
        if row.period < str(last)
    ]
    late = [row for row in rows if row.period > str(first)]
    found = [
        ExampleDelivery(
            dt.date(last, 3, 4),
            f"Statistics of {first} and {last - 1}; synthetic",
            observations_of(early),
        ),
        ExampleDelivery(
            dt.date(last + 1, 3, 4),
            f"Statistics of {last - 1}, revised, and {last}; synthetic",
            observations_of(late),
        ),
    ]
    for year in YEARS:
        table, mapping = example_survey(year, seed=seed)
        made = surveyed(
            answered_of(table, mapping, question_module()),
            question_module(),
            known,
            period=str(year),
            area=CITY,
            source=SOURCE,
        )
        received = dt.date(year, 10, 1)
        note = f"Survey of residents, {year}: {len(table.rows)} synthetic answers"
        found.append(ExampleDelivery(received, note, made.observations, document_of(made)))
    return tuple(sorted(found, key=lambda each: each.received))


def example_survey(year: int, *, seed: int = 1) -> tuple[SurveyTable, SurveyMap]:
    """Return the synthetic answers of a year and the map that reads them."""
    columns = example_answers(year, seed=seed)
    n = len(columns["id"])
    table = SurveyTable(f"survey-{year}.csv", columns, tuple(range(2, n + 2)), {})
    return table, survey_map_of(_map(year), question_module())


def _map(year: int) -> dict[str, Any]:
    return {
        "period": str(year),
        "area": CITY,
        "source": SOURCE,
        "id": "id",
        "date": "day",
        "design": {"weights": "weight", "strata": "stratum"},
        "areas": [district.code for district in example_districts()],
    }


def save_example(
    *, seed: int = 1, size: str = "small", home: Path | None = None
) -> tuple[Delivery, ...]:
    """
    Keep the fictional town's figures as deliveries.

    Raises
    ------
    DiskFullError, HomeNotWritableError
    """
    return tuple(
        save_delivery(
            each.table,
            received=each.received,
            file="",
            note=each.note,
            survey=each.survey,
            home=home,
        )
        for each in example_observations(seed=seed, size=size)
    )


def write_example(directory: Path, *, seed: int = 1, size: str = "small") -> tuple[Path, ...]:
    """
    Write the fictional town's figures as the files a city would have, with their mappings.

    Parameters
    ----------
    directory : Path
        Made where it is missing; files of the same names are written over.

    Returns
    -------
    tuple of Path
        Districts as GeoJSON; statistics, incidents and surveys as CSV; mappings of columns.

    Raises
    ------
    DiskFullError, HomeNotWritableError
    """
    with disk_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
        made = [
            _text(directory / "districts.geojson", districts_geojson(size=size)),
            _statistics(directory / "statistics.csv", seed, size),
            _text(directory / "statistics-mapping.json", _STATISTICS_MAPPING),
            _incidents(directory / "incidents.csv", seed, size),
        ]
        for year in YEARS:
            columns = example_answers(year, seed=seed)
            lines = zip(*columns.values(), strict=True)
            made.append(_csv(directory / f"survey-{year}.csv", list(columns), lines))
            made.append(_text(directory / f"survey-{year}-map.json", _map(year)))
    return tuple(made)


def districts_geojson(*, size: str = "small") -> dict[str, Any]:
    """Return the districts as GeoJSON in degrees, with code, name and residents."""
    from pyproj import Transformer

    turn = Transformer.from_crs(EPSG, 4326, always_xy=True)

    def ring(district: District) -> list[list[float]]:
        east, north = turn.transform(*np.array(district.polygon.exterior.coords).T)
        return np.column_stack([east, north]).round(7).tolist()

    features = [
        {
            "type": "Feature",
            "properties": {"code": each.code, "name": each.name, "population": each.people},
            "geometry": {"type": "Polygon", "coordinates": [ring(each)]},
        }
        for each in example_districts(size)
    ]
    return {"type": "FeatureCollection", "name": SOURCE, "features": features}


_STATISTICS_MAPPING: Mapping[str, Any] = {
    "columns": {
        "period": "year",
        "area": "district",
        "numerator": "count",
        "denominator": "base",
        "split:day_night": "time",
    },
    "constants": {"source": SOURCE},
}


def _statistics(path: Path, seed: int, size: str) -> Path:
    lines = (
        (
            row.indicator,
            row.period,
            row.area,
            "" if row.value is None else f"{row.value:.10g}",
            "" if row.n is None else row.n,
            "" if row.numerator is None else f"{row.numerator:.10g}",
            "" if row.denominator is None else f"{row.denominator:.10g}",
            row.split.partition("=")[2],
            row.grade.value,
        )
        for row in example_statistics(seed=seed, size=size)
    )
    return _csv(path, STATISTICS, lines)


def _incidents(path: Path, seed: int, size: str) -> Path:
    from pyproj import Transformer

    drawn = example_incidents(seed=seed, size=size)
    turn = Transformer.from_crs(EPSG, 4326, always_xy=True)
    east, north = turn.transform(drawn.xy[:, 0], drawn.xy[:, 1])
    lines = (
        (
            f"TM{at:06d}",
            drawn.month[at],
            drawn.kind[at],
            drawn.place[at],
            drawn.area[at],
            f"{east[at]:.6f}" if drawn.xy[at, 0] == drawn.xy[at, 0] else "",
            f"{north[at]:.6f}" if drawn.xy[at, 0] == drawn.xy[at, 0] else "",
        )
        for at in range(len(drawn.month))
    )
    head = ("id", "month", "crime_type", "place", "area", "longitude", "latitude")
    return _csv(path, head, lines)


def _csv(path: Path, head: Sequence[str], lines: Any) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(lines)
    return path


def _text(path: Path, document: Mapping[str, Any]) -> Path:
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return path

"""From files to indicators of a city's map: what is asked, the preview, and what is kept of it."""

import csv
import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from parvis.city.appearance import ATTRIBUTION
from parvis.indicators.geodata import Areas, CityMeasures, measures_of
from parvis.indicators.geodata.errors import CheckedSpacesError, PeriodError
from parvis.indicators.geodata.work import WHOLE
from parvis.indicators.values import observations_of, period_days
from parvis.indicators.vintages import Delivery
from parvis.io.incident_zones import read_zones
from parvis.io.indicator_files import catalogue_of
from parvis.io.observations import save_delivery
from parvis.io.population_cells import read_population
from parvis.io.store import disk_errors, load_city
from parvis.io.vector import as_text, read_rows

OPEN = frozenset({"yes", "open", "verified", "1", "true", "oui", "tak", ""})
CLOSED = frozenset({"no", "closed", "0", "false", "non", "nie"})


@dataclass(frozen=True, slots=True)
class CityRequest:
    """
    What is to be computed from which files.

    Attributes
    ----------
    city : str
        Name in the store.
    population : Path
        Cells with people.
    people, code, layer, crs : str or None
        Columns, layer and coordinate system of the cells; found by themselves where not said.
    splits : tuple of (str, str), or None
        Split and column; found by their names where not said.
    areas : Path or None
        Areas to give values for, besides the whole city.
    area_code : str or None
        Column of their codes.
    whole : str
        Code of the whole city.
    period : str
        Of the values; the year of the map's data by default.
    verified : Path or None
        Table with the ids of spaces that were looked at on the ground; with a second column that
        says ``no``, they were found closed.
    built_up : Path or None
        Built-up area; drawn around buildings by default.
    """

    city: str
    population: Path
    people: str | None = None
    code: str | None = None
    layer: str | None = None
    crs: str | None = None
    splits: tuple[tuple[str, str], ...] | None = None
    areas: Path | None = None
    area_code: str | None = None
    whole: str = WHOLE
    period: str = ""
    verified: Path | None = None
    built_up: Path | None = None


@dataclass(frozen=True, eq=False, slots=True)
class CityPreview:
    """What would be kept; nothing is written yet."""

    request: CityRequest
    measures: CityMeasures
    sha256: str
    epsg: int


def preview_city(request: CityRequest, *, home: Path | None = None) -> CityPreview:
    """
    Compute indicators from a city of the store, without writing anything.

    Parameters
    ----------
    request : CityRequest
    home : Path, optional

    Raises
    ------
    UnknownCityError, PopulationColumnsError, PopulationCellsError, PeriodError, NobodyThereError,
    NoWaysError, UnknownSpacesError, and those of `read_zones` and `parvis.io.vector.read_vector`
    """
    city = load_city(request.city, home=home)
    date = str(dict(city.manifest.get("source") or {}).get("date") or "")
    period = request.period or date[:4] or str(dt.datetime.now(dt.UTC).year)
    if period_days(period) is None:
        raise PeriodError(value=period)
    cells = read_population(
        request.population,
        city.epsg,
        people=request.people,
        code=request.code,
        splits=None if request.splits is None else dict(request.splits),
        layer=request.layer,
        crs=request.crs,
    )
    areas = None
    if request.areas is not None:
        zones = read_zones(request.areas, city.epsg, code=request.area_code)
        areas = Areas(zones.codes, zones.geometry)
    built_up = None
    if request.built_up is not None:
        shapes = read_zones(request.built_up, city.epsg).geometry
        built_up = shapely.union_all(shapes[shapely.get_dimensions(shapes) == 2])
    verified, refuted = read_checked(request.verified) if request.verified else (set(), set())
    measures = measures_of(
        city,
        cells,
        catalogue_of(home),
        period=period,
        areas=areas,
        whole=request.whole,
        verified=verified,
        refuted=refuted,
        built_up=built_up,
    )
    with request.population.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return CityPreview(replace(request, period=period), measures, digest, city.epsg)


def write_city(
    found: CityPreview, *, received: dt.date, note: str = "", home: Path | None = None
) -> Delivery:
    """
    Keep the observations of a preview as a delivery.

    Raises
    ------
    DiskFullError, HomeNotWritableError
    """
    return save_delivery(
        observations_of(found.measures.observations),
        received=received,
        file=found.request.population.name,
        sha256=found.sha256,
        note=note,
        mapping={"from_city": found.request.city, "facts": dict(found.measures.facts)},
        home=home,
    )


def cells_geojson(found: CityPreview, *, least: int) -> dict[str, Any]:
    """
    Return the population cells with what their people reach, in degrees.

    Parameters
    ----------
    found : CityPreview
    least : int
        The people of cells with fewer are left out; what can be reached from there stays.
    """
    reach = found.measures.reach
    transformer = Transformer.from_crs(
        CRS.from_epsg(found.epsg), CRS.from_epsg(4326), always_xy=True
    )
    shapes = shapely.transform(
        reach.cells.geometry,
        lambda xy: np.round(np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])), 7),
    )
    features = []
    for row, code in enumerate(reach.cells.codes):
        people = float(reach.cells.people[row])
        distance = float(reach.distance[row])
        properties: dict[str, Any] = {
            "code": code,
            "people": round(people) if people >= least else None,
            "few_people": people < least,
            "metres_to_open_space": None if np.isnan(distance) else round(distance),
            "attached": round(float(reach.attached[row]), 3),
        }
        for name, share in reach.served.items():
            properties[f"reach_{name}"] = round(float(share[row]), 3)
        geometry = json.loads(shapely.to_geojson(shapes[row]))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features}


def write_cells(path: Path, found: CityPreview, *, least: int) -> None:
    """Write `cells_geojson` to a file."""
    text = json.dumps(cells_geojson(found, least=least), ensure_ascii=False)
    with disk_errors(path):
        path.write_text(text, encoding="utf-8")


def write_inventories(path: Path, found: CityPreview) -> None:
    """Write dead ends, lamps and cameras by area as CSV."""
    head = ("kind", "area", "n", "street_km", "per_km", "mapped_share")
    with disk_errors(path), path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        for each in found.measures.inventories:
            said = each.to_json()
            writer.writerow(["" if said[name] is None else said[name] for name in head])


def read_checked(path: Path) -> tuple[set[str], set[str]]:
    """
    Read which public spaces were found open to all on the ground, and which not.

    Parameters
    ----------
    path : Path
        CSV or XLSX with a row of names, then ids in the first column and, in the second, ``yes``
        or ``no``; without a second column all were found open.

    Returns
    -------
    tuple of set of str
        Open, closed.

    Raises
    ------
    CheckedSpacesError, and those of `parvis.io.vector.read_rows`
    """
    verified: set[str] = set()
    refuted: set[str] = set()
    for row, cells in read_rows(path)[1:]:
        texts = [as_text(cell) for cell in cells]
        word = texts[1].lower() if len(texts) > 1 else ""
        if not texts or not texts[0] or word not in OPEN | CLOSED or texts[0] in verified | refuted:
            value = ", ".join(texts[:2])
            accepted = "the id of a space, each once, and yes or no"
            raise CheckedSpacesError(file=path.name, row=row, value=value, accepted=accepted)
        (refuted if word in CLOSED else verified).add(texts[0])
    return verified, refuted

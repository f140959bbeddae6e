"""Where do weights between two versions of areas come from: a table, or their polygons."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.errors import InputError
from parvis.indicators.areas import Basis, Conversion, Part, conversion_of
from parvis.io.incident_zones import Zones, read_zones
from parvis.io.observation_tables import ObservationColumnsError, read_table
from parvis.io.osm import utm_epsg
from parvis.io.vector import number, read_vector, to_crs

Floats = NDArray[np.float64]
COLUMNS = ("old", "new", "weight")
SLIVER = 0.002
"""Shares of an area below this come from lines drawn twice, not from a changed boundary."""
_PEOPLE = ("population", "pop", "people", "residents", "persons")


class AreaOutsideError(InputError):
    """An old area lies outside of all new ones; details: area, file."""

    code: ClassVar[str] = "areas_outside"


class AreaPeopleError(InputError):
    """People of small units cannot be read; details: file, accepted."""

    code: ClassVar[str] = "area_people"


def read_conversion(path: Path, *, first: str = "", second: str = "") -> Conversion:
    """
    Read a table of weights with the columns old, new and weight.

    Parameters
    ----------
    path : Path
        CSV, XLSX or JSON.
    first, second : str
        Keys of the versions of areas.

    Raises
    ------
    ObservationFileError, ObservationColumnsError
    AreaWeightError, AreaWeightSumError, AreaPartTwiceError
    """
    header, rows = read_table(path)
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        found = ", ".join(header)[:300]
        raise ObservationColumnsError(file=str(path), missing=", ".join(missing), found=found)
    places = [header.index(name) for name in COLUMNS]
    parts = []
    for _, cells in rows:
        old, new, weight = (cells[at] if at < len(cells) else "" for at in places)
        parts.append(Part(old, new, number(weight)))
    return conversion_of(parts, first=first, second=second)


def overlaid_conversion(
    old: Path,
    new: Path,
    *,
    people: Path | None = None,
    first: str = "",
    second: str = "",
) -> Conversion:
    """
    Compute weights from the polygons of two versions of areas.

    Parameters
    ----------
    old, new : Path
        Polygons with codes, in any format and coordinate system.
    people : Path, optional
        Small units, as polygons or points, with how many people live there; each belongs where a
        point inside of it lies. Without them people are taken as spread evenly, by area alone.
    first, second : str

    Returns
    -------
    Conversion
        Shares below `SLIVER` are dropped, the rest made to sum to one.

    Raises
    ------
    AreaOutsideError, AreaPeopleError
        And those of `parvis.io.incident_zones.read_zones`.
    """
    epsg = _epsg(old)
    before, after = read_zones(old, epsg), read_zones(new, epsg)
    if people is None:
        shares, basis = _by_area(before, after), Basis.AREA
    else:
        shares, basis = _by_people(before, after, people, epsg), Basis.POPULATION
    parts: list[Part] = []
    for row, code in zip(shares, before.codes, strict=True):
        kept = np.where(row >= SLIVER, row, 0.0)
        if not kept.sum() > 0.0:
            raise AreaOutsideError(area=code, file=after.file)
        kept /= kept.sum()
        parts += [
            Part(code, after.codes[at], float(kept[at])) for at in np.flatnonzero(kept).tolist()
        ]
    return conversion_of(
        parts, first=first or before.file, second=second or after.file, basis=basis
    )


def conversion_rows(conversion: Conversion) -> list[tuple[str, str, str]]:
    """Return a conversion as the rows of a table that `read_conversion` reads."""
    return [COLUMNS, *((p.old, p.new, f"{p.weight:.9f}") for p in conversion.parts)]


def _by_area(before: Zones, after: Zones) -> Floats:
    shares = np.zeros((len(before.codes), len(after.codes)))
    tree = shapely.STRtree(after.geometry)
    left, right = tree.query(before.geometry, predicate="intersects")
    common = shapely.area(shapely.intersection(before.geometry[left], after.geometry[right]))
    shares[left, right] = common / np.maximum(shapely.area(before.geometry[left]), 1e-9)
    return shares


def _by_people(before: Zones, after: Zones, path: Path, epsg: int) -> Floats:
    features = read_vector(path)
    names = list(dict.fromkeys(key for row in features.fields for key in row))
    column = next((name for name in names if name.lower() in _PEOPLE), None)
    accepted = f"a column called {' or '.join(_PEOPLE)}, with numbers of 0 or more"
    if column is None:
        raise AreaPeopleError(file=path.name, accepted=accepted)
    counts = np.array([number(row.get(column, "")) for row in features.fields])
    if not (np.isfinite(counts) & (counts >= 0.0)).all():
        raise AreaPeopleError(file=path.name, accepted=accepted)
    points = shapely.point_on_surface(to_crs(features, epsg))
    there = [_within(points, zones.geometry) for zones in (before, after)]
    shares = np.zeros((len(before.codes), len(after.codes)))
    both = (there[0] >= 0) & (there[1] >= 0)
    np.add.at(shares, (there[0][both], there[1][both]), counts[both])
    totals = shares.sum(axis=1, keepdims=True)
    # Nobody lives in some areas: their few counts move with the ground.
    return np.where(totals > 0.0, shares / np.maximum(totals, 1e-9), _by_area(before, after))


def _within(points: NDArray[np.object_], polygons: NDArray[np.object_]) -> NDArray[np.intp]:
    found = np.full(len(points), -1, dtype=np.intp)
    at, zone = shapely.STRtree(polygons).query(points, predicate="within")
    found[at[::-1]] = zone[::-1]
    return found


def _epsg(path: Path) -> int:
    """Return the metres that fit the place of a file."""
    features = read_vector(path)
    degrees: Sequence[float] = shapely.total_bounds(to_crs(features, 4326)).tolist()
    west, south, east, north = degrees
    return utm_epsg((west + east) / 2.0, (south + north) / 2.0)

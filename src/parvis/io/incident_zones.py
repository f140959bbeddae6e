"""In which area does each incident lie, and how many people are there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.errors import InputError
from parvis.incidents.errors import IncidentColumnsError, IncidentDataError
from parvis.incidents.hotspots import Neighbours
from parvis.incidents.records import NONE, Incidents, Labels
from parvis.io.vector import VectorFeatures, as_text, number, read_rows, read_vector, to_crs

N_NAMED = 5
_CODE = re.compile(r"(^|_)(code|id|cd|gss)($|_)|cd$|code$")
_PEOPLE = ("population", "pop", "people", "residents", "persons", "ambient")


class ZonesError(InputError):
    """Areas cannot be told apart; details: file, column, value."""

    code: ClassVar[str] = "incident_zones"


class UnknownAreasError(InputError):
    """Areas of one file are not in another; details: file, n, areas, other."""

    code: ClassVar[str] = "incident_areas_unknown"


class AreaPopulationError(InputError):
    """A population cannot be used; details: file, row, value, accepted."""

    code: ClassVar[str] = "incident_population"


@dataclass(frozen=True, eq=False, slots=True)
class Zones:
    """
    Areas with their codes.

    Attributes
    ----------
    file : str
    codes, names : tuple of str
        Names are codes where the file has none.
    geometry : ndarray of object
        Polygons in the metres of the incidents; parts that crossed themselves are mended.
    n_mended : int
    """

    file: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    geometry: NDArray[np.object_]
    n_mended: int


def read_zones(
    path: Path,
    epsg: int,
    *,
    code: str | None = None,
    name: str | None = None,
    layer: str | None = None,
) -> Zones:
    """
    Read areas of any format and coordinate system.

    Parameters
    ----------
    path : Path
    epsg : int
        Metres of the incidents.
    code, name : str, optional
        Columns; by default the first whose values all differ and whose name sounds like it.
    layer : str, optional

    Raises
    ------
    IncidentColumnsError, ZonesError, and those of `parvis.io.vector.read_vector` and `to_crs`
    """
    features = read_vector(path, layer=layer)
    known = list(dict.fromkeys(key for row in features.fields for key in row))
    for column in (code, name):
        if column is not None and column not in known:
            found = ", ".join(known[:20])
            raise IncidentColumnsError(file=path.name, missing=column, found=found)
    code = code or _first(features, known, _CODE) or name or _first(features, known, None)
    if code is None:
        raise ZonesError(file=path.name, column="", value="")
    codes = [row.get(code, "") for row in features.fields]
    seen: set[str] = set()
    for value in codes:
        if not value or value in seen:
            raise ZonesError(file=path.name, column=code, value=value)
        seen.add(value)
    name = name or next(
        (key for key in known if "name" in key.lower() or key.lower().endswith("nm")), code
    )
    geometry = to_crs(features, epsg)
    is_broken = ~shapely.is_valid(geometry)
    geometry[is_broken] = shapely.make_valid(geometry[is_broken])
    return Zones(
        path.name,
        tuple(codes),
        tuple(row.get(name, "") or row[code] for row in features.fields),
        geometry,
        int((is_broken & ~shapely.is_missing(geometry)).sum()),
    )


def zones_with(zones: Zones, populations: Mapping[str, float]) -> Zones:
    """Return the areas whose people are known; UnknownAreasError where there are none."""
    kept = [at for at, code in enumerate(zones.codes) if code in populations]
    if not kept:
        check_areas(zones.file, zones.codes, populations, "populations")
    return Zones(
        zones.file,
        tuple(zones.codes[at] for at in kept),
        tuple(zones.names[at] for at in kept),
        zones.geometry[kept],
        zones.n_mended,
    )


def areas_of(incidents: Incidents, zones: Zones) -> Labels:
    """
    Return the area each incident lies in.

    On a border between two, and where areas overlap, it is the one that comes first in the file.
    """
    found = np.full(len(incidents), NONE, dtype=np.int32)
    there = np.flatnonzero(incidents.is_placed)
    points: NDArray[np.object_] = np.array(shapely.points(incidents.xy[there]), dtype=object)
    tree = shapely.STRtree(points)
    zone, point = tree.query(zones.geometry, predicate="intersects")
    last_first = np.argsort(-zone, kind="stable")
    found[there[point[last_first]]] = zone[last_first]
    return Labels(found, zones.codes)


def touching(zones: Zones, *, gap: float = 1.0) -> Neighbours:
    """Return which areas lie within `gap` metres of each other, each itself included."""
    tree = shapely.STRtree(zones.geometry)
    first, second = tree.query(zones.geometry, predicate="dwithin", distance=gap)
    order = np.lexsort((second, first))
    counts = np.bincount(first, minlength=len(zones.codes))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Neighbours(start, second[order].astype(np.int64), np.ones(order.size))


def read_populations(
    path: Path,
    *,
    code: str | None = None,
    people: str | None = None,
    sheet: str | None = None,
) -> dict[str, float]:
    """
    Read how many people are in each area: CSV or XLSX.

    Parameters
    ----------
    path : Path
    code, people : str, optional
        Columns; by default those whose names sound like it.
    sheet : str, optional

    Raises
    ------
    IncidentColumnsError, AreaPopulationError, and those of `parvis.io.vector.read_rows`
    """
    rows = read_rows(path, sheet)
    names = [as_text(cell) for cell in rows[0][1]] if rows else []
    chosen = (
        _column(path.name, names, code, [n for n in names if _CODE.search(n.lower())], "a code"),
        _column(path.name, names, people, [n for n in names if n.lower() in _PEOPLE], "people"),
    )
    found: dict[str, float] = {}
    for row, cells in rows[1:]:
        area, said = (as_text(cells[at]) if at < len(cells) else "" for at in chosen)
        value = number(said)
        if not area or area in found:
            accepted = "a code of the area, each once"
            raise AreaPopulationError(file=path.name, row=row, value=area, accepted=accepted)
        if not value > 0.0:
            accepted = "people, more than 0"
            raise AreaPopulationError(file=path.name, row=row, value=said, accepted=accepted)
        found[area] = value
    if not found:
        raise IncidentDataError(file=path.name, what="people by area")
    return found


def check_areas(file: str, areas: Iterable[str], known: Mapping[str, object], other: str) -> None:
    """Refuse areas that another file does not know; UnknownAreasError."""
    unknown = sorted(set(areas) - set(known))
    if unknown:
        raise UnknownAreasError(
            file=file, n=len(unknown), areas=", ".join(unknown[:N_NAMED]), other=other
        )


def _first(
    features: VectorFeatures, known: Sequence[str], like: re.Pattern[str] | None
) -> str | None:
    for key in known:
        values = [row.get(key, "") for row in features.fields]
        is_told = all(values) and len(set(values)) == len(values)
        if is_told and (like is None or like.search(key.lower())):
            return key
    return None


def _column(
    file: str, names: Sequence[str], said: str | None, guessed: Sequence[str], what: str
) -> int:
    chosen = said or next(iter(guessed), "")
    if chosen not in names:
        found = ", ".join(name for name in names[:20] if name)
        raise IncidentColumnsError(file=file, missing=chosen or what, found=found)
    return list(names).index(chosen)

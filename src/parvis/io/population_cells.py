"""How many people live in each cell of a population grid: read from any vector file or table."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.indicators.geodata.errors import PopulationCellsError, PopulationColumnsError
from parvis.indicators.geodata.people import PopulationCells
from parvis.io.vector import VectorFeatures, number, read_vector, to_crs

MOST = 1e7
"""No cell has more people."""
_PEOPLE = ("population", "people", "residents", "persons", "pop", "inhabitants", "total", "tot",
           "obs_value_t", "t", "asukkaita", "vaesto", "einwohner", "habitants", "ludnosc",
           "bevolking", "aantal_inwoners")  # fmt: skip
_CODE = ("code", "id", "cell", "cell_id", "grd_id", "gridcode", "cellcode", "fid")
_SEX = {"f": ("women", "female", "females", "f", "obs_value_f", "femmes", "kobiety"),
        "m": ("men", "male", "males", "m", "obs_value_m", "hommes", "mezczyzni")}  # fmt: skip
_AGE = re.compile(r"(?:age|y|a)_?(\d{1,3})_?(?:-|_|to)_?(\d{1,3})")
_OLDEST = re.compile(r"(?:age|y|a)_?(?:ge_?(\d{1,3})|(\d{1,3})_?(?:plus|\+))")
_SPLIT = re.compile(r"[a-z_]+=[^;=]+(;[a-z_]+=[^;=]+)*")


def read_population(
    path: Path,
    epsg: int,
    *,
    people: str | None = None,
    code: str | None = None,
    splits: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> PopulationCells:
    """
    Read a population grid, or other small areas or points with people.

    Parameters
    ----------
    path : Path
        GeoPackage, GeoJSON, Shapefile and whatever else `parvis.io.vector.read_vector` reads; CSV
        or XLSX with coordinates or WKT.
    epsg : int
        Metres to bring the cells to.
    people, code : str, optional
        Columns; by default those whose names sound like it. Without a code cells are numbered.
    splits : mapping from split to column, optional
        People of a part, as ``{"sex=f": "women"}``; by default columns whose names say sex or age.
    layer : str, optional
    crs : str, optional
        Overrules the file's.

    Raises
    ------
    PopulationColumnsError, PopulationCellsError, and those of `parvis.io.vector.read_vector` and
    `to_crs`
    """
    features = read_vector(path, layer=layer, crs=crs)
    known = list(dict.fromkeys(key for row in features.fields for key in row))
    chosen = people or _named(known, _PEOPLE)
    parts = dict(splits) if splits is not None else _guessed_splits(known, chosen)
    for name, column in {"people": chosen, **({"code": code} if code else {}), **parts}.items():
        if column is None or column not in known:
            found = ", ".join(known[:20])
            raise PopulationColumnsError(file=path.name, missing=column or name, found=found)
    for split in parts:
        if not _SPLIT.fullmatch(split) or ";".join(sorted(split.split(";"))) != split:
            _refuse(features, 0, parts[split], split, "a part as sex=f or age=15-24;sex=f")
    geometry = to_crs(features, epsg)
    codes = _codes(features, code or _named(known, _CODE), is_said=code is not None)
    counted = {
        name: _numbers(features, column) for name, column in {"": chosen or "", **parts}.items()
    }
    _check(features, geometry, counted, parts)
    kept = ~shapely.is_missing(geometry)
    kept &= ~shapely.is_empty(geometry)
    total = counted.pop("")
    return PopulationCells(
        path.name,
        tuple(each for each, is_kept in zip(codes, kept, strict=True) if is_kept),
        _mended(geometry[kept]),
        total[kept],
        {name: values[kept] for name, values in counted.items()},
    )


def _named(known: Sequence[str], words: Sequence[str]) -> str | None:
    by_word = {key.lower(): key for key in reversed(known)}
    return next((by_word[word] for word in words if word in by_word), None)


def _guessed_splits(known: Sequence[str], people: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in known:
        word = key.lower()
        if key == people:
            continue
        for sex, words in _SEX.items():
            if word in words:
                found.setdefault(f"sex={sex}", key)
        if age := _AGE.fullmatch(word):
            found.setdefault(f"age={int(age[1])}-{int(age[2])}", key)
        elif oldest := _OLDEST.fullmatch(word):
            found.setdefault(f"age={int(oldest[1] or oldest[2])}+", key)
    return found


def _codes(features: VectorFeatures, column: str | None, *, is_said: bool) -> list[str]:
    numbered = [str(int(row)) for row in features.row]
    if column is None:
        return numbered
    codes = [row.get(column, "") for row in features.fields]
    seen: set[str] = set()
    for at, value in enumerate(codes):
        if not value or value in seen:
            if is_said:
                _refuse(features, at, column, value, "a code of the cell, each once")
            return numbered
        seen.add(value)
    return codes


def _numbers(features: VectorFeatures, column: str) -> NDArray[np.float64]:
    values = np.array([number(row.get(column) or None) for row in features.fields])
    return np.asarray(values, dtype=np.float64)


def _check(
    features: VectorFeatures,
    geometry: NDArray[np.object_],
    counted: Mapping[str, NDArray[np.float64]],
    parts: Mapping[str, str],
) -> None:
    """Refuse people that cannot be, and cells with people that lie nowhere."""
    total = counted[""]
    for name, values in counted.items():
        column = parts.get(name, "people")
        said = [bool(row.get(column)) for row in features.fields] if name else [True] * len(values)
        wrong = ~((values >= 0.0) & (values <= MOST)) & np.array(said, dtype=bool)
        for at in np.flatnonzero(wrong)[:1]:
            _refuse(
                features, int(at), column, _said(features, int(at), column), "people, 0 or more"
            )
        if name:
            for at in np.flatnonzero(values > total + 0.5)[:1]:
                accepted = f"at most the people of the cell, {total[at]:g}"
                _refuse(features, int(at), column, f"{values[at]:g}", accepted)
    is_nowhere = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    is_line = shapely.get_dimensions(geometry) == 1
    for at in np.flatnonzero((is_nowhere & (total > 0.0)) | is_line)[:1]:
        shape = geometry[at].geom_type if geometry[at] is not None else ""
        _refuse(features, int(at), "geometry", shape, "a polygon or a point")


def _said(features: VectorFeatures, at: int, column: str) -> str:
    row = features.fields[at]
    return row.get(column) or row.get(_named(list(row), _PEOPLE) or "", "")


def _mended(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    broken = ~shapely.is_valid(geometry)
    geometry[broken] = shapely.make_valid(geometry[broken])
    return geometry


def _refuse(features: VectorFeatures, at: int, column: str, value: str, accepted: str) -> None:
    raise PopulationCellsError(
        file=features.file, row=int(features.row[at]), column=column, value=value, accepted=accepted
    )

"""How do a planner's files become a design: their layers, their place, cut at the limit."""

import math
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import join
from parvis.city.georeference import Placement
from parvis.city.model import City
from parvis.city.table import FeatureTable
from parvis.city.variants import cut_at
from parvis.errors import InputError
from parvis.io.control_points import read_control_points
from parvis.io.layer_rows import Refused
from parvis.io.variant_limits import one_limit
from parvis.io.variant_names import IGNORE, LIMIT, WORDS, check_meanings, meaning_of
from parvis.io.variant_rows import Rows, collect, interpreted
from parvis.io.vector import (
    CrsMissingError,
    DwgError,
    VectorEmptyError,
    VectorFeatures,
    VectorMissingError,
    VectorUnreadableError,
    crs_name,
    parse_crs,
    read_vector,
    to_crs,
)

CAD_LAYER = "Layer"


class DesignEmptyError(InputError):
    """No file holds anything that can be drawn."""

    code = "variant_empty"


class DesignLayersError(InputError):
    """No layer of the files has a name that is understood."""

    code = "variant_layers"


class DesignOutsideError(InputError):
    """A drawing lands outside the city."""

    code = "variant_outside"


class DesignNotInLimitError(InputError):
    """The design lies wholly outside its limit."""

    code = "variant_not_in_limit"


@dataclass(frozen=True, eq=False)
class Brought:
    """
    What was taken from a design's files and what was not.

    Attributes
    ----------
    n_rows : int
    taken : mapping of str to int
        Features by kind, after cutting.
    cut : mapping of str to int
        Features that crossed the limit, by layer.
    outside : mapping of str to int
        Features wholly outside it, by layer.
    refused : tuple of (str, Refused)
        Layer of the file and row.
    ignored : mapping of str to int
        The files' layers whose name says nothing, with their rows.
    n_mended : int
    """

    n_rows: int
    taken: Mapping[str, int]
    cut: Mapping[str, int]
    outside: Mapping[str, int]
    refused: tuple[tuple[str, Refused], ...]
    ignored: Mapping[str, int]
    n_mended: int


@dataclass(frozen=True, eq=False)
class Design:
    """
    A design in the city's coordinates, cut at its limit.

    Attributes
    ----------
    limit : Polygon or MultiPolygon
    drawn : frozenset of str
        Layers the files have, be they empty.
    tables : mapping of str to FeatureTable
    crs : str
    placement : Placement or None
    brought : Brought
    """

    limit: BaseGeometry
    drawn: frozenset[str]
    tables: Mapping[str, FeatureTable]
    crs: str
    placement: Placement | None
    brought: Brought


def read_design(
    city: City,
    files: Sequence[Path],
    *,
    limit: Path | None = None,
    crs: str | None = None,
    control_points: Path | None = None,
    layers: Mapping[str, str],
) -> Design:
    """
    Read a design from any number of files.

    Parameters
    ----------
    city : City
        The present.
    files : sequence of Path
        DXF, GeoPackage with any number of layers, or files named after what they hold.
    limit : Path, optional
    crs : str, optional
        Of files that do not say their own.
    control_points : Path, optional
        For such files, instead of `crs`.
    layers : mapping of str to str
        See `parvis.io.variant_names.meaning_of`.

    Raises
    ------
    DesignEmptyError, DesignLayersError, DesignOutsideError, LimitMissingError, LimitBrokenError,
    LimitTwiceError, DesignNotInLimitError, LayerMeaningError
        Beside the errors of `read_vector` and `read_control_points`.
    """
    check_meanings(layers)
    placement = read_control_points(control_points, city.epsg, crs=crs) if control_points else None
    found: dict[str, Rows] = {}
    limits: list[tuple[str, list[BaseGeometry | None]]] = []
    ignored: Counter[str] = Counter()
    systems: list[str] = []
    n_rows = 0
    for path in files:
        for features in _layers_of(path):
            shapes, system = _placed(features, city, crs, placement)
            systems.append(system)
            _check_landing(features.file, shapes, city)
            n_rows += len(features)
            own: list[BaseGeometry | None] = []
            for name, rows in _by_layer(features, path):
                meaning = meaning_of(name, layers)
                if meaning is None or meaning[0] == IGNORE:
                    if meaning is None and len(rows):
                        ignored[name] += len(rows)
                elif meaning[0] == LIMIT:
                    own += list(shapes[rows])
                else:
                    collect(found, meaning, features, shapes, rows, name)
            if own:
                limits.append((path.name, own))
    if limit is not None:
        limits.append((limit.name, _limit_shapes(limit, city, crs, placement, layers)))
    if not n_rows and not found:
        raise DesignEmptyError(file=", ".join(path.name for path in files))
    if not found:
        raise DesignLayersError(
            file=", ".join(path.name for path in files),
            found=", ".join(sorted(ignored)[:12]) or "only a limit",
            accepted=", ".join(word[0] for key, word in WORDS.items() if key != LIMIT),
        )
    area = one_limit(limits, city, ", ".join(path.name for path in files))
    return _designed(found, area, ignored, n_rows, systems, placement)


def _designed(
    found: Mapping[str, Rows],
    limit: BaseGeometry,
    ignored: Mapping[str, int],
    n_rows: int,
    systems: Sequence[str],
    placement: Placement | None,
) -> Design:
    """Interpret rows layer by layer and cut them at the limit."""
    tables: dict[str, FeatureTable] = {}
    cut: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    refused: list[tuple[str, Refused]] = []
    n_mended = 0
    for order, (layer, rows) in enumerate(found.items()):
        read, not_taken, mended = interpreted(layer, rows, order)
        refused += not_taken
        n_mended += mended
        for name, table in read.items():
            every = np.arange(len(table))
            meets = shapely.intersects(limit, table.geometry)
            inside, rest = cut_at(table, every[meets], limit)
            outside[layer] += int((~meets).sum())
            cut[layer] += len(np.unique(np.asarray(rest["osm_id"]))) if len(rest) else 0
            if len(inside):
                taken.update(str(word) for word in inside.words("kind"))
                tables[name] = join(tables[name], inside) if name in tables else inside
    n_drawn = sum(len(rows.shapes) for rows in found.values())
    if n_drawn and not tables and sum(outside.values()):
        raise DesignNotInLimitError(n=sum(outside.values()))
    if n_drawn and not tables:
        reasons = Counter(item.reason.replace("_", " ") for _, item in refused)
        listed = ", ".join(f"{count} × {reason}" for reason, count in reasons.most_common())
        raise DesignEmptyError(file=f"the design ({listed})")
    brought = Brought(
        n_rows,
        dict(sorted(taken.items())),
        {layer: n for layer, n in cut.items() if n},
        {layer: n for layer, n in outside.items() if n},
        tuple(refused),
        dict(ignored),
        n_mended,
    )
    listed = ", ".join(dict.fromkeys(systems))
    return Design(limit, frozenset(found), tables, listed, placement, brought)


def _layers_of(path: Path) -> Iterator[VectorFeatures]:
    """Yield the layers of a file; one without features too, as a design can have none of a sort."""
    if path.suffix.lower() == ".dxf" and path.is_file():
        with path.open("rb") as stream:
            if stream.read(4) in (b"AC10", b"AC1."):
                raise DwgError(file=path.name)
    if path.suffix.lower() != ".gpkg":
        yield read_vector(path)
        return
    if not path.is_file():
        raise VectorMissingError(file=str(path))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    except (pyogrio.errors.DataSourceError, ValueError, OSError) as error:
        reason = str(error).strip().split("\n")[0].split(";")[0].rstrip(".")
        raise VectorUnreadableError(file=path.name, reason=reason) from error
    spatial = [name for name, kind in listed if kind is not None]
    if not spatial:
        raise VectorEmptyError(file=path.name, layer="")
    for name in spatial:
        try:
            yield read_vector(path, layer=name)
        except VectorEmptyError:
            none = np.empty(0, dtype=object)
            yield VectorFeatures(path.name, name, none, (), np.empty(0, dtype=np.int64), None)


def _by_layer(features: VectorFeatures, path: Path) -> list[tuple[str, NDArray[np.int64]]]:
    """Return rows by the name that says what they are."""
    every = np.arange(len(features), dtype=np.int64)
    if path.suffix.lower() != ".dxf":
        name = features.layer or path.stem
        if meaning_of(name, {}) is None and meaning_of(path.stem, {}) is not None:
            name = path.stem
        return [(name, every)]
    names = np.array([row.get(CAD_LAYER, "") for row in features.fields], dtype=object)
    return [(str(name), every[names == name]) for name in dict.fromkeys(names)]


def _placed(
    features: VectorFeatures, city: City, crs: str | None, placement: Placement | None
) -> tuple[NDArray[np.object_], str]:
    """Return geometries in the city's coordinates and the system they came from."""
    if not len(features):
        return features.geometry, "empty"
    if features.crs is not None:
        return to_crs(features, city.epsg), crs_name(features.crs)
    if placement is not None:
        geometry = features.geometry.copy()
        there = np.array([g is not None for g in geometry], dtype=bool)
        geometry[there] = shapely.transform(features.geometry[there], placement.apply)
        return geometry, "control points"
    if crs is None:
        raise CrsMissingError(file=features.file)
    stated = replace(features, crs=parse_crs(crs))
    return to_crs(stated, city.epsg), crs_name(parse_crs(crs))


def _check_landing(file: str, shapes: NDArray[np.object_], city: City) -> None:
    """Raise where a drawing lands outside the city, saying where."""
    there = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not there:
        return
    boxes = shapely.bounds(np.array(there, dtype=object))
    west, south, east, north = city.bounds
    meets = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    if (meets & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)).any():
        return
    low, high = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
    x, y = (low + high) / 2
    away = math.hypot(x - (west + east) / 2, y - (south + north) / 2) / 1000
    lon, lat = Transformer.from_crs(city.epsg, 4326, always_xy=True).transform(x, y)
    place = f"{x:,.0f} E, {y:,.0f} N"
    if math.isfinite(lon) and math.isfinite(lat):
        place += f" (longitude {lon:.4f}, latitude {lat:.4f})"
    small = (x / 1000, y / 1000)
    is_mm = west <= small[0] <= east and south <= small[1] <= north
    raise DesignOutsideError(
        file=file,
        place=place,
        away=f"{away:,.0f}",
        city=city.name,
        size=f"{high[0] - low[0]:,.0f} × {high[1] - low[1]:,.0f}",
        hint=(
            "divided by 1,000 it would lie in the city: the drawing is in millimetres, save it in "
            "metres"
            if is_mm
            else "a drawing in local coordinates or millimetres needs --control-points, one in "
            "another system its --crs"
        ),
    )


def _limit_shapes(
    path: Path,
    city: City,
    crs: str | None,
    placement: Placement | None,
    layers: Mapping[str, str],
) -> list[BaseGeometry | None]:
    """Return the shapes of a limit file: of its layer ``limit`` where it has one, else all."""
    marked: list[BaseGeometry | None] = []
    every: list[BaseGeometry | None] = []
    for features in _layers_of(path):
        shapes, _ = _placed(features, city, crs, placement)
        _check_landing(features.file, shapes, city)
        every += list(shapes)
        for name, rows in _by_layer(features, path):
            meaning = meaning_of(name, layers)
            if meaning is not None and meaning[0] == LIMIT:
                marked += list(shapes[rows])
    return marked or every

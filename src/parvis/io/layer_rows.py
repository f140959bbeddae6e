"""Which rows of a municipal file become features, as what, and which do not and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.approach.ratings import RatingError, parse_rating
from parvis.city.assemble import build_table
from parvis.city.corrections import STATES
from parvis.city.layers import LAYER_KINDS, LayerKind
from parvis.city.table import FeatureTable
from parvis.errors import InputError
from parvis.io.table_words import KINDS, REGISTER_WORDS, STATE_WORDS, UNRATED, fold
from parvis.io.vector import VectorFeatures, number

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "type", "barrier", "typ", "art", "class", "nature"),
    "rating": ("rating", "parvis:rating", "crash_rating", "classification"),
    "state": ("state", "parvis:state", "status"),
    "height": ("height", "hoehe", "höhe", "hauteur", "altura"),
    "name": ("name", "nom", "nombre", "bezeichnung"),
    "level": ("level", "layer_level"),
    "drivable": ("drivable", "is_drivable"),
}
"""Column names recognised without a mapping, by what they mean."""
CAD_LAYER = "Layer"
YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "x"})
NO = frozenset({"no", "n", "false", "0", "nein", "non"})
_STATES = {fold(word): state for state in STATES for word in STATE_WORDS[state]}
_UNRATED = frozenset(fold(word) for word in UNRATED)
_TYPES = {"Point": "points", "LineString": "lines", "Polygon": "polygons"}
_SHAPES = {"areas": "polygon", "lines": "line", "points": "point", "furniture": "point"}
_FIRST_ID = 10_000_000


class LayerMappingError(InputError):
    """A mapping file says something that cannot be followed."""

    code = "layer_mapping"


@dataclass(frozen=True)
class Mapped:
    """
    How a municipal file's own words translate.

    Attributes
    ----------
    layers : mapping of str to str
        Drawing layer to kind; where given, other drawing layers are not taken.
    columns : mapping of str to str
        What a column means (`COLUMNS`) to its name in the file.
    kinds : mapping of str to str
        The file's word for a kind to the city's.
    """

    layers: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its number, a reason code and the value that led to it."""

    row: int
    reason: str
    value: str


@dataclass(frozen=True, eq=False)
class Interpreted:
    """
    Features of a layer and what was left out.

    Attributes
    ----------
    tables : mapping of str to FeatureTable
    taken : mapping of str to int
        Features by kind.
    refused : tuple of Refused
    n_mended : int
        Polygons that crossed themselves and were mended.
    """

    tables: Mapping[str, FeatureTable]
    taken: Mapping[str, int]
    refused: tuple[Refused, ...]
    n_mended: int


@dataclass
class _Row:
    table: str
    kind: str
    geometry: BaseGeometry
    osm_id: int
    level: int
    name: str
    height: float
    tags: dict[str, str]


def read_mapping(path: Path, kind: str) -> Mapped:
    """
    Read a mapping file (YAML or JSON): ``layers``, ``columns``, ``kinds``, each optional.

    Raises
    ------
    LayerMappingError
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LayerMappingError(file=str(path), problem="there is no such file") from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise LayerMappingError(file=path.name, problem="it is no YAML or JSON") from error
    parts = ("layers", "columns", "kinds")
    if not isinstance(content, dict) or not content.keys() <= set(parts):
        raise LayerMappingError(
            file=path.name, problem=f"it may hold only the entries {', '.join(parts)}"
        )
    for part in content:
        if not isinstance(content[part], dict):
            raise LayerMappingError(file=path.name, problem=f"{part!r} must map words to words")
    texts = {part: {str(k): str(v) for k, v in content.get(part, {}).items()} for part in parts}
    unknown = sorted(set(texts["columns"]) - set(COLUMNS))
    if unknown:
        problem = f"columns may name {', '.join(COLUMNS)}, not {', '.join(unknown)}"
        raise LayerMappingError(file=path.name, problem=problem)
    accepted = kinds_of(LAYER_KINDS[kind])
    wrong = sorted({*texts["layers"].values(), *texts["kinds"].values()} - accepted)
    if wrong:
        problem = f"{', '.join(wrong)} cannot be {kind}; accepted are {', '.join(sorted(accepted))}"
        raise LayerMappingError(file=path.name, problem=problem)
    return Mapped(**texts)


def kinds_of(rule: LayerKind) -> set[str]:
    """Return all kinds a layer of that sort can hold."""
    targets = (rule.points, rule.lines, rule.polygons)
    return set(rule.kinds) | {target[1] for target in targets if target is not None}


def interpret(
    features: VectorFeatures,
    geometry: NDArray[np.object_],
    kind: str,
    mapped: Mapped,
    *,
    order: int,
    bounds: tuple[float, float, float, float],
    rule: LayerKind | None = None,
) -> Interpreted:
    """
    Turn rows into features.

    Parameters
    ----------
    features : VectorFeatures
    geometry : ndarray of object
        Its geometries in the city's coordinates.
    kind : str
        Key of `LAYER_KINDS`.
    mapped : Mapped
    order : int
        Of the layer, for the features' numbers.
    bounds : tuple of float
        Rows wholly outside are not taken. [m]
    rule : LayerKind, optional
        Taken instead of that of `kind`.
    """
    rule = rule or LAYER_KINDS[kind]
    is_register = kind == "barriers"
    columns = _columns(features, mapped, is_register=is_register)
    window = shapely.box(*bounds)
    rows: list[_Row] = []
    refused: list[Refused] = []
    n_mended = 0
    for i, shape in enumerate(geometry):
        number_of_row = int(features.row[i])
        values = {what: features.fields[i].get(column, "") for what, column in columns.items()}
        if is_register:
            values = _in_city_words(values, rule)
        found = _check(features.fields[i], shape, values, rule, mapped, window)
        if isinstance(found, tuple):
            refused.append(Refused(number_of_row, *found))
            continue
        parts, mended = _fit(shape, rule)
        n_mended += mended
        if not parts:
            refused.append(Refused(number_of_row, "geometry_type", shape.geom_type))
        for part in parts:
            target = _target(rule, part)
            rows.append(
                _Row(
                    table=target[0],
                    kind=found or target[1],
                    geometry=part,
                    osm_id=-(order * _FIRST_ID + number_of_row),
                    level=round(number(values.get("level") or 0)),
                    name=values.get("name", ""),
                    height=number(values.get("height")),
                    tags=_tags(features.fields[i], values),
                )
            )
    tables = {name: _table(name, [row for row in rows if row.table == name]) for name in _SHAPES}
    tables = {name: table for name, table in tables.items() if len(table)}
    kinds = [row.kind for row in rows]
    taken = {word: kinds.count(word) for word in sorted(set(kinds))}
    return Interpreted(tables, taken, tuple(refused), n_mended)


def _columns(features: VectorFeatures, mapped: Mapped, *, is_register: bool) -> dict[str, str]:
    """Return the column of the file for each meaning that has one."""
    present = {name for row in features.fields for name in row}
    lower = {name.lower(): name for name in present}
    found = {
        what: next((lower[name] for name in names if name in lower), "")
        for what, names in COLUMNS.items()
    }
    if is_register:
        plain = {fold(name): name for name in present}
        for what in ("kind", "rating", "state"):
            words = (fold(word) for word in REGISTER_WORDS[what])
            found[what] = found[what] or next((plain[word] for word in words if word in plain), "")
    return {what: column for what, column in (found | dict(mapped.columns)).items() if column}


def _in_city_words(values: dict[str, str], rule: LayerKind) -> dict[str, str]:
    """Return a row of a register of barriers with kind, state and rating as the city has them."""
    said = dict(values)
    word, _ = KINDS.get(fold(values.get("kind", "")), ("", False))
    if word and values["kind"] not in kinds_of(rule):
        said["kind"] = word
    said["state"] = _STATES.get(fold(values.get("state", "")), values.get("state", ""))
    if fold(values.get("rating", "")) in _UNRATED:
        said["rating"] = ""
    return said


def _check(
    fields: Mapping[str, str],
    shape: BaseGeometry | None,
    values: Mapping[str, str],
    rule: LayerKind,
    mapped: Mapped,
    window: BaseGeometry,
) -> tuple[str, str] | str:
    """Return the kind a row states ("" for none), or reason and value why it is not taken."""
    if shape is None or shape.is_empty:
        return "no_geometry", ""
    if not shapely.intersects(shapely.box(*shape.bounds), window):
        return "outside_city", f"{shape.bounds[0]:.0f} {shape.bounds[1]:.0f}"
    if mapped.layers and fields.get(CAD_LAYER, "") not in mapped.layers:
        return "not_mapped", fields.get(CAD_LAYER, "")
    word = mapped.layers.get(fields.get(CAD_LAYER, ""), "") or values.get("kind", "")
    word = mapped.kinds.get(word, word)
    if values.get("drivable", "").lower() in NO and "ground_not_drivable" in rule.kinds:
        word = "ground_not_drivable"
    if word.lower() in YES or not rule.kinds:
        word = ""
    if word and word not in kinds_of(rule):
        return "unknown_kind", word
    for what, is_wrong in (("height", _is_no_length), ("rating", _is_no_rating),
                           ("level", _is_no_level), ("state", _is_no_state)):  # fmt: skip
        if values.get(what) and is_wrong(values[what]):
            if what == "state" and not values.get("rating"):
                continue
            return f"bad_{what}", values[what]
    return word


def _is_no_length(text: str) -> bool:
    return not 0 <= number(text) < 1000


def _is_no_level(text: str) -> bool:
    return not -20 <= number(text) <= 100


def _is_no_state(text: str) -> bool:
    return text.lower() not in STATES


def _is_no_rating(text: str) -> bool:
    try:
        parse_rating(text)
    except RatingError:
        return True
    return False


def _fit(shape: BaseGeometry, rule: LayerKind) -> tuple[list[BaseGeometry], int]:
    """Return single-part geometries of a type the layer takes, and how many were mended."""
    fitted: list[BaseGeometry] = []
    n_mended = 0
    for given in _single_parts(shape):
        part = given
        if rule.polygons is not None and part.geom_type == "LineString" and not rule.lines:
            if not part.is_closed or len(part.coords) < 4:
                continue
            part = shapely.Polygon(part.coords)
        if part.geom_type == "Polygon" and rule.polygons and _shape_of(rule.polygons) == "line":
            fitted.extend(_single_parts(part.boundary))
            continue
        if part.geom_type not in _TYPES or getattr(rule, _TYPES[part.geom_type]) is None:
            continue
        if part.geom_type == "Polygon" and not part.is_valid:
            n_mended += 1
            whole = _single_parts(shapely.make_valid(part))
            fitted.extend(p for p in whole if p.geom_type == "Polygon" and p.area > 0)
            continue
        if part.geom_type == "Point" or part.length > 0:
            fitted.append(part)
    return fitted, n_mended


def _single_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    parts = list(shapely.get_parts(shape))
    if len(parts) == 1 and not hasattr(parts[0], "geoms"):
        flat = parts
    else:
        flat = [single for part in parts for single in _single_parts(part)]
    return [
        shapely.LineString(part.coords) if part.geom_type == "LinearRing" else part for part in flat
    ]


def _shape_of(target: tuple[str, str]) -> str:
    return _SHAPES[target[0]]


def _target(rule: LayerKind, part: BaseGeometry) -> tuple[str, str]:
    target: tuple[str, str] = getattr(rule, _TYPES[str(part.geom_type)])
    return target


def _tags(fields: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    tags = dict(fields) | {"parvis:grade": "B"}
    if values.get("rating"):
        tags["parvis:rating"] = values["rating"]
        tags["parvis:state"] = (values.get("state") or "closed").lower()
    if values.get("height"):
        tags["height"] = f"{number(values['height']):g}"
    return tags


def _table(name: str, rows: Sequence[_Row]) -> FeatureTable:
    columns: dict[str, NDArray[np.generic]] = {
        "osm_id": np.array([row.osm_id for row in rows], dtype=np.int64)
    }
    texts: dict[str, Any] = {}
    coded = {"kind": [row.kind for row in rows]}
    if name != "furniture":
        columns["level"] = np.array([row.level for row in rows], dtype=np.int8)
    if name in ("areas", "lines"):
        columns["height"] = np.array([row.height for row in rows], dtype=np.float32)
    if name == "areas":
        texts["name"] = [row.name for row in rows]
        coded["osm_type"] = ["layer" for _ in rows]
    if name == "points":
        columns["segment_node"] = np.full(len(rows), -1, dtype=np.int32)
    return build_table(
        _SHAPES[name],
        [row.geometry for row in rows],
        columns,
        texts=texts,
        coded=coded,
        tags=[row.tags for row in rows],
    )

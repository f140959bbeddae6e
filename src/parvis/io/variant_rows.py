"""How do the rows of a design's files become features of the city's tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import build_table
from parvis.city.table import FeatureTable
from parvis.city.variant_layers import DESIGN_LAYERS
from parvis.io.layer_rows import COLUMNS, Mapped, Refused, interpret, kinds_of
from parvis.io.vector import VectorFeatures

SYMBOL = {"trees": 15.0, "furniture": 6.0, "barriers": 1.5}
"""Closed shapes up to this size stand for a point at their middle. [m]"""
ORDER = 900
"""Of the features' own numbers, above those of municipal layers."""
EVERYWHERE = (-1e12, -1e12, 1e12, 1e12)
_DRAWING_FIELDS = frozenset(
    {"Layer", "PaperSpace", "SubClasses", "Linetype", "EntityHandle", "Text", "BlockName"}
)
_OWN = frozenset({"osm_id", "osm_type", "grade", "tags", "fid"})


@dataclass
class Rows:
    """Rows of one design layer."""

    shapes: list[BaseGeometry | None] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def collect(
    found: dict[str, Rows],
    meaning: tuple[str, str],
    features: VectorFeatures,
    shapes: NDArray[np.object_],
    rows: NDArray[np.int64],
    name: str,
) -> None:
    """Add rows to a design layer, their kind stated."""
    layer, kind = meaning
    into = found.setdefault(layer, Rows())
    kinds = kinds_of(DESIGN_LAYERS[layer].rule)
    for row in rows:
        given = features.fields[row]
        lower = {key.lower(): value for key, value in given.items()}
        said = next((lower[word] for word in COLUMNS["kind"] if lower.get(word) in kinds), kind)
        dropped = {*COLUMNS["kind"], *(key.lower() for key in _DRAWING_FIELDS)}
        kept = {key: value for key, value in given.items() if key.lower() not in dropped}
        if given.get("Text"):
            kept["Text"] = given["Text"]
        into.shapes.append(_as_symbol(shapes[row], layer))
        into.fields.append(kept | ({"kind": said} if said else {}))
        into.layers.append(name)
        into.numbers.append(int(features.row[row]))


def _as_symbol(shape: BaseGeometry | None, layer: str) -> BaseGeometry | None:
    """Return a point for a small closed shape that stands for one, the shape otherwise."""
    if shape is None or shape.is_empty or layer not in SYMBOL or shape.geom_type == "Point":
        return shape
    west, south, east, north = shape.bounds
    is_small = max(east - west, north - south) <= SYMBOL[layer]
    is_closed = shape.geom_type != "LineString" or shape.is_closed
    return shapely.box(*shape.bounds).centroid if is_small and is_closed else shape


def interpreted(
    layer: str, rows: Rows, order: int
) -> tuple[dict[str, FeatureTable], list[tuple[str, Refused]], int]:
    """
    Return tables of the design's layer number `order`, refused rows and outlines mended.

    What a template kept of each feature, its number, grade and tags, is given back.
    """
    order += ORDER
    is_text = ["Text" in given for given in rows.fields]
    shapes = np.array([None, *rows.shapes], dtype=object)[1:]
    shapes[np.array(is_text, dtype=bool)] = None
    n = len(rows.shapes)
    numbers = np.arange(1, n + 1, dtype=np.int64)
    fields = tuple(
        {key: value for key, value in given.items() if key not in _OWN} for given in rows.fields
    )
    features = VectorFeatures("", layer, shapes, fields, numbers, None)
    if n == 0:
        return {}, [], 0
    read = interpret(
        features, shapes, layer, Mapped(), order=order, bounds=EVERYWHERE,
        rule=DESIGN_LAYERS[layer].rule,
    )  # fmt: skip
    refused = [
        (
            rows.layers[item.row - 1],
            Refused(
                rows.numbers[item.row - 1],
                "text" if is_text[item.row - 1] else item.reason,
                item.value,
            ),
        )
        for item in read.refused
    ]
    tables = {name: _restored(table, rows.fields, order) for name, table in read.tables.items()}
    return tables, refused, read.n_mended


def _restored(table: FeatureTable, fields: Sequence[Mapping[str, str]], order: int) -> FeatureTable:
    """Give features that a template wrote their number, grade and tags back."""
    numbers = -np.asarray(table["osm_id"]) - order * 10_000_000 - 1
    given = [fields[int(number)] for number in numbers]
    ids = [_whole(row.get("osm_id", "")) for row in given]
    osm_id = np.array(
        [known or own for known, own in zip(ids, np.asarray(table["osm_id"]), strict=True)],
        dtype=np.int64,
    )
    coded = {"kind": [str(word) for word in table.words("kind")]}
    if "osm_type" in table.columns:
        coded["osm_type"] = [row.get("osm_type") or "layer" for row in given]
    tags = []
    for row, said in enumerate(given):
        own = table.tags(row)
        kept = _tags_of(said.get("tags", ""))
        if kept is not None:
            keys = ("parvis:rating", "parvis:state", "height")
            own = kept | {key: own[key] for key in keys if key in own}
        grade = said.get("grade", "B")
        own["parvis:grade"] = grade if grade in ("A", "B", "C") else "B"
        tags.append(own)
    texts = {}
    if "name" in table.columns:
        texts["name"] = [table.text("name", row) for row in range(len(table))]
    plain = {
        name: np.asarray(column)
        for name, column in table.columns.items()
        if name not in ("kind", "osm_type", "name", "osm_id")
    }
    return build_table(
        table.geometry_type,
        table.geometry,
        {"osm_id": osm_id, **plain},
        texts=texts,
        coded=coded,
        tags=tags,
    )


def _tags_of(text: str) -> dict[str, str] | None:
    """Return tags written as JSON, None where there are none or they are something else."""
    try:
        said = json.loads(text) if text else None
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    return {str(key): str(value) for key, value in said.items()}


def _whole(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        return 0
    return number if abs(number) < 2**62 else 0

"""Which items and gates does a drawing of an event show, and where."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.georeference import Placement
from parvis.events.layout import ItemKind
from parvis.io import layout_words as words
from parvis.io.control_points import read_control_points
from parvis.io.vector import VectorFeatures, crs_name, read_vector, to_crs

LABEL_REACH = 2.5
"""A text this near to a thing without a number of its own is its label. [m]"""

_ID_FIELDS = ("id", "number", "no", "nr", "ref", "label", "name", "position", "nummer", "numero")
_KIND_FIELDS = ("kind", "type", "art", "typ", "class", "nature")
_TEXT_FIELDS = ("Text", "text")
_CLOSED = frozenset(
    {
        ItemKind.STALL, ItemKind.STAGE, ItemKind.QUEUE, ItemKind.TENT, ItemKind.TOILET,
        ItemKind.FURNITURE, ItemKind.BLOCK, ItemKind.VEHICLE, ItemKind.BARRIER, ItemKind.BOLLARD,
    }
)  # fmt: skip
"""Kinds whose closed outline is the ground they stand on; a fence may run around something."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    One thing of a drawing.

    Attributes
    ----------
    id : str
        "" for none.
    kind : ItemKind or None
    geometry : shapely Geometry
        In the city's CRS. [m]
    row : int
        As a person finds it in the file.
    layer : str
        Drawing layer or layer of the file.
    """

    id: str
    kind: ItemKind | None
    geometry: BaseGeometry
    row: int
    layer: str


@dataclass(frozen=True)
class Drawing:
    """
    What a drawing shows.

    Attributes
    ----------
    things : tuple of Drawn
    not_used : mapping of str to int
        Features that cannot be placed, by layer.
    crs : str
    placement : Placement or None
    """

    things: tuple[Drawn, ...]
    not_used: dict[str, int]
    crs: str
    placement: Placement | None


def read_drawing(
    path: Path, epsg: int, *, crs: str | None = None, control_points: Path | None = None
) -> Drawing:
    """
    Read the geometry of a layout.

    Parameters
    ----------
    path : Path
        GeoPackage with one or more layers, GeoJSON, DXF or another format of
        `parvis.io.vector.read_vector`.
    epsg : int
        Of the city.
    crs : str, optional
        Where the file does not say its own.
    control_points : Path, optional
        For a drawing without a coordinate system.

    Raises
    ------
    parvis.errors.InputError
        Of the readers, `parvis.io.vector.CrsMissingError` among them.
    """
    placement = read_control_points(control_points, epsg, crs=crs) if control_points else None
    things: list[Drawn] = []
    not_used: Counter[str] = Counter()
    name = ""
    for layer in _layers(path):
        features = read_vector(path, layer=layer, crs=None if placement else crs)
        name = name or (crs_name(features.crs) if features.crs is not None else "control points")
        found, idle = _read(features, _placed(features, epsg, placement))
        things += found
        not_used.update(idle)
    return Drawing(tuple(things), dict(not_used), name, placement)


def _layers(path: Path) -> list[str | None]:
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return [None]
    try:
        listed = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except pyogrio.errors.DataSourceError:
        return [None]
    return list(listed) or [None]


def _placed(
    features: VectorFeatures, epsg: int, placement: Placement | None
) -> NDArray[np.object_]:
    if placement is None:
        return to_crs(features, epsg)
    geometry = features.geometry.copy()
    is_there = np.array([g is not None for g in geometry], dtype=bool)
    geometry[is_there] = shapely.transform(geometry[is_there], placement.apply)
    return geometry


def _read(
    features: VectorFeatures, geometry: NDArray[np.object_]
) -> tuple[list[Drawn], Counter[str]]:
    things: list[Drawn] = []
    labels: list[tuple[str, BaseGeometry]] = []
    not_used: Counter[str] = Counter()
    for shape, fields, row in zip(geometry, features.fields, features.row, strict=True):
        folded = {key.casefold(): value for key, value in fields.items()}
        layer = fields.get("Layer", features.layer)
        text = next((fields[name] for name in _TEXT_FIELDS if fields.get(name)), "")
        if text and shape is not None and shape.geom_type == "Point":
            labels.append((_plain(text), shape))
            continue
        kind = _kind(folded, layer)
        for part in _parts(shape, kind):
            id_ = next((folded[name] for name in _ID_FIELDS if folded.get(name)), "")
            things.append(Drawn(id_, kind, part, int(row), layer))
        if shape is None or shape.is_empty:
            not_used[layer] += 1
    return _labelled(things, labels), not_used


def _plain(text: str) -> str:
    """Return a drawing's text with the escapes of older releases as the signs they mean."""
    said = re.sub(r"\\U\+([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return " ".join(said.split())


def _kind(fields: dict[str, str], layer: str) -> ItemKind | None:
    said = next((fields[name] for name in _KIND_FIELDS if fields.get(name)), "")
    for text in (said, layer, *words.folded(layer).split()):
        kind = words.member(words.ITEM_KINDS, text) if text else None
        if kind is not None:
            return kind
    return None


def _parts(shape: Any, kind: ItemKind | None) -> list[BaseGeometry]:
    """Return points, lines and polygons of a feature; closed outlines as the ground inside."""
    if shape is None or shape.is_empty:
        return []
    if shape.geom_type == "GeometryCollection":
        return [shapely.minimum_rotated_rectangle(shape)]
    return [as_ground(part, kind) for part in shapely.get_parts(shape).tolist()]


def as_ground(shape: Any, kind: ItemKind | None) -> BaseGeometry:
    """Return the closed outline of a thing that stands on the ground inside as that ground."""
    if kind in _CLOSED and _is_ring(shape):
        shape = shapely.Polygon(shape.coords)
    if shape.geom_type == "Polygon" and not shape.is_valid:
        shape = shapely.make_valid(shape)
    ground: BaseGeometry = shape
    return ground


def _is_ring(shape: Any) -> bool:
    return shape.geom_type == "LineString" and bool(shape.is_closed) and len(shape.coords) > 3


def _inside(shape: Any) -> BaseGeometry:
    ground: BaseGeometry = shapely.Polygon(shape.coords) if _is_ring(shape) else shape
    return ground


def _labelled(things: Sequence[Drawn], labels: Sequence[tuple[str, BaseGeometry]]) -> list[Drawn]:
    """Give things without a number the text that lies in or nearest to them, each text once."""
    bare = [i for i, thing in enumerate(things) if not thing.id]
    shapes = {i: _inside(things[i].geometry) for i in bare}
    pairs = sorted(
        (round(float(shapely.distance(shapes[i], place)), 1), shapes[i].area, at, i)
        for at, (_, place) in enumerate(labels)
        for i in bare
        if shapely.distance(shapes[i], place) <= LABEL_REACH
    )
    named: dict[int, str] = {}
    used: set[int] = set()
    for *_, at, i in pairs:
        if i not in named and at not in used:
            named[i] = labels[at][0]
            used.add(at)
    return [
        Drawn(named.get(i, thing.id), thing.kind, thing.geometry, thing.row, thing.layer)
        for i, thing in enumerate(things)
    ]

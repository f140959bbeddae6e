"""
Answer which changes a file describes, and run what-if questions on a stored city.

A file is a JSON object: ``crs`` says what its coordinates are (``EPSG:4326`` for longitude and
latitude, or any other), ``changes`` is a list of objects with a ``type`` and the fields of that
type; shapes are GeoJSON geometries, lengths are metres.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.errors import GEOSException
from shapely.geometry import shape as geojson_shape

from parvis.approach.changes import (
    AddBarrier,
    AddChicane,
    Change,
    ChangeRadius,
    CloseGround,
    NarrowMouth,
    OpenGround,
    RemoveBarrier,
    ReplaceBarrier,
)
from parvis.approach.perimeter import cut_boundary
from parvis.approach.what_if import WhatIf, what_if
from parvis.approach.what_if_baseline import Baseline
from parvis.approach.window import Window, window_bounds
from parvis.closure.placed_rows import PlaceRow
from parvis.errors import InputError
from parvis.io.analyses import ask_about_space
from parvis.io.vector import parse_crs
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

MARGIN = 200.0
"""Ground around the protected area that counts. [m]"""

FIELDS = {
    "add_barrier": ({"shape"}, {"thickness"}),
    "remove_barrier": (set(), {"feature", "shape"}),
    "replace_barrier": ({"new_shape"}, {"feature", "shape", "thickness"}),
    "narrow_mouth": ({"line", "clear_width"}, {"side"}),
    "add_chicane": ({"point", "towards", "shift", "spacing", "clear_width"}, set()),
    "change_radius": ({"kerb", "radius"}, set()),
    "close_ground": ({"area"}, set()),
    "open_ground": ({"area"}, {"includes_obstacles"}),
    "place_row": ({"line", "family"}, {"level", "count", "gap", "opens"}),
}
"""Fields each type of change needs, and those it may have."""

MOST_CHANGES = 60
"""Longer lists are not taken."""

_NUMBERS = frozenset({"thickness", "clear_width", "shift", "spacing", "radius", "gap"})
_FLAGS = frozenset({"includes_obstacles", "opens"})
_SHAPES = frozenset({"shape", "new_shape", "line", "point", "towards", "kerb", "area"})


class ChangesFileError(InputError):
    """A file of changes cannot be read."""

    code = "changes_file"


def read_changes(path: Path, epsg: int) -> list[Change]:
    """
    Read a list of changes of the ground.

    Parameters
    ----------
    path : Path
    epsg : int
        Of the city.

    Returns
    -------
    list of Change
        In the city's coordinates; rows of products are laid out by a scenario and not read here.

    Raises
    ------
    ChangesFileError
        With the change and field to mend.
    """
    if not path.is_file():
        raise ChangesFileError(file=path.name, problem="there is no such file")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ChangesFileError(file=path.name, problem="not a readable JSON file") from error
    found: list[Change] = []
    for number, change in enumerate(parse_changes(document, epsg, name=path.name), start=1):
        if isinstance(change, PlaceRow):
            problem = f"change {number}: a row of products is answered by a scenario"
            raise ChangesFileError(file=path.name, problem=problem)
        found.append(change)
    if not found:
        raise ChangesFileError(file=path.name, problem='"changes" is empty')
    return found


def parse_changes(document: Any, epsg: int, *, name: str = "changes") -> list[Change | PlaceRow]:
    """
    Return the changes of a document, rows of products among them.

    Parameters
    ----------
    document : dict
        See the module; an empty list is taken.
    epsg : int
        Of the city.
    name : str
        Of the document, for messages.

    Returns
    -------
    list of Change or PlaceRow
        In the city's coordinates.

    Raises
    ------
    ChangesFileError
        With the change and field to mend.
    """
    if not isinstance(document, dict) or not isinstance(document.get("changes"), list):
        raise ChangesFileError(file=name, problem='an object with a list "changes" is needed')
    if not isinstance(document.get("crs"), str):
        raise ChangesFileError(
            file=name, problem='"crs" is missing; write "EPSG:4326" for longitude, latitude'
        )
    if len(document["changes"]) > MOST_CHANGES:
        raise ChangesFileError(file=name, problem=f"more than {MOST_CHANGES} changes")
    transformer = Transformer.from_crs(parse_crs(document["crs"]), epsg, always_xy=True)
    changes = []
    for number, row in enumerate(document["changes"], start=1):
        fields = _checked(row, number, name, transformer)
        changes.append(_change(str(row["type"]), fields))
    return changes


def _checked(row: Any, number: int, file: str, transformer: Transformer) -> Mapping[str, Any]:
    """Return the fields of one change, shapes in the city's coordinates."""
    kind = row.get("type") if isinstance(row, dict) else None
    if kind not in FIELDS:
        problem = f"change {number} needs a type: {', '.join(FIELDS)}"
        raise ChangesFileError(file=file, problem=problem)
    needed, optional = FIELDS[str(kind)]
    given = row.keys() - {"type"}
    if given - needed - optional:
        problem = f"change {number} ({kind}) has no field {sorted(given - needed - optional)[0]}"
        raise ChangesFileError(file=file, problem=problem)
    if needed - given:
        problem = f"change {number} ({kind}) lacks {sorted(needed - given)[0]}"
        raise ChangesFileError(file=file, problem=problem)
    fields: dict[str, Any] = {}
    for name in sorted(given):
        value = row[name]
        if name in _SHAPES:
            fields[name] = _shape(value, transformer)
        elif name in _NUMBERS:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            fields[name] = float(value) if is_number and math.isfinite(value) else None
        elif name in _FLAGS:
            fields[name] = value if isinstance(value, bool) else None
        elif name == "count":
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            fields[name] = value if is_whole else None
        else:
            fields[name] = value if isinstance(value, str) else None
        if fields[name] is None:
            problem = f"change {number} ({kind}): {name} cannot be used as given"
            raise ChangesFileError(file=file, problem=problem)
    return fields


def _shape(value: Any, transformer: Transformer) -> Any:
    """Return a GeoJSON geometry in the city's coordinates, None where it is none."""
    try:
        geometry = shapely.force_2d(geojson_shape(value))
        moved = shapely.transform(
            geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        )
    except (GEOSException, AttributeError, KeyError, TypeError, ValueError, IndexError):
        return None
    is_usable = not shapely.is_empty(moved) and np.isfinite(shapely.get_coordinates(moved)).all()
    return moved if is_usable else None


def _change(kind: str, fields: Mapping[str, Any]) -> Change | PlaceRow:
    if kind == "add_barrier":
        return AddBarrier(**fields)
    if kind == "remove_barrier":
        return RemoveBarrier(**fields)
    if kind == "replace_barrier":
        taken = {name: fields[name] for name in ("feature", "shape") if name in fields}
        rest = {name: fields[name] for name in ("thickness",) if name in fields}
        return ReplaceBarrier(RemoveBarrier(**taken), AddBarrier(fields["new_shape"], **rest))
    if kind == "narrow_mouth":
        return NarrowMouth(**fields)
    if kind == "add_chicane":
        at, towards = (shapely.centroid(fields[name]) for name in ("point", "towards"))
        return AddChicane(
            x=at.x,
            y=at.y,
            direction=float(np.arctan2(towards.y - at.y, towards.x - at.x)),
            **{name: fields[name] for name in ("shift", "spacing", "clear_width")},
        )
    if kind == "change_radius":
        return ChangeRadius(**fields)
    if kind == "close_ground":
        return CloseGround(**fields)
    if kind == "place_row":
        return PlaceRow(**fields)
    return OpenGround(**fields)


def ask_what_if(
    name: str,
    space: str | None,
    path: Path,
    *,
    area_file: Path | None = None,
    vehicles: Iterable[str] | None = None,
    scenario: Scenario = Scenario.LIMIT,
    home: Path | None = None,
) -> Sequence[WhatIf]:
    """
    Answer what the changes of a file do at a public space of an imported city.

    Parameters
    ----------
    name, space, area_file, vehicles, home
        See `parvis.io.analyses.ask_about_space`.
    path : Path
        See `read_changes`.
    scenario : Scenario, default LIMIT

    Returns
    -------
    sequence of WhatIf
        One per class.
    """
    city, question = ask_about_space(name, space, area_file=area_file, vehicles=vehicles, home=home)
    changes = read_changes(path, city.epsg)
    window = Window(
        city,
        question.area,
        cut_boundary(question.area),
        window_bounds(question.area, MARGIN),
        load_ground_rules(),
    )
    return [
        what_if(Baseline.prepare(window, vehicle, scenario), changes)
        for vehicle in question.vehicles
    ]

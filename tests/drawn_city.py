"""Cities drawn by hand for tests: a few streets, areas and obstacles in metres."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from parvis.city.assemble import build_table, extend_strings
from parvis.city.model import City, Elevation
from parvis.city.segments import cut_streets, nodes_of
from parvis.city.table import Strings


@dataclass
class Street:
    """One way; ways join where they share a vertex."""

    line: Sequence[tuple[float, float]]
    highway: str = "residential"
    width: float = 7.0
    level: int = 0
    name: str = ""
    flags: frozenset[str] = frozenset()
    width_tag: float = float("nan")


@dataclass
class Thing:
    """An area, line or point of some kind."""

    kind: str
    shape: shapely.Geometry
    level: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)
    id: int = 0
    osm_type: str = "way"


def draw_city(
    streets: Sequence[Street] = (),
    *,
    areas: Sequence[Thing] = (),
    lines: Sequence[Thing] = (),
    points: Sequence[Thing] = (),
    spaces: Sequence[Thing] = (),
    elevation: Elevation | None = None,
) -> City:
    """Build a city; ids count from 1 where a thing has none."""
    drawn = list(streets) or [Street([(-1e6, -1e6), (-1e6, -1e6 + 1)])]
    vertices = np.array([v for s in drawn for v in s.line], dtype=np.float64)
    known = {tuple(p): i + 1 for i, p in enumerate(np.unique(vertices, axis=0))}
    starts = np.concatenate([[0], np.cumsum([len(s.line) for s in drawn])]).astype(np.int64)
    ids = np.array([known[tuple(v)] for v in vertices], dtype=np.int64)
    at_nodes = [known.get(tuple(shapely.get_coordinates(p.shape)[0]), -1) for p in points]
    levels = np.array([s.level for s in drawn], dtype=np.int8)
    table = build_table(
        "line",
        [shapely.LineString(s.line) for s in drawn],
        {
            "osm_id": np.arange(1, len(drawn) + 1),
            "level": levels,
            **{
                f"is_{name}": np.array([name in s.flags for s in drawn], dtype=bool)
                for name in ("bridge", "tunnel", "covered", "indoor", "steps")
            },
            "width_tag": np.array([s.width_tag for s in drawn], dtype=np.float32),
            "lanes": np.zeros(len(drawn), dtype=np.int8),
            "incline": np.full(len(drawn), np.nan, dtype=np.float32),
        },
        texts={"name": [s.name for s in drawn]},
        coded={"highway": [s.highway for s in drawn], "surface": [""] * len(drawn)},
    )
    segments = cut_streets(
        table.coords,
        starts,
        ids,
        levels,
        np.zeros(len(ids), dtype=bool),
        split_ids=np.array([node for node in at_nodes if node > 0], dtype=np.int64),
    )
    of_street = np.array([s.width for s in drawn], dtype=np.float32)
    segments = replace(segments, width=of_street[segments.street])
    nodes = nodes_of(segments, np.array(at_nodes, dtype=np.int64)) if points else np.empty(0)
    xy = vertices if streets else np.zeros((1, 2))
    return City(
        name="drawn",
        epsg=25832,
        bounds=(xy[:, 0].min(), xy[:, 1].min(), xy[:, 0].max(), xy[:, 1].max()),
        boundary=None,
        streets=table,
        segments=segments,
        areas=_table(
            "polygon",
            areas,
            coded={"osm_type": [a.osm_type for a in areas]},
            height=np.full(len(areas), np.nan),
        ),
        lines=_table("line", lines),
        points=_table("point", points, segment_node=nodes.astype(np.int32)),
        furniture=_table("point", ()),
        spaces=_spaces(spaces),
        elevation=elevation,
        manifest={"hash": "drawn"},
    )


def _table(
    geometry_type: str,
    things: Sequence[Thing],
    *,
    coded: Mapping[str, Sequence[str]] | None = None,
    **columns: Any,
):
    return build_table(
        geometry_type,
        [t.shape for t in things],
        {
            "osm_id": np.array([t.id or i + 1 for i, t in enumerate(things)], dtype=np.int64),
            "level": np.array([t.level for t in things], dtype=np.int8),
            **columns,
        },
        texts={"name": [t.tags.get("name", "") for t in things]},
        coded={"kind": [t.kind for t in things], **(coded or {})},
        tags=[dict(t.tags) for t in things],
    )


def _spaces(spaces: Sequence[Thing]):
    return build_table(
        "polygon",
        [s.shape for s in spaces],
        {
            "area": np.array([s.shape.area for s in spaces], dtype=np.float64),
            "is_inferred": np.zeros(len(spaces), dtype=bool),
        },
        texts={
            "id": [f"way/{s.id or i + 1}" for i, s in enumerate(spaces)],
            "name": [s.tags.get("name", "") for s in spaces],
        },
        coded={"kind": [s.kind for s in spaces]},
        strings=extend_strings(Strings.of([]), ["name"])[0],
    )

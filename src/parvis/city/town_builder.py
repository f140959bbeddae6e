"""How a fictional town is written down as map data: nodes, ways and relations with tags."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from parvis.city.town_geometry import polygons_of

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """
    One member of a relation.

    Attributes
    ----------
    kind : {"n", "w"}
    index : int
        Row of the node or way.
    role : str
    """

    kind: str
    index: int
    role: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the town: its members and tags."""

    members: tuple[Member, ...]
    tags: Tags

    def moved(self, n_nodes: int, n_ways: int) -> "Relation":
        """Return the relation for members that stand so many rows later."""
        later = {"n": n_nodes, "w": n_ways}
        members = (Member(m.kind, m.index + later[m.kind], m.role) for m in self.members)
        return Relation(tuple(members), self.tags)


@dataclass(frozen=True, eq=False)
class Town:
    """
    A fictional town as map data; ids are the rows counted from one.

    Attributes
    ----------
    name : str
    epsg : int
        ETRS89 / UTM zone of the coordinates.
    xy : ndarray of float64, shape (n, 2)
        Nodes. [m]
    node_tags : mapping of int to mapping
        Tags of the nodes that have any, by row.
    refs : ndarray of int64
        Node rows of all ways, one way after the other.
    offsets : ndarray of int64, shape (m + 1,)
        Where the nodes of each way begin in `refs`.
    tag_set : ndarray of int64, shape (m,)
        Row of `tag_sets` for each way.
    tag_sets : tuple of mapping
    relations : tuple of Relation
    """

    name: str
    epsg: int
    xy: NDArray[np.float64]
    node_tags: Mapping[int, Tags]
    refs: NDArray[np.int64]
    offsets: NDArray[np.int64]
    tag_set: NDArray[np.int64]
    tag_sets: tuple[Tags, ...]
    relations: tuple[Relation, ...]

    @property
    def n_ways(self) -> int:
        """Number of ways of any kind."""
        return len(self.offsets) - 1

    @property
    def n_streets(self) -> int:
        """Number of ways with a highway tag that are lines."""
        is_street = np.array(
            ["highway" in tags and tags.get("area") != "yes" for tags in self.tag_sets], dtype=bool
        )
        return int(is_street[self.tag_set].sum())


class TownBuilder:
    """
    Collects nodes, ways and relations; nodes at the same centimetre are one node.

    Parameters
    ----------
    origin : tuple of float
        Added to all coordinates. [m]
    """

    def __init__(self, origin: tuple[float, float]) -> None:
        self._origin = np.asarray(origin, dtype=np.float64)
        self._rows: dict[tuple[int, int], int] = {}
        self._node_tags: dict[int, dict[str, str]] = {}
        self._ways: list[list[int]] = []
        self._tag_rows: dict[tuple[tuple[str, str], ...], int] = {}
        self._way_tags: list[int] = []
        self._relations: list[Relation] = []

    def node(self, point: Sequence[float], tags: Tags | None = None) -> int:
        """Return the row of the node at `point`, new or known; add `tags` to it."""
        key = (round(point[0] * 100.0), round(point[1] * 100.0))
        row = self._rows.setdefault(key, len(self._rows))
        if tags:
            self._node_tags.setdefault(row, {}).update(tags)
        return row

    def line(self, shape: LineString | Iterable[Sequence[float]], tags: Tags) -> int:
        """Add an open way; return its row."""
        coords = shape.coords if isinstance(shape, LineString) else shape
        return self._way([self.node(point) for point in coords], tags)

    def ring(self, shape: Iterable[Sequence[float]], tags: Tags) -> int:
        """Add a closed way; return its row."""
        rows = [self.node(point) for point in shape]
        return self._way(rows if rows[0] == rows[-1] else [*rows, rows[0]], tags)

    def area(self, shape: BaseGeometry, tags: Tags) -> None:
        """Add polygons: closed ways, or a multipolygon relation for each one with holes."""
        for part in polygons_of(shape):
            self._polygon(part, tags)

    def _polygon(self, shape: Polygon, tags: Tags) -> None:
        if not Polygon(np.round(shape.exterior.coords, 2)).is_valid:
            self.area(shapely.set_precision(shape, 0.01), tags)
            return
        if not shape.interiors:
            self.ring(shape.exterior.coords, tags)
            return
        members = [Member("w", self.ring(shape.exterior.coords, {}), "outer")]
        members += [Member("w", self.ring(hole.coords, {}), "inner") for hole in shape.interiors]
        self.relation(members, {"type": "multipolygon", **tags})

    def relation(self, members: Iterable[Member], tags: Tags) -> None:
        """Add a relation."""
        self._relations.append(Relation(tuple(members), dict(tags)))

    def _way(self, rows: list[int], tags: Tags) -> int:
        kept = [row for i, row in enumerate(rows) if i == 0 or row != rows[i - 1]]
        self._ways.append(kept)
        key = tuple(tags.items())
        self._way_tags.append(self._tag_rows.setdefault(key, len(self._tag_rows)))
        return len(self._ways) - 1

    def build(self, name: str, epsg: int) -> Town:
        """Return what was collected."""
        offsets = np.zeros(len(self._ways) + 1, dtype=np.int64)
        np.cumsum([len(way) for way in self._ways], out=offsets[1:])
        xy = np.array(list(self._rows), dtype=np.float64).reshape(-1, 2) / 100.0
        return Town(
            name=name,
            epsg=epsg,
            xy=xy + self._origin,
            node_tags=self._node_tags,
            refs=np.array([row for way in self._ways for row in way], dtype=np.int64),
            offsets=offsets,
            tag_set=np.array(self._way_tags, dtype=np.int64),
            tag_sets=tuple(dict(key) for key in self._tag_rows),
            relations=tuple(self._relations),
        )

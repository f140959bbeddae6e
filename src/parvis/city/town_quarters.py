"""How the ground between the main roads of a fictional town is divided into blocks."""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polygonize

from parvis.city.town_geometry import split_block
from parvis.city.town_names import StreetNames


@dataclass(slots=True)
class Street:
    """
    One street of the quarter.

    Attributes
    ----------
    line : shapely.LineString
        Centre line. [m]
    width : float
        Between the house fronts. [m]
    tags : dict
        As OpenStreetMap has them.
    """

    line: LineString
    width: float
    tags: dict[str, str]

    @property
    def level(self) -> int:
        """Layer the street lies on; only streets of one level meet."""
        return int(self.tags.get("layer", "0"))


@dataclass(slots=True)
class Block:
    """
    Ground between streets.

    Attributes
    ----------
    shape : shapely.Polygon
        Up to the streets' centre lines; `town_blocks` takes the streets off.
    kind : str
        ``core``, ``grid``, ``suburb``, ``park``, ``station``, ``market``, ``river``, ``rail``.
    """

    shape: Polygon
    kind: str


@dataclass(slots=True, kw_only=True)
class Quarter:
    """Streets and the blocks between them."""

    streets: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def street_tags(highway: str, name: str, **more: str) -> dict[str, str]:
    """Return the tags of a street of a class, its usual surface among them."""
    tags = {"highway": highway, "name": name, **more}
    if highway == "pedestrian":
        tags.setdefault("surface", "paving_stones")
    elif highway in {"secondary", "tertiary", "residential"}:
        tags.setdefault("surface", "asphalt")
    return tags


CORE_WIDTHS = (7.5, 6.2, 5.2, 4.4, 3.6)
SUBURB_WIDTHS = (15.0, 13.0, 12.0, 10.5)


def divide(
    rng: np.random.Generator,
    quarter: Quarter,
    face: Polygon,
    kind: str,
    names: StreetNames,
    *,
    depth: int,
    greatest: float,
    amplitude: float,
) -> None:
    """
    Cut a face into blocks by streets, again and again until they are small enough.

    Parameters
    ----------
    rng : numpy.random.Generator
    quarter : Quarter
        Streets and blocks are added.
    face : shapely.Polygon
    kind : {"core", "suburb"}
    names : StreetNames
    depth : int
        How many cuts came before; later streets are narrower.
    greatest : float
        Area above which a block is cut. [m²]
    amplitude : float
        Sideways swing of the streets. [m]
    """
    done = face.area < greatest * rng.uniform(0.75, 1.25)
    skew = 0.08 if kind == "core" else 0.18
    cut = None if done else split_block(rng, face, amplitude=amplitude, skew=skew)
    if cut is None:
        quarter.blocks.append(Block(face, kind))
        return
    line, first, second = cut
    quarter.streets.append(_lane(rng, line, kind, depth, names))
    for part in (first, second):
        divide(
            rng, quarter, part, kind, names, depth=depth + 1, greatest=greatest, amplitude=amplitude
        )


def _lane(
    rng: np.random.Generator, line: LineString, kind: str, depth: int, names: StreetNames
) -> Street:
    if kind == "core":
        width = CORE_WIDTHS[min(depth, len(CORE_WIDTHS) - 1)] * rng.uniform(0.85, 1.15)
        if width < 3.7:
            return Street(line, width, street_tags("footway", names.next("Alley"), surface="sett"))
        highway = "living_street" if rng.random() < 0.6 else "residential"
        extra = {"surface": "sett"} if rng.random() < 0.6 else {}
        if rng.random() < 0.4:
            extra["oneway"] = "yes"
        suffix = "Lane" if depth > 1 else "Street"
        return Street(line, width, street_tags(highway, names.next(suffix), **extra))
    width = SUBURB_WIDTHS[min(depth, len(SUBURB_WIDTHS) - 1)]
    extra = {"maxspeed": "30"} if depth > 1 else {"sidewalk": "both"}
    if rng.random() < 0.25:
        extra["width"] = f"{width * 0.5:.1f}"
    suffix = str(rng.choice(["Street", "Road", "Way", "Drive"]))
    return Street(line, width, street_tags("residential", names.next(suffix), **extra))


def lay_grid(rng: np.random.Generator, quarter: Quarter, face: Polygon, names: StreetNames) -> None:
    """Lay a regular grid of long straight streets over a face."""
    angle = rng.uniform(0.05, 0.25)
    centre = np.asarray(face.centroid.coords[0])
    u = np.array([math.cos(angle), math.sin(angle)])
    v = np.array([-u[1], u[0]])
    reach = face.length
    lines = []
    for direction, across, spacing in ((u, v, 78.0), (v, u, 96.0)):
        n = int(reach / spacing)
        for k in range(-n, n + 1):
            base = centre + across * (k + 0.5) * spacing
            cut = shapely.intersection(
                LineString([base - direction * reach, base + direction * reach]), face
            )
            lines += [
                LineString(np.round(part.coords, 2))
                for part in shapely.get_parts(cut)
                if part.geom_type == "LineString" and part.length > 30.0
            ]
    for line in lines:
        tags = street_tags("residential", names.next("Street"), lanes="2", parking="both")
        quarter.streets.append(Street(line, 16.0, tags))
    rim = LineString(face.exterior.coords)
    for part in polygonize(shapely.union_all([*lines, rim], grid_size=0.01)):
        quarter.blocks.append(Block(part, "grid"))


def meet(streets: list[Street], tolerance: float = 0.06) -> list[Street]:
    """
    Give streets of one level a common vertex wherever they cross or one ends on another.

    Parameters
    ----------
    streets : list of Street
    tolerance : float, default 0.06
        How far an end may lie off the street it ends on. [m]

    Returns
    -------
    list of Street
        Same order; coordinates rounded to centimetres.
    """
    lines = np.array([LineString(np.round(s.line.coords, 2)) for s in streets], dtype=object)
    extra: list[list[tuple[float, float]]] = [[] for _ in streets]
    tree = shapely.STRtree(lines)
    left, right = tree.query(lines, predicate="intersects")
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        if i >= j or streets[i].level != streets[j].level:
            continue
        for x, y in np.round(shapely.get_coordinates(shapely.intersection(lines[i], lines[j])), 2):
            extra[i].append((float(x), float(y)))
            extra[j].append((float(x), float(y)))
    for i, line in enumerate(lines):
        for end in (line.coords[0], line.coords[-1]):
            for j in tree.query(Point(end), predicate="dwithin", distance=tolerance):
                if i != j and streets[i].level == streets[j].level:
                    extra[j].append(end)
    return [
        Street(with_vertices(line, points), street.width, street.tags)
        for line, points, street in zip(lines, extra, streets, strict=True)
    ]


def with_vertices(line: LineString, points: list[tuple[float, float]]) -> LineString:
    """Insert vertices in order along a line; one nearer than 0.1 m to a vertex replaces it."""
    coords = [(float(x), float(y)) for x, y in line.coords]
    for point in points:
        if point in coords:
            continue
        xy = np.asarray(coords)
        near = np.hypot(xy[:, 0] - point[0], xy[:, 1] - point[1])
        nearest = int(near.argmin())
        if near[nearest] < 0.1:
            coords[nearest] = point
            continue
        segments = [LineString(pair) for pair in itertools.pairwise(coords)]
        distances = [segment.distance(Point(point)) for segment in segments]
        coords.insert(int(np.argmin(distances)) + 1, point)
    return LineString(coords)

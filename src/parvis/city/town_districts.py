"""How a fictional town grows to any size: districts drawn a few times and laid out side by side."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon, box

from parvis.city.town_blocks import StreetSpace
from parvis.city.town_builder import Town, TownBuilder
from parvis.city.town_geometry import polygons_of
from parvis.city.town_names import StreetNames
from parvis.city.town_quarters import Quarter, Street, divide, lay_grid, meet, street_tags

SIDE = 430.0
INSET = 7.0
PORTS = (0.25 * SIDE, 0.5 * SIDE, 0.75 * SIDE)
N_DRAWN = 6
LINKS_EACH = 5


def draw_district(seed: int) -> tuple[Town, NDArray[np.int64]]:
    """
    Draw one square district with a street around it.

    Parameters
    ----------
    seed : int
        Even seeds give winding streets, odd ones a grid.

    Returns
    -------
    Town
        Its origin is the district's south-west corner.
    ndarray of int64, shape (4, 3)
        Nodes where links to the neighbours begin: south, east, north, west; each by position.
    """
    rng = np.random.default_rng(seed)
    names = StreetNames(rng)
    quarter = Quarter()
    rim = box(INSET, INSET, SIDE - INSET, SIDE - INSET)
    ports = ports_of(0.0, 0.0)
    low, high = INSET, SIDE - INSET
    corners = [(low, low), (high, low), (high, high), (low, high), (low, low)]
    for side in range(4):
        inner = [tuple(point) for point in ports[side]]
        if side in (2, 3):
            inner.reverse()
        line = LineString([corners[side], *inner, corners[side + 1]])
        tags = street_tags("tertiary", names.next("Road"), oneway="yes", lanes="2")
        quarter.streets.append(Street(line, 12.0, tags))
    if seed % 2:
        lay_grid(rng, quarter, rim, names)
    else:
        divide(rng, quarter, rim, "suburb", names, depth=0, greatest=6500.0, amplitude=7.0)
    space = StreetSpace(quarter.streets, Polygon())
    quarter.streets = meet(quarter.streets)
    builder = TownBuilder((0.0, 0.0))
    rows = np.array([[builder.node(tuple(xy)) for xy in side] for side in ports], dtype=np.int64)
    for street in quarter.streets:
        builder.line(street.line, street.tags)
    for block in quarter.blocks:
        for ground in space.free(block.shape):
            _build_plainly(rng, ground, builder)
    for street in quarter.streets:
        middle = street.line.interpolate(0.5, normalized=True)
        builder.node((middle.x, middle.y + street.width / 2.0 - 0.7), {"highway": "street_lamp"})
    return builder.build("", 0), rows


def _build_plainly(rng: np.random.Generator, ground: Polygon, builder: TownBuilder) -> None:
    """Put one building on a block, with a courtyard where it is large."""
    for shape in polygons_of(ground.buffer(-2.0, join_style="mitre"), 80.0):
        yard = polygons_of(shape.buffer(-13.0, join_style="mitre"), 200.0)
        tags = {"building": "apartments", "building:levels": str(rng.integers(3, 7))}
        if len(yard) == 1 and rng.random() < 0.2:
            builder.area(Polygon(shape.exterior, [yard[0].exterior.coords]), tags)
        elif len(yard) == 1:
            first, second = _halves(shape, yard[0])
            for part in (first, second):
                builder.area(part, tags)
        else:
            builder.area(shape, tags)


def _halves(shape: Polygon, yard: Polygon) -> tuple[Polygon, Polygon]:
    """Cut the ring between a block's rim and its yard into two buildings with gaps between."""
    x = yard.representative_point().x
    low, high = shape.bounds[1] - 1.0, shape.bounds[3] + 1.0
    ring = shapely.difference(shape, shapely.union(yard, box(x - 2.0, low, x + 2.0, high)))
    parts = sorted(polygons_of(ring), key=lambda part: -part.area)
    return (parts[0], parts[1]) if len(parts) > 1 else (parts[0], parts[0])


def ports_of(x: float, y: float) -> NDArray[np.float64]:
    """Return where links begin on the district whose corner is (x, y), shape (4, 3, 2)."""
    along = np.array(PORTS)
    low, high = np.full(3, INSET), np.full(3, SIDE - INSET)
    sides = [(along, low), (high, along), (along, high), (low, along)]
    return np.array([np.column_stack(side) for side in sides]) + np.array([x, y])


def edge_street_lines() -> list[LineString]:
    """Return the streets around a town of two by two districts, with vertices for the links."""
    far = SIDE - INSET
    corners = [(-far, -far), (far, -far), (far, far), (-far, far), (-far, -far)]
    offsets = np.array([-SIDE + port for port in PORTS] + list(PORTS))
    lines = []
    for side in range(4):
        start, end = np.array(corners[side]), np.array(corners[side + 1])
        direction = np.sign(end - start)
        inner = [tuple((start + end) / 2.0 + direction * offset) for offset in offsets]
        lines.append(LineString([corners[side], *inner, corners[side + 1]]))
    return lines


def surround(centre: Town, n_streets: int, seed: int) -> Town:
    """
    Lay districts around a town until it has at least `n_streets` street ways.

    Parameters
    ----------
    centre : Town
        Two by two districts large, with the streets of `edge_street_lines`.
    n_streets : int
    seed : int

    Returns
    -------
    Town
    """
    drawn = [draw_district(1000 * seed + k) for k in range(N_DRAWN)]
    cells, kinds = _cells(n_streets - centre.n_streets, [town.n_streets for town, _ in drawn])
    origin = (centre.xy.min(axis=0) + centre.xy.max(axis=0)) / 2.0
    return _join(centre, drawn, cells, kinds, np.round(origin))


def _cells(n_streets: int, counts: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells to fill, ring by ring around the centre, and which district each gets."""
    cells: list[tuple[int, int]] = []
    kinds: list[int] = []
    ring = 1
    while n_streets > 0:
        low, high = -1 - ring, ring
        around = [(i, j) for i in range(low, high + 1) for j in (low, high)]
        around += [(i, j) for j in range(low + 1, high) for i in (low, high)]
        for i, j in around:
            if n_streets <= 0:
                break
            kind = (7 * i * i + 3 * i * j + 11 * j * j + i + 5 * j) % len(counts)
            cells.append((i, j))
            kinds.append(kind)
            n_streets -= counts[kind] + LINKS_EACH
        ring += 1
    return np.array(cells, dtype=np.int64).reshape(-1, 2), np.array(kinds, dtype=np.int64)


def _join(
    centre: Town,
    drawn: list[tuple[Town, NDArray[np.int64]]],
    cells: NDArray[np.int64],
    kinds: NDArray[np.int64],
    origin: NDArray[np.float64],
) -> Town:
    xy, refs, tag_set = [centre.xy], [centre.refs], [centre.tag_set]
    sizes = [np.diff(centre.offsets)]
    node_tags = dict(centre.node_tags)
    tag_sets = list(centre.tag_sets)
    relations = list(centre.relations)
    first_tag = []
    for town, _ in drawn:
        first_tag.append(len(tag_sets))
        tag_sets += town.tag_sets
    ports: dict[tuple[int, int], NDArray[np.int64]] = {}
    n_nodes, n_ways = len(centre.xy), centre.n_ways
    for (i, j), kind in zip(cells.tolist(), kinds.tolist(), strict=True):
        town, rows = drawn[kind]
        xy.append(town.xy + origin + np.array([i, j]) * SIDE)
        refs.append(town.refs + n_nodes)
        tag_set.append(town.tag_set + first_tag[kind])
        sizes.append(np.diff(town.offsets))
        node_tags |= {row + n_nodes: tags for row, tags in town.node_tags.items()}
        relations += [relation.moved(n_nodes, n_ways) for relation in town.relations]
        ports[i, j] = rows + n_nodes
        n_nodes += len(town.xy)
        n_ways += town.n_ways
    ports |= _centre_ports(centre, origin)
    links = _links(ports)
    refs.append(links.ravel())
    sizes.append(np.full(len(links), 2, dtype=np.int64))
    tag_set.append(np.full(len(links), len(tag_sets), dtype=np.int64))
    tag_sets.append({"highway": "tertiary_link", "surface": "asphalt"})
    offsets = np.zeros(n_ways + len(links) + 1, dtype=np.int64)
    np.cumsum(np.concatenate(sizes), out=offsets[1:])
    return Town(
        name=centre.name,
        epsg=centre.epsg,
        xy=np.concatenate(xy),
        node_tags=node_tags,
        refs=np.concatenate(refs),
        offsets=offsets,
        tag_set=np.concatenate(tag_set),
        tag_sets=tuple(tag_sets),
        relations=tuple(relations),
    )


def _centre_ports(
    centre: Town, origin: NDArray[np.float64]
) -> dict[tuple[int, int], NDArray[np.int64]]:
    """Find the nodes of the centre's edge streets at which links begin, by district cell."""
    rows = {(round(x * 100), round(y * 100)): row for row, (x, y) in enumerate(centre.xy - origin)}
    found = {}
    for i, j in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
        places = np.round(ports_of(i * SIDE, j * SIDE) * 100).astype(np.int64)
        found[i, j] = np.array(
            [[rows.get((int(x), int(y)), -1) for x, y in side] for side in places], dtype=np.int64
        )
    return found


def _links(ports: dict[tuple[int, int], NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return node pairs that join each district to its eastern and northern neighbour."""
    pairs = []
    for (i, j), rows in ports.items():
        for step, own, other in (((1, 0), 1, 3), ((0, 1), 2, 0)):
            neighbour = ports.get((i + step[0], j + step[1]))
            if neighbour is not None:
                pairs.append(np.column_stack([rows[own], neighbour[other]]))
    joined = np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)
    return joined[(joined >= 0).all(axis=1)]

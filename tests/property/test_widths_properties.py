"""The compiled ray caster against shapely, and what must hold for any street."""

import numpy as np
import shapely
from drawn_city import Street, Thing, draw_city
from hypothesis import given
from hypothesis import strategies as st

from parvis.city.edges import CELL, index_edges, nearest_edge
from parvis.city.widths import BLOCKING_AREAS, measure_widths, rows_of_kinds

NUMBER = st.floats(-100.0, 100.0).map(lambda v: round(v, 2))
BOX = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    NUMBER, NUMBER, st.floats(0.5, 40.0), st.floats(0.5, 40.0),
)  # fmt: skip


def edges_of(shapes):
    city = draw_city(areas=[Thing("building", shape) for shape in shapes])
    rows = rows_of_kinds(city.areas, BLOCKING_AREAS)
    none = np.empty(0, dtype=np.int64)
    grade = np.full(len(rows), 3, dtype=np.int8)
    return index_edges(city.areas, rows, grade, city.lines, none, none.astype(np.int8))


@given(st.lists(BOX, min_size=1, max_size=8), NUMBER, NUMBER, st.floats(0, 6.2), st.floats(1, 90))
def test_ray_meets_what_shapely_says_it_meets(shapes, x, y, angle, reach):
    edges = edges_of(shapes)
    found, edge = nearest_edge(
        x, y, np.cos(angle), np.sin(angle), reach, 0, edges.ends, edges.level,
        edges.cell_start, edges.cell_edges, edges.origin_x, edges.origin_y,
        edges.columns, edges.rows, CELL,
    )  # fmt: skip
    ray = shapely.LineString([(x, y), (x + reach * np.cos(angle), y + reach * np.sin(angle))])
    outline = shapely.union_all([shape.exterior for shape in shapes])
    met = shapely.intersection(ray, outline)
    expected = shapely.distance(shapely.Point(x, y), met) if not met.is_empty else reach
    if edge < 0:
        assert met.is_empty or shapely.distance(shapely.Point(ray.coords[1]), met) < 1e-6
    else:
        assert abs(found - expected) < 1e-6


@given(st.lists(BOX, max_size=6), st.floats(5.0, 200.0))
def test_adding_a_building_never_widens_a_measured_street(shapes, length):
    street = [Street([(0.0, 0.0), (length, 0.0)])]
    wall = shapely.box(-300, 8, 300, 20)
    other = shapely.box(-300, -20, 300, -8)

    def width(extra):
        city = draw_city(street, areas=[Thing("building", s) for s in [wall, other, *extra]])
        found = measure_widths(city.streets, city.segments, city.areas, city.lines)
        return float(found.width[0])

    crossing = [s for s in shapes if shapely.intersects(s, shapely.box(-300, -0.5, 300, 0.5))]
    beside = [s for s in shapes if s not in crossing]
    assert width(beside) <= width([]) + 1e-6

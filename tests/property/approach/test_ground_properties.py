from dataclasses import replace

import numpy as np
import shapely
from drawn_city import Street, Thing, draw_city
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from parvis.approach.cells import erode
from parvis.approach.ground import build_ground
from parvis.packs.content import load_ground_rules
from parvis.terms import Scenario

RULES = load_ground_rules()
WINDOW = (-80.0, -80.0, 80.0, 80.0)
WIDE = (-400.0, -400.0, 400.0, 400.0)

coordinate = st.integers(-60, 60).map(float)
place = st.tuples(coordinate, coordinate)
size = st.integers(1, 25).map(float)


@st.composite
def boxes(draw):
    (x, y), w, h = draw(place), draw(size), draw(size)
    return affinity.rotate(shapely.box(x, y, x + w, y + h), draw(st.integers(0, 89)))


@st.composite
def segments(draw):
    ends = draw(st.lists(place, min_size=2, max_size=2, unique=True))
    return shapely.LineString(ends)


@st.composite
def streets(draw):
    line = draw(st.lists(place, min_size=2, max_size=4, unique=True))
    level = draw(st.sampled_from([0, 0, 0, 0, 1, -1]))
    flags = {1: {"bridge"}, -1: {"tunnel"}}.get(level, draw(st.sampled_from([set(), {"steps"}])))
    width = draw(st.sampled_from([3.0, 6.0, 9.0, 14.0]))
    return Street(line, width=width, level=level, flags=frozenset(flags))


areas = st.builds(
    Thing,
    st.sampled_from(["square", "park", "platform", "building", "water", "wood", "ground_drivable"]),
    boxes(),
)
obstacles = st.one_of(
    st.builds(Thing, st.sampled_from(["building", "water", "ground_not_drivable"]), boxes()),
    st.builds(Thing, st.sampled_from(["wall", "retaining_wall", "cliff", "fence"]), segments()),
)


@st.composite
def cities(draw):
    return {
        "streets": draw(st.lists(streets(), min_size=1, max_size=4)),
        "areas": draw(st.lists(areas, max_size=4)),
        "lines": draw(
            st.lists(
                st.builds(Thing, st.sampled_from(["wall", "retaining_wall", "fence"]), segments()),
                max_size=3,
            )
        ),
    }


def ground(parts, bounds=WINDOW, scenario=Scenario.TYPICAL, **options):
    city = draw_city(parts["streets"], areas=parts["areas"], lines=parts["lines"])
    return build_ground(city, bounds, scenario=scenario, rules=RULES, **options)


def lies_within(smaller, larger):
    for level, surface in zip(smaller.levels, smaller.surfaces, strict=True):
        if level not in larger.levels:
            assert surface.is_empty
            continue
        rest = shapely.difference(surface, larger.surfaces[larger.levels.index(level)])
        assert shapely.buffer(rest, -1e-6).is_empty, f"level {level}: {rest.area} m²"


@settings(max_examples=30)
@given(cities(), obstacles)
def test_an_obstacle_never_adds_ground(parts, obstacle):
    table = "areas" if obstacle.shape.geom_type == "Polygon" else "lines"
    lies_within(ground({**parts, table: [*parts[table], obstacle]}), ground(parts))


@settings(max_examples=30)
@given(cities(), st.booleans())
def test_upper_ground_contains_the_typical_ground(parts, is_off_road):
    options = {"is_off_road": is_off_road}
    lies_within(ground(parts, **options), ground(parts, scenario=Scenario.LIMIT, **options))


@settings(max_examples=20)
@given(cities(), st.floats(0.0, 360.0), place)
def test_ground_turns_and_moves_with_the_city(parts, angle, shift):
    def moved(shape):
        return affinity.translate(affinity.rotate(shape, angle, origin=(0, 0)), *shift)

    turned = {
        "streets": [
            replace(s, line=[tuple(p) for p in moved(shapely.LineString(s.line)).coords])
            for s in parts["streets"]
        ],
        "areas": [replace(a, shape=moved(a.shape)) for a in parts["areas"]],
        "lines": [replace(a, shape=moved(a.shape)) for a in parts["lines"]],
    }
    still, after = ground(parts, WIDE), ground(turned, WIDE)
    assert still.levels == after.levels
    for surface, other in zip(still.surfaces, after.surfaces, strict=True):
        apart = shapely.symmetric_difference(moved(surface), other)
        assert shapely.buffer(apart, -0.06).is_empty


@settings(max_examples=30)
@given(st.lists(boxes(), min_size=1, max_size=5), st.floats(0.5, 1.5))
def test_erosion_never_takes_more_than_half_the_width(shapes, half_width):
    surface = shapely.union_all(shapes)
    points = shapely.points(np.random.default_rng(0).uniform(-90, 90, (300, 2)))
    clear = shapely.distance(points, shapely.boundary(surface)) >= half_width
    fits = shapely.contains(surface, points) & clear
    assert shapely.covers(erode(surface, half_width), points[fits]).all()

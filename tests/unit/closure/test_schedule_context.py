"""What a city's data say about the place of a line."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawn_city import Street, draw_city

from parvis.city.assemble import build_table
from parvis.closure.line_context import line_context

ACROSS = np.array([[-10.0, 0.0], [10.0, 0.0]])


def city_with(*streets: Street, furniture: tuple[tuple[str, float, float], ...] = ()):
    city = draw_city([Street([(50, -20), (50, 20)]), *streets])
    table = build_table(
        "point",
        [shapely.Point(x, y) for _, x, y in furniture],
        {"osm_id": np.arange(1, len(furniture) + 1), "level": np.zeros(len(furniture), np.int8)},
        texts={"name": [""] * len(furniture)},
        coded={"kind": [kind for kind, _, _ in furniture]},
    )
    return replace(city, furniture=table)


def test_an_empty_place_has_nothing_to_respect() -> None:
    context = line_context(city_with(), ACROSS)
    assert not context.crosses_tram
    assert not context.crosses_cycleway
    assert (context.n_trees, context.n_utilities) == (0, 0)
    assert np.isnan(context.nearest_tree)


@pytest.mark.parametrize(
    ("street", "fact"),
    [
        (Street([(0, -9), (0, 9)], "tram"), "crosses_tram"),
        (Street([(0, -9), (0, 9)], "cycleway"), "crosses_cycleway"),
        (Street([(0, -9), (0, 9)], "steps", flags=frozenset({"steps"})), "crosses_steps"),
        (Street([(0, -9), (0, 9)], level=1, flags=frozenset({"bridge"})), "is_on_structure"),
        (Street([(0, -9), (0, 9)], level=-1, flags=frozenset({"tunnel"})), "is_on_structure"),
    ],
)
def test_what_crosses_the_line_is_found(street: Street, fact: str) -> None:
    assert getattr(line_context(city_with(street), ACROSS), fact)
    beside = replace(street, line=[(12, -9), (12, 9)])
    assert not getattr(line_context(city_with(beside), ACROSS), fact)


def test_a_cycle_track_in_a_tunnel_below_does_not_cross() -> None:
    below = Street([(0, -9), (0, 9)], "cycleway", level=-1, flags=frozenset({"tunnel"}))
    assert not line_context(city_with(below), ACROSS).crosses_cycleway


def test_trees_and_hydrants_within_three_metres_are_counted() -> None:
    furniture = (
        ("tree", 0.0, 2.0),
        ("tree", 5.0, -2.9),
        ("tree", 0.0, 3.5),
        ("hydrant", 11.0, 0.0),
    )
    context = line_context(city_with(furniture=furniture), ACROSS)
    assert (context.n_trees, context.n_utilities) == (2, 1)
    assert context.nearest_tree == pytest.approx(2.0)

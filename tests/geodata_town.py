"""Towns drawn by hand for indicators from geodata: one street with a park, houses and stops."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from drawn_city import Street, Thing, draw_city

from parvis.city.assemble import build_table
from parvis.city.model import City
from parvis.indicators.geodata import PopulationCells

PARK = shapely.box(0, 10, 100, 100)
"""Its south edge is 10 m from a street along y = 0."""


def furniture(*things: tuple[str, float, float, Mapping[str, str]]):
    """Make the table of furniture: kind, x, y, tags."""
    return build_table(
        "point",
        [shapely.Point(x, y) for _, x, y, _ in things],
        {"osm_id": np.arange(1, len(things) + 1), "level": np.zeros(len(things), dtype=np.int8)},
        coded={"kind": [kind for kind, *_ in things]},
        tags=[dict(tags) for *_, tags in things],
    )


def drawn(
    streets: Sequence[Street],
    *,
    parks: Sequence[shapely.Geometry] = (PARK,),
    things=(),
    frame: tuple[float, float, float, float] = (-200.0, -500.0, 3000.0, 500.0),
    **parts,
) -> City:
    """Draw a city whose map covers `frame`; parks are ways 1, 2, …"""
    spaces = [Thing("park", park) for park in parks]
    city = draw_city(streets, spaces=spaces, **parts)
    return replace(city, furniture=furniture(*things), bounds=frame)


def living_at(*spots: tuple[float, float, float], **splits: Sequence[float]) -> PopulationCells:
    """Put people on points: x, y, people."""
    return PopulationCells(
        "cells.csv",
        tuple(f"c{i}" for i in range(len(spots))),
        np.array([shapely.Point(x, y) for x, y, _ in spots], dtype=object),
        np.array([people for *_, people in spots], dtype=np.float64),
        {name: np.array(people, dtype=np.float64) for name, people in splits.items()},
    )


def of(found, code: str, area: str = "city", split: str = ""):
    """Return the one observation of an indicator, area and split."""
    rows = [o for o in found.observations if (o.indicator, o.area, o.split) == (code, area, split)]
    assert len(rows) == 1, [o.key for o in found.observations]
    return rows[0]


def codes(found) -> set[str]:
    """Return the codes of the notices."""
    return {note.code for note in found.notices}

"""A square between four houses with a street in the south, and a market on it, drawn by hand."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import shapely
from drawn_city import Street, Thing, draw_city

from parvis.events.layout import (
    Gate,
    Item,
    ItemKind,
    Layout,
    Opening,
    Phase,
    PhaseKind,
    Times,
    Users,
)

ZONE = ZoneInfo("Europe/Berlin")
RATING = "V/7200[N2B]/96/90:3.0"


def times(*days):
    """Return times from 11:00 to 21:00 on days of December 2026."""
    return tuple(
        Times(dt.datetime(2026, 12, d, 11, tzinfo=ZONE), dt.datetime(2026, 12, d, 21, tzinfo=ZONE))
        for d in days
    )


SQUARE = shapely.box(0, 0, 40, 30)
"""Open to the south over 12 m between two houses. [m]"""


def draw_square():
    """Return the square's city: a street leads north into the opening."""
    houses = [
        shapely.box(-10, -8, 14, -1),
        shapely.box(26, -8, 50, -1),
        shapely.box(-10, -1, -1, 40),
        shapely.box(41, -1, 50, 40),
        shapely.box(-10, 31, 50, 40),
    ]
    city = draw_city(
        [Street([(20, -90), (20, 15)], name="South Street"), Street([(-20, -40), (60, -40)])],
        areas=[Thing("building", house, id=i + 1) for i, house in enumerate(houses)]
        + [Thing("square", SQUARE, id=90)],
        spaces=[Thing("square", SQUARE, id=90, tags={"name": "Square"})],
    )
    return replace(city, bounds=(-60.0, -100.0, 100.0, 60.0))


def make_layout(items=(), gates=(), phases=None, **more):
    """Return a layout with a build-up and an open phase."""
    phases = phases or (
        Phase("set-up", PhaseKind.BUILD_UP, times(1)),
        Phase("market", PhaseKind.OPEN, times(2, 3), people=2000, leave_within=480.0),
    )
    return Layout(
        "xmas", "way/90", "Square", "Europe/Berlin", tuple(phases), tuple(items), tuple(gates),
        **more,
    )  # fmt: skip


def draw_market():
    """Return a layout of blocks and a gate across the mouth, a stall and a fence inside."""
    return make_layout(
        items=[
            Item("B1", ItemKind.BLOCK, shapely.LineString([(14.5, -1), (18.0, -1)]), ("market",),
                 1.5, 0.5, RATING, "Block 1.5 m"),
            Item("B2", ItemKind.BLOCK, shapely.LineString([(22.0, -1), (25.5, -1)]), ("market",),
                 1.5, 0.5, RATING, "Block 1.5 m"),
            Item("S1", ItemKind.STALL, shapely.box(5, 10, 9, 12), ("set-up", "market")),
            Item("F1", ItemKind.FENCE, shapely.LineString([(5, 20), (12, 20)]), ("market",), 3.5),
        ],
        gates=[
            Gate("G1", shapely.LineString([(18.5, -1), (21.5, -1)]),
                 (Opening("market", (Users.PUBLIC,), "stewards"),), 2.8, RATING),
        ],
    )  # fmt: skip

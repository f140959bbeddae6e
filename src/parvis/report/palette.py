"""Which colours are a map's ground, streets and names drawn in: on paper, on light, on dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """
    Colours of a base map, each as ``#rrggbb``.

    `LIGHT` and `DARK` are those of the map in the browser, so that the picture shown where there
    is no WebGL looks like it.
    """

    paper: str
    ground: str
    paved: str
    green: str
    green_edge: str
    water: str
    water_edge: str
    building: str
    building_edge: str
    street: str
    street_edge: str
    rail: str
    steps: str
    tree: str
    ink: str
    halo: str
    accent: str


PRINT = Palette(
    paper="#ffffff", ground="#f4f2ee", paved="#ebe8e2", green="#dbe8cf", green_edge="#9db88a",
    water="#cfe0ec", water_edge="#7fa3bd", building="#c9c4bc", building_edge="#6f6a63",
    street="#ffffff", street_edge="#a9a49b", rail="#777777", steps="#555555", tree="#5d7c45",
    ink="#1c1c1c", halo="#ffffff", accent="#1c1c1c",
)  # fmt: skip
LIGHT = Palette(
    paper="#f4f2ee", ground="#f4f2ee", paved="#ebe8e1", green="#dbe8cf", green_edge="#dbe8cf",
    water="#cbdfec", water_edge="#cbdfec", building="#d9d4cb", building_edge="#b3aca0",
    street="#ffffff", street_edge="#cbc5ba", rail="#8f8b86", steps="#a29a8c", tree="#9db88a",
    ink="#33393b", halo="#fbfaf8", accent="#14606a",
)  # fmt: skip
DARK = Palette(
    paper="#12171a", ground="#12171a", paved="#1a2124", green="#1a2a20", green_edge="#1a2a20",
    water="#15303f", water_edge="#15303f", building="#283033", building_edge="#3c474b",
    street="#363f43", street_edge="#0c1012", rail="#667074", steps="#5d696d", tree="#3f5a46",
    ink="#c6ced0", halo="#12171a", accent="#67c3cd",
)  # fmt: skip

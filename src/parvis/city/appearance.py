"""How is a city's ground drawn on every map: what is green, what paved, how wide is a way."""

ATTRIBUTION = "© OpenStreetMap contributors"

GREENS = frozenset(
    {
        "park", "garden", "grass", "wood", "scrub", "cemetery", "playground", "flowerbed",
        "allotments", "vineyard", "farmland", "pitch", "wetland",
    }
)  # fmt: skip
PAVED = frozenset(
    {
        "square", "pedestrian", "market_place", "footway", "platform", "parking",
        "parking_space", "service", "living_street", "forecourt", "quay", "pier", "station",
        "place_of_worship", "school", "outdoor_seating", "residential_street",
    }
)  # fmt: skip

STREET_WIDTHS = {
    "motorway": 12.0, "trunk": 12.0, "primary": 11.0, "secondary": 9.5, "tertiary": 8.0,
    "unclassified": 6.5, "residential": 6.5, "living_street": 6.0, "pedestrian": 6.0,
    "service": 4.0, "parking_aisle": 4.0, "track": 3.0, "bus_guideway": 5.0, "busway": 5.0,
    "footway": 1.8, "cycleway": 2.2, "path": 1.6, "steps": 3.0, "tram": 0.0,
}  # fmt: skip
"""Drawn width by class, for the look of the map only. [m]"""

OTHER_STREET_WIDTH = 4.0
"""Drawn width of any other class. [m]"""


def street_width(kind: str) -> float:
    """Return the drawn width of a street of class `kind`. [m]."""
    return STREET_WIDTHS.get(kind.removesuffix("_link"), OTHER_STREET_WIDTH)

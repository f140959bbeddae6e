"""Small trees and tables of indicators."""

import numpy as np

from parvis.indicators.composite import Direction, Node, Rows, Sphere, plant

SAFETY = plant(
    [
        Node("Overall", is_indicator=False, is_overall=True),
        Node("Security", parent="Overall", is_indicator=False, weight=2),
        Node("Life", parent="Overall", is_indicator=False),
        Node("Theft", parent="Security", is_indicator=False),
        Node("Feeling", parent="Security", is_indicator=False),
        Node("Comfort", parent="Life", is_indicator=False),
        Node("thefts", parent="Theft", direction=Direction.LOWER, low=0, high=50, is_core=True),
        Node("robberies", parent="Theft", direction=Direction.LOWER, low=0, high=10),
        Node("safe-night", parent="Feeling", low=0, high=100, sphere=Sphere.SUBJECTIVE),
        Node("safe-day", parent="Feeling", low=0, high=100, sphere=Sphere.SUBJECTIVE, weight=3),
        Node("benches", parent="Comfort", low=0, high=20),
        Node("lux", parent="Comfort", direction=Direction.TARGET, target=20, low=0, high=50),
        Node("visitors", parent="Comfort", direction=Direction.CONTEXT),
    ]
)
"""Five blocks would do; two show everything. One core indicator, one target, one of context."""

ONE = np.array([[10.0, 2.0, 40.0, 80.0, 5.0, 30.0, 1000.0]])
CITY = Rows(("city",))


def districts(n: int, seed: int = 0):
    """Return values of `n` districts inside the goalposts, and their rows."""
    rng = np.random.default_rng(seed)
    low, high = SAFETY.column("low"), SAFETY.column("high")
    low, high = np.nan_to_num(low), np.where(np.isnan(high), 1000.0, high)
    values = low + (high - low) * rng.uniform(0.05, 0.95, (n, SAFETY.n_indicators))
    return values, Rows(tuple(f"d{number}" for number in range(n)))

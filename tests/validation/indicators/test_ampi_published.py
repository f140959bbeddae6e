"""
The adjusted Mazziotta-Pareto index against the formula of Compind's ``ci_ampi`` (R, GPL-3).

Formula, from its source: with reference g and half range delta = (max - min) / 2 over all years,
``r = (x - (g - delta)) / (2 delta) 60 + 70`` (mirrored where less is better), and ``M - S²/M`` with
S the population standard deviation. Written out below with plain loops. Data: Eurostat, EU 2020
indicators as packaged with Compind, outside of the repository; without them, the same on fixed
numbers. Compind rounds to 3 digits and was not run; tolerance 1e-12.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from parvis.indicators.composite import (
    Aggregation,
    Direction,
    Frozen,
    How,
    Node,
    Normalisation,
    Recipe,
    Rows,
    Situation,
    composite,
    freeze,
    plant,
)

TREE = plant(
    [
        Node("Progress", is_indicator=False),
        Node("employment", parent="Progress"),
        Node("energy", parent="Progress", direction=Direction.LOWER),
    ]
)
AMPI = How(aggregation=Aggregation.AMPI)


def ci_ampi(table, centre, signs):
    """The formula, cell by cell."""
    delta = [(column.max() - column.min()) / 2 for column in table.T]
    found = []
    for row in table:
        points = []
        for x, g, d, sign in zip(row, centre, delta, signs, strict=True):
            low, high = g - d, g + d
            share = (x - low) / (high - low) if sign > 0 else (high - x) / (high - low)
            points.append(share * 60 + 70)
        mean = sum(points) / len(points)
        spread = (sum((p - mean) ** 2 for p in points) / len(points)) ** 0.5
        found.append(mean - spread * (spread / mean))
    return found


def test_european_regions_over_two_years(shared_data: Path):
    path = shared_data / "composite" / "compind_eu_2020.csv"
    if not path.is_file():
        pytest.skip("no shared data: composite/")
    with path.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    years = ("2010", "2011")
    keys = [("employ_" + year, "finalenergy_" + year) for year in years]
    table = np.array([[float(line[key]) for key in pair] for pair in keys for line in lines])
    units = tuple(line["geo"] for _ in years for line in lines)
    rows = Rows(units, tuple(year for year in years for _ in lines))
    centre = np.array([50.0, 100.0])
    # All years make the range here, as in Compind; a base period is the default of ours.
    method = Recipe(Normalisation.AMPI, AMPI, frozen=freeze(table, TREE, centre=centre))
    found = composite(table, TREE, rows, method=method).of("Progress")
    assert len(found) == 2 * 30
    assert found == pytest.approx(ci_ampi(table, centre, (1, -1)), rel=1e-12)


def test_the_base_is_a_hundred_and_a_later_year_moves_no_earlier_score():
    base = np.array([[60.0, 100.0], [70.0, 90.0], [80.0, 140.0]])
    frozen = freeze(base, TREE)
    method = Recipe(Normalisation.AMPI, AMPI, frozen=frozen)
    several = Situation.SEVERAL_PERIODS
    first = composite(base, TREE, Rows(("a", "b", "c")), method=method, situation=several)
    both = composite(
        np.vstack([base, base * 3]),
        TREE,
        Rows(("a", "b", "c") * 2, ("2024",) * 3 + ("2025",) * 3),
        method=method,
    )
    assert both.of("Progress")[:3].tolist() == first.of("Progress").tolist()
    middle = composite(
        base.mean(axis=0)[None], TREE, Rows(("mean",), ("x",)), method=method, situation=several
    )
    assert middle.of("Progress") == pytest.approx([100.0])


def test_the_penalty_lowers_what_is_out_of_balance():
    frozen = Frozen(centre=np.array([70.0, 100.0]), half_range=np.array([10.0, 20.0]))
    method = Recipe(Normalisation.AMPI, AMPI, frozen=frozen)
    rows = Rows(("even", "uneven"), ("1", "2"))
    found = composite(
        [[75.0, 90.0], [80.0, 100.0]],
        TREE,
        rows,
        method=method,
        situation=Situation.SEVERAL_PERIODS,
    )
    even, uneven = found.of("Progress")
    assert even == pytest.approx(115.0)
    assert uneven == pytest.approx(115.0 - 15.0**2 / 115.0)

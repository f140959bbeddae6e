"""Small tables to publish, and what can be found out about them by trying every table there is."""

from collections.abc import Collection, Sequence

import numpy as np

from parvis.indicators.disclosure import Cell, Relation

CITY = "city"


def key(area: str, split: str = "", *, indicator: str = "SEC-02", period: str = "2025"):
    return indicator, period, area, split


def crossed(counts: Sequence[Sequence[int]], *, indicator: str = "SEC-02"):
    """Return cells and relations of areas by splits, with their totals."""
    areas = [f"D{i}" for i in range(len(counts))]
    splits = [f"sex={j}" for j in range(len(counts[0]))]
    told = {(a, s): counts[i][j] for i, a in enumerate(areas) for j, s in enumerate(splits)}
    for area in areas:
        told[area, ""] = sum(told[area, split] for split in splits)
    for split in ["", *splits]:
        told[CITY, split] = sum(told[area, split] for area in areas)
    cells = [Cell(key(a, s, indicator=indicator), n) for (a, s), n in told.items()]

    def named(area, split=""):
        return key(area, split, indicator=indicator)

    relations = [Relation(named(CITY, s), tuple(named(a, s) for a in areas)) for s in ["", *splits]]
    relations += [Relation(named(a), tuple(named(a, s) for s in splits)) for a in [CITY, *areas]]
    return cells, relations


def by_trying(cells: Sequence[Cell], shown: Collection[tuple], *, base: int | None, most: int):
    """
    Return the least and greatest count of every cell among all tables that fit what is published.

    Written without the library's linear algebra: every table of whole numbers up to `most` is
    made, its totals are summed, and it is kept where each published figure comes out as printed.
    """

    def printed(counts):
        return counts if base is None else (2 * counts + base) // (2 * base) * base

    told = {cell.key: printed(cell.count) for cell in cells if cell.key in shown}
    areas = sorted({k[2] for k in (cell.key for cell in cells)} - {CITY})
    splits = sorted({cell.key[3] for cell in cells} - {""})
    anything = np.arange(most + 1)
    inside = [key(area, split) for area in areas for split in splits]
    values = [
        anything[printed(anything) == told[each]] if each in told else anything for each in inside
    ]
    table = dict(zip(inside, np.meshgrid(*values, indexing="ij", sparse=True), strict=True))
    for area in areas:
        table[key(area)] = sum(table[key(area, split)] for split in splits)
    for split in ["", *splits]:
        table[key(CITY, split)] = sum(table[key(area, split)] for area in areas)
    fits = np.ones([len(each) for each in values], dtype=bool)
    for each, figure in told.items():
        fits &= printed(table[each]) == figure
    found = {}
    for each, counts in table.items():
        possible = np.broadcast_to(counts, fits.shape)[fits]
        found[each] = int(possible.min()), int(possible.max())
    return found

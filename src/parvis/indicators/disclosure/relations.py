"""Which totals and parts are there: areas of areas, splits of everybody, months of years."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from parvis.indicators.disclosure.model import Cell, Key, Relation
from parvis.indicators.values import TOTAL, period_days


def relations_of(cells: Iterable[Cell], parents: Mapping[str, str]) -> tuple[Relation, ...]:
    """
    Return what holds among cells by what they are of.

    Parameters
    ----------
    cells : iterable of Cell
    parents : mapping from area to area
        The area that each is a part of.

    Notes
    -----
    Areas add up to the area they are part of, values of a split to everybody, and events of months
    to those of quarters and years. Whether parts are complete is told by today's counts.

    Examples
    --------
    >>> table = [Cell(("SEC-02", "2025", a, ""), n) for a, n in (("city", 9), ("D1", 4))]
    >>> relations_of(table, {"D1": "city"})[0].parts
    (('SEC-02', '2025', 'D1', ''),)
    """
    listed = list(cells)
    keys = {cell.key for cell in listed}
    parts: dict[tuple[Key, str], list[Key]] = defaultdict(list)
    periods = _periods({cell.key[1] for cell in listed})
    for cell in listed:
        indicator, period, area, split = cell.key
        if area in parents:
            parts[(indicator, period, parents[area], split), "area"].append(cell.key)
        words = split.split(";") if split != TOTAL else []
        for at, word in enumerate(words):
            rest = ";".join(words[:at] + words[at + 1 :])
            dimension = word.partition("=")[0]
            parts[(indicator, period, area, rest), f"split {dimension}"].append(cell.key)
        if cell.group is None:
            for longer, kind in periods.get(period, ()):
                parts[(indicator, longer, area, split), kind].append(cell.key)
    return tuple(
        Relation(total, tuple(sorted(found)))
        for (total, _), found in sorted(parts.items())
        if total in keys
    )


def _periods(periods: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Return, by period, the longer ones it is a part of, with the kind it is counted among."""
    days = {period: found for period in periods if (found := period_days(period)) is not None}
    within: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for period, (first, last) in days.items():
        kind = "pool" if "/" in period else f"{len(period)}{period[4:6]}".rstrip("0123456789")
        for longer, (start, end) in days.items():
            if longer != period and kind != "pool" and start <= first and last <= end:
                within[period].append((longer, f"period {kind}"))
    return within

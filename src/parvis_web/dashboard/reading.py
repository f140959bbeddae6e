"""
What does another city's file say: the last value of each indicator for its whole city.

Runs in `parvis_web.runs.sandbox`: no Django here, plain values in and out.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parvis.indicators.values import Observation


def read_peer(path: Path, *, city: str, today: str, home: Path) -> dict[str, Any]:
    """Return the last value of each indicator, and how many rows could not be used."""
    from parvis.indicators.values import period_days
    from parvis.io.indicator_files import catalogue_of
    from parvis.io.observation_guess import guessed_columns
    from parvis.io.observation_import import preview
    from parvis.io.observation_mapping import ColumnMapping
    from parvis.io.observation_tables import read_table

    catalogue = catalogue_of(home)
    header, rows = read_table(path, delimiter="", sheet="")
    cells = [row for _, row in rows]
    columns = ColumnMapping(columns=guessed_columns(header, cells, catalogue.indicators))
    found = preview(path, columns, catalogue, received=dt.date.fromisoformat(today))
    last: dict[str, tuple[dt.date, Observation]] = {}
    for each in found.accepted:
        days = period_days(each.period)
        if each.area != city or each.split or days is None:
            continue
        if each.indicator not in last or last[each.indicator][0] <= days[1]:
            last[each.indicator] = (days[1], each)
    return {
        "values": [
            each.to_json() | {"flag": each.flag.value, "grade": each.grade.value}
            for _, each in last.values()
        ],
        "n_rejected": len(found.rejected),
    }

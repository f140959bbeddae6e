"""Puts the present and up to four scenarios side by side: protection, money, openness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parvis_web.scenarios import words
from parvis_web.scenarios.editor import barrier_row
from parvis_web.scenarios.models import Scenario, ScenarioVersion
from parvis_web.scenarios.services import newest_version
from parvis_web.ui import formats

LEAST, MOST = 1, 4
"""Scenarios beside the present."""


@dataclass(frozen=True)
class Compared:
    """A scenario with the version that is compared, None where none is saved with results."""

    scenario: Scenario
    version: ScenarioVersion | None

    @property
    def answer(self) -> Mapping[str, Any] | None:
        """What the version answered."""
        return self.version.answer if self.version else None

    @property
    def is_behind(self) -> bool:
        """Whether the scenario was edited since the version."""
        return self.version is not None and self.version.changes != self.scenario.changes


def compared(scenarios: Sequence[Scenario]) -> list[Compared]:
    """Return each scenario with its newest version."""
    return [Compared(item, newest_version(item)) for item in scenarios]


def table_of(columns: Sequence[Compared]) -> list[dict[str, Any]]:
    """
    Return the sections of the comparison.

    Each has a title and rows; a row has a label, the present's value and one value a scenario,
    each with text and, for speeds, the number behind it.
    """
    shown = [item for item in columns if item.answer]
    if not shown:
        return []
    return [
        {"title": _("Speed at each access point"), "rows": _speeds(columns)},
        {"title": _("Required rating at each access point"), "rows": _ratings(columns)},
        {"title": _("By vehicle class"), "rows": _classes(columns)},
        {"title": _("Barriers and cost"), "rows": _barriers(columns)},
        {"title": _("Openness"), "rows": _openness(columns)},
    ]


def _cell(text: str, kmh: int | None = None, kind: str = "") -> dict[str, Any]:
    return {"text": text, "kmh": kmh, "kind": kind}


def _numbers(columns: Sequence[Compared]) -> list[tuple[int, str]]:
    """Return number and street of every access point that any column has."""
    found: dict[int, str] = {}
    for item in columns:
        for point in item.answer["points"] if item.answer else ():
            if point["state"] not in ("opened", "part"):
                found.setdefault(point["id"], point["street"])
    return sorted(found.items())


def _at(item: Compared, number: int) -> Mapping[str, Any] | None:
    if item.answer is None:
        return None
    return next((point for point in item.answer["points"] if point["id"] == number), None)


def _before(columns: Sequence[Compared], number: int) -> Mapping[str, Any] | None:
    return next((point for item in columns if (point := _at(item, number))), None)


def _speed(kmh: int | None) -> dict[str, Any]:
    return _cell(_("closed") if kmh is None else formats.speed_kmh(kmh), kmh)


def _speeds(columns: Sequence[Compared]) -> list[dict[str, Any]]:
    rows = []
    for number, street in _numbers(columns):
        present = _before(columns, number)
        cells = [_speed(present["said_before_kmh"] if present else None)]
        for item in columns:
            point = _at(item, number)
            cells.append(_speed(point["said_after_kmh"]) if point else _cell("–"))
        rows.append({"label": f"{number} {street}".strip(), "cells": cells})
    opened = [_cell("0")]
    for item in columns:
        points = item.answer["points"] if item.answer else ()
        opened.append(_cell(formats.number(sum(p["state"] == "opened" for p in points))))
    rows.append({"label": _("Newly open access points"), "cells": opened})
    return rows


def _ratings(columns: Sequence[Compared]) -> list[dict[str, Any]]:
    def said(told: Mapping[str, Any] | None) -> dict[str, Any]:
        if told is None:
            return _cell(_("none"))
        return _cell(told["required_rating"] or words.reason(told["rating_reason"]))

    rows = []
    for number, street in _numbers(columns):
        present = _before(columns, number)
        cells = [said(present["governing_before"] if present else None)]
        for item in columns:
            point = _at(item, number)
            cells.append(said(point["governing_after"]) if point else _cell("–"))
        rows.append({"label": f"{number} {street}".strip(), "cells": cells})
    return rows


def _classes(columns: Sequence[Compared]) -> list[dict[str, Any]]:
    keys: dict[str, None] = {}
    for item in columns:
        for point in item.answer["points"] if item.answer else ():
            keys |= dict.fromkeys(entry["vehicle"] for entry in point["classes"])

    def fastest(item: Compared, key: str, name: str) -> dict[str, Any]:
        if item.answer is None:
            return _cell("–")
        said = [
            entry[name]["said"]
            for point in item.answer["points"]
            for entry in point["classes"]
            if entry["vehicle"] == key and entry[name] is not None
        ]
        return _speed(max(said, default=None))

    first = next(item for item in columns if item.answer)
    return [
        {
            "label": _("Fastest arrival of %(vehicle)s") % {"vehicle": key},
            "cells": [
                fastest(first, key, "before_kmh"),
                *(fastest(item, key, "after_kmh") for item in columns),
            ],
        }
        for key in keys
    ]


def _barriers(columns: Sequence[Compared]) -> list[dict[str, Any]]:
    kept = [_cell("–")]
    costs = [_cell("–")]
    unpriced = [_cell("–")]
    for item in columns:
        if item.answer is None:
            for row in (kept, costs, unpriced):
                row.append(_cell("–"))
            continue
        rows = [barrier_row(row, None) for row in item.answer["rows"]]
        n_hold = sum(row["verdict_kind"] == "good" for row in rows)
        kept.append(_cell(_("%(n)s of %(all)s") % {"n": n_hold, "all": len(rows)}))
        cost = item.answer["cost"]
        said = words.cost(cost)
        if cost is not None and not cost["is_verified"]:
            said = _("%(range)s (unverified)") % {"range": said}
        costs.append(_cell(said))
        unpriced.append(_cell(formats.number(item.answer["n_unpriced"])))
    return [
        {"label": _("Rows that hold as chosen"), "cells": kept},
        {"label": _("Cost of rows"), "cells": costs},
        {"label": _("Changes without a price"), "cells": unpriced},
    ]


def _openness(columns: Sequence[Compared]) -> list[dict[str, Any]]:
    rows = []
    for key in ("egress_flow", "emergency_access"):
        cells = [_cell("–")]
        for item in columns:
            cells.append(_check(item.answer["checks"] if item.answer else (), key))
        rows.append({"label": str(words.CHECKS[key]), "cells": cells})
    for key in ("accessible_width", "cycle_passage"):
        cells = [_cell("–")]
        for item in columns:
            checks = [
                check
                for row in (item.answer["rows"] if item.answer else ())
                for check in row["checks"]
                if check["key"] == key
            ]
            n_kept = sum(check["outcome"] == "pass" for check in checks)
            text = _("%(n)s of %(all)s rows") % {"n": n_kept, "all": len(checks)}
            kind = "good" if n_kept == len(checks) else "warn"
            cells.append(_cell(text, kind=kind) if checks else _cell("–"))
        rows.append({"label": str(words.CHECKS[key]), "cells": cells})
    return rows


def _check(checks: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any]:
    found = next((check for check in checks if check["key"] == key), None)
    if found is None:
        return _cell("–")
    label, kind = words.OUTCOMES[found["outcome"]]
    value = words.check_value(found)
    text = f"{label}: {value}" if value else str(label)
    return _cell(text, kind=kind)

"""Observations for tests of dashboards: a small fictional city."""

import datetime as dt
from typing import Any

from parvis.indicators.dashboard import Dashboard, dashboard
from parvis.indicators.values import Observation, observations_of
from parvis.packs.indicators import Catalogue, catalogue
from parvis.packs.themes import shipped_themes

TODAY = dt.date(2026, 7, 1)
CATALOGUE = catalogue()


def seen(code: str, period: str, value: float | None = None, **other: Any) -> Observation:
    """Return an observation with the unit and error model of the catalogue."""
    indicator = CATALOGUE.indicators[code]
    given = {"area": "city", "unit": indicator.unit, "error_model": indicator.error_model}
    return Observation(code, period, value=value, **{**given, **other})


def counted(code: str, period: str, events: float, people: float, **other: Any) -> Observation:
    """Return a rate by what it is computed from."""
    return seen(code, period, None, numerator=events, denominator=people, **other)


def board(
    *rows: Observation,
    period: str = "2025",
    base: str | None = None,
    known: Catalogue = CATALOGUE,
    **other: Any,
) -> Dashboard:
    """Return the dashboard of some observations."""
    given: dict[str, Any] = {"area": "city", "today": TODAY, **other}
    return dashboard(
        observations_of(rows), known, shipped_themes(), period=period, base_period=base, **given
    )

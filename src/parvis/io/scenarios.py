"""Answer where a scenario session gets its place from: a stored city, and an earlier analysis."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from parvis.approach.results import AccessPoint, ApproachResult
from parvis.closure.scenario_answers import KnownPoint
from parvis.closure.scenario_session import Progress, ScenarioSession
from parvis.io.analyses import ask_about_space
from parvis.io.protected_area import DrawnArea
from parvis.packs.closure_content import load_barrier_products
from parvis.packs.content import load_ground_rules
from parvis.terms import Grade


def prepare_scenarios(
    name: str,
    space: str | None = None,
    *,
    drawn: DrawnArea | None = None,
    people_line: Mapping[str, Any] | None = None,
    vehicles: Iterable[str] | None = None,
    design: str = "cautious",
    analysis: ApproachResult | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> ScenarioSession:
    """
    Prepare a session for a public space of an imported city.

    Parameters
    ----------
    name, space, drawn, people_line, vehicles, design, home
        See `parvis.io.analyses.ask_about_space`.
    analysis : ApproachResult, optional
        The analysis that is continued: numbers, widths and cautious speeds of its access points
        are kept.
    progress : callable, optional
        See `ScenarioSession.prepare`.

    Returns
    -------
    ScenarioSession

    Raises
    ------
    parvis.errors.InputError
    """
    city, question = ask_about_space(
        name,
        space,
        drawn=drawn,
        people_line=people_line,
        vehicles=vehicles,
        design=design,
        home=home,
    )
    return ScenarioSession.prepare(
        city,
        question,
        rules=load_ground_rules(),
        products=load_barrier_products(),
        known=() if analysis is None else known_points(analysis),
        progress=progress,
    )


def known_points(analysis: ApproachResult) -> tuple[KnownPoint, ...]:
    """Return the access points of an analysis as a session continues them."""
    return tuple(_known(point) for point in analysis.access_points)


def _known(point: AccessPoint) -> KnownPoint:
    places = np.asarray(point.geometry, dtype=np.float64)
    is_single = len(places) == 1
    return KnownPoint(
        number=point.id,
        line=shapely.LineString(np.repeat(places, 2, axis=0) if is_single else places),
        speeds={entry.vehicle: entry.speed for entry in point.classes},
        clear_width=point.clear_width if math.isfinite(point.clear_width) else math.nan,
        existing=point.existing,
        is_measured=point.clear_width_grade is not Grade.C,
    )

"""Answer where a scenario session gets its place from: a stored city, and an earlier analysis."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from parvis.approach.results import SpeedRange
from parvis.closure.scenario_session import KnownPoint, Progress, ScenarioSession
from parvis.errors import InputError
from parvis.io.analyses import ask_about_space
from parvis.packs.closure_content import load_barrier_products
from parvis.packs.content import load_ground_rules
from parvis.terms import KMH_PER_MPS


class AnalysisDocumentError(InputError):
    """A stored analysis lacks what a scenario continues; details: problem."""

    code = "analysis_document"


def prepare_scenarios(
    name: str,
    space: str | None,
    *,
    area_file: Path | None = None,
    people_line: Path | None = None,
    vehicles: Iterable[str] | None = None,
    analysis: Mapping[str, Any] | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> ScenarioSession:
    """
    Prepare a session for a public space of an imported city.

    Parameters
    ----------
    name, space, area_file, people_line, vehicles, home
        See `parvis.io.analyses.ask_about_space`.
    analysis : mapping, optional
        Document of the analysis that is continued (`parvis.report.export.result_document`): its
        classes, numbers, widths and cautious speeds are kept.
    progress : callable, optional
        See `ScenarioSession.prepare`.

    Returns
    -------
    ScenarioSession

    Raises
    ------
    parvis.errors.InputError
    """
    design = "cautious"
    if analysis is not None:
        design = str(analysis.get("design_speed", design))
        vehicles = vehicles or [str(item["key"]) for item in analysis.get("vehicles", ())]
    city, question = ask_about_space(
        name,
        space,
        area_file=area_file,
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
        known=() if analysis is None else known_points(analysis, city.epsg),
        progress=progress,
    )


def known_points(analysis: Mapping[str, Any], epsg: int) -> tuple[KnownPoint, ...]:
    """
    Return the access points of an analysis document in a city's coordinates.

    Parameters
    ----------
    analysis : mapping
        See `parvis.report.export.result_document`.
    epsg : int

    Raises
    ------
    AnalysisDocumentError
        If something is missing.
    """
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)
    try:
        return tuple(_known(point, transformer) for point in analysis["access_points"])
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise AnalysisDocumentError(problem=str(problem)) from problem


def _known(point: Mapping[str, Any], transformer: Transformer) -> KnownPoint:
    degrees = np.asarray(point["geometry"]["coordinates"], dtype=np.float64)
    metres = np.column_stack(transformer.transform(degrees[:, 0], degrees[:, 1]))
    width = point.get("clear_width_m")
    return KnownPoint(
        number=int(point["id"]),
        line=shapely.LineString(metres),
        speeds={entry["vehicle"]: _range(entry["speed_kmh"]) for entry in point["classes"]},
        clear_width=math.nan if width is None else float(width),
        existing=str(point.get("existing", "")),
        is_measured=point.get("clear_width_grade") != "C",
    )


def _range(speed: Mapping[str, float | None]) -> SpeedRange:
    typical, cautious, limit = (
        float(speed.get(name) or 0.0) / KMH_PER_MPS for name in ("typical", "cautious", "limit")
    )
    return SpeedRange(typical, cautious, max(limit, cautious))

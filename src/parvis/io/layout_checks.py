"""Run the analyses of a stored layout: what the command line and the web call."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.results import ApproachResult
from parvis.city.model import City
from parvis.city.select import select_space
from parvis.events.layout import Layout
from parvis.events.phases import analyse_phases
from parvis.io.analyses import ask_about_space
from parvis.io.layouts import read_layout
from parvis.io.store import load_city
from parvis.packs.content import load_ground_rules, load_parameter_draws


def open_layout(
    name: str, layout: str, *, home: Path | None = None
) -> tuple[City, Layout, BaseGeometry]:
    """
    Return a city, one of its layouts, and the outline of the space it stands on.

    Raises
    ------
    parvis.errors.InputError
        Of an unknown city or layout, or a space that a new import no longer has.
    """
    found = read_layout(name, layout, home=home)
    city = load_city(name, home=home)
    row = select_space(city, found.space_id)
    return city, found, shapely.force_2d(city.spaces.geometry[row])


def approach_by_phase(
    name: str,
    city: City,
    layout: Layout,
    *,
    vehicles: Iterable[str] | None = None,
    threat: Path | None = None,
    home: Path | None = None,
    progress: Any = None,
) -> Mapping[str, ApproachResult]:
    """
    Answer where and how fast vehicles arrive in each phase.

    Parameters
    ----------
    name : str
        Of the city, whose earlier runs number the access points.
    city : City
    layout : Layout
    vehicles : iterable of str, optional
    threat : Path, optional
    home : Path, optional
    progress : callable, optional

    Returns
    -------
    mapping of str to ApproachResult
        By phase; nothing is kept as the city's latest run.
    """
    _, question = ask_about_space(
        name, layout.space_id, vehicles=vehicles, threat=threat, home=home
    )
    return analyse_phases(
        city,
        layout,
        question,
        rules=load_ground_rules(),
        draws=load_parameter_draws(),
        progress=progress,
    )

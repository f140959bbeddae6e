"""Run the analyses of a stored layout: what the command line and the web call."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.analysis import Question
from parvis.approach.results import ApproachResult
from parvis.city.model import City
from parvis.city.select import select_space
from parvis.closure.results import ClosureResult
from parvis.closure.stock import StockPlan
from parvis.closure.supply import supply_plan
from parvis.errors import InputError
from parvis.events.egress_by_phase import PhaseEgress, egress_of_phase
from parvis.events.layout import Layout
from parvis.events.phases import analyse_phase, analyse_phases, close_phase, phase_city
from parvis.io.analyses import ask_about_space
from parvis.io.closures import CENTS, Supplies
from parvis.io.layouts import read_layout
from parvis.io.packs import read_barrier_products
from parvis.io.stock_list import StockReading, read_stock
from parvis.io.store import load_city
from parvis.packs.closure_content import load_barrier_products
from parvis.packs.content import load_ground_rules, load_parameter_draws


class LayoutPhaseError(InputError):
    """The layout has no phase of that name."""

    code = "layout_phase"


@dataclass(frozen=True, eq=False)
class PhaseClosure:
    """
    A planned closure of one phase.

    Attributes
    ----------
    city : City
        As it stands in the phase.
    result : ClosureResult
    supply : StockPlan or None
        What can really be had by the beginning of the phase, where stock or money limit it.
    ground : City
        Without the layout.
    layout : Layout
    phase : str
    question : Question
    """

    city: City
    result: ClosureResult
    supply: StockPlan | None
    ground: City
    layout: Layout
    phase: str
    question: Question


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


def closure_of_phase(
    name: str,
    layout: str,
    phase: str,
    *,
    vehicles: Iterable[str] | None = None,
    threat: Path | None = None,
    permanence: str = "temporary",
    prices: Path | None = None,
    supplies: Supplies | None = None,
    today: dt.date,
    home: Path | None = None,
    progress: Any = None,
) -> PhaseClosure:
    """
    Plan the closure of a space in one phase of a layout, with what is in stock where that is said.

    Parameters
    ----------
    name, layout, phase : str
    vehicles : iterable of str, optional
    threat : Path, optional
    permanence : {"temporary", "semi_permanent", "permanent", ""}
    prices : Path, optional
        The authority's own pack of barrier products.
    supplies : Supplies, optional
        Stock and budget; needed by the beginning of the phase where that lies ahead.
    today : date
    home : Path, optional
    progress : callable, optional

    Raises
    ------
    LayoutPhaseError
        Beside the errors of the readers.
    """
    city, found, _ = open_layout(name, layout, home=home)
    if phase not in {known.key for known in found.phases}:
        listed = ", ".join(known.key for known in found.phases)
        raise LayoutPhaseError(name=layout, phase=phase, listed=listed)
    limits = supplies or Supplies()
    products = read_barrier_products(prices) if prices else load_barrier_products()
    stock = read_stock(limits.stock) if limits.stock else StockReading()
    _, question = ask_about_space(name, found.space_id, vehicles=vehicles, threat=threat, home=home)
    rules = load_ground_rules()
    result = close_phase(
        city,
        found,
        phase,
        question,
        rules=rules,
        draws=load_parameter_draws(),
        products=products,
        permanence=permanence,
        progress=progress,
    )
    there = phase_city(city, found, phase)
    if not limits.is_limited or not any(plan.lines for plan in result.plans):
        return PhaseClosure(there, result, None, city, found, phase, question)
    begins = found.phase(phase).starts.date()
    buys = limits.budget is not None or limits.stock is None
    supply = supply_plan(
        there,
        question,
        result,
        rules=rules,
        products=products if buys else None,
        stock=stock.items,
        budget=None if limits.budget is None else round(limits.budget * CENTS),
        needed_by=begins if begins >= today else None,
        today=today,
    )
    supply = replace(supply, notices=(*stock.notices, *supply.notices))
    return PhaseClosure(there, result, supply, city, found, phase, question)


def present_of_phase(
    closure: PhaseClosure, *, progress: Any = None
) -> tuple[ApproachResult, PhaseEgress]:
    """
    Answer what documents on a closed phase tell beside the closure.

    Parameters
    ----------
    closure : PhaseClosure
    progress : callable, optional

    Returns
    -------
    result : ApproachResult
        Where and how fast vehicles arrive with what the layout has standing in the phase.
    egress : PhaseEgress
        How people leave then.
    """
    city, layout, phase = closure.ground, closure.layout, closure.phase
    result = analyse_phase(
        city,
        layout,
        phase,
        closure.question,
        rules=load_ground_rules(),
        draws=load_parameter_draws(),
        progress=progress,
    )
    space = shapely.force_2d(city.spaces.geometry[select_space(city, layout.space_id)])
    return result, egress_of_phase(city, layout, phase, space)

"""Plan closures on a stored city: what the command line, temporary layouts and the web call."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from parvis.approach.analysis import Question, analyse_approach
from parvis.approach.results import ApproachResult
from parvis.city.model import City
from parvis.city.register import RegisterReading, with_register
from parvis.closure.plan import Wishes, plan_closure
from parvis.closure.results import ClosureResult
from parvis.closure.rooms import NotEnclosedError, NoWayInError
from parvis.closure.stock import StockPlan
from parvis.closure.supply import supply_plan
from parvis.errors import InputError
from parvis.io.analyses import ask_about_space
from parvis.io.barrier_register import read_barrier_register
from parvis.io.packs import read_barrier_products
from parvis.io.protected_area import DrawnArea
from parvis.io.stock_list import StockReading, read_stock
from parvis.packs.closure_content import load_barrier_products
from parvis.packs.content import load_ground_rules, load_parameter_draws

CENTS = 100
PERMANENCES = ("permanent", "semi_permanent", "temporary")


class DateUnreadableError(InputError):
    """A date is not written as year, month and day."""

    code: ClassVar[str] = "date_unreadable"


class DatePassedError(InputError):
    """A plan is needed by a day that has passed."""

    code: ClassVar[str] = "date_passed"


class PlanFormatError(InputError):
    """A plan is to be written in a format that is not known."""

    code: ClassVar[str] = "plan_format"


class FamilyOptionError(InputError):
    """A product family for a line is not written as number and key."""

    code: ClassVar[str] = "family_option"


class PermanenceUnknownError(InputError):
    """What is laid out can be permanent, semi-permanent, temporary or any of these."""

    code: ClassVar[str] = "permanence_unknown"


class ClosureOptionError(InputError):
    """Options of a closure are given where no closure is asked for."""

    code: ClassVar[str] = "closure_option"


@dataclass(frozen=True)
class Supplies:
    """
    What limits a plan.

    Attributes
    ----------
    stock : Path or None
        Stock list. With a stock list and no budget nothing is bought.
    budget : float or None
        In units of the price list's currency.
    needed_by : str or None
        ISO date.
    """

    stock: Path | None = None
    budget: float | None = None
    needed_by: str | None = None

    @property
    def is_limited(self) -> bool:
        """Whether anything limits the plan."""
        return self.stock is not None or self.budget is not None or self.needed_by is not None


@dataclass(frozen=True, eq=False)
class Closure:
    """
    A planned closure with what it was planned from.

    Attributes
    ----------
    city : City
        With the register's barriers, if one was given.
    question : Question
    result : ClosureResult
    supply : StockPlan or None
        What can really be had, where stock, money or time limit it; None where no lines enclose
        the place.
    register : RegisterReading or None
    """

    city: City
    question: Question
    result: ClosureResult
    supply: StockPlan | None
    register: RegisterReading | None


def close_space(
    name: str,
    space: str | None = None,
    *,
    area_file: Path | None = None,
    drawn: DrawnArea | None = None,
    vehicles: Iterable[str] | None = None,
    threat: Path | None = None,
    statement: Mapping[str, Any] | None = None,
    design: str = "cautious",
    people_line: Path | Mapping[str, Any] | None = None,
    variant: str | None = None,
    existing: Path | None = None,
    existing_crs: str | None = None,
    prices: Path | None = None,
    wishes: Wishes | None = None,
    supplies: Supplies | None = None,
    today: dt.date,
    home: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Closure:
    """
    Plan the closure of a public space, or of the area of a polygon file, of an imported city.

    Parameters
    ----------
    name, space, area_file, drawn, vehicles, threat, statement, design, people_line
        See `parvis.io.analyses.analyse_space`.
    variant, home, progress
        See `parvis.io.analyses.analyse_space`.
    existing : Path, optional
        Municipal barrier register.
    existing_crs : str, optional
        Of its coordinates, where it does not say so itself.
    prices : Path, optional
        The authority's own pack of barrier products.
    wishes : Wishes, optional
    supplies : Supplies, optional
    today : date
        Lead times count from it.

    Returns
    -------
    Closure

    Raises
    ------
    parvis.errors.InputError
        With what to mend.
    """
    limits = supplies or Supplies()
    needed_by = _day(limits.needed_by, today)
    products = read_barrier_products(prices) if prices else load_barrier_products()
    stock = read_stock(limits.stock) if limits.stock else StockReading()
    city, question = ask_about_space(
        name,
        space,
        area_file=area_file,
        drawn=drawn,
        vehicles=vehicles,
        threat=threat,
        statement=statement,
        design=design,
        people_line=people_line,
        variant=variant,
        home=home,
    )
    register = None
    if existing is not None:
        register = read_barrier_register(existing, city, crs=existing_crs)
        city = with_register(city, register.barriers)
    rules = load_ground_rules()
    result = plan_closure(
        city,
        question,
        rules=rules,
        draws=load_parameter_draws(),
        products=products,
        wishes=wishes,
        progress=progress or _silent,
    )
    supply = None
    is_closable = any(plan.lines for plan in result.plans) and not result.cannot_close
    if limits.is_limited and is_closable:
        buys = limits.budget is not None or limits.stock is None
        with suppress(NotEnclosedError, NoWayInError):
            supply = supply_plan(
                city,
                question,
                result,
                rules=rules,
                products=products if buys else None,
                stock=stock.items,
                budget=None if limits.budget is None else round(limits.budget * CENTS),
                needed_by=needed_by,
                today=today,
                accepted_classes=wishes.accepted_classes if wishes is not None else (),
            )
            supply = replace(supply, notices=(*stock.notices, *supply.notices))
    return Closure(city, question, result, supply, register)


def analyse_present(
    closure: Closure, *, progress: Callable[[str, int, int], None] | None = None
) -> ApproachResult:
    """Answer what arrives today on the ground a closure was planned on, its register included."""
    return analyse_approach(
        closure.city,
        closure.question,
        rules=load_ground_rules(),
        draws=load_parameter_draws(),
        progress=progress or _silent,
    )


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total


def _day(text: str | None, today: dt.date) -> dt.date | None:
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise DateUnreadableError(field="needed by", value=text) from None
    if day < today:
        raise DatePassedError(value=day.isoformat(), today=today.isoformat())
    return day

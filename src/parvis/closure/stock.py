"""What can really be had by a day and for a sum, and what a plan made of it leaves open."""

import datetime as dt
from dataclasses import dataclass

from parvis.approach.results import Notice
from parvis.closure.results import RatedLine


@dataclass(frozen=True, slots=True)
class StockItem:
    """
    A row of an authority's stock list: elements of one type.

    Attributes
    ----------
    kind : str
        Type, as the list names it.
    count : int
        Elements that are there.
    length : float
        Of one element across the road. [m]
    ratings : tuple of str
        As on the certificates, empty for unrated; they hold at the same time.
    certificate, place : str
        Number of the certificate; where the elements are kept.
    lead_days : int
        Days from the order until they stand.
    cost : int or None
        For one element and deployment, in cents; None where the list does not say.
    is_operable : bool
        Opens for emergency vehicles.
    row : int
        Of the list, 0 where there is none.
    """

    kind: str
    count: int
    length: float
    ratings: tuple[str, ...]
    certificate: str = ""
    place: str = ""
    lead_days: int = 0
    cost: int | None = None
    is_operable: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """
    One way to close one line.

    Attributes
    ----------
    supply : str
        ``"stock/4"`` for row 4 of the stock list, else the key of a product family.
    kind, rating : str
    n_elements : int
    gap : float
        Clear gap between faces. [m]
    cost : int or None
        In cents; None counts as nothing and is said.
    lead_days : int
        Days from the order until it stands.
    """

    supply: str
    kind: str
    rating: str
    n_elements: int
    gap: float
    cost: int | None
    lead_days: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A line that a plan could use, from any of the plans at hand.

    Attributes
    ----------
    key : str
        Unique, e.g. ``"cheapest/2"``.
    line : RatedLine
    products : tuple of Offer
        What could be bought for it and whose rating suffices there.
    """

    key: str
    line: RatedLine
    products: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    A line that is closed, and with what.

    Attributes
    ----------
    line : str
        Key.
    street : str
    offer : Offer
    """

    line: str
    street: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class StayingOpen:
    """
    A line that stays open in the best partial plan.

    Attributes
    ----------
    line : str
        Key.
    street : str
    width : float
        [m]
    vehicle : str
        Class with the greatest energy there at the design speed, "" where none is known.
    energy : float
        Of that class. [J]
    reason : str
        ``above_tested_speeds``, ``no_rating_suffices``, ``needs_operable``, ``too_late``,
        ``too_few_pieces``, ``pieces_used_elsewhere`` or ``budget``.
    n_needed, n_available : int
        Elements of the supply that comes closest, 0 where the reason is not about pieces.
    interim : tuple of str
        Keys in pack ``interim-measures``.
    """

    line: str
    street: str
    width: float
    vehicle: str
    energy: float
    reason: str
    n_needed: int
    n_available: int
    interim: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """
    Something on offer that the plan cannot use.

    Attributes
    ----------
    supply, kind : str
    reason : str
        ``unrated``, ``no_pieces``, ``too_late``, ``rating_too_low`` or ``not_operable`` (at every
        line where it could help).
    ready : date or None
        When it could stand, where it is too late.
    """

    supply: str
    kind: str
    reason: str
    ready: dt.date | None


@dataclass(frozen=True, slots=True)
class StockPlan:
    """
    The best that can be had: full closure at least cost, else the least left open.

    Attributes
    ----------
    assignments : tuple of Assignment
    staying_open : tuple of StayingOpen
        Empty: everything is closed.
    unavailable : tuple of Unavailable
    cost : int
        Of the assignments with a price, in cents.
    energy_open : float
        Impact energy at design speed summed over the lines that stay open. [J]
    budget : int or None
        In cents.
    today, needed_by : date or None
    least_cost_to_close : int or None
        Least sum that closes everything with what is there in time, in cents; None where no sum
        does.
    is_optimal : bool
        The solver proved that no plan leaves less open, nor as much at less cost.
    gap : float
        Between the plan and the solver's bound, relative. 0 where proved. [1]
    notices : tuple of Notice
    """

    assignments: tuple[Assignment, ...]
    staying_open: tuple[StayingOpen, ...]
    unavailable: tuple[Unavailable, ...]
    cost: int
    energy_open: float
    budget: int | None
    today: dt.date
    needed_by: dt.date | None
    least_cost_to_close: int | None
    is_optimal: bool
    gap: float
    notices: tuple[Notice, ...]

    @property
    def is_full(self) -> bool:
        """Whether every way in is closed."""
        return not self.staying_open

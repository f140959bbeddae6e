"""What a metre of barrier costs that stops what arrives there."""

import math
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import ClassVar

from parvis.approach.ratings import RatingError, match_rating
from parvis.closure.coverage import read_rating
from parvis.errors import InputError
from parvis.packs.closure_content import BarrierProducts, ProductFamily, ProductLevel
from parvis.packs.errors import PackInvalidError

FIRST_UNCOVERED, NEXT_UNCOVERED = 10, 1
"""
What a metre counts on top for the first class that no product covers there, and for each further
one: this many times the dearest metre of fixed barrier on the list. A metre without protection so
outweighs ten of the dearest barrier, and sums stay within what the flow routine counts.
"""

Required = tuple[str, str, str]
"""Class, required rating, reason; as in `ClassAtPoint`."""


class NoRatedProductError(InputError):
    """A price list has no rated product of that permanence; details: id, permanence."""

    code: ClassVar[str] = "no_rated_product"


def check_ratings(products: BarrierProducts, *, name: str) -> None:
    """
    Check that every rating of a price list can be read.

    Parameters
    ----------
    products : BarrierProducts
    name : str
        Name of its file, for messages.

    Raises
    ------
    PackInvalidError
        If some cannot; names all of them.
    """
    problems = []
    for family, level in products.rated():
        for text in level.ratings:
            try:
                read_rating(text)
            except RatingError:
                problems.append(f"{family.key}, level {level.key}: {text!r} is no rating")
    if problems:
        raise PackInvalidError(file=name, problems="; ".join(problems))


def price_of(family: ProductFamily, level: ProductLevel) -> int:
    """
    Return what a metre of a row of elements costs, each with one gap beside it.

    Parameters
    ----------
    family : ProductFamily
    level : ProductLevel

    Returns
    -------
    int
        Middle of the cost range, rounded up. [cents m⁻¹]

    Examples
    --------
    >>> from parvis.packs import load_barrier_products
    >>> bollard = load_barrier_products().families[0]
    >>> price_of(bollard, bollard.levels[0])
    182759
    """
    pitch = family.length + family.greatest_gap
    return math.ceil((level.cost_low + level.cost_high) / 2 / pitch)


def price_per_metre(
    products: BarrierProducts,
    required: Sequence[Required],
    *,
    permanence: str = "permanent",
    accepted_classes: Collection[str] = (),
) -> int:
    """
    Price the cheapest metre of barrier that covers all classes at once.

    Parameters
    ----------
    products : BarrierProducts
    required : sequence of (str, str, str)
        Class, required rating ("" where no test reaches it) and its reason, in any order.
    permanence : {"permanent", "semi_permanent", "temporary", ""}, default "permanent"
        Which products count; "" for all.
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.

    Returns
    -------
    int
        Whole and above zero; 0 where nothing is required. Where no product covers all of them, the
        price of the one that covers most plus a surcharge, so that lines run where they can hold;
        see `FIRST_UNCOVERED`. [cents m⁻¹]

    Raises
    ------
    NoRatedProductError
        If the list has no rated product of that permanence.
    RatingError
        If a rating cannot be read.

    Notes
    -----
    Penetration is not compared: it depends on where the line lies. A product's levels are compared
    whole, since one and the same product must hold all ratings.

    Examples
    --------
    >>> from parvis.packs import load_barrier_products
    >>> products = load_barrier_products()
    >>> lorry = ("N2B", "V/7200[N2B]/64/90", "next_tested_speed")
    >>> price_per_metre(products, [lorry])
    327587
    """
    if not required:
        return 0
    notations = frozenset(notation for _, notation, _ in required)
    n_untested = len({vehicle for vehicle, notation, _ in required if not notation})
    return _price(products, notations - {""}, n_untested, permanence, frozenset(accepted_classes))


def uncovered_price(products: BarrierProducts, *, permanence: str = "permanent") -> int:
    """
    Return the least price of a metre on which some class is not covered.

    Parameters
    ----------
    products : BarrierProducts
    permanence : {"permanent", "semi_permanent", "temporary", ""}, default "permanent"

    Returns
    -------
    int
        Every metre that `price_per_metre` prices below this holds. [cents m⁻¹]

    Raises
    ------
    NoRatedProductError
        If the list has no rated product of that permanence.
    """
    prices, dearest = _prices(products, permanence)
    return min(prices) + _surcharge(1, dearest)


@lru_cache(maxsize=65536)
def _price(
    products: BarrierProducts,
    notations: frozenset[str],
    n_untested: int,
    permanence: str,
    accepted: frozenset[str],
) -> int:
    prices, dearest = _prices(products, permanence)
    n_uncovered = [n_untested] * len(prices)
    for notation in notations:
        for index, is_covered in enumerate(_covered(products, notation, permanence, accepted)):
            n_uncovered[index] += not is_covered
    return min(price + _surcharge(n, dearest) for price, n in zip(prices, n_uncovered, strict=True))


def _surcharge(n_uncovered: int, dearest: int) -> int:
    if not n_uncovered:
        return 0
    return dearest * (FIRST_UNCOVERED + (n_uncovered - 1) * NEXT_UNCOVERED)


@lru_cache(maxsize=256)
def _prices(products: BarrierProducts, permanence: str) -> tuple[tuple[int, ...], int]:
    """Return the price of a metre of each rated level, and the dearest that is not operable."""
    rated = tuple(products.rated(permanence))
    prices = tuple(price_of(family, level) for family, level in rated)
    if not prices:
        raise NoRatedProductError(id=products.id, permanence=permanence or "any")
    fixed = [
        price for price, (family, _) in zip(prices, rated, strict=True) if not family.is_operable
    ]
    return prices, max(fixed or prices)


@lru_cache(maxsize=4096)
def _covered(
    products: BarrierProducts, notation: str, permanence: str, accepted: frozenset[str]
) -> tuple[bool, ...]:
    """Return which rated levels cover a required rating."""
    required = read_rating(notation)
    return tuple(
        any(
            match_rating(required, read_rating(text), accepted_classes=accepted).is_acceptable
            for text in level.ratings
        )
        for _, level in products.rated(permanence)
    )

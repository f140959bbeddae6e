"""What the packs about closing a place and keeping it open say, in the units the analyses use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack, validated

if TYPE_CHECKING:
    from parvis.packs.closure_models import (
        BarrierFamily,
        BarrierProductsPack,
        InterimMeasures,
        OpennessRequirements,
        ResidualRisks,
        StreetscapeSchemes,
    )

CENTS = 100
DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class ProductLevel:
    """
    What one product of a family was tested with, and what an element of it costs.

    Attributes
    ----------
    key : str
    ratings : tuple of str
        Held by one and the same product; empty: unrated.
    cost_low, cost_high : int
        Of one element in place. [cents]
    is_cost_verified : bool
    """

    key: str
    ratings: tuple[str, ...]
    cost_low: int
    cost_high: int
    is_cost_verified: bool


@dataclass(frozen=True, slots=True)
class ProductFamily:
    """
    A family of barrier products, without vendors; SI units.

    Attributes
    ----------
    key : str
    name : str
        In the pack's language.
    names : mapping of str to str
        In other languages.
    scheme : str
        Key in pack ``streetscape-schemes``.
    permanence : {"temporary", "semi_permanent", "permanent"}
    kind : str
        E.g. ``bollard``.
    length, least_length : float
        Of one element along the line; the length may be chosen between them. [m]
    width, height : float
        [m]
    is_round : bool
    greatest_gap : float
        Clear, between faces. [m]
    is_operable : bool
    operable_with : str
        Key of the family whose elements make its operable opening, "" for none.
    needs_foundation : bool
    foundation_depth : float
        [m]
    lead_days : int
    levels : tuple of ProductLevel
    """

    key: str
    name: str
    names: Mapping[str, str]
    scheme: str
    permanence: str
    kind: str
    length: float
    least_length: float
    width: float
    height: float
    is_round: bool
    greatest_gap: float
    is_operable: bool
    operable_with: str
    needs_foundation: bool
    foundation_depth: float
    lead_days: int
    levels: tuple[ProductLevel, ...]

    @property
    def is_rated(self) -> bool:
        """Whether any level holds a rating."""
        return any(level.ratings for level in self.levels)


@dataclass(frozen=True, eq=False)
class BarrierProducts:
    """
    Families of barrier products and their prices; two lists are the same only if identical.

    Attributes
    ----------
    id : str
    version : int
    currency : str
        ISO 4217.
    price_date : str
    installation_margin : float
        What must lie between the penetration of a barrier and the people line. [m]
    families : tuple of ProductFamily
        In pack order.
    """

    id: str
    version: int
    currency: str
    price_date: str
    installation_margin: float
    families: tuple[ProductFamily, ...]

    def family(self, key: str) -> ProductFamily | None:
        """Return the family with a key, None where there is none."""
        return next((family for family in self.families if family.key == key), None)

    def rated(self, permanence: str = "") -> Iterator[tuple[ProductFamily, ProductLevel]]:
        """Yield the rated levels of the families of a permanence, "" for any."""
        for family in self.families:
            if permanence in ("", family.permanence):
                yield from ((family, level) for level in family.levels if level.ratings)


def load_barrier_products(text: str | None = None, *, name: str = "") -> BarrierProducts:
    """
    Return the families of barrier products with sizes, ratings, lead times and prices.

    Parameters
    ----------
    text : str, optional
        Content of an authority's own pack file, used instead of the pack of Parvis.
    name : str
        Name of that file, for messages.

    Returns
    -------
    BarrierProducts
        The same object for each call without `text`.

    Raises
    ------
    PackUnreadableError, PackInvalidError
        If `text` is not YAML, or not a pack of barrier products.

    Examples
    --------
    >>> products = load_barrier_products()
    >>> products.currency, products.families[0].key, products.families[0].greatest_gap
    ('EUR', 'fixed-bollard-deep', 1.2)
    """
    if text is None:
        return _shipped_products()
    from parvis.packs.closure_models import BarrierProductsPack

    return _products(validated(text, BarrierProductsPack, name))


def load_streetscape_schemes() -> "StreetscapeSchemes":
    """
    Return the pack of the seven ways to treat a street.

    Examples
    --------
    >>> [scheme.key for scheme in load_streetscape_schemes().entries][:2]
    ['total_traffic_exclusion', 'controlled_inclusion']
    """
    return cast("StreetscapeSchemes", load_pack("streetscape-schemes"))


def load_residual_risks() -> "ResidualRisks":
    """
    Return the pack of what ratings and schemes do not cover.

    Examples
    --------
    >>> load_residual_risks().entries[0].key
    'slow_encroachment'
    """
    return cast("ResidualRisks", load_pack("residual-risks"))


def load_openness_requirements() -> "OpennessRequirements":
    """
    Return the pack of widths, flows and distances that keep a place open.

    Examples
    --------
    >>> load_openness_requirements().entries[0].unit
    'm'
    """
    return cast("OpennessRequirements", load_pack("openness-requirements"))


def openness_requirements() -> Mapping[str, float]:
    """
    Return the numbers of the pack `openness-requirements` by key, in the pack's units.

    Examples
    --------
    >>> openness_requirements()["wheelchair_width"]
    1.2
    """
    entries = load_openness_requirements().entries
    return MappingProxyType({entry.key: entry.value for entry in entries})


def load_interim_measures() -> "InterimMeasures":
    """
    Return the pack of what can be done until a barrier stands.

    Examples
    --------
    >>> load_interim_measures().entries[0].key
    'staffed_heavy_vehicle'
    """
    return cast("InterimMeasures", load_pack("interim-measures"))


@cache
def _shipped_products() -> BarrierProducts:
    return _products(cast("BarrierProductsPack", load_pack("barrier-products")))


def _products(pack: "BarrierProductsPack") -> BarrierProducts:
    families = tuple(_family(entry, pack) for entry in pack.entries)
    return BarrierProducts(
        id=pack.id,
        version=pack.version,
        currency=pack.currency,
        price_date=pack.price_date,
        installation_margin=pack.installation_margin_m.value,
        families=families,
    )


def _family(entry: "BarrierFamily", pack: "BarrierProductsPack") -> ProductFamily:
    size = entry.element
    levels = tuple(
        ProductLevel(
            key=level.key,
            ratings=level.ratings,
            cost_low=round(level.cost_per_element.low * CENTS),
            cost_high=round(level.cost_per_element.high * CENTS),
            is_cost_verified=pack.evidence[level.cost_per_element.evidence].verified,
        )
        for level in entry.levels
    )
    return ProductFamily(
        key=entry.key,
        name=entry.name,
        names=MappingProxyType(
            {language: words["name"] for language, words in entry.i18n.items() if "name" in words}
        ),
        scheme=entry.scheme,
        permanence=entry.permanence,
        kind=entry.kind,
        length=size.length_m,
        least_length=size.least_length_m or size.length_m,
        width=size.width_m,
        height=size.height_m,
        is_round=size.is_round,
        greatest_gap=entry.greatest_clear_gap_m.value,
        is_operable=entry.is_operable,
        operable_with=entry.operable_with or "",
        needs_foundation=entry.needs_foundation,
        foundation_depth=entry.foundation_depth_m.value,
        lead_days=round(entry.lead_time_weeks.value * DAYS_PER_WEEK),
        levels=levels,
    )

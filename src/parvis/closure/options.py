"""Which ways there are to treat a line: a lower speed first, then barriers, scheme by scheme."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from parvis.approach.ratings import required_rating
from parvis.approach.ratings.matching import REQUIRING_SYSTEM
from parvis.approach.ratings.rating import RELATIVE_TOLERANCE, system_of
from parvis.approach.results import ClassAtPoint
from parvis.approach.vehicles import VehicleClass, load_vehicle_classes
from parvis.closure.coverage import cover_class, cover_classes, read_rating, weaker
from parvis.closure.elements import Row, lay_out_row
from parvis.closure.results import CostRange, Coverage, Option, RatedLine
from parvis.packs.closure_content import (
    BarrierProducts,
    ProductFamily,
    ProductLevel,
    load_streetscape_schemes,
    openness_requirements,
)
from parvis.terms import GRAVITY, KMH_PER_MPS

CHICANE_DEFLECTION = math.pi / 4
"""
Change of direction of each arc of a chicane; gentler ones leave a straight line through. [rad]

Institute of Transportation Engineers, traffic calming fact sheets: at least 45 degrees.
"""

CONTROLLED, FOOTWAY = "controlled_inclusion", "footway_protection"
"""Schemes that rows with an opening belong to, and that protect beside the line."""

UNSUITABLE = frozenset({"element_too_long", "unrated", "does_not_cover", "no_operable_element"})
"""Reasons that speak against a product; all others say what it needs."""

TOO_WEAK = frozenset({"energy_below", "energy_only", "angle_below"})
"""Reasons of a coverage that a stronger product of the family could do away with."""


@dataclass(frozen=True, slots=True)
class Laid:
    """
    An option and how it stands on its line.

    Attributes
    ----------
    option : Option
    family : ProductFamily or None
    opener : ProductFamily or None
        Of the elements that open, where they are of another family.
    row : Row or None
        None where nothing is laid out.
    """

    option: Option
    family: ProductFamily | None = None
    opener: ProductFamily | None = None
    row: Row | None = None


def line_options(
    line: RatedLine,
    products: BarrierProducts,
    *,
    permanence: str = "permanent",
    accepted_classes: Collection[str] = (),
) -> tuple[Laid, ...]:
    """
    Return all ways to treat a line.

    Parameters
    ----------
    line : RatedLine
    products : BarrierProducts
    permanence : {"permanent", "semi_permanent", "temporary", ""}
        Of the products that say how far the speed must come down.
    accepted_classes : collection of str, optional
        Test vehicle classes whose front the named adviser accepted.

    Returns
    -------
    tuple of Laid
        Those that lower the speed first, then in the published order of the seven schemes; within
        a scheme in the order of the price list.
    """
    schemes = load_streetscape_schemes().entries
    found: dict[str, list[Laid]] = {scheme.key: [] for scheme in schemes}
    for family in products.families:
        laid = _product_option(line, family, products, accepted_classes)
        found.setdefault(laid.option.scheme, []).append(laid)
    for scheme in schemes:
        if scheme.lowers_speed:
            option = calming_option(
                line, products, permanence=permanence, accepted_classes=accepted_classes
            )
            found[scheme.key].append(Laid(option))
        elif not scheme.closes_line:
            found[scheme.key].append(Laid(_without_product(scheme.key, line)))
    ordered = sorted(schemes, key=lambda scheme: (not scheme.lowers_speed, scheme.order))
    return tuple(laid for scheme in ordered for laid in found[scheme.key])


def calming_option(
    line: RatedLine,
    products: BarrierProducts,
    *,
    permanence: str = "permanent",
    accepted_classes: Collection[str] = (),
) -> Option:
    """
    Return how far the speed must come down, and the bend that does it.

    Parameters
    ----------
    line : RatedLine
    products : BarrierProducts
    permanence : {"permanent", "semi_permanent", "temporary", ""}
    accepted_classes : collection of str, optional

    Returns
    -------
    Option
        Where products cover every class: one tested speed less for the class with the most energy
        (``lowers_rating``). Otherwise the highest tested speed that a product covers, for the
        class that asks for the tightest bend (``makes_rating_possible``). Not suitable where no
        lower speed helps (``no_lower_tested_speed``).

    Notes
    -----
    ``R = v² / (f g)`` with the upper friction of the class, the cautious side; the bend stands
    directly before the line, else the vehicle gains speed again. Humps, signs and paint count
    nothing: they are bypassed, crossed at an angle or ignored.
    """
    levels = [level for _, level in products.rated(permanence)]
    open_to = [
        entry for entry in line.classes if not _is_coverable(entry, levels, accepted_classes)
    ]
    governing = sorted(line.classes, key=lambda entry: -entry.energy)[:1]
    asked = open_to or governing
    reason = "makes_rating_possible" if open_to else "lowers_rating"
    targets: list[tuple[float, float, VehicleClass]] = []
    for entry in asked:
        vehicle = load_vehicle_classes([entry.vehicle])[0]
        speed = _highest_coverable(entry, vehicle, levels, accepted_classes)
        if not math.isnan(speed):
            targets.append((speed**2 / (vehicle.limit.friction * GRAVITY), speed, vehicle))
    scheme = next(item for item in load_streetscape_schemes().entries if item.lowers_speed)
    if len(targets) < len(asked) or not targets:
        return _bare(scheme.key, scheme.order, reasons=("no_lower_tested_speed",))
    radius, speed, vehicle = min(targets, key=lambda target: target[0])
    reasons = [reason, "directly_before_line"]
    if radius < vehicle.limit.turning_radius:
        reasons.append("tighter_than_vehicle_turns")
    return _bare(
        scheme.key,
        scheme.order,
        speed_after=speed,
        radius_needed=radius,
        is_suitable=True,
        reasons=tuple(reasons),
    )


def chicane_for_radius(
    radius: float, *, clear_width: float, vehicle_width: float
) -> tuple[float, float]:
    """
    Return a chicane of two equal arcs that holds a vehicle to a radius.

    Parameters
    ----------
    radius : float
        Of the vehicle's path. [m], > 0
    clear_width : float
        Of the road between solid faces. [m]
    vehicle_width : float
        Of the narrowest vehicle that is to be slowed. [m]

    Returns
    -------
    length, shift : float
        Length along the road, and the lateral shift of the road: what the vehicle must move aside
        and the width in which it can do so freely. [m]

    Notes
    -----
    Two arcs of 45 degrees each: ``L = 2 R sin D``, ``y = 2 R (1 - cos D)``, so that
    ``R = (L² + y²) / 4y``.

    Examples
    --------
    >>> length, shift = chicane_for_radius(20.0, clear_width=4.0, vehicle_width=2.5)
    >>> round(length, 1), round(shift, 1)
    (28.3, 13.2)
    """
    length = 2.0 * radius * math.sin(CHICANE_DEFLECTION)
    aside = 2.0 * radius * (1.0 - math.cos(CHICANE_DEFLECTION))
    return length, aside + max(clear_width - vehicle_width, 0.0)


def _is_coverable(
    entry: ClassAtPoint, levels: Sequence[ProductLevel], accepted: Collection[str]
) -> bool:
    return any(
        cover_class(entry, level.ratings, accepted_classes=accepted).holds for level in levels
    )


def _highest_coverable(
    entry: ClassAtPoint,
    vehicle: VehicleClass,
    levels: Sequence[ProductLevel],
    accepted: Collection[str],
) -> float:
    """Return the highest tested speed below the required one that a product covers, else NaN."""
    is_tested = bool(entry.required_rating)
    present = read_rating(entry.required_rating).speed if is_tested else math.inf
    for kmh in sorted(system_of(REQUIRING_SYSTEM).speeds, reverse=True):
        speed = kmh / KMH_PER_MPS
        notation, reason = required_rating(vehicle, speed)
        slower = replace(entry, required_rating=notation, rating_reason=reason)
        if speed < present * (1.0 - RELATIVE_TOLERANCE) and _is_coverable(slower, levels, accepted):
            return float(speed)
    return math.nan


def _product_option(
    line: RatedLine,
    family: ProductFamily,
    products: BarrierProducts,
    accepted: Collection[str],
) -> Laid:
    """Return what a family can do at a line, with the level that covers most for least money."""
    needs = openness_requirements()
    opener = _opener(line, family, products)
    row = lay_out_row(
        line.width,
        family,
        opener=opener,
        opening=needs["emergency_width"] if line.keeps_emergency_access else 0.0,
        wheelchair=needs["wheelchair_width"],
    )
    is_mixed = row is not None and opener is not None and any(row.is_opening)
    best = min(
        (
            (level, partner, _coverage(line, level, partner, accepted))
            for level in family.levels
            for partner in (opener.levels if is_mixed and opener is not None else (None,))
        ),
        key=lambda found: (
            -sum(item.holds for item in found[2]),
            sum(item.reason in TOO_WEAK for item in found[2]),
            _element_cost(row, found[0], found[1], products).high if row else found[0].cost_high,
        ),
    )
    level, partner, coverage = best
    reasons = _reasons(line, family, opener, row, coverage)
    is_controlled = is_mixed and family.permanence == "permanent"
    scheme = CONTROLLED if is_controlled else family.scheme
    option = Option(
        scheme=scheme,
        order=_order(scheme),
        family=family.key,
        permanence=family.permanence,
        rating=_governing_rating(line, coverage),
        n_elements=len(row.lengths) if row else 0,
        gap=max(row.gaps) if row else math.nan,
        cost=_element_cost(row, level, partner, products) if row else None,
        coverage=coverage,
        speed_after=math.nan,
        radius_needed=math.nan,
        is_suitable=not set(reasons) & UNSUITABLE,
        reasons=reasons,
    )
    return Laid(option, family, opener if is_mixed else None, row)


def _opener(
    line: RatedLine, family: ProductFamily, products: BarrierProducts
) -> ProductFamily | None:
    if not line.keeps_emergency_access or family.is_operable:
        return None
    return products.family(family.operable_with)


def _coverage(
    line: RatedLine,
    level: ProductLevel,
    partner: ProductLevel | None,
    accepted: Collection[str],
) -> tuple[Coverage, ...]:
    """Return the coverage of a row: each class passes where the weaker element lets it."""
    found = cover_classes(line.classes, level.ratings, accepted_classes=accepted)
    if partner is None:
        return found
    other = cover_classes(line.classes, partner.ratings, accepted_classes=accepted)
    return tuple(weaker(one, two) for one, two in zip(found, other, strict=True))


def _element_cost(
    row: Row, level: ProductLevel, partner: ProductLevel | None, products: BarrierProducts
) -> CostRange:
    n_opening = sum(row.is_opening) if partner is not None else 0
    n_fixed = len(row.lengths) - n_opening
    low, high, is_verified = level.cost_low * n_fixed, level.cost_high * n_fixed, True
    if n_fixed:
        is_verified = level.is_cost_verified
    if partner is not None and n_opening:
        low += partner.cost_low * n_opening
        high += partner.cost_high * n_opening
        is_verified = is_verified and partner.is_cost_verified
    return CostRange(low, high, products.currency, is_verified)


def _reasons(
    line: RatedLine,
    family: ProductFamily,
    opener: ProductFamily | None,
    row: Row | None,
    coverage: Sequence[Coverage],
) -> tuple[str, ...]:
    """Return the codes of what speaks against a family at a line, and of what it needs."""
    found = []
    if row is None:
        found.append("element_too_long")
    if not family.is_rated:
        found.append("unrated")
    elif not all(item.holds for item in coverage):
        found.append("does_not_cover")
    if line.keeps_emergency_access and not family.is_operable and opener is None:
        found.append("no_operable_element")
    if len({item.offered for item in coverage if item.holds}) > 1:
        found.append("several_ratings_asked")
    if family.needs_foundation:
        found.append("needs_foundation")
    return tuple(found)


def _governing_rating(line: RatedLine, coverage: Sequence[Coverage]) -> str:
    """Return what is offered against the class with the most energy."""
    if not coverage:
        return ""
    energies = [entry.energy for entry in line.classes]
    return coverage[int(np.argmax(energies))].offered


def _without_product(scheme: str, line: RatedLine) -> Option:
    """Return an option that closes nothing: it suits only where no class arrives."""
    order = _order(scheme)
    if scheme == FOOTWAY:
        return _bare(scheme, order, reasons=("does_not_close_line",))
    reason = "stays_open" if line.classes else "nothing_arrives"
    reasons = (reason, "barrier_here_does_not_hold") if line.is_existing else (reason,)
    return _bare(scheme, order, is_suitable=not line.classes, reasons=reasons)


def _bare(
    scheme: str,
    order: int,
    *,
    speed_after: float = math.nan,
    radius_needed: float = math.nan,
    is_suitable: bool = False,
    reasons: tuple[str, ...],
) -> Option:
    """Return an option without a product."""
    return Option(
        scheme=scheme,
        order=order,
        family="",
        permanence="",
        rating="",
        n_elements=0,
        gap=math.nan,
        cost=None,
        coverage=(),
        speed_after=speed_after,
        radius_needed=radius_needed,
        is_suitable=is_suitable,
        reasons=reasons,
    )


def _order(scheme: str) -> int:
    entries = load_streetscape_schemes().entries
    return next((entry.order for entry in entries if entry.key == scheme), 0)

"""Rated lines and price lists for tests of the barrier schedule."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from parvis.approach.ratings import required_rating
from parvis.approach.results import ClassAtPoint, SpeedRange
from parvis.approach.vehicles import load_vehicle_classes
from parvis.closure.results import RatedLine
from parvis.packs import BarrierProducts, load_barrier_products
from parvis.terms import Grade


def arriving(vehicle: str, speed_kmh: float, *, penetration_limit: float = 20.0) -> ClassAtPoint:
    """A class that arrives at a line."""
    speed = speed_kmh / 3.6
    found = load_vehicle_classes([vehicle])[0]
    rating, reason = required_rating(found, speed)
    return ClassAtPoint(
        vehicle=vehicle,
        speed=SpeedRange(speed, speed, speed),
        energy=0.5 * found.mass * speed**2,
        angle=math.pi / 2,
        required_rating=rating,
        rating_reason=reason,
        penetration_limit=penetration_limit,
        binding=None,
        grade=Grade.C,
        measures=(),
    )


def rated_line(
    width: float = 12.0,
    speeds: Mapping[str, float] | None = None,
    *,
    geometry: np.ndarray | None = None,
    penetration_limit: float = 20.0,
    **changes: object,
) -> RatedLine:
    """A line, straight unless `geometry` says otherwise, that classes reach at `speeds` km/h."""
    place = np.array([[0.0, 0.0], [width, 0.0]]) if geometry is None else geometry
    line = RatedLine(
        id=1,
        geometry=place,
        width=float(np.hypot(*np.diff(place, axis=0).T).sum()),
        street="Long Street",
        access_points=(1,),
        stand_off=penetration_limit + 0.5,
        grade=Grade.C,
        classes=tuple(
            arriving(vehicle, speed, penetration_limit=penetration_limit)
            for vehicle, speed in ({"N2B": 60.0} if speeds is None else speeds).items()
        ),
        design="cautious",
    )
    return replace(line, **changes)


def with_ratings(family: str, change: Mapping[str, str | None]) -> BarrierProducts:
    """The shipped products with some ratings of a family replaced, or left out where None."""
    products = load_barrier_products()

    def changed(text: str) -> tuple[str, ...]:
        new = change.get(text, text)
        return () if new is None else (new,)

    families = tuple(
        replace(
            item,
            levels=tuple(
                replace(level, ratings=tuple(t for old in level.ratings for t in changed(old)))
                for level in item.levels
            ),
        )
        if item.key == family
        else item
        for item in products.families
    )
    return replace(products, families=families)


def below(products: BarrierProducts, required: str) -> BarrierProducts:
    """The same price list with nothing tested as fast as a required rating: one step lower."""
    steps = ["16", "32", "48", "64", "80", "96", "112"]
    highest = steps.index(required.split("/")[2]) - 1

    def at_most(text: str) -> str:
        head, speed, rest = text.rsplit("/", 2)
        return f"{head}/{steps[min(steps.index(speed), highest)]}/{rest}"

    return replace(
        products,
        families=tuple(
            replace(
                family,
                levels=tuple(
                    replace(level, ratings=tuple(map(at_most, level.ratings)))
                    for level in family.levels
                ),
            )
            for family in products.families
        ),
    )

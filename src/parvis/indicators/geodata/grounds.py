"""How much of the built-up area is open to all, how densely it is lived in, and how it is used."""

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.indicators.estimates import Flag
from parvis.indicators.geodata.ground import (
    built_up_area,
    polygon_of,
    polygons_of,
    squares_of,
    street_shapes,
    taken_shapes,
)
from parvis.indicators.geodata.open_space import OpenSpaces
from parvis.indicators.geodata.uses import evenness, ground_floor_uses
from parvis.indicators.geodata.work import KM2, POTENTIAL, Work, standing_of
from parvis.indicators.values import TOTAL, DataGrade


def add_ground(
    work: Work, covered: BaseGeometry, spaces: OpenSpaces, built_up: BaseGeometry | None
) -> None:
    """Add LIV-01 and BCK-03."""
    extent = built_up if built_up is not None else built_up_area(work.city, work.rules.built_up)
    extent = polygon_of(shapely.intersection(extent, covered))
    parts = {
        area: extent
        if row is None
        else polygon_of(shapely.intersection(extent, work.areas.geometry[row]))
        for area, row in work.places()
    }
    _density(work, parts)
    work.note("geodata_built_up" if built_up is None else "geodata_built_up_given",
              gap=round(work.rules.built_up.gap.value))  # fmt: skip
    if shapely.is_empty(extent):
        return
    squares = squares_of(extent)
    streets = squares.parts(street_shapes(work.city))
    taken = squares.parts(taken_shapes(work.city))
    free = shapely.difference(streets, taken)
    work.facts["built_up_km2"] = float(shapely.area(extent)) * KM2
    work.facts["street_km2"] = float(shapely.area(free).sum()) * KM2
    any_verified = bool(spaces.is_verified.any())
    grounds = [(spaces, POTENTIAL if any_verified else TOTAL, True)]
    if any_verified:
        grounds.append((spaces.verified, TOTAL, False))
    for chosen, split, is_potential in grounds:
        ground = shapely.union(streets, squares.parts(chosen.geometry))
        ground = polygons_of(shapely.difference(polygons_of(ground), taken))
        name = "potential" if is_potential else "verified"
        flag, grade = (Flag.DEFINITION, DataGrade.D) if is_potential else standing_of(spaces)
        work.facts[f"open_ground_km2_{name}"] = float(shapely.area(ground).sum()) * KM2
        for area, part in parts.items():
            below = float(shapely.area(part))
            if below <= 0.0:
                continue
            above = float(shapely.area(shapely.intersection(ground, part)).sum())
            above = min(above, below)
            work.add(
                "LIV-01", area, above / below * 100.0, above=above * KM2, below=below * KM2,
                split=split, flag=flag,
                grade=grade,
            )  # fmt: skip


def _density(work: Work, parts: Mapping[str, BaseGeometry]) -> None:
    """Add BCK-03 over the ground that the population cells cover."""
    shapes = work.cells.geometry
    is_grid = bool((shapely.get_dimensions(shapes) == 2).all())
    grid = shapely.union_all(shapely.buffer(shapes, 0.0)) if is_grid else None
    work.note("geodata_density")
    weight = work.cells.people[work.homes.cell] * work.homes.share
    for area, row in work.places():
        ground = parts[area] if grid is None else shapely.intersection(parts[area], grid)
        below = float(shapely.area(ground)) * KM2
        above = float(weight.sum() if row is None else weight[work.home_area == row].sum())
        if below > 0.0 and above > 0.0:
            work.add("BCK-03", area, above / below, above=above, below=below, n=round(above))


def add_uses(work: Work) -> None:
    """Add LIV-11."""
    points, use = ground_floor_uses(work.city, work.rules)
    at = work.areas.of(points)
    least = int(work.rules.least_uses.value)
    for area, row in work.places():
        mine = use if row is None else use[at == row]
        counts = np.bincount(mine, minlength=len(work.rules.uses))
        if row is None:
            names = [entry.key for entry in work.rules.uses]
            work.facts["uses"] = dict(zip(names, counts.tolist(), strict=True))
        value = evenness(counts)
        if value is None:
            continue
        if counts.sum() < least:
            work.note("geodata_few_uses", area=area, n=int(counts.sum()), least=least)
            work.add("LIV-11", area, None, n=int(counts.sum()), flag=Flag.UNRELIABLE)
        else:
            work.add("LIV-11", area, value, n=int(counts.sum()))

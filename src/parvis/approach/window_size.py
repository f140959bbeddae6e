"""Answer how wide a window must be so that a wider one would not move the perimeter speeds."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parvis.approach.perimeter import Boundary
from parvis.approach.ratings import highest_tested_speed
from parvis.approach.street_fields import StreetFields
from parvis.approach.vehicles import VehicleClass
from parvis.approach.window import Window, is_sloping, window_bounds
from parvis.city.model import City
from parvis.packs.content import GroundRules
from parvis.terms import KMH_PER_MPS, Scenario

MARGINS = (200.0, 400.0, 800.0)
"""How far the window reaches beyond the protected area, tried in turn; multiples of `BLOCK`. [m]"""

SETTLED = 1.0 / KMH_PER_MPS
"""A wider window may move no perimeter speed by more than this. [m s⁻¹]"""

SETTLED_SHARE = 0.02
"""Above the highest speed that barriers are tested at, this share of a speed may move. [1]"""

CHECK_CELL = 1.6
"""Cell size of the runs that only tell whether a window is wide enough. [m]"""

CHECK_HEADINGS = 32
"""Headings of those runs."""

ALIKE = 0.8
"""Classes share a window where their top speeds differ by no more than this factor. [1]"""


@dataclass(frozen=True, eq=False)
class Windows:
    """
    The windows of an analysis.

    Attributes
    ----------
    of_vehicle : mapping of str to Window
        By vehicle class key.
    widest : Window
    is_settled : bool
        No wider window than those tried would be needed.
    """

    of_vehicle: Mapping[str, Window]
    widest: Window
    is_settled: bool


def settled_windows(
    city: City,
    area: Any,
    boundary: Boundary,
    vehicles: Sequence[VehicleClass],
    rules: GroundRules,
    progress: Callable[[str, int, int], None],
    *,
    n_workers: int = 2,
    fields: StreetFields | None = None,
    open_area: Any = None,
) -> Windows:
    """
    Find for each class the first window that one of twice the margin does not contradict.

    Parameters
    ----------
    city : City
    area : shapely Polygon or MultiPolygon
        Protected area. [m]
    boundary : Boundary
    vehicles : sequence of VehicleClass
    rules : GroundRules
    progress : callable
        Hears (``"window"``, done, total).
    n_workers : int, default 2
        Threads that check groups of classes side by side.
    fields : StreetFields, optional
        Of the city; by default they are solved anew.
    open_area : shapely Polygon or MultiPolygon, optional
        What is open ground by definition; by default `area`. [m]

    Returns
    -------
    Windows

    Notes
    -----
    The runs that tell stand in for the fastest of the classes alike: its upper set, on larger
    cells and with fewer headings. Only their change from one window to the next counts.
    """
    shared = fields or StreetFields(city, is_sloping=is_sloping(city, rules))
    windows = {
        margin: Window(
            city,
            area,
            boundary,
            window_bounds(area, margin),
            rules,
            fields=shared,
            open_area=open_area,
        )
        for margin in MARGINS
    }
    groups = _alike(vehicles)
    chosen: dict[str, float] = {}
    is_settled = True
    with ThreadPoolExecutor(max_workers=max(1, n_workers)) as pool:
        margins = pool.map(lambda group: _settled_margin(group[0], windows), groups)
        for number, (group, (margin, settled)) in enumerate(zip(groups, margins, strict=True)):
            progress("window", number + 1, len(groups))
            is_settled &= settled
            chosen |= {vehicle.key: margin for vehicle in group}
    return Windows(
        of_vehicle={key: windows[margin] for key, margin in chosen.items()},
        widest=windows[max(chosen.values())],
        is_settled=is_settled,
    )


def _settled_margin(fastest: VehicleClass, windows: Mapping[float, Window]) -> tuple[float, bool]:
    width = max(fastest.limit.width, CHECK_CELL * math.sqrt(2.0))
    parameters = replace(fastest.limit, width=width)

    def speeds(margin: float) -> NDArray[np.float64]:
        window = windows[margin].coarser(cell=CHECK_CELL, n_headings=CHECK_HEADINGS)
        approach = window.prepare(fastest, Scenario.LIMIT, parameters=parameters)
        return np.nan_to_num(window.solve(approach).arrivals.speed)

    last = speeds(MARGINS[0])
    for narrow, wide in pairwise(MARGINS):
        following = speeds(wide)
        share = np.where(last > highest_tested_speed(), SETTLED_SHARE * last, 0.0)
        if np.all(np.abs(following - last) <= np.maximum(SETTLED, share)):
            return narrow, True
        last = following
    return MARGINS[-1], False


def _alike(vehicles: Sequence[VehicleClass]) -> list[list[VehicleClass]]:
    """Return groups of classes of like top speed, the fastest first in each."""
    groups: list[list[VehicleClass]] = []
    for vehicle in sorted(vehicles, key=lambda item: -item.limit.top_speed):
        if groups and vehicle.limit.top_speed >= ALIKE * groups[-1][0].limit.top_speed:
            groups[-1].append(vehicle)
        else:
            groups.append([vehicle])
    return groups

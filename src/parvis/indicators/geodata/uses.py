"""How evenly do kinds of use share the ground floors."""

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from parvis.city.assemble import has_tag, tag_column
from parvis.city.model import City
from parvis.city.table import FeatureTable
from parvis.indicators.geodata.tags import rows_with

if TYPE_CHECKING:
    from parvis.packs.geodata_models import Geodata

Ints = NDArray[np.int64]
NONE = -1
SAME = 1.0
"""A point this near to an area of the same kind of use is that use again. [m]"""


def evenness(counts: ArrayLike) -> float | None:
    """
    Return Shannon's evenness of counts over all kinds, those that do not occur included.

    Parameters
    ----------
    counts : array_like of int, shape (k,)
        How often each kind occurs, k >= 2.

    Returns
    -------
    float or None
        0 for one kind only, 1 for all alike; None where nothing is counted.

    Notes
    -----
    ``H / ln k`` with ``H = -Σ p ln p`` [1]_.

    References
    ----------
    .. [1] E. C. Pielou, "The measurement of diversity in different types of biological
       collections", Journal of Theoretical Biology 13, 1966, 131-144.

    Examples
    --------
    >>> round(evenness([6, 3, 1]), 6)
    0.817345
    """
    number = np.asarray(counts, dtype=np.float64)
    if not number.sum() > 0.0:
        return None
    share = number[number > 0.0] / number.sum()
    return float(np.clip(-(share * np.log(share)).sum() / np.log(len(number)), 0.0, 1.0))


def ground_floor_uses(city: City, rules: "Geodata") -> tuple[NDArray[np.object_], Ints]:
    """
    Return the uses that are mapped on ground floors.

    Parameters
    ----------
    city : City
    rules : Geodata

    Returns
    -------
    tuple of ndarray
        A point for each use, and its kind: row of `rules.uses`. What has a storey other than the
        ground floor is left out; what has none is taken to be on the ground floor. A place mapped
        as a point and as the building around it counts once.
    """
    points, point_use = _uses(city.furniture, rules)
    areas, area_use = _uses(city.areas, rules)
    inside = np.zeros(len(points), dtype=bool)
    if len(points) and len(areas):
        area, point = shapely.STRtree(points).query(areas, predicate="dwithin", distance=SAME)
        inside[point[area_use[area] == point_use[point]]] = True
    middle = shapely.point_on_surface(areas)
    return (
        np.concatenate([points[~inside], middle]),
        np.concatenate([point_use[~inside], area_use]),
    )


def _uses(table: FeatureTable, rules: "Geodata") -> tuple[NDArray[np.object_], Ints]:
    use = np.full(len(table), NONE, dtype=np.int64)
    for kind in range(len(rules.uses) - 1, -1, -1):
        use[rows_with(table, rules.uses[kind].tags)] = kind
    use[~_on_ground_floor(table)] = NONE
    rows = np.flatnonzero(use != NONE)
    # A node kept both as itself and as the camera on it is one place.
    rows = rows[~has_tag(table, "man_made", "surveillance")[rows]]
    return table.geometry[rows], use[rows]


def _on_ground_floor(table: FeatureTable) -> NDArray[np.bool_]:
    column = tag_column(table, "level")
    is_ground = np.ones(len(table), dtype=bool)
    for index in np.unique(column[column >= 0]):
        storeys = {part.strip() for part in table.strings[int(index)].split(";")}
        is_ground[column == index] = "0" in storeys
    return is_ground

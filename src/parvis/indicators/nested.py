"""How areas of one division lie within those of another."""

from collections.abc import Mapping
from typing import Any

LEAST_WITHIN = 0.99
"""Share of an area that has to lie in another to be a part of it: borders are drawn apart."""


def nested_in(
    finer: Mapping[str, Mapping[str, Any]], coarser: Mapping[str, Mapping[str, Any]]
) -> dict[str, str] | None:
    """
    Return in which area of a coarser division each area of a finer one lies.

    Parameters
    ----------
    finer, coarser : mapping from code to GeoJSON geometry
        In the same coordinates.

    Returns
    -------
    dict or None
        None where an area lies in no other, or in several: the divisions cut each other.

    Examples
    --------
    >>> def box(west, east):
    ...     ring = [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]
    ...     return {"type": "Polygon", "coordinates": [ring]}
    >>> halves = {"A": box(0, 2), "B": box(2, 4)}
    >>> nested_in({"a": box(0, 1), "b": box(3, 4)}, halves)
    {'a': 'A', 'b': 'B'}
    >>> nested_in({"c": box(1, 3)}, halves) is None
    True
    """
    import shapely
    from shapely.geometry import shape

    codes = list(coarser)
    around = [shapely.make_valid(shape(dict(coarser[code]))) for code in codes]
    tree = shapely.STRtree(around)
    found = {}
    for code, drawn in finer.items():
        area = shapely.make_valid(shape(dict(drawn)))
        within = [
            codes[place]
            for place in tree.query(area).tolist()
            if area.area > 0.0
            and shapely.intersection(area, around[place]).area >= LEAST_WITHIN * area.area
        ]
        if len(within) != 1:
            return None
        found[code] = within[0]
    return found

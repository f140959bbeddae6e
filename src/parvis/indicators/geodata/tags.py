"""Which features of a table carry one of some tags."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from parvis.city.assemble import has_tag
from parvis.city.table import FeatureTable


def rows_with(table: FeatureTable, tags: Iterable[str]) -> NDArray[np.int64]:
    """
    Return the rows that carry at least one of `tags`, ascending.

    Parameters
    ----------
    table : FeatureTable
    tags : iterable of str
        ``key=value``, a key with any value, or several of both with ``+`` between for all of them.
    """
    found = np.zeros(len(table), dtype=bool)
    for tag in tags:
        carries = np.ones(len(table), dtype=bool)
        for part in tag.split("+"):
            key, _, value = part.partition("=")
            carries &= has_tag(table, key, *([value] if value else []))
        found |= carries
    return np.flatnonzero(found)

"""Which features of a table carry one of some tags."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from parvis.city.assemble import find_texts, tag_column
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
    wanted = [[part.partition("=")[::2] for part in tag.split("+")] for tag in tags]
    texts = {text for tag in wanted for part in tag for text in part if text}
    index = find_texts(table.strings, sorted(texts))
    columns = {key: tag_column(table, key) for tag in wanted for key, _ in tag if key in index}
    found = np.zeros(len(table), dtype=bool)
    for tag in wanted:
        if not all(key in columns and (not value or value in index) for key, value in tag):
            continue
        carries = np.ones(len(table), dtype=bool)
        for key, value in tag:
            carries &= columns[key] == index[value] if value else columns[key] >= 0
        found |= carries
    return np.flatnonzero(found)

"""Can somebody be recognised in rows of answers: k-anonymity and l-diversity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from parvis.indicators.disclosure.errors import MicrodataError
from parvis.indicators.disclosure.rules import Rules, default_rules


@dataclass(frozen=True, slots=True)
class Group:
    """
    Rows that are alike in all keys.

    Attributes
    ----------
    values : tuple of str
        In the order of the keys.
    n : int
    different : mapping from str to int
        How many different answers there are, by sensitive column.
    """

    values: tuple[str, ...]
    n: int
    different: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MicrodataCheck:
    """
    Whether rows of answers can be handed on.

    Attributes
    ----------
    keys : tuple of str
    k, l : int
    n_rows : int
    n_groups : int
    small : tuple of Group
        Of fewer than `k` rows, smallest first.
    alike : tuple of Group
        Large enough, yet with fewer than `l` different answers in a sensitive column.
    """

    keys: tuple[str, ...]
    k: int
    l: int
    n_rows: int
    n_groups: int
    small: tuple[Group, ...]
    alike: tuple[Group, ...]

    @property
    def is_safe(self) -> bool:
        """Whether every group is large enough and diverse enough."""
        return not self.small and not self.alike

    @property
    def n_rows_at_risk(self) -> int:
        """Rows in groups that are too small or too much alike."""
        return sum(group.n for group in (*self.small, *self.alike))


def check_microdata(
    columns: Mapping[str, Sequence[object]],
    *,
    keys: Sequence[str] | None = None,
    sensitive: Sequence[str] = (),
    rules: Rules | None = None,
) -> MicrodataCheck:
    """
    Check rows of answers for k-anonymity and l-diversity.

    Parameters
    ----------
    columns : mapping from name to sequence
        As they would be handed on; a missing value counts as a value of its own.
    keys : sequence of str, optional
        Columns by which somebody can be recognised; those of the rules where none are given.
    sensitive : sequence of str
        Columns that nobody may learn of a person.
    rules : Rules, optional

    Raises
    ------
    MicrodataError

    Examples
    --------
    >>> found = check_microdata({"sex": "ffffffm", "victim": "0101010"}, keys=["sex"])
    >>> [(group.values, group.n) for group in found.small]
    [(('m',), 1)]
    """
    rules = default_rules() if rules is None else rules
    named = tuple(rules.microdata_keys if keys is None else keys)
    for name in (*named, *sensitive):
        if name not in columns:
            raise MicrodataError(what="column", value=name, accepted=", ".join(columns) or "-")
    if not named or len({len(values) for values in columns.values()}) > 1:
        lengths = ", ".join(f"{name} {len(values)}" for name, values in columns.items())
        raise MicrodataError(what="columns", value=lengths, accepted="keys, all equally long")
    words = np.array([[str(value) for value in columns[name]] for name in named])
    if not words.shape[1]:
        return MicrodataCheck(named, rules.k, rules.l, 0, 0, (), ())
    values, of_row = np.unique(words, axis=1, return_inverse=True)
    of_row = of_row.ravel()
    sizes = np.bincount(of_row)
    different = {name: _different(of_row, columns[name], len(sizes)) for name in sensitive}
    small, alike = [], []
    for at in np.lexsort((np.arange(len(sizes)), sizes)).tolist():
        told = {name: int(counts[at]) for name, counts in different.items()}
        group = Group(tuple(str(word) for word in values[:, at]), int(sizes[at]), told)
        if group.n < rules.k:
            small.append(group)
        elif any(count < rules.l for count in told.values()):
            alike.append(group)
    n_rows = int(words.shape[1])
    return MicrodataCheck(named, rules.k, rules.l, n_rows, len(sizes), tuple(small), tuple(alike))


def _different(of_row: np.ndarray, answers: Sequence[object], n_groups: int) -> np.ndarray:
    _, codes = np.unique([str(answer) for answer in answers], return_inverse=True)
    pairs = np.unique(np.column_stack([of_row, codes.ravel()]), axis=0)
    return np.bincount(pairs[:, 0], minlength=n_groups)

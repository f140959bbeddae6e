"""Which public space does a person mean."""

import difflib
import unicodedata

import numpy as np
from numpy.typing import NDArray

from parvis.city.model import City
from parvis.city.spaces import KINDS
from parvis.city.table import FeatureTable
from parvis.errors import InputError

N_SUGGESTED = 5
NAME_KEYS = ("alt_name", "official_name", "short_name", "loc_name", "old_name", "int_name")
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


class UnknownSpaceError(InputError):
    """No public space of the city has that name or id."""

    code = "space_unknown"


class AmbiguousSpaceError(InputError):
    """Several public spaces have that name; one is chosen by its id."""

    code = "space_ambiguous"


class UnknownKindError(InputError):
    """There is no such kind of public space."""

    code = "space_kind_unknown"


def rows_of_kind(spaces: FeatureTable, kind: str) -> NDArray[np.int64]:
    """
    Return the rows of `City.spaces` of one kind, all where `kind` is "".

    Raises
    ------
    UnknownKindError
        Where no public space can be of that kind; a kind the city lacks gives no rows.
    """
    if not kind:
        return np.arange(len(spaces), dtype=np.int64)
    word = kind.strip().lower().replace(" ", "_").replace("-", "_")
    if word not in KINDS:
        raise UnknownKindError(kind=kind, accepted=", ".join(KINDS))
    return np.flatnonzero(np.asarray(spaces["kind"]) == spaces.code("kind", word))


def select_space(city: City, text: str) -> int:
    """
    Find the public space a person names.

    Parameters
    ----------
    city : City
    text : str
        An id ("way/123"), or a name: exact, else without regard to case and accents, else one of
        the place's other names and languages.

    Returns
    -------
    int
        Row in `City.spaces`.

    Raises
    ------
    UnknownSpaceError
        With the names that come near.
    AmbiguousSpaceError
        With the ids, kinds and areas of those that match.
    """
    spaces = city.spaces
    wanted = text.strip()
    names = [spaces.text("name", row) for row in range(len(spaces))]
    ids = [spaces.text("id", row) for row in range(len(spaces))]
    if wanted in ids:
        return ids.index(wanted)
    folded = fold(wanted)
    if not folded:
        raise UnknownSpaceError(name=text, city=city.name, near="none")
    for matches in (
        [row for row, name in enumerate(names) if name == wanted],
        [row for row, name in enumerate(names) if name and fold(name) == folded],
        [row for row in range(len(spaces)) if folded in _other_names(spaces, row)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = "; ".join(_describe(spaces, row) for row in matches)
            raise AmbiguousSpaceError(name=text, city=city.name, n=len(matches), listed=listed)
    raise UnknownSpaceError(name=text, city=city.name, near=_near(folded, names) or "none")


def fold(text: str) -> str:
    """
    Return `text` without case, accents and punctuation, for comparing names.

    Examples
    --------
    >>> fold("Praça da Liberdade") == fold("PRACA  da liberdade")
    True
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    plain = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.split())


def _other_names(spaces: FeatureTable, row: int) -> set[str]:
    tags = spaces.tags(row)
    return {
        fold(part)
        for key, value in tags.items()
        if key.startswith("name:") or key in NAME_KEYS
        for part in value.split(";")
    }


def _describe(spaces: FeatureTable, row: int) -> str:
    kind = spaces.words("kind")[row].replace("_", " ")
    area = float(np.asarray(spaces["area"], dtype=np.float64)[row])
    return f"{spaces.text('id', row)} ({kind}, {area:,.0f} m²)"


def _near(folded: str, names: list[str]) -> str:
    by_folded = {fold(name): name for name in names if name}
    close = difflib.get_close_matches(folded, by_folded, n=N_SUGGESTED, cutoff=0.6)
    within = [f for f in by_folded if folded and folded in f and f not in close]
    return ", ".join(by_folded[f] for f in [*close, *within][:N_SUGGESTED])

"""Which ratings does a municipal table hide or leave half said, and which columns were not read."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from parvis.approach.ratings import RatingError, parse_rating

MOST_NAMED = 12
"""So many rows or columns are named; of more, how many there are."""


def names_no_standard(text: str) -> bool:
    """
    Tell whether a rating does not say by which standard it was tested, so that it never matches.

    Examples
    --------
    >>> names_no_standard("V/1500[M1]/64/90"), names_no_standard("ISO 22343-1 V/1500[M1]/64/90")
    (True, False)
    """
    try:
        return not parse_rating(text).system
    except RatingError:
        return False


def column_notes(unused: Mapping[str, Collection[str]]) -> Iterator[tuple[str, int, str]]:
    """
    Yield code, count and value of what is to be said of columns that were not understood.

    Parameters
    ----------
    unused : mapping of str to collection of str
        Cells by heading.

    Yields
    ------
    (str, int, str)
        ``column_rated`` for each column that holds ratings, ``columns_unused`` once for the others.
    """
    rated = [title for title, cells in unused.items() if any(_is_rating(text) for text in cells)]
    for title in rated:
        yield "column_rated", 1, title
    others = [title for title in unused if title not in rated]
    if others:
        yield "columns_unused", len(others), named(others)


def standard_note(rows: Collection[int]) -> Iterator[tuple[str, int, str]]:
    """Yield code, count and value of what is to be said of rows whose rating names no standard."""
    if rows:
        yield "standard_missing", len(rows), named(str(row) for row in rows)


def named(words: Iterable[str]) -> str:
    """
    Return an enumeration that stays readable.

    Examples
    --------
    >>> named(["3", "4"])
    '3, 4'
    """
    listed = list(words)
    shown = ", ".join(listed[:MOST_NAMED])
    rest = len(listed) - MOST_NAMED
    return f"{shown}, … (+{rest})" if rest > 0 else shown


def _is_rating(text: str) -> bool:
    try:
        parse_rating(text)
    except RatingError:
        return False
    return True

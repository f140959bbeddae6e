"""What do the columns of a table of observations seem to mean, by their names and their cells."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence

from parvis.indicators.values import period_days
from parvis.io.observation_mapping import SPLIT, ColumnMapping, completed

_WORDS: Mapping[str, Sequence[str]] = {
    "indicator": (
        "indicator", "indicator_code", "code", "variable", "measure", "indikator", "indicateur",
        "wskaznik", "kennzahl",
    ),
    "period": (
        "period", "time", "year", "date", "month", "quarter", "jahr", "zeit", "annee", "periode",
        "rok", "okres",
    ),
    "area": (
        "area", "area_code", "geo", "geography", "district", "ward", "zone", "region", "gemeinde",
        "bezirk", "stadtteil", "commune", "quartier", "iris", "dzielnica", "gmina", "obszar",
    ),
    "value": ("value", "rate", "share", "wert", "valeur", "wartosc", "obs_value"),
    "n": ("n", "sample", "respondents", "answers", "fallzahl", "effectif"),
    "numerator": ("numerator", "count", "cases", "number", "anzahl", "faelle", "nombre", "liczba"),
    "denominator": (
        "denominator", "population", "people", "residents", "base", "einwohner", "habitants",
        "ludnosc",
    ),
    "standard_error": ("standard_error", "se", "std_error", "stderr", "standardfehler"),
    "flag": ("flag", "flags", "status", "obs_flag"),
    "source": ("source", "quelle", "zrodlo"),
    "grade": ("grade", "data_grade", "quality"),
    f"{SPLIT}sex": ("sex", "gender", "geschlecht", "sexe", "plec"),
    f"{SPLIT}age": ("age", "age_group", "alter", "altersgruppe", "wiek"),
    f"{SPLIT}day_night": ("day_night", "time_of_day", "tageszeit"),
    f"{SPLIT}disability": ("disability", "behinderung", "handicap"),
}  # fmt: skip
MOST_LOOKED_AT = 200


def guessed_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], indicators: Collection[str]
) -> dict[str, str]:
    """
    Return from which column each field seems to come; what nothing hints at is left out.

    A column's own name counts first, then codes of indicators in its cells, then usual words for
    it, and last cells that are periods.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
        The first rows of the table.
    indicators : collection of str
        Codes of the catalogue.

    Examples
    --------
    >>> guessed_columns(["Jahr", "Stadtteil", "Wert"], [["2025", "A1", "3"]], [])
    {'period': 'Jahr', 'area': 'Stadtteil', 'value': 'Wert'}
    """
    found = completed(ColumnMapping(), list(header))
    looked_at = rows[:MOST_LOOKED_AT]

    def by_cells(name: str, is_one: Callable[[str], bool]) -> None:
        for place, column in enumerate(header):
            cells = [row[place] for row in looked_at if len(row) > place and row[place]]
            is_free = name not in found and column not in found.values()
            if is_free and cells and all(is_one(cell) for cell in cells):
                found[name] = column

    by_cells("indicator", lambda cell: cell in indicators)
    for name, words in _WORDS.items():
        if name in found:
            continue
        by_word = {_plain(column): column for column in header if column not in found.values()}
        column = next((by_word[word] for word in words if word in by_word), "")
        if column:
            found[name] = column
    by_cells("period", lambda cell: period_days(cell) is not None)
    return {name: found[name] for name in _in_order(found)}


def _in_order(found: Mapping[str, str]) -> list[str]:
    order = list(_WORDS)
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ä", "ae"))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")

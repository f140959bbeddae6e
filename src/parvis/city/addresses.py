"""Where is an address, by the city's own data: at a tagged house, else at its street."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import tag_column
from parvis.city.model import City
from parvis.city.table import FeatureTable

NEAR_HOUSE = 100.0
"""A house stands at the street of its address if that is this near. [m]"""
ONE_PLACE = 150.0
"""Houses or stretches of street with one address further apart than this are several. [m]"""
_SHORT = {
    "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "av": "avenue", "ave": "avenue",
    "pl": "place", "rd": "road", "sq": "square", "ln": "lane", "str": "strasse", "imp": "impasse",
    "fbg": "faubourg", "all": "allee",
}  # fmt: skip
_NUMBER = r"\d{1,4}\s?(?:bis|ter|[a-z])?(?:\s?[-/+]\s?\d{1,4}\s?[a-z]?)?"
_AFTER = re.compile(rf"(?P<street>.*\D)\s+(?P<number>{_NUMBER})")
_BEFORE = re.compile(rf"(?P<number>{_NUMBER})\s+(?P<street>\D.*)")


@dataclass(frozen=True, slots=True)
class Located:
    """
    Where an address was found.

    Attributes
    ----------
    x, y : float
        On the centre line of its street where that is known. [m]
    is_approximate : bool
        Only the street was found: this is its middle.
    street : str
        Name as the data spell it.
    """

    x: float
    y: float
    is_approximate: bool
    street: str


@dataclass(frozen=True, slots=True)
class NotLocated:
    """
    Why an address was not found.

    Attributes
    ----------
    reason : {"address_not_found", "address_ambiguous"}
    """

    reason: str


class AddressBook:
    """
    Addresses of one city.

    Parameters
    ----------
    city : City
        Tags ``addr:street`` (or ``addr:place``) and ``addr:housenumber`` of its areas and points,
        and the names of its streets.
    """

    def __init__(self, city: City) -> None:
        self._houses: dict[tuple[str, str], list[BaseGeometry]] = {}
        for table in (city.areas, city.points, city.furniture):
            self._add_houses(table)
        self._streets: dict[str, list[int]] = {}
        self._lines = city.streets.geometry
        names = np.asarray(city.streets["name"], dtype=np.int64)
        self._names = {}
        for index in np.unique(names[names >= 0]):
            name = city.streets.strings[int(index)]
            rows = np.flatnonzero(names == index).tolist()
            self._streets.setdefault(fold_street(name), []).extend(rows)
            self._names[fold_street(name)] = name

    def find(self, address: str, house: str = "") -> Located | NotLocated:
        """
        Find an address.

        Parameters
        ----------
        address : str
            Street with or without number, in either order; postcode and town may follow after a
            comma. Or the street alone.
        house : str, optional
            Number, where it stands apart.

        Returns
        -------
        Located or NotLocated
            Never a guess between several places.
        """
        split = [(address, house)] if house else _readings(address)
        for street, number in split:
            found = self._houses.get((fold_street(street), _fold_number(number)))
            if number and found:
                return self._at_house(found, fold_street(street))
        for street, _ in split:
            if fold_street(street) in self._streets:
                return self._at_street(fold_street(street))
        return NotLocated("address_not_found")

    def _add_houses(self, table: FeatureTable) -> None:
        number = tag_column(table, "addr:housenumber")
        street = tag_column(table, "addr:street")
        street = np.where(street >= 0, street, tag_column(table, "addr:place"))
        rows = np.flatnonzero((number >= 0) & (street >= 0))
        for row, shape in zip(rows, table.geometry[rows], strict=True):
            name = fold_street(table.strings[int(street[row])])
            for text in re.split(r"[;,]", table.strings[int(number[row])]):
                self._houses.setdefault((name, _fold_number(text)), []).append(shape)

    def _at_house(self, houses: Sequence[BaseGeometry], street: str) -> Located | NotLocated:
        first = houses[0]
        if shapely.distance(first, np.array(houses, dtype=object)).max() > ONE_PLACE:
            return NotLocated("address_ambiguous")
        place = shapely.centroid(first)
        rows = self._streets.get(street, [])
        if rows:
            line = shapely.union_all(self._lines[rows])
            if shapely.distance(line, first) <= NEAR_HOUSE:
                place = shapely.Point(
                    shapely.get_coordinates(shapely.shortest_line(line, first))[0]
                )
        return Located(float(place.x), float(place.y), False, self._names.get(street, ""))

    def _at_street(self, street: str) -> Located | NotLocated:
        lines = self._lines[self._streets[street]]
        near = shapely.union_all(shapely.buffer(lines, ONE_PLACE / 2, quad_segs=2))
        if len(shapely.get_parts(near)) > 1:
            return NotLocated("address_ambiguous")
        line = shapely.union_all(lines)
        nearest = shapely.shortest_line(line, shapely.centroid(line))
        x, y = shapely.get_coordinates(nearest)[0]
        return Located(float(x), float(y), True, self._names[street])


def fold_street(name: str) -> str:
    """
    Return a street's name without case, accents, signs and abbreviations.

    Examples
    --------
    >>> fold_street("Große Marktstr."), fold_street("Bd. de l'Été")
    ('grosse marktstrasse', 'boulevard de l ete')
    """
    letters = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub(r"[^\w]+", " ", plain).split()
    return " ".join(_SHORT.get(w, re.sub(r"(?<=\w{2})str$", "strasse", w)) for w in words)


def _fold_number(text: str) -> str:
    return re.sub(r"\s+", "", text.casefold()).replace("+", "-").replace("–", "-")


def _readings(address: str) -> list[tuple[str, str]]:
    """Return the ways to read an address as street and number, the fullest first."""
    parts = [part.strip() for part in address.replace(";", ",").split(",") if part.strip()]
    if any(re.fullmatch(_NUMBER, part.casefold()) for part in parts[:2]):
        parts[:2] = [" ".join(parts[:2])]
    found: list[tuple[str, str]] = []
    for part in parts:
        for pattern in (_AFTER, _BEFORE):
            match = pattern.fullmatch(part.casefold().replace("–", "-"))
            if match:
                found.append((match["street"], match["number"]))
                first = re.match(r"\d+\s?[a-z]?", match["number"])
                if first and first[0] != match["number"]:
                    found.append((match["street"], first[0]))
        found.append((part, ""))
    return found

"""Which of the chosen figures can be told, indicator by indicator, as totals bind no others."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from parvis_web.releases.choosing import OTHER_AREAS, Key

if TYPE_CHECKING:
    from parvis.indicators.disclosure.model import Interval
    from parvis.indicators.disclosure.publishing import Draft
    from parvis.indicators.disclosure.release import Figure, Hidden, Release
    from parvis.indicators.values import Observations
    from parvis.packs.indicators import Catalogue


@dataclass(frozen=True)
class Ground:
    """
    What a check rests on.

    Attributes
    ----------
    table : Observations
    catalogue : Catalogue
    levels : mapping from layer to areas
    within : mapping from (layer, layer) to (mapping from area to area)
        In which area of the second layer each of the first lies, where layers nest.
    names : mapping from area to name
    earlier : sequence of Release
        All that was told or is approved.
    authority, language : str
    """

    table: "Observations"
    catalogue: "Catalogue"
    levels: Mapping[str, Sequence[str]]
    within: Mapping[tuple[str, str], Mapping[str, str]]
    names: Mapping[str, str]
    earlier: Sequence["Release"]
    authority: str
    language: str

    def level_of(self, area: str) -> str:
        """Return the layer an area belongs to."""
        return next((key for key, codes in self.levels.items() if area in codes), OTHER_AREAS)


@dataclass(frozen=True)
class Protected:
    """
    What can be told of all that was chosen.

    Attributes
    ----------
    figures, hidden : tuple
        In order of their keys.
    rows : list of dict
        The hidden ones with the reason and what they could be taken for; for members.
    unprotected : list of Key
        Hidden figures that could be computed.
    left_out : list of dict
        Indicators that cannot be protected any more, with what earlier releases told too much.
    overlaps : list of str
        Indicators told for divisions that cut each other.
    n_revised : int
        Figures of earlier releases that no longer hold.
    n_lost : int
        Figures that earlier releases gave away and this one does not touch.
    rules : dict
    """

    figures: tuple["Figure", ...]
    hidden: tuple["Hidden", ...]
    rows: list[dict[str, Any]]
    unprotected: list[Key]
    left_out: list[dict[str, str]]
    overlaps: list[str]
    n_revised: int
    n_lost: int
    rules: dict[str, Any]

    def told(self, *, title: str, reason: str, base: int | None) -> dict[str, Any]:
        """Return it for the register, which gives it its day and id."""
        from parvis.indicators.disclosure.release import Release

        return Release(
            id="",
            day=dt.date.min,
            title=title,
            reason=reason,
            figures=self.figures,
            hidden=self.hidden,
            base=base,
            rules=self.rules,
        ).to_json()


def protected(
    chosen: Collection[Key], ground: Ground, *, city: str, reason: str, base: int | None
) -> Protected:
    """
    Hide what has to be hidden, and have every hidden figure judged.

    Parameters
    ----------
    chosen : collection of Key
        Observations that are there.
    ground : Ground
    city : str
        Area of the whole city.
    reason : str
        Why areas are published.
    base : int or None
        What counts are rounded to.
    """
    from parvis.indicators.disclosure import default_rules

    figures: list[Figure] = []
    hidden: list[Hidden] = []
    rows: list[dict[str, Any]] = []
    unprotected: list[Key] = []
    left_out: list[dict[str, str]] = []
    overlaps: list[str] = []
    n_revised = n_lost = 0
    for code in sorted({key[0] for key in chosen}):
        mine = {key for key in chosen if key[0] == code}
        levels = _levels(code, mine, ground, city)
        if _cut_each_other(levels, ground):
            overlaps.append(code)
            continue
        made = _drafted(code, mine, levels, ground, city=city, reason=reason, base=base)
        if isinstance(made, dict):
            left_out.append(made)
            continue
        proofs = _judged(made)
        figures += made.figures
        hidden += made.hidden
        rows += _rows(made, proofs)
        lost = set(made.plan.lost)
        unprotected += [
            each.key for each in proofs if not each.is_protected and each.key not in lost
        ]
        n_lost += len(lost)
        n_revised += len(made.plan.revised)
    return Protected(
        tuple(figures),
        tuple(hidden),
        rows,
        unprotected,
        left_out,
        overlaps,
        n_revised,
        n_lost,
        default_rules().to_json(),
    )


def _levels(code: str, chosen: Collection[Key], ground: Ground, city: str) -> set[str]:
    """Return the layers whose areas are chosen or were told before."""
    areas = {key[2] for key in chosen}
    areas |= {
        figure.area
        for release in ground.earlier
        for figure in release.figures
        if figure.indicator == code
    }
    return {ground.level_of(area) for area in areas - {city}}


def _cut_each_other(levels: Collection[str], ground: Ground) -> bool:
    return any(
        (one, other) not in ground.within and (other, one) not in ground.within
        for one, other in combinations(sorted(levels), 2)
    )


def _drafted(
    code: str,
    chosen: Collection[Key],
    levels: Collection[str],
    ground: Ground,
    *,
    city: str,
    reason: str,
    base: int | None,
) -> "Draft | dict[str, str]":
    """Return what would be told of an indicator, or why it has to be left out."""
    from parvis.indicators.disclosure.errors import ProtectionImpossibleError
    from parvis.indicators.disclosure.publishing import draft

    parents = _parents(levels, ground, city)
    try:
        return draft(
            _of(code, {city, *parents}, ground.table),
            ground.catalogue.indicators,
            chosen=chosen,
            city=city,
            parents=parents,
            reason=reason,
            earlier=ground.earlier,
            base=base,
        )
    except ProtectionImpossibleError as error:
        return {
            "indicator": code,
            "cell": str(error.details["cell"]),
            "known": str(error.details["known"]),
        }


def _of(code: str, areas: Collection[str], table: "Observations") -> "Observations":
    """Return the observations of an indicator in some areas."""
    rows = table.select(indicator=code)
    words = table.vocabularies["area"]
    is_in = np.array([word in areas for word in words], dtype=bool)
    return table.taken(rows[is_in[table.columns["area"][rows]]])


def _parents(levels: Collection[str], ground: Ground, city: str) -> dict[str, str]:
    """Return what each area is a part of: an area of the next coarser layer, or the city."""
    listed = {word for word in ground.table.vocabularies["area"] if word != city}
    parents = {}
    for level in levels:
        above = [other for other in levels if (level, other) in ground.within]
        nearest = max(above, key=lambda other: len(ground.levels[other]), default=None)
        into = ground.within[level, nearest] if nearest is not None else {}
        for area in listed:
            if ground.level_of(area) == level:
                parents[area] = into.get(area, city)
    return parents


def _judged(made: "Draft") -> "tuple[Interval, ...]":
    from parvis.indicators import disclosure

    return disclosure.audit(
        made.cells,
        made.relations,
        made.plan.hidden,
        rules=made.rules,
        known=made.known,
        base=made.plan.base,
    )


def _rows(made: "Draft", proofs: Sequence["Interval"]) -> list[dict[str, Any]]:
    proved = {each.key: each for each in proofs}
    named = {known.key for known in made.known}
    rows = []
    for each in made.hidden:
        why, proof = made.plan.hidden.get(each.key), proved.get(each.key)
        rows.append(
            {
                "key": list(each.key),
                "reason": "reliability" if why is None else why.value,
                "flag": each.flag.value,
                "low": None if proof is None else proof.low,
                "high": None if proof is None or proof.high == float("inf") else proof.high,
                "is_known_earlier": each.key in named,
            }
        )
    return rows

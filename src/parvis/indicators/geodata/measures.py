"""Which indicators follow from a city's map and its people, and what is to know of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.assemble import has_tag
from parvis.city.model import City
from parvis.indicators.estimates import Flag, Note
from parvis.indicators.geodata.errors import NobodyThereError, NoWaysError, UnknownSpacesError
from parvis.indicators.geodata.ground import covered_area
from parvis.indicators.geodata.grounds import add_ground, add_uses
from parvis.indicators.geodata.inventories import Inventory, inventories
from parvis.indicators.geodata.open_space import OpenSpaces, open_spaces
from parvis.indicators.geodata.people import (
    Areas,
    PopulationCells,
    cells_within,
    living_places,
)
from parvis.indicators.geodata.reach import (
    Found,
    near_edge,
    share_served,
    to_destination,
    to_open_space,
)
from parvis.indicators.geodata.walking import WalkingNetwork, walking_network
from parvis.indicators.geodata.work import POTENTIAL, WHOLE, Work, standing_of
from parvis.indicators.values import TOTAL, DataGrade, Observation

if TYPE_CHECKING:
    from parvis.packs.geodata_models import Geodata
    from parvis.packs.indicators import Catalogue

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_SPLIT_WORDS = ("sex", "age", "disability")


@dataclass(frozen=True, eq=False, slots=True)
class CellReach:
    """
    What the people of each population cell reach.

    Attributes
    ----------
    cells : PopulationCells
        Those the map covers.
    served : mapping from str to ndarray, shape (n,)
        Share of the cell's people, 0 to 1, by ``open_space`` (all that are potential),
        ``open_space_verified``, ``transport``, ``everyday`` and each stop and service.
    distance : ndarray, shape (n,)
        To the nearest potential open space, mean of the cell's people who reach any; NaN for
        none. [m]
    attached : ndarray, shape (n,)
        Share of the cell's people who live near enough to the network, 0 to 1.
    """

    cells: PopulationCells
    served: Mapping[str, Floats]
    distance: Floats
    attached: Floats


@dataclass(frozen=True, eq=False, slots=True)
class CityMeasures:
    """
    What follows from a city's map.

    Attributes
    ----------
    observations : tuple of Observation
    inventories : tuple of Inventory
    reach : CellReach
    facts : mapping
        Numbers behind the observations, plain.
    notices : tuple of Note
        What to know of them.
    """

    observations: tuple[Observation, ...]
    inventories: tuple[Inventory, ...]
    reach: CellReach
    facts: Mapping[str, Any]
    notices: tuple[Note, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data, the cells left out."""
        return {
            "observations": [each.to_json() for each in self.observations],
            "inventories": [each.to_json() for each in self.inventories],
            "facts": dict(self.facts),
            "notices": [{"code": note.code, **note.details} for note in self.notices],
        }


def measures_of(
    city: City,
    cells: PopulationCells,
    catalogue: "Catalogue",
    *,
    period: str,
    areas: Areas | None = None,
    whole: str = WHOLE,
    verified: Collection[str] = (),
    refuted: Collection[str] = (),
    built_up: BaseGeometry | None = None,
    rules: "Geodata | None" = None,
) -> CityMeasures:
    """
    Compute LIV-01, LIV-02, LIV-11, QOL-07, QOL-09, BCK-03 and the inventories of a city.

    Parameters
    ----------
    city : City
    cells : PopulationCells
        Cells whose middle the map does not cover are left out and reported.
    catalogue : Catalogue
        Indicators that are switched off are left out.
    period : str
        Of the observations, see `parvis.indicators.values.period_days`.
    areas : Areas, optional
        Values are given for the whole city, and for each of these.
    whole : str
        Code of the whole city.
    verified, refuted : collection of str
        Ids of public spaces that were found open to all, or not, on the ground. As long as none
        is verified, values rest on potential open space and say so by flag and grade; then they
        rest on the verified ones, and the potential is given beside them as a split.
    built_up : Polygon, optional
        Built-up area in the city's metres; drawn around the buildings where it is not given.
    rules : Geodata, optional
        Distances and kinds; those shipped by default.

    Returns
    -------
    CityMeasures

    Raises
    ------
    NobodyThereError, NoWaysError, UnknownSpacesError
    """
    if rules is None:
        from parvis.packs.geodata import shipped_geodata

        rules = shipped_geodata()
    _check_spaces(city, {*verified, *refuted})
    network = walking_network(city, rules.walking)
    if not len(network.reached):
        raise NoWaysError(city=city.name)
    covered = covered_area(city)
    work = _begun(city, cells, catalogue, covered, areas, whole, period, rules)
    spaces = open_spaces(city, rules.open_space, verified, refuted)
    reach = _reached(work, network, covered, spaces)
    add_ground(work, covered, spaces, built_up)
    add_uses(work)
    lit = has_tag(city.streets, "lit")[np.asarray(city.segments.street)[network.segment]]
    length = float(network.length.sum())
    work.facts["walking_km"] = length / 1000.0
    work.facts["lit_tagged_share"] = float(network.length[lit].sum()) / length
    listed = inventories(city, network, work.areas, whole)
    work.note("geodata_inventory")
    return CityMeasures(tuple(work.rows), listed, reach, work.facts, tuple(work.notices))


def _check_spaces(city: City, ids: Collection[str]) -> None:
    known = {city.spaces.text("id", row) for row in range(len(city.spaces))} if ids else set()
    unknown = sorted(set(ids) - known)
    if unknown:
        raise UnknownSpacesError(n=len(unknown), ids=", ".join(unknown[:5]), city=city.name)


def _begun(
    city: City,
    cells: PopulationCells,
    catalogue: "Catalogue",
    covered: BaseGeometry,
    areas: Areas | None,
    whole: str,
    period: str,
    rules: "Geodata",
) -> Work:
    inside = cells_within(cells, covered)
    kept = PopulationCells(
        cells.file,
        tuple(code for code, is_in in zip(cells.codes, inside, strict=True) if is_in),
        cells.geometry[inside],
        cells.people[inside],
        {split: people[inside] for split, people in cells.splits.items()},
    )
    people = float(kept.people.sum())
    if not people > 0.0:
        raise NobodyThereError(file=cells.file, city=city.name, n=len(cells))
    homes = living_places(city, kept, rules.homes)
    zones = areas or Areas((), np.empty(0, dtype=object))
    day = str(dict(city.manifest.get("source") or {}).get("date") or "")[:10]
    source = f"map {city.name}{f' of {day}' if day else ''}; people {cells.file}"
    work = Work(
        city, rules, catalogue, kept, homes, zones, whole, period, source, zones.of(homes.points)
    )
    outside = float(cells.people.sum()) - people
    work.facts |= {"people": people, "cells": len(kept), "people_outside": outside}
    work.facts["cells_outside"] = len(cells) - len(kept)
    if outside > 0.0:
        work.note("geodata_outside", n=len(cells) - len(kept), people=round(outside))
    return work


def _reached(
    work: Work, network: WalkingNetwork, covered: BaseGeometry, spaces: OpenSpaces
) -> CellReach:
    """Compute LIV-02, QOL-07 and QOL-09."""
    city, rules, homes = work.city, work.rules, work.homes
    at = network.placed(homes.points, rules.walking.attached_within.value)
    weight = work.cells.people[homes.cell] * homes.share
    unattached = float(weight[~at.is_there].sum())
    work.facts |= {"people_unattached": unattached, "open_spaces": len(spaces)}
    work.facts["open_spaces_verified"] = int(spaces.is_verified.sum())
    if unattached >= 0.5:
        within = rules.walking.attached_within.value
        work.note("geodata_unattached", people=round(unattached), within=round(within))
    served: dict[str, Bools] = {}
    found = to_open_space(city, network, spaces, rules)
    distance = network.distances(found.places, at)
    within = rules.open_space.within.value
    served["open_space"] = np.asarray(distance <= within)
    _edge_facts(work, covered, ~served["open_space"], weight, within)
    if found.n_apart:
        work.note("geodata_spaces_apart", n=found.n_apart)
    headline = served["open_space"]
    if spaces.is_verified.any():
        checked = to_open_space(city, network, spaces.verified, rules)
        headline = np.asarray(network.distances(checked.places, at) <= within)
        served["open_space_verified"] = headline
        _people_rows(
            work, "LIV-02", served["open_space"], split=POTENTIAL,
            flag=Flag.DEFINITION, grade=DataGrade.D,
        )  # fmt: skip
        n_open = int((~spaces.is_verified).sum())
        if n_open:
            work.note("geodata_partly", n=n_open, total=len(spaces))
    else:
        work.note("geodata_potential", n=len(spaces))
    flag, grade = standing_of(spaces)
    _people_rows(work, "LIV-02", headline, flag=flag, grade=grade)
    for group, code in (("transport", "QOL-07"), ("everyday", "QOL-09")):
        _destinations(work, network, at, served, group, code)
    n = len(work.cells)
    in_reach = np.isfinite(distance)
    reaching = np.bincount(homes.cell, weights=homes.share * in_reach, minlength=n)
    gone = np.where(in_reach, distance, 0.0) * homes.share
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(homes.cell, weights=gone, minlength=n) / reaching
    return CellReach(
        work.cells,
        {
            name: share_served(reached, homes.cell, homes.share, n)
            for name, reached in served.items()
        },
        np.where(reaching > 0.0, mean, np.nan),
        share_served(at.is_there, homes.cell, homes.share, n),
    )


def _destinations(
    work: Work,
    network: WalkingNetwork,
    at: Any,
    served: dict[str, Bools],
    group: str,
    code: str,
) -> None:
    """Compute who reaches any stop, or all services, of a group."""
    rules = work.rules
    chosen = [entry for entry in rules.entries if entry.group == group]
    counts: dict[str, Found] = {}
    for entry in chosen:
        found = to_destination(work.city, network, entry, rules)
        counts[entry.key] = found
        gone = network.distances(found.places, at)
        served[entry.key] = np.asarray(gone <= rules.reach(entry))
    work.facts[group] = {key: found.n for key, found in counts.items()}
    unmapped = [entry.key for entry in chosen if not counts[entry.key].n]
    is_any = group == "transport"
    if len(unmapped) == len(chosen) or (unmapped and not is_any):
        work.note("geodata_unmapped", indicator=code, kinds=", ".join(unmapped))
        return
    parts = np.stack([served[entry.key] for entry in chosen])
    served[group] = np.asarray(parts.any(axis=0) if is_any else parts.all(axis=0))
    _people_rows(work, code, served[group])


def _people_rows(
    work: Work,
    code: str,
    reached: Bools,
    *,
    split: str = TOTAL,
    flag: Flag = Flag.ESTIMATED,
    grade: DataGrade = DataGrade.C,
) -> None:
    """Add the share of people who reach something, by area, and by the splits the file has."""
    indicator = work.catalogue.indicators.get(code)
    if indicator is None:
        return
    asked = {TOTAL: work.cells.people}
    if split == TOTAL:
        allowed = set(indicator.disaggregations) & set(_SPLIT_WORDS)
        asked |= {
            name: np.nan_to_num(people)
            for name, people in work.cells.splits.items()
            if {part.partition("=")[0] for part in name.split(";")} <= allowed
        }
    for name, people in asked.items():
        weight = people[work.homes.cell] * work.homes.share
        for area, row in work.places():
            here = weight if row is None else np.where(work.home_area == row, weight, 0.0)
            below, above = float(here.sum()), float(here[reached].sum())
            if below > 0.0:
                above = min(above, below)
                value = above / below * 100.0
                work.add(
                    code, area, value, above=above, below=below, n=round(below),
                    split=name or split, flag=flag, grade=grade,
                )  # fmt: skip


def _edge_facts(
    work: Work, covered: BaseGeometry, unserved: Bools, weight: Floats, within: float
) -> None:
    near = near_edge(covered, work.homes.points, within)
    people = float(weight[unserved & near].sum())
    work.facts["people_unserved_near_edge"] = people
    if people >= 0.5:
        work.note("geodata_edge", people=round(people), within=round(within))

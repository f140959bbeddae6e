"""What does a city hold, what does it lack, and what does that mean for results."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from parvis.city.model import City

GRADE_MEANING = {
    "A": "surveyed on site",
    "B": "municipal data",
    "C": "OpenStreetMap, screening only: measure on site before deciding",
}
FEW_BUILDINGS = 0.5
"""Buildings per street below which clear widths can rarely be measured."""


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What a person reads after an import.

    Attributes
    ----------
    name, source, data_date : str
        City, file name, date of the data ("" where unknown).
    holds : tuple of str
        What there is, one line a group.
    notes : tuple of str
        What is missing, cut or assumed, and what that means.
    grade, grade_meaning : str
        Worst grade of the base data.
    counts, cut : mapping
        As in the manifest.
    """

    name: str
    source: str
    data_date: str
    holds: tuple[str, ...]
    notes: tuple[str, ...]
    grade: str
    grade_meaning: str
    counts: Mapping[str, Any]
    cut: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        return asdict(self)


def summarise(city: City) -> Summary:
    """Return the summary of a city's base data."""
    manifest = city.manifest
    counts: Mapping[str, Any] = manifest["counts"]
    cut: Mapping[str, int] = manifest["cut"]
    return Summary(
        name=city.name,
        source=str(manifest["source"].get("file", "")),
        data_date=str(manifest["source"].get("date", ""))[:10],
        holds=_holds(city, counts),
        notes=(*_lacks(city, counts), *_cuts(cut, manifest), *_local(manifest)),
        grade="C",
        grade_meaning=GRADE_MEANING["C"],
        counts=counts,
        cut=cut,
    )


def _holds(city: City, counts: Mapping[str, Any]) -> tuple[str, ...]:
    areas, lines, points = counts["areas"], counts["lines"], counts["points"]
    furniture = counts["furniture"]
    measured = int((city.segments.width_source == 0).sum())
    share = 100.0 * measured / max(len(city.segments.width_source), 1)
    green = sum(areas.get(kind, 0) for kind in ("park", "garden", "grass", "wood"))
    walls = sum(lines.get(kind, 0) for kind in ("wall", "retaining_wall", "city_wall"))
    groups = (
        f"{_of(counts['streets'], 'street')}, {counts['street_km']:,.0f} km, in "
        f"{_of(counts['segments'], 'segment')}; clear width measured on {share:.0f} %",
        [
            (areas.get("building", 0), "building"),
            (areas.get("water", 0), "water"),
            (green, "green area"),
            (areas.get("parking", 0), "car park"),
        ],
        [(walls, "wall"), (lines.get("fence", 0), "fence"), (lines.get("kerb", 0), "kerb")],
        [
            (points.get("bollard", 0), "bollard"),
            (sum(points.values()) - points.get("bollard", 0), "other point barrier"),
        ],
        [
            (furniture.get("tree", 0), "tree"),
            (furniture.get("street_lamp", 0), "lamp"),
            (furniture.get("camera", 0), "camera"),
            (furniture.get("bench", 0), "bench"),
        ],
        [(sum(counts["spaces"].values()), "public space")],
    )
    return tuple(
        group if isinstance(group, str) else ", ".join(_of(*item) for item in group)
        for group in groups
    )


def _of(count: int, word: str) -> str:
    """Return a count with its noun in the right number."""
    plural = f"{word}es" if word.endswith("ch") else f"{word}s"
    return f"{count:,} {word if count == 1 else plural}"


def _lacks(city: City, counts: Mapping[str, Any]) -> list[str]:
    areas, lines, points = counts["areas"], counts["lines"], counts["points"]
    notes = []
    buildings = areas.get("building", 0)
    if buildings == 0:
        notes.append("No buildings: clear widths by street class only, squares have no walls.")
    elif buildings < FEW_BUILDINGS * counts["street_km"]:
        notes.append("Few buildings: most clear widths are by street class only.")
    if not lines.get("kerb"):
        notes.append("No kerb lines: carriageway and footway cannot be told apart.")
    if not points.get("bollard"):
        notes.append("No bollards: what stands on site is not in the data.")
    if not sum(counts["spaces"].values()):
        notes.append("No public spaces: give a polygon file instead of a name.")
    if city.elevation is None:
        notes.append("No elevation: level ground is assumed.")
    elif city.elevation.source_cell > 10.0:
        notes.append(
            f"Elevation of {city.elevation.source_cell:.0f} m cells: gradients are a sensitivity "
            "only, slopes remove no ground."
        )
    if city.elevation is not None and (unknown := np.isnan(city.elevation.height).mean()) > 0.01:
        notes.append(f"No elevation for {100.0 * unknown:.0f} % of the ground: level there.")
    if not city.manifest["source"].get("date"):
        notes.append("The data's date is unknown: ask its supplier before relying on it.")
    return notes


def _local(manifest: Mapping[str, Any]) -> list[str]:
    notes = []
    if layers := manifest.get("layers"):
        names = ", ".join(f"{layer['name']} ({layer['as']})" for layer in layers)
        notes.append(f"Municipal layers over it: {names}.")
    if corrections := manifest.get("corrections"):
        notes.append(f"{_of(corrections, 'local correction')} over it.")
    if conflicts := manifest.get("conflicts"):
        notes.append(
            f"{_of(len(conflicts), 'correction')} to look at again: what is spoken of has moved "
            "or gone."
        )
    return notes


def _cuts(cut: Mapping[str, int], manifest: Mapping[str, Any]) -> list[str]:
    notes = []
    if ways := cut.get("ways_with_missing_nodes"):
        notes.append(
            f"{_of(ways, 'way')} cut at the extract's edge, of these "
            f"{_of(cut['streets_cut'], 'street')}: run-ups there may be longer."
        )
    if relations := cut.get("relations_with_missing_members"):
        notes.append(
            f"{_of(relations, 'multipolygon')} with members outside the extract, of these left "
            f"out because nothing closes: {cut['relations_dropped']:,}."
        )
    if manifest.get("context"):
        notes.append(
            f"Cut to the given boundary, with {manifest['context']:,.0f} m around it kept as "
            "context."
        )
    return notes

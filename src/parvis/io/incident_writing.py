"""How are counts by area and period, and the cells that stand out, written to files."""

import csv
import json
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS, Transformer

from parvis.incidents.counts import Count
from parvis.incidents.errors import IncidentDataError
from parvis.io.incident_request import HotSpotAnswer, Summary

LEAST_SHOWN = 3
"""Cells with fewer incidents are written without their count."""
_HEAD = ("group", "name", "label", "count", "low", "high", "population", "rate", "rate_low",
         "rate_high", "per", "reporting_rate", "reporting_source")  # fmt: skip


def write_counts(path: Path, found: Summary) -> None:
    """Write counts and rates as CSV, each row with its reporting rate or ``unknown``."""
    reporting = found.request.reporting
    said = "unknown" if reporting.rate is None else f"{reporting.rate:g}"
    groups = (
        ("period", found.periods),
        ("kind", found.kinds),
        ("place", found.places),
        ("area", found.areas),
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEAD)
        for group, counts in groups:
            for each in counts:
                label = found.names.get(each.name, "") if group == "area" else ""
                head = (group, each.name, label)
                per = found.request.multiplier if each.rate else ""
                writer.writerow([*head, *_figures(each), per, said, reporting.source])


def write_cells(path: Path, found: HotSpotAnswer) -> None:
    """
    Write the cells that stand out as GeoJSON.

    Raises
    ------
    IncidentDataError
        Where areas were compared, which have a file of their own.
    """
    grid, spots = found.grid, found.spots
    if grid is None:
        raise IncidentDataError(file=found.read.file, what="cells of a grid")
    centres = grid.centres()
    to_degrees = Transformer.from_crs(
        CRS.from_epsg(found.read.incidents.epsg), CRS.from_epsg(4326), always_xy=True
    )
    features = []
    for at in np.flatnonzero(spots.is_high | spots.is_low):
        half = grid.cell / 2.0
        x, y = centres[at]
        square = shapely.box(x - half, y - half, x + half, y + half)
        outline = shapely.transform(
            square, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
        )
        count = int(found.counts[at])
        properties = {
            "stands_out": "high" if spots.is_high[at] else "low",
            "z": round(float(spots.z[at]), 3),
            "p_adjusted": float(f"{spots.p_adjusted[at]:.3g}"),
            "count": count if count >= LEAST_SHOWN or count == 0 else None,
            "reporting_rate": found.request.reporting.rate,
        }
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(outline, 1e-6)))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, allow_nan=False), encoding="utf-8")


def _figures(each: Count) -> list[object]:
    figures: list[object] = [each.count.value, each.count.low, each.count.high]
    rate = each.rate
    if rate is None:
        return [*figures, each.population or "", "", "", ""]
    return [*figures, each.population, rate.value, rate.low, rate.high]

"""How does a closure plan reach a CAD drawing? As DXF release 12 in metres, to scale."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from parvis.closure.results import ClosureResult, Element, ScheduledLine
from parvis.closure.verify import footprint
from parvis.report.closure_export import closure_document
from parvis.report.closure_setting_out import gap_ends, ground_of, is_round
from parvis.report.coordinates import DrawingNeedsMetresError, Projection
from parvis.report.drawing import TEXT_HEIGHT, Drawing, outline
from parvis.report.files import write_bytes

LAYER_COLOURS = {
    "PROTECTED_AREA": 3,
    "ENCLOSED": 8,
    "CLOSURE_LINES": 1,
    "CLOSURE_LINE_TEXT": 1,
    "BARRIER_ELEMENTS": 5,
    "BARRIER_ELEMENTS_OPERABLE": 6,
    "BARRIER_ELEMENT_TEXT": 5,
    "GAPS_TEXT": 2,
    "CANNOT_CLOSE": 4,
    "MARKING": 7,
}
"""DXF layers with their AutoCAD colour index."""

SMALL_TEXT = 0.2
"""Height of element numbers and gaps. [m]"""


def write_closure_dxf(
    result: ClosureResult, path: Path, crs: str | int = "city", language: str = "en"
) -> Path:
    """
    Write the first plan as a DXF drawing in metres: lines, elements with their outlines, gaps.

    Parameters
    ----------
    result : ClosureResult
    path : Path
    crs : str or int
        ``"city"`` or the EPSG number of a projected system such as the national grid.
    language : {"en", "fr", "pl"}

    Returns
    -------
    Path

    Raises
    ------
    DrawingNeedsMetresError
        If `crs` counts in degrees.
    """
    projection = Projection(result.epsg, crs)
    if projection.is_geographic:
        raise DrawingNeedsMetresError(value=str(crs))
    document = closure_document(result, language)
    drawing = Drawing(LAYER_COLOURS)
    area = projection.geometry(shapely.from_wkb(result.protected_area))
    outline(drawing, "PROTECTED_AREA", area)
    if result.where_not is not None:
        outline(drawing, "CANNOT_CLOSE", projection.geometry(ground_of(result.where_not)))
    for plan in result.plans[:1]:
        outline(drawing, "ENCLOSED", projection.geometry(ground_of(plan.enclosed)))
        for item in plan.lines:
            _line(drawing, item, projection)
    west, south, _, _ = area.bounds
    said = f"{document['marking']}  {document['meaning']}"
    drawing.text("MARKING", west, south - 3 * TEXT_HEIGHT, said)
    return write_bytes(path, drawing.document().encode("ascii"))


def _line(drawing: Drawing, item: ScheduledLine, projection: Projection) -> None:
    line = shapely.LineString(item.line.geometry)
    drawing.polyline("CLOSURE_LINES", list(projection.geometry(line).coords), closed=False)
    middle = projection.geometry(shapely.line_interpolate_point(line, 0.5, normalized=True))
    rating = item.option.rating if item.option is not None else ""
    said = f"L{item.line.id} {rating}".strip()
    drawing.text("CLOSURE_LINE_TEXT", middle.x, middle.y + 2 * SMALL_TEXT, said, height=0.5)
    for element in item.elements:
        _element(drawing, element, projection)
    for gap, ends in zip(item.gaps, gap_ends(item), strict=True):
        place = projection.geometry(shapely.line_interpolate_point(line, float(np.mean(ends))))
        said = f"{gap:.2f}"
        drawing.text("GAPS_TEXT", place.x, place.y - 2 * SMALL_TEXT, said, height=SMALL_TEXT)


def _element(drawing: Drawing, element: Element, projection: Projection) -> None:
    layer = "BARRIER_ELEMENTS_OPERABLE" if element.is_operable else "BARRIER_ELEMENTS"
    centre: Any = projection.geometry(shapely.Point(element.x, element.y))
    if is_round(element):
        drawing.circle(layer, centre.x, centre.y, element.length / 2)
    else:
        outline(drawing, layer, projection.geometry(footprint(element)))
    said = str(element.number)
    drawing.text("BARRIER_ELEMENT_TEXT", centre.x, centre.y, said, height=SMALL_TEXT)

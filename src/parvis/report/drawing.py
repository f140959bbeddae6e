"""How does the result reach a CAD drawing? As DXF release 12: the plain text every CAD reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from parvis.approach.results import ApproachResult
from parvis.report.coordinates import DrawingNeedsMetresError, Projection
from parvis.report.files import write_bytes
from parvis.report.geodata import layers
from parvis.report.speech import first_speed, governing_class, spoken_speed

LAYER_COLOURS = {
    "PROTECTED_AREA": 3,
    "ACCESS_POINTS": 1,
    "ACCESS_POINT_TEXT": 1,
    "PERIMETER": 8,
    "SURVEY_LIST": 5,
    "SURVEY_LIST_TEXT": 5,
    "MARKING": 7,
}
"""DXF layers with their AutoCAD colour index."""

TEXT_HEIGHT = 2.0
"""[m]"""


def write_dxf(
    result: ApproachResult, path: Path, crs: str | int = "city", language: str = "en"
) -> Path:
    """
    Write the result as a DXF drawing in metres.

    Parameters
    ----------
    result : ApproachResult
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
    drawing = Drawing(LAYER_COLOURS)
    for layer in layers(result, language):
        for number, (geometry, row) in enumerate(
            zip(layer.geometries, layer.rows, strict=True), start=1
        ):
            shape = projection.geometry(geometry)
            name = layer.name.upper()
            if layer.name == "protected_area":
                outline(drawing, name, shape)
                _marking(drawing, shape, f"{row['marking']}  {row['meaning']}")
            elif layer.name == "survey_list":
                drawing.point(name, shape.x, shape.y)
                drawing.text(f"{name}_TEXT", shape.x + 1.0, shape.y, f"M{number} {row['what']}")
            else:
                drawing.polyline(name, list(shape.coords), closed=False)
    for point in result.access_points:
        middle = projection.geometry(
            shapely.line_interpolate_point(shapely.LineString(point.geometry), 0.5, normalized=True)
        )
        entry = governing_class(point)
        said = f"{point.id}: {spoken_speed(first_speed(entry))} km/h {entry.required_rating}"
        drawing.text("ACCESS_POINT_TEXT", middle.x, middle.y, said.strip())
    return write_bytes(path, drawing.document().encode("ascii"))


def outline(drawing: "Drawing", layer: str, area: Any) -> None:
    """Add the rings of a polygon or of several."""
    for polygon in shapely.get_parts(area):
        for ring in (polygon.exterior, *polygon.interiors):
            drawing.polyline(layer, list(ring.coords)[:-1], closed=True)


def _marking(drawing: "Drawing", area: Any, said: str) -> None:
    west, south, _, _ = area.bounds
    drawing.text("MARKING", west, south - 3 * TEXT_HEIGHT, said)


class Drawing:
    """
    A DXF R12 document in the making: layer table, polylines, points, texts.

    Parameters
    ----------
    colours : mapping of str to int
        Layers with their AutoCAD colour index.
    """

    def __init__(self, colours: Mapping[str, int]) -> None:
        self._colours = colours
        self._entities: list[tuple[int, object]] = []
        self._low = [float("inf")] * 2
        self._high = [float("-inf")] * 2

    def polyline(self, layer: str, places: list[tuple[float, ...]], *, closed: bool) -> None:
        """Add a polyline through `places`, in metres."""
        self._entities += [(0, "POLYLINE"), (8, layer), (66, 1), (70, 1 if closed else 0)]
        for place in places:
            self._entities += [(0, "VERTEX"), (8, layer), *self._place(place[0], place[1])]
        self._entities += [(0, "SEQEND"), (8, layer)]

    def circle(self, layer: str, x: float, y: float, radius: float) -> None:
        """Add a circle, in metres."""
        self._entities += [(0, "CIRCLE"), (8, layer), *self._place(x, y), (40, f"{radius:.3f}")]

    def point(self, layer: str, x: float, y: float) -> None:
        """Add a point, in metres."""
        self._entities += [(0, "POINT"), (8, layer), *self._place(x, y)]

    def text(
        self, layer: str, x: float, y: float, said: str, *, height: float = TEXT_HEIGHT
    ) -> None:
        """Add a line of text with its foot at a place; all in metres."""
        self._entities += [
            (0, "TEXT"),
            (8, layer),
            *self._place(x, y),
            (40, height),
            (1, _escaped(said)),
        ]

    def document(self) -> str:
        """Return the whole drawing as text."""
        if not self._entities:
            self._low = self._high = [0.0, 0.0]
        groups: list[tuple[int, object]] = [
            (0, "SECTION"), (2, "HEADER"),
            (9, "$ACADVER"), (1, "AC1009"),
            (9, "$EXTMIN"), *_xyz(*self._low),
            (9, "$EXTMAX"), *_xyz(*self._high),
            (0, "ENDSEC"),
            (0, "SECTION"), (2, "TABLES"),
            (0, "TABLE"), (2, "LTYPE"), (70, 1),
            (0, "LTYPE"), (2, "CONTINUOUS"), (70, 0), (3, "Solid line"),
            (72, 65), (73, 0), (40, 0.0),
            (0, "ENDTAB"),
            (0, "TABLE"), (2, "LAYER"), (70, len(self._colours)),
        ]  # fmt: skip
        for layer, colour in self._colours.items():
            groups += [(0, "LAYER"), (2, layer), (70, 0), (62, colour), (6, "CONTINUOUS")]
        groups += [(0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
        groups += self._entities
        groups += [(0, "ENDSEC"), (0, "EOF")]
        return "".join(f"{code:>3}\r\n{value}\r\n" for code, value in groups)

    def _place(self, x: float, y: float) -> list[tuple[int, object]]:
        for axis, value in enumerate((x, y)):
            self._low[axis] = min(self._low[axis], value)
            self._high[axis] = max(self._high[axis], value)
        return _xyz(x, y)


def _xyz(x: float, y: float) -> list[tuple[int, object]]:
    return [(10, f"{x:.3f}"), (20, f"{y:.3f}"), (30, "0.0")]


def _escaped(said: str) -> str:
    """Return text as DXF takes it: one line of ASCII, other signs as escapes."""
    line = " ".join(said.split())
    return "".join(sign if sign.isascii() else _unicode(sign) for sign in line)


def _unicode(sign: str) -> str:
    units = sign.encode("utf-16-be")
    return "".join(f"\\U+{units[i : i + 2].hex().upper()}" for i in range(0, len(units), 2))

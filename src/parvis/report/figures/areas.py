"""A map of areas: one colour ever denser with the value, patterns for what cannot be told."""

import math
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from parvis.report.figures.rows import LINE, lines_said
from parvis.report.figures.scale import Scale, round_bounds
from parvis.report.figures.spec import Against, Figure, FigureError, Mark
from parvis.report.figures.svg import Point, Svg, lines_of, width_of
from parvis.report.figures.words import Words

HIGHEST = 1.15
"""Height of a map at most, as a part of its width."""
LEAST, MOST = 0.1, 0.85
"""Opacity of the ends of the scale."""
_TOLERANCE = 0.35
"""Corners closer than this to the line are left out, in pixels."""
_PATTERNS = {"not_different": "dots", "unreliable": "lines", "hidden": "cross", "missing": "dashes"}


def draw_areas(svg: Svg, figure: Figure, words: Words) -> float:
    """Draw areas filled by their value; patterns tell what is hidden, unreliable or not apart."""
    shapes = _fitted(figure, svg.width)
    marks = {mark.key: mark for mark in figure.marks}
    values = [mark.value for mark in figure.marks if mark.value is not None]
    reference = figure.reference.value if figure.reference else None
    low, high = round_bounds(values if reference is None else [*values, reference])
    dense = Scale(low, high, LEAST, MOST)
    bottom = max((each.bounds[3] for each in shapes.values()), default=0.0)
    for key, area in shapes.items():
        _draw_area(svg, area, marks.get(key, Mark(key)), dense)
    for area in shapes.values():
        svg.rings(_rings(area), "edge")
    for key, area in shapes.items():
        if key in marks:
            _draw_name(svg, area, marks[key].label)
    return _draw_key(svg, figure, words, bottom + 16.0, (low, high))


def pattern_of(mark: Mark) -> str:
    """Return what must be told of an area beside its value; empty where nothing must."""
    if mark.value is None:
        return "hidden" if mark.is_hidden else "missing"
    if mark.is_unreliable:
        return "unreliable"
    return "not_different" if mark.against is Against.NOT_DIFFERENT else ""


def _fitted(figure: Figure, width: float) -> dict[str, Any]:
    """Return the shapes in pixels, north at the top."""
    read = {key: _polygon(figure, key, geometry) for key, geometry in figure.shapes.items()}
    west, south, east, north = shapely.total_bounds(list(read.values()))
    squeeze = math.cos(math.radians((south + north) / 2)) if figure.is_degrees else 1.0
    span_x, span_y = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    factor = min((width - 4.0) / span_x, HIGHEST * width / span_y)
    shift = (width - span_x * factor) / 2

    def moved(places: Any) -> Any:
        found = places.copy()
        found[:, 0] = (places[:, 0] - west) * squeeze * factor + shift
        found[:, 1] = (north - places[:, 1]) * factor + 2.0
        return found

    return {
        key: shapely.simplify(shapely.transform(area, moved), _TOLERANCE)
        for key, area in read.items()
    }


def _polygon(figure: Figure, key: str, geometry: Mapping[str, Any]) -> Any:
    try:
        area = shape(dict(geometry))
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise _refused(figure, key) from error
    if area.geom_type not in {"Polygon", "MultiPolygon"} or area.is_empty:
        raise _refused(figure, key)
    if not all(math.isfinite(each) for each in area.bounds):
        raise _refused(figure, key)
    return area if area.is_valid else shapely.make_valid(area, method="structure")


def _refused(figure: Figure, key: str) -> FigureError:
    return FigureError(what=figure.key, value=f"shape of {key}", accepted="GeoJSON polygons")


def _rings(area: Any) -> list[list[Point]]:
    return [
        [(float(x), float(y)) for x, y in ring.coords[:-1]]
        for polygon in shapely.get_parts(area)
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _draw_area(svg: Svg, area: Any, mark: Mark, dense: Scale) -> None:
    rings = _rings(area)
    svg.rings(rings, "paper")
    if mark.value is not None:
        svg.rings(rings, "area", opacity=dense(mark.value))
    pattern = _PATTERNS.get(pattern_of(mark), "")
    if pattern:
        svg.hatched(rings, pattern)


def _draw_name(svg: Svg, area: Any, name: str) -> None:
    """Write a name where it fits into its area; the table has them all."""
    place = shapely.point_on_surface(area)
    west, _, east, _ = area.bounds
    cut = shapely.intersection(
        area, shapely.LineString([(west - 1.0, place.y), (east + 1.0, place.y)])
    )
    widest = max(shapely.get_parts(cut), key=lambda part: part.length, default=None)
    if widest is None or widest.is_empty:
        return
    x = (widest.bounds[0] + widest.bounds[2]) / 2
    room = widest.length * 1.05
    said = lines_of(name, room, 13.0, most=2)
    if any(line.endswith("…") for line in said):
        return
    for number, line in enumerate(said):
        y = place.y + 4.5 + (number - (len(said) - 1) / 2) * 15.0
        svg.text(x, y, line, "halo", anchor="middle")


def _draw_key(
    svg: Svg, figure: Figure, words: Words, top: float, bounds: tuple[float, float]
) -> float:
    y = top
    scale = Scale(*bounds, 0.0, min(260.0, svg.width - 60.0))
    for line in lines_of(figure.unit, svg.width, 13.0, most=2) if figure.unit else []:
        svg.text(0.0, y + 12.0, line, "small")
        y += LINE
    y += 4.0
    svg.filled(0.0, y, scale.end, 16.0, svg.gradient(LEAST, MOST))
    svg.rectangle(0.0, y, scale.end, 16.0, "outline")
    for value, said, look in lines_said(figure, words):
        x = scale(value)
        svg.line(x, y - 4.0, x, y + 20.0, look)
        room = svg.width - scale.end - 8.0
        if look == "reference" and room > width_of(said, 13.0):
            svg.line(x, y - 4.0, scale.end + 4.0, y - 4.0, look)
            svg.text(scale.end + 8.0, y, said, "small")
    low, high = words.short(bounds[0]), words.short(bounds[1])
    svg.text(0.0, y + 33.0, low, "small")
    svg.text(scale.end, y + 33.0, high, "small", anchor="end")
    y += LINE * 2 + 6.0
    occurring = {pattern_of(mark) for mark in figure.marks}
    for name, pattern in _PATTERNS.items():
        if name in occurring:
            svg.rectangle(0.0, y, 26.0, 16.0, "empty", hatch=pattern)
            lines = lines_of(words(f"key.{name}"), svg.width - 36.0, 13.0, most=3)
            for number, line in enumerate(lines):
                svg.text(34.0, y + 13.0 + LINE * number, line, "small")
            y += LINE * len(lines) + 4.0
    return y

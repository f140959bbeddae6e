"""How is a line laid out? A drawing to a stated scale: faces, elements with numbers, clear gaps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from parvis.city.appearance import ATTRIBUTION
from parvis.city.model import City
from parvis.closure.results import Element, ScheduledLine
from parvis.closure.verify import footprint
from parvis.report.basemap import (
    BUILDING_EDGE,
    INK,
    MM,
    PAPER,
    STYLE,
    Canvas,
    draw_basemap,
    draw_outline,
    hatch_buildings,
    saved,
)
from parvis.report.closure_setting_out import direction_at, gap_ends, piece
from parvis.report.wording import Wording

SCALES = (50, 100, 200, 500, 1000)
"""A drawing takes the first of these that it fits on its sheets with."""

BAR = {50: 2, 100: 5, 200: 10, 500: 20, 1000: 50}
"""Length of the scale bar at each scale. [m]"""

SHEET_MM = 170.0
SIDE_MM = 12.0
"""Paper beyond both ends of the line."""

BELOW_MM, ABOVE_MM = 31.0, 20.0
"""Paper for dimensions on the outer side, for numbers and labels on the protected side."""

LEAST_HEIGHT_MM, GREATEST_HEIGHT_MM = 72.0, 130.0
FOOT_MM = 7.0
MOST_SHEETS = 4
CHAIN_MM, WHOLE_MM = 8.0, 16.0
"""How far the chain of gaps and the whole width are drawn from the line."""

LEVEL_TEXT_MM = 6.2
"""Narrower gaps have their figure written upright."""

LEAST_PITCH_MM = 3.0
"""Elements closer than this have only every fifth number written."""

FIXED, OPERABLE, LINE = "#1f3b57", "#ffffff", "#b3261e"


@dataclass(frozen=True)
class Sheet:
    """
    One drawing of a line, or of a part of it.

    Attributes
    ----------
    svg : bytes
        As large as it is to be on paper.
    scale : int
        One metre is 1000 / `scale` millimetres.
    width_mm, height_mm : float
    part, parts : int
    """

    svg: bytes
    scale: int
    width_mm: float
    height_mm: float
    part: int
    parts: int


@dataclass
class TurnedCanvas(Canvas):
    """A map turned so that a line lies level; `bounds` are those of the ground it may show."""

    pivot: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    middle: tuple[float, float] = (0.0, 0.0)

    def local(self, places: Any) -> NDArray[np.float64]:
        """Return places of the city's CRS in axes coordinates. [m]."""
        moved = np.asarray(places, dtype=np.float64).reshape(-1, 2) - self.pivot
        cosine, sine = math.cos(-self.turn), math.sin(-self.turn)
        return moved @ np.array([[cosine, sine], [-sine, cosine]]) + self.middle


def layout_sheets(
    city: City, item: ScheduledLine, area: Any, enclosed: Any, language: str = "en"
) -> tuple[Sheet, ...]:
    """
    Draw the layout of a line to scale, on as many sheets as its length asks for.

    Parameters
    ----------
    city : City
        For faces, buildings and the ground.
    item : ScheduledLine
    area : shapely.Geometry
        Protected area in the city's CRS.
    enclosed : shapely.Geometry
        Ground the plan encloses: the protected side of the line.
    language : {"en", "fr", "pl"}

    Returns
    -------
    tuple of Sheet
        Along the line from its first face, the protected side above.
    """
    wording = Wording(language)
    line = shapely.LineString(item.line.geometry)
    is_reversed = not _is_protected_left(line, area, enclosed)
    if is_reversed:
        line = line.reverse()
    scale, pieces = _cut_up(line)
    with mpl.rc_context(STYLE):
        return tuple(
            _sheet(
                city, item, area, wording,
                line=line, shown=shown, scale=scale, part=part, parts=len(pieces),
                is_reversed=is_reversed,
            )
            for part, shown in enumerate(pieces, start=1)
        )  # fmt: skip


def layout_scale(item: ScheduledLine) -> tuple[int, int]:
    """Return the scale a line is drawn to, and on how many sheets."""
    scale, pieces = _cut_up(shapely.LineString(item.line.geometry))
    return scale, len(pieces)


def _is_protected_left(line: shapely.LineString, area: Any, enclosed: Any) -> bool:
    along = line.length / 2
    middle = shapely.line_interpolate_point(line, along)
    heading = direction_at(line, along) + math.pi / 2
    sides = [
        shapely.Point(middle.x + step * math.cos(heading), middle.y + step * math.sin(heading))
        for step in (0.5, -0.5)
    ]
    inside = [bool(shapely.contains(enclosed, side)) for side in sides]
    if inside[0] != inside[1]:
        return inside[0]
    return bool(shapely.distance(sides[0], area) <= shapely.distance(sides[1], area))


def _cut_up(line: shapely.LineString) -> tuple[int, list[shapely.LineString]]:
    """Return the scale and the pieces of `line` that go on one sheet each."""
    for scale in SCALES:
        longest = (SHEET_MM - 2 * SIDE_MM) * scale / 1000
        parts = max(math.ceil(line.length / longest - 1e-9), 1)
        ends = np.linspace(0.0, line.length, parts + 1)
        pieces = [piece(line, start, end) for start, end in pairwise(ends)]
        tallest = max(_height(shown) for shown in pieces) * 1000 / scale
        fits = tallest + BELOW_MM + ABOVE_MM <= GREATEST_HEIGHT_MM
        enough = parts == 1 or scale >= 200
        if (fits and enough and parts <= MOST_SHEETS) or scale == SCALES[-1]:
            return scale, pieces
    raise AssertionError


def _turn(shown: shapely.LineString) -> float:
    (x0, y0), (x1, y1) = shown.coords[0], shown.coords[-1]
    return math.atan2(y1 - y0, x1 - x0)


def _turned(shown: shapely.LineString) -> NDArray[np.float64]:
    turn = -_turn(shown)
    moved = shapely.get_coordinates(shown) - np.array(shown.coords[0])
    cosine, sine = math.cos(turn), math.sin(turn)
    return moved @ np.array([[cosine, sine], [-sine, cosine]])


def _height(shown: shapely.LineString) -> float:
    across = _turned(shown)[:, 1]
    return float(across.max() - across.min())


def _sheet(
    city: City,
    item: ScheduledLine,
    area: Any,
    wording: Wording,
    *,
    line: shapely.LineString,
    shown: shapely.LineString,
    scale: int,
    part: int,
    parts: int,
    is_reversed: bool,
) -> Sheet:
    height_mm = _height(shown) * 1000 / scale + BELOW_MM + ABOVE_MM
    height_mm = min(max(height_mm, LEAST_HEIGHT_MM), GREATEST_HEIGHT_MM)
    canvas = _open(shown, scale, height_mm)
    draw_basemap(canvas, city)
    hatch_buildings(canvas, city)
    draw_outline(canvas, area, is_filled=False)
    pen = _Pen(canvas, line)
    places = canvas.local(shapely.get_coordinates(line))
    drawn = canvas.axes.plot(
        *places.T, color=LINE, linewidth=0.7, linestyle=(0, (8, 2, 1, 2)), zorder=5
    )
    drawn[0].set_gid("closure-line")
    for along, outwards in ((0.0, -1), (line.length, 1)):
        if pen.is_shown(along - 1.0, along + 1.0):
            _draw_face(canvas, pen, along, outwards)
    _draw_elements(canvas, item, pen)
    _draw_gaps(canvas, item, pen, wording, is_reversed=is_reversed)
    if parts == 1:
        _draw_whole(canvas, pen, wording)
    _draw_sides(canvas, wording)
    _draw_scale(canvas, scale, wording)
    _draw_north(canvas, wording)
    _draw_key(canvas.figure, item, wording)
    return Sheet(saved(canvas.figure), scale, SHEET_MM, height_mm + FOOT_MM, part, parts)


def _open(shown: shapely.LineString, scale: int, height_mm: float) -> TurnedCanvas:
    mm = scale / 1000
    turned = _turned(shown)
    wide, tall = SHEET_MM * mm, height_mm * mm
    room = tall - (turned[:, 1].max() - turned[:, 1].min())
    foot = BELOW_MM / (BELOW_MM + ABOVE_MM) * room - turned[:, 1].min()
    middle = (wide / 2 - (turned[:, 0].min() + turned[:, 0].max()) / 2, foot)
    figure = Figure(figsize=(SHEET_MM * MM, (height_mm + FOOT_MM) * MM), facecolor=PAPER)
    axes = figure.add_axes((0.0, FOOT_MM / (height_mm + FOOT_MM), 1.0, 1.0 - FOOT_MM
                            / (height_mm + FOOT_MM)))  # fmt: skip
    axes.set_xlim(0, wide)
    axes.set_ylim(0, tall)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#f8f7f4")
    turn = _turn(shown)
    x0, y0 = shown.coords[0][:2]
    frame = np.array([(0, 0), (wide, 0), (wide, tall), (0, tall)]) - middle
    cosine, sine = math.cos(turn), math.sin(turn)
    corners = frame @ np.array([[cosine, sine], [-sine, cosine]]) + (x0, y0)
    bounds = (*corners.min(axis=0), *corners.max(axis=0))
    return TurnedCanvas(figure, axes, bounds, mm, pivot=(x0, y0), turn=turn, middle=middle)


class _Pen:
    """Where on paper something lies that is so far along the line and so far beside it."""

    def __init__(self, canvas: TurnedCanvas, line: shapely.LineString) -> None:
        self.canvas = canvas
        self.line = line
        self.mm = canvas.metres_per_mm

    def at(self, along: float, aside_mm: float = 0.0) -> NDArray[np.float64]:
        """Return the place in axes coordinates; `aside_mm` counts outwards. [m]."""
        here = min(max(along, 0.0), self.line.length)
        place = shapely.line_interpolate_point(self.line, here)
        heading = direction_at(self.line, here)
        normal = np.array([math.sin(heading), -math.cos(heading)])
        ahead = np.array([math.cos(heading), math.sin(heading)]) * (along - here)
        shift = np.array([place.x, place.y]) + ahead + normal * aside_mm * self.mm
        return self.canvas.local([shift])[0]

    def is_shown(self, start: float, end: float) -> bool:
        """Tell whether anything between two distances along the line is on the sheet."""
        places = np.array([self.at(start), self.at(end)])
        (low, wide), (foot, tall) = self.canvas.axes.get_xlim(), self.canvas.axes.get_ylim()
        return bool(
            places[:, 0].max() > low
            and places[:, 0].min() < wide
            and places[:, 1].max() > foot
            and places[:, 1].min() < tall
        )

    def angle(self, along: float) -> float:
        """Return the line's direction on paper, in degrees between -90 and 90."""
        said = math.degrees(direction_at(self.line, along) - self.canvas.turn)
        return (said + 90) % 180 - 90

    def along(self, element: Element) -> float:
        """Return how far along the line an element stands, in metres."""
        return float(shapely.line_locate_point(self.line, shapely.Point(element.x, element.y)))


def _draw_face(canvas: Canvas, pen: _Pen, along: float, outwards: int) -> None:
    beyond = outwards * 2.2 * pen.mm
    ends = [pen.at(along, aside) for aside in (-7.0, 7.0)]
    canvas.axes.plot(*np.array(ends).T, color=INK, linewidth=1.6, zorder=5.6)
    strokes = [
        (pen.at(along, aside), pen.at(along + beyond, aside - 1.6))
        for aside in np.arange(-6.2, 7.0, 1.6)
    ]
    canvas.axes.add_collection(LineCollection(strokes, colors=INK, linewidths=0.6, zorder=5.5))


def _draw_elements(canvas: Canvas, item: ScheduledLine, pen: _Pen) -> None:
    if not item.elements:
        return
    places = sorted(pen.along(element) for element in item.elements)
    pitch = min(np.diff(places), default=math.inf) / pen.mm
    every = 1 if pitch >= LEAST_PITCH_MM else 5
    halo = [withStroke(linewidth=1.8, foreground="white")]
    for element in item.elements:
        along = pen.along(element)
        if not pen.is_shown(along - element.length, along + element.length):
            continue
        corners = canvas.local(shapely.get_coordinates(footprint(element)))
        face = OPERABLE if element.is_operable else FIXED
        patch = Polygon(corners, facecolor=face, edgecolor=INK, linewidth=0.7, zorder=6)
        patch.set_gid(f"element-{element.number}")
        canvas.axes.add_patch(patch)
        if element.is_operable:
            _draw_cross(canvas, element)
        if (element.number - 1) % every and element.number != len(item.elements):
            continue
        reach = np.abs(corners - corners.mean(axis=0))[:, 1].max() / pen.mm
        place = pen.at(along, -(reach + 2.6))
        canvas.axes.text(
            place[0], place[1], str(element.number), ha="center", va="center", fontsize=6.2,
            weight="bold", color=INK, zorder=7, path_effects=halo, clip_on=True,
        )  # fmt: skip


def _draw_cross(canvas: Canvas, element: Element) -> None:
    half = np.array([element.length, element.width]) / 2 * 0.7
    turn = np.array(
        [
            [math.cos(element.rotation), math.sin(element.rotation)],
            [-math.sin(element.rotation), math.cos(element.rotation)],
        ]
    )
    for sign in (1, -1):
        ends = np.array([half * (1, sign), half * (-1, -sign)]) @ turn + (element.x, element.y)
        canvas.axes.plot(*canvas.local(ends).T, color=INK, linewidth=0.6, zorder=6.1)


def _draw_gaps(
    canvas: Canvas, item: ScheduledLine, pen: _Pen, wording: Wording, *, is_reversed: bool
) -> None:
    for gap, ends in zip(item.gaps, gap_ends(item), strict=True):
        start, end = (pen.line.length - ends[::-1]) if is_reversed else ends
        if not pen.is_shown(start, end):
            continue
        _draw_dimension(canvas, pen, float(start), float(end), wording.number(gap, 2), CHAIN_MM)


def _draw_whole(canvas: Canvas, pen: _Pen, wording: Wording) -> None:
    line = pen.line
    if len(line.coords) == 2:
        said = f"{wording.number(line.length, 2)} m"
        _draw_dimension(canvas, pen, 0.0, line.length, said, WHOLE_MM)


def _draw_dimension(
    canvas: Canvas, pen: _Pen, start: float, end: float, said: str, aside_mm: float
) -> None:
    tick = 0.7 * pen.mm
    from_mm = 1.2 if aside_mm == CHAIN_MM else CHAIN_MM + 1.2
    strokes = [(pen.at(start, aside_mm), pen.at(end, aside_mm))]
    for along in (start, end):
        strokes.append((pen.at(along, from_mm), pen.at(along, aside_mm + 1.2)))
        strokes.append((pen.at(along - tick, aside_mm + 0.7), pen.at(along + tick, aside_mm - 0.7)))
    widths = [0.45, 0.3, 0.9, 0.3, 0.9]
    canvas.axes.add_collection(LineCollection(strokes, colors=INK, linewidths=widths, zorder=5.4))
    middle = (start + end) / 2
    is_level = (end - start) / pen.mm >= LEVEL_TEXT_MM or aside_mm == WHOLE_MM
    place = pen.at(middle, aside_mm + (2.0 if is_level else 3.9))
    angle = pen.angle(middle) + (0.0 if is_level else 90.0)
    canvas.axes.text(
        place[0], place[1], said, ha="center", va="center", fontsize=5.8, rotation=angle,
        rotation_mode="anchor", color=INK, zorder=7, clip_on=True,
        path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip


def _draw_sides(canvas: Canvas, wording: Wording) -> None:
    mm = canvas.metres_per_mm
    _, top = canvas.axes.get_ylim()
    halo = [withStroke(linewidth=2, foreground="white")]
    for side, height in (("inside", top - 3.5 * mm), ("outside", 12.5 * mm)):
        canvas.axes.text(
            3 * mm, height, wording(f"closure.drawing.{side}"), fontsize=6.5, style="italic",
            va="center", color=INK, zorder=9, path_effects=halo,
        )  # fmt: skip


def _draw_scale(canvas: Canvas, scale: int, wording: Wording) -> None:
    mm = canvas.metres_per_mm
    length = BAR[scale]
    left, foot = 3 * mm, 3.5 * mm
    for name, start, share, colour in (
        ("scale-bar", 0.0, 1.0, INK),
        ("scale-bar-half", 0.5, 0.5, "white"),
    ):
        bar = Rectangle(
            (left + start * length, foot), share * length, 1.2 * mm, facecolor=colour,
            edgecolor="none", zorder=9 + start,
        )  # fmt: skip
        bar.set_gid(name)
        canvas.axes.add_patch(bar)
    frame = Rectangle(
        (left, foot), length, 1.2 * mm, facecolor="none", edgecolor=INK, linewidth=0.5, zorder=10
    )
    canvas.axes.add_patch(frame)
    halo = [withStroke(linewidth=2, foreground="white")]
    said: dict[str, Any] = {
        "fontsize": 6.2, "color": INK, "zorder": 10, "va": "bottom", "path_effects": halo,
    }  # fmt: skip
    canvas.axes.text(left, foot + 1.8 * mm, "0", ha="left", **said)
    canvas.axes.text(left + length, foot + 1.8 * mm, f"{length} m", ha="center", **said)
    ratio = wording("closure.drawing.scale", scale=scale)
    canvas.axes.text(left + length + 5 * mm, foot - 0.4 * mm, ratio, weight="bold", **said)
    right = SHEET_MM * mm
    canvas.axes.text(
        right - 2 * mm, 1.5 * mm, ATTRIBUTION, ha="right", **(said | {"fontsize": 5.2})
    )


def _draw_north(canvas: TurnedCanvas, wording: Wording) -> None:
    mm = canvas.metres_per_mm
    x, y = (SHEET_MM - 8.0) * mm, 13.0 * mm
    across, up = math.sin(canvas.turn) * mm, math.cos(canvas.turn) * mm
    half = 7.2 * mm
    canvas.axes.add_patch(
        Rectangle(
            (x - half, y - half), 2 * half, 2 * half, facecolor="white", alpha=0.8,
            edgecolor="none", zorder=8,
        )
    )  # fmt: skip
    canvas.axes.annotate(
        "", xy=(x + 5 * across, y + 5 * up), xytext=(x - 4 * across, y - 4 * up), zorder=10,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.0, "mutation_scale": 9},
    )  # fmt: skip
    canvas.axes.text(
        x - 6.2 * across, y - 6.2 * up, wording("figure.north"), ha="center", va="center",
        weight="bold", fontsize=6.5, color=INK, zorder=10,
        path_effects=[withStroke(linewidth=2, foreground="white")],
    )  # fmt: skip


def _draw_key(figure: Figure, item: ScheduledLine, wording: Wording) -> None:
    key: list[tuple[Any, str]] = [
        (
            Patch(facecolor="none", edgecolor=BUILDING_EDGE, hatch="//////"),
            wording("closure.drawing.face"),
        ),
        (
            Line2D([], [], color=LINE, linewidth=0.7, linestyle=(0, (8, 2, 1, 2))),
            wording("closure.drawing.line"),
        ),
        (
            Line2D([], [], color=INK, linewidth=1.3, linestyle=(0, (5, 2))),
            wording("figure.protected_area"),
        ),
    ]
    states = {element.is_operable for element in item.elements}
    for is_operable, face, name in ((False, FIXED, "fixed"), (True, OPERABLE, "operable")):
        if is_operable in states:
            key.append((Patch(facecolor=face, edgecolor=INK), wording(f"closure.drawing.{name}")))
    _legend(figure, key)


def _legend(figure: Figure, key: Sequence[tuple[Any, str]]) -> None:
    figure.legend(
        [handle for handle, _ in key],
        [said for _, said in key],
        loc="lower left", ncols=len(key), frameon=False, fontsize=6.3, handlelength=2.6,
        handleheight=1.1, columnspacing=1.6, borderaxespad=0.2,
    )  # fmt: skip

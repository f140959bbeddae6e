"""How a layout is drawn to be set out: the plan of a phase and its rows of barriers, to scale."""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.events.layout import Gate, ItemKind, Layout, footprint
from parvis.events.positions import BarrierRow, barrier_rows
from parvis.report.basemap import (
    GROUND,
    INK,
    MM,
    PAPER,
    STYLE,
    Canvas,
    draw_basemap,
    draw_frame,
    draw_names,
    draw_outline,
    framed_boxes,
    saved,
)
from parvis.report.plans import Mark, draw_marks
from parvis.report.wording import Wording

MAP_WIDTH, MAP_HEIGHT = 288.0, 240.0
"""Of the plan on paper. [mm]"""

SCALES = (50, 100, 200, 250, 500, 1000, 2000, 5000)
"""Scales a plan may have: the first that shows everything is taken."""

MARGIN = 4.0
"""Ground shown around what is set up. [m]"""

COLOURS = {
    ItemKind.STALL: "#f1dca7", ItemKind.STAGE: "#d9c2e9", ItemKind.QUEUE: "#d8e6f3",
    ItemKind.FENCE: "#555555", ItemKind.TENT: "#f6c9b8", ItemKind.TOILET: "#cfd8dc",
    ItemKind.FURNITURE: "#dfe5d0", ItemKind.BARRIER: "#b03030", ItemKind.BLOCK: "#b03030",
    ItemKind.BOLLARD: "#b03030", ItemKind.VEHICLE: "#8c5a2b",
}  # fmt: skip
GATE_COLOUR = "#1f6f3f"
_NUMBER_ROOM = 6.4
"""Numbers of neighbours need this much paper between them. [mm]"""


def plan_scale(layout: Layout, space: BaseGeometry) -> int:
    """Return the scale of a layout's plans: the largest at which everything is on the sheet."""
    west, south, east, north = _extent(layout, space)
    for scale in SCALES:
        across, up = MAP_WIDTH * scale / 1000, MAP_HEIGHT * scale / 1000
        if east - west + 2 * MARGIN <= across and north - south + 2 * MARGIN <= up:
            return scale
    return SCALES[-1]


def _extent(layout: Layout, space: BaseGeometry) -> tuple[float, float, float, float]:
    shapes = [space, *(item.geometry for item in layout.items), *(g.geometry for g in layout.gates)]
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    return west, south, east, north


def phase_plan(
    city: City, layout: Layout, phase: str, space: BaseGeometry, language: str = "en"
) -> bytes:
    """
    Draw what stands in a phase, numbered, exactly to `plan_scale`.

    Parameters
    ----------
    city : City
    layout : Layout
    phase : str
    space : shapely Polygon or MultiPolygon
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        SVG of `MAP_WIDTH` by `MAP_HEIGHT`; equal inputs give equal bytes.
    """
    scale = plan_scale(layout, space)
    with mpl.rc_context(STYLE):
        canvas = _open_plan(_extent(layout, space), scale)
        draw_basemap(canvas, city)
        draw_outline(canvas, space, is_filled=False)
        _draw_grid(canvas)
        _draw_items(canvas, layout, phase)
        rows = barrier_rows(city, layout, phase)
        for row in rows:
            _draw_row(canvas, row, phase)
        canvas.taken += framed_boxes(canvas)
        draw_marks(canvas, _marks(canvas, rows, space))
        draw_names(canvas, city, most=10)
        draw_frame(canvas, Wording(language))
        return saved(canvas.figure)


def _open_plan(extent: tuple[float, float, float, float], scale: int) -> Canvas:
    """Open a map whose millimetre is `scale` millimetres on the ground."""
    across, up = MAP_WIDTH * scale / 1000, MAP_HEIGHT * scale / 1000
    middle_x, middle_y = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    bounds = (middle_x - across / 2, middle_y - up / 2, middle_x + across / 2, middle_y + up / 2)
    figure, axes = open_sheet(MAP_WIDTH, MAP_HEIGHT, scale)
    axes.set_facecolor(GROUND)
    return Canvas(figure, axes, bounds, scale / 1000)


def open_sheet(width_mm: float, height_mm: float, scale: int) -> tuple[Figure, Any]:
    """Open a figure whose axes count metres on the ground from its lower left corner."""
    figure = Figure(figsize=(width_mm * MM, height_mm * MM), facecolor=PAPER)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, width_mm * scale / 1000)
    axes.set_ylim(0, height_mm * scale / 1000)
    axes.set_xticks([])
    axes.set_yticks([])
    return figure, axes


def _draw_grid(canvas: Canvas) -> None:
    """Draw crosses at round coordinates and write these on the rim."""
    west, south, east, north = canvas.bounds
    mm = canvas.metres_per_mm
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500) if step / mm >= 35)
    xs = np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step
    ys = np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step
    places = canvas.local([(x, y) for x in xs for y in ys])
    canvas.axes.plot(*places.T, "+", color="#4a6a8a", markersize=5, markeredgewidth=0.5, zorder=5)
    halo = [withStroke(linewidth=1.8, foreground="white")]
    said: dict[str, Any] = {"fontsize": 4.8, "color": "#2f4f6f", "zorder": 8.5}
    for x in xs:
        at = canvas.local([(x, north)])[0]
        canvas.axes.text(
            at[0], at[1] - 1.0 * mm, f"E {x:.0f}", ha="center", va="top", path_effects=halo, **said
        )
    for y in ys:
        at = canvas.local([(east, y)])[0]
        canvas.axes.text(
            at[0] - 1.0 * mm, at[1], f"N {y:.0f}", ha="right", va="center", rotation=90,
            path_effects=halo, **said,
        )  # fmt: skip


def _draw_items(canvas: Canvas, layout: Layout, phase: str) -> None:
    for item in layout.standing(phase):
        if item.is_barrier:
            continue
        shape = footprint(item)
        fill_shape(canvas.axes, canvas.origin, shape, COLOURS[item.kind], order=4.2)
        _name_item(canvas, item.id, shape)


def _name_item(canvas: Canvas, name: str, shape: BaseGeometry) -> None:
    """Write the number of an item in it, along its long side, as large as it fits."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    lengths = np.hypot(*sides.T) / canvas.metres_per_mm
    turn = math.degrees(math.atan2(*sides[int(np.argmax(lengths))][::-1]))
    turn = (turn + 90) % 180 - 90
    size = min(6.5, lengths.max() / (0.26 * max(len(name), 1)), lengths.min() * 2.4)
    at = canvas.local(shapely.get_coordinates(shape.centroid))[0]
    if size < 3.6:
        size = 4.2
    canvas.axes.text(
        at[0], at[1], name, rotation=turn, rotation_mode="anchor", ha="center",
        va="center_baseline", fontsize=size, color=INK, zorder=6.2,
        path_effects=[withStroke(linewidth=1.2, foreground="white", alpha=0.8)],
    )  # fmt: skip
    canvas.taken.append(shapely.affinity.translate(shape, *-canvas.origin))


def _draw_row(canvas: Canvas, row: BarrierRow, phase: str) -> None:
    for place in row.positions:
        fill_shape(canvas.axes, canvas.origin, place.shape, COLOURS[place.item.kind], order=5.5)
    for gate in row.gates:
        _draw_gate(canvas.axes, canvas.origin, gate, is_open=gate.opening(phase) is not None)


def _draw_gate(axes: Any, origin: NDArray[np.float64], gate: Gate, *, is_open: bool) -> None:
    line = shapely.get_coordinates(gate.geometry) - origin
    axes.plot(
        *line.T, color=GATE_COLOUR, linewidth=1.8, zorder=5.4, solid_capstyle="butt",
        linestyle=(0, (1.2, 1.0)) if is_open else "solid",
    )  # fmt: skip
    axes.plot(*line[[0, -1]].T, "s", color=GATE_COLOUR, markersize=2.6, zorder=5.6)


def fill_shape(
    axes: Any, origin: NDArray[np.float64], shape: BaseGeometry, colour: str, *, order: float,
    edge: str = INK, width: float = 0.5,
) -> None:  # fmt: skip
    """Fill the polygons of a shape in axes that count from `origin`."""
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        turned = shapely.orient_polygons(part)
        rings = [turned.exterior, *turned.interiors]
        outlines = [Outline(np.asarray(ring.coords)[:, :2] - origin, closed=True) for ring in rings]
        patch = PathPatch(
            Outline.make_compound_path(*outlines), facecolor=colour, edgecolor=edge,
            linewidth=width, zorder=order,
        )  # fmt: skip
        axes.add_patch(patch)


def _marks(canvas: Canvas, rows: Sequence[BarrierRow], space: BaseGeometry) -> list[Mark]:
    """Return the numbers that fit beside the rows, outwards, and the gates, inwards."""
    middle = shapely.get_coordinates(space.centroid)[0]
    found = []
    for row in rows:
        last: NDArray[np.float64] | None = None
        for i, place in enumerate(row.positions):
            at = np.array([place.x, place.y])
            is_end = i in (0, len(row.positions) - 1)
            room = _NUMBER_ROOM * canvas.metres_per_mm
            if last is not None and not is_end and np.hypot(*(at - last)) < room:
                continue
            last = at
            out = _outward(place.rotation, at - middle)
            found.append(Mark(str(place.number), place.x, place.y, out))
        for gate in row.gates:
            x, y = shapely.get_coordinates(gate.geometry.centroid)[0]
            a, b = shapely.get_coordinates(gate.geometry)[[0, -1]]
            turn = math.atan2(*(b - a)[::-1])
            dx, dy = _outward(turn, np.array([x, y]) - middle)
            found.append(Mark(gate.id, float(x), float(y), (-dx, -dy), "square"))
    return found


def _outward(turn: float, away: NDArray[np.float64]) -> tuple[float, float]:
    """Return the normal of a direction that points as `away` does."""
    normal = (-math.sin(turn), math.cos(turn))
    return normal if normal[0] * away[0] + normal[1] * away[1] >= 0 else (-normal[0], -normal[1])

"""Where do the lines of a plan lie? One map of all lines and the ground they enclose."""

from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from parvis.city.model import City
from parvis.closure.results import ClosurePlan, ClosureResult, ScheduledLine
from parvis.report.basemap import (
    INK,
    STYLE,
    Canvas,
    draw_basemap,
    draw_outline,
    draw_shape,
    open_canvas,
    saved,
)
from parvis.report.closure_layout import LINE
from parvis.report.closure_setting_out import ground_of
from parvis.report.maps import draw_legend, ground_key, grown
from parvis.report.plans import Mark, finish_plan
from parvis.report.wording import Wording

MARGIN = 40.0
"""Ground shown around the lines. [m]"""

ENCLOSED, CANNOT = "#2f6f8f", "#7a1f7a"


def closure_map(city: City, result: ClosureResult, language: str = "en") -> bytes:
    """
    Draw the first plan: its lines, numbered, and the ground they enclose; for the annex.

    Parameters
    ----------
    city : City
    result : ClosureResult
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        SVG. Lines that do not hold against every class are dashed.
    """
    wording = Wording(language)
    area = shapely.from_wkb(result.protected_area)
    plan = result.plans[0] if result.plans else None
    shown = [area] + ([shapely.from_wkb(plan.enclosed)] if plan else [])
    if plan:
        shown += [shapely.LineString(item.line.geometry) for item in plan.lines]
    where_not = None if result.where_not is None else ground_of(result.where_not)
    if where_not is not None:
        shown.append(where_not)
    with mpl.rc_context(STYLE):
        bounds = grown(shapely.total_bounds(np.array(shown, dtype=object)), MARGIN)
        canvas = open_canvas(bounds, width_mm=170, height_mm=140, foot_mm=19)
        draw_basemap(canvas, city)
        draw_outline(canvas, area)
        key = ground_key(wording, with_obstacles=True)
        marks = _draw_plan(canvas, plan, key, wording) if plan else []
        if where_not is not None:
            style: Any = {"linestyle": (0, (1, 1.2)), "linewidth": 2.4}
            draw_shape(canvas, where_not, facecolor="none", edgecolor=CANNOT, zorder=4.6, **style)
            line = Line2D([], [], color=CANNOT, **style)
            key.append((line, wording("closure.drawing.where_not")))
        finish_plan(canvas, city, marks, wording)
        draw_legend(canvas, key)
        return saved(canvas.figure)


def _draw_plan(
    canvas: Canvas, plan: ClosurePlan, key: list[tuple[Any, str]], wording: Wording
) -> list[Mark]:
    enclosed = ground_of(plan.enclosed)
    draw_shape(
        canvas, enclosed, facecolor=ENCLOSED, edgecolor=ENCLOSED, alpha=0.16, linewidth=0.6,
        zorder=2.15,
    )  # fmt: skip
    key.append((Patch(facecolor=ENCLOSED, alpha=0.16), wording("closure.drawing.enclosed")))
    for item in plan.lines:
        _draw_line(canvas, item)
    states = {item.holds for item in plan.lines}
    if True in states:
        solid = Line2D([], [], color=LINE, linewidth=2.6)
        key.append((solid, wording("closure.drawing.line_holds")))
    if False in states:
        dashed = Line2D([], [], color=LINE, linewidth=2.6, linestyle=(0, (1.6, 0.8)))
        key.append((dashed, wording("closure.drawing.line_open")))
    return [_mark(item, enclosed) for item in plan.lines]


def _draw_line(canvas: Canvas, item: ScheduledLine) -> None:
    places = canvas.local(item.line.geometry)
    canvas.axes.plot(*places.T, color="white", linewidth=4.6, zorder=5.0, solid_capstyle="butt")
    style: Any = "solid" if item.holds else (0, (1.6, 0.8))
    canvas.axes.plot(
        *places.T, color=LINE, linewidth=2.6, linestyle=style, zorder=5.1, solid_capstyle="butt",
        dash_capstyle="butt",
    )  # fmt: skip
    for end in places[[0, -1]]:
        canvas.axes.plot(*end, marker="o", markersize=2.4, color=INK, zorder=5.2)


def _mark(item: ScheduledLine, enclosed: Any) -> Mark:
    line = shapely.LineString(item.line.geometry)
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    chord = item.line.geometry[-1] - item.line.geometry[0]
    normal = np.array([-chord[1], chord[0]]) / max(float(np.hypot(*chord)), 1e-9)
    if shapely.contains(enclosed, shapely.Point(middle.x + normal[0], middle.y + normal[1])):
        normal = -normal
    direction = (float(normal[0]), float(normal[1]))
    return Mark(str(item.line.id), middle.x, middle.y, direction, shape="square")

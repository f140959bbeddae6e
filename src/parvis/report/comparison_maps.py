"""Before and after: the present and its variants as maps of one extent, colours and legend."""

import math
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from parvis.approach.comparison import Comparison
from parvis.city.model import City
from parvis.report.basemap import (
    INK,
    MM,
    PAPER,
    STYLE,
    Canvas,
    draw_basemap,
    draw_frame,
    draw_outline,
    framed_boxes,
    picture,
    saved,
)
from parvis.report.comparison import ComparisonFileError
from parvis.report.files import write_bytes
from parvis.report.maps import (
    BAND_COLOURS,
    BAND_WIDTHS,
    draw_stretch,
    ground_key,
    grown,
    mark_of,
    speed_key,
)
from parvis.report.plans import draw_marks
from parvis.report.wording import Wording
from parvis.terms import Marking

TYPES = (".svg", ".png", ".pdf")
MARGIN = 45.0
"""Ground shown around the protected area. [m]"""
PANEL_MM, GAP_MM, HEAD_MM, KEY_ROW_MM = 130.0, 4.0, 13.0, 4.0
MOST_ACROSS = 3
LIMIT_COLOUR = "#1f6f78"


def check_picture_name(path: Path) -> None:
    """
    Raise where a picture's name ends in no known type.

    Raises
    ------
    ComparisonFileError
    """
    if path.suffix.lower() not in TYPES:
        raise ComparisonFileError(file=path.name, what="a map", accepted=", ".join(TYPES))


def write_comparison_map(
    comparison: Comparison, cities: Sequence[City], limits: Sequence[Any], path: Path
) -> Path:
    """
    Write the maps of all designs side by side as SVG, PNG or PDF.

    Parameters
    ----------
    comparison : Comparison
    cities : sequence of City
        One a design, in the same order.
    limits : sequence of Geometry or None
        Inside which each design replaces the present; None for the present.
    path : Path

    Raises
    ------
    ComparisonFileError, OutputNotWritableError
    """
    check_picture_name(path)
    figure = comparison_figure(comparison, cities, limits)
    suffix = path.suffix.lower()
    if suffix == ".svg":
        return write_bytes(path, saved(figure))
    if suffix == ".png":
        return write_bytes(path, picture(figure, 160.0))
    stream = BytesIO()
    with mpl.rc_context(STYLE):
        figure.savefig(stream, format="pdf", metadata={"CreationDate": None})
    return write_bytes(path, stream.getvalue())


def comparison_figure(
    comparison: Comparison,
    cities: Sequence[City],
    limits: Sequence[Any],
    *,
    language: str = "en",
    shown: Sequence[int] | None = None,
) -> Figure:
    """
    Draw one panel per design: same extent, scale, colours; numbers are those of the table.

    Parameters
    ----------
    comparison, cities, limits
        See `write_comparison_map`.
    language : {"en", "fr", "pl"}
    shown : sequence of int, optional
        Which designs; all by default. The extent is always that of all.
    """
    wording = Wording(language)
    first = comparison.results[0]
    area = shapely.from_wkb(first.protected_area)
    panels = range(len(comparison.designs)) if shown is None else shown
    n = len(panels)
    across = min(n, MOST_ACROSS)
    down = math.ceil(n / across)
    bounds = _extent(area, [limit for limit in limits if limit is not None])
    shape = (bounds[3] - bounds[1]) / (bounds[2] - bounds[0])
    height = float(np.clip(PANEL_MM * shape, 70.0, 190.0))
    wide = across * PANEL_MM + (across - 1) * GAP_MM
    with mpl.rc_context(STYLE):
        key = [
            *ground_key(wording, with_obstacles=True),
            (
                Line2D([], [], color=LIMIT_COLOUR, linewidth=1.6, linestyle=(0, (1, 1))),
                wording("closure.compare.limit"),
            ),
            (_limit_only_key(), wording("closure.compare.limit_only_key")),
            *speed_key(wording),
        ]
        columns = 5 if across > 1 else 3
        foot_mm = KEY_ROW_MM * math.ceil(len(key) / columns) + 4.0
        high = down * (height + GAP_MM) + HEAD_MM + foot_mm
        figure = Figure(figsize=(wide * MM, high * MM), facecolor=PAPER)
        title = f"{Marking.AMBER.value}   {first.space_name or first.space_id}"
        figure.text(0.005, 1 - 3.5 / high, title, fontsize=11, weight="bold", va="top", color=INK)
        figure.text(0.005, 1 - 9.0 / high, wording("meaning"), fontsize=7, va="top", color=INK)
        for place, at in enumerate(panels):
            column, row = place % across, place // across
            left = column * (PANEL_MM + GAP_MM)
            foot = foot_mm + (down - 1 - row) * (height + GAP_MM)
            axes = figure.add_axes((left / wide, foot / high, PANEL_MM / wide, height / high))
            canvas = _canvas(figure, axes, bounds, height)
            _panel(canvas, comparison, at, cities[at], limits[at], wording)
        figure.legend(
            [handle for handle, _ in key], [said for _, said in key], loc="lower center",
            ncols=columns, frameon=False, fontsize=7, handlelength=2.6,
            handleheight=1.1, columnspacing=1.6, borderaxespad=0.3,
        )  # fmt: skip
    return figure


def _limit_only_key() -> tuple[Line2D, Line2D]:
    below = Line2D([], [], color=BAND_COLOURS[-1], linewidth=BAND_WIDTHS[2])
    return below, Line2D([], [], color="white", linewidth=2.4, linestyle=(0, (1, 1)))


def _extent(area: Any, limits: Sequence[Any]) -> tuple[float, float, float, float]:
    """Return what all panels show: the area with what lies around it, and near limits whole."""
    around = shapely.box(*grown(area.bounds, MARGIN))
    reach = shapely.box(*grown(area.bounds, 3 * MARGIN))
    shown = [around, *(shapely.intersection(limit, reach) for limit in limits)]
    low_x, low_y, high_x, high_y = shapely.total_bounds(np.array(shown, dtype=object))
    return float(low_x), float(low_y), float(high_x), float(high_y)


def _canvas(
    figure: Figure, axes: Any, bounds: tuple[float, float, float, float], height: float
) -> Canvas:
    """Return a canvas on axes of a shared figure, `bounds` widened to the panel's proportions."""
    scale = max((bounds[2] - bounds[0]) / PANEL_MM, (bounds[3] - bounds[1]) / height)
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    half = (scale * PANEL_MM / 2, scale * height / 2)
    axes.set_xlim(0, 2 * half[0])
    axes.set_ylim(0, 2 * half[1])
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#f4f2ee")
    return Canvas(figure, axes, (x - half[0], y - half[1], x + half[0], y + half[1]), scale)


def _panel(
    canvas: Canvas,
    comparison: Comparison,
    at: int,
    city: City,
    limit: Any,
    wording: Wording,
) -> None:
    area = shapely.from_wkb(comparison.results[at].protected_area)
    draw_basemap(canvas, city)
    draw_outline(canvas, area)
    if limit is not None:
        for ring in shapely.get_parts(shapely.boundary(limit)):
            places = canvas.local(shapely.get_coordinates(ring))
            canvas.axes.plot(
                *places.T, color=LIMIT_COLOUR, linewidth=1.6, linestyle=(0, (1, 1)), zorder=4.5
            )
    canvas.taken += framed_boxes(canvas)
    marks = []
    for place in comparison.places:
        for point in place.points[at]:
            draw_stretch(canvas, point)
            if point.only_limit:
                places = canvas.local(point.geometry)
                canvas.axes.plot(
                    *places.T, color="white", linewidth=2.4, linestyle=(0, (1, 1)), zorder=5.2
                )
            marks.append(mark_of(point, area, label=str(place.number)))
    draw_marks(canvas, marks)
    draw_frame(canvas, wording)
    totals = comparison.totals[at]
    name = comparison.designs[at] if at else wording("closure.compare.present")
    counted = wording("closure.compare.points", count=totals.n_access_points)
    said = f"{name}: {counted}"
    if totals.n_only_limit:
        said += wording("closure.compare.points_limit", count=totals.n_only_limit)
    canvas.axes.text(
        0.012, 0.985, said, transform=canvas.axes.transAxes, fontsize=9, weight="bold", va="top",
        color=INK, zorder=10, bbox={"facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
    )  # fmt: skip

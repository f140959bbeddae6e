"""Which maps the two documents show: a plain overview, the access points, the speed pictures."""

import math
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from parvis.approach.results import AccessPoint, ApproachResult, SpeedMap
from parvis.city.model import City
from parvis.report.basemap import (
    BUILDING,
    BUILDING_EDGE,
    GREEN,
    GREEN_EDGE,
    INK,
    STREET,
    STYLE,
    WATER,
    WATER_EDGE,
    Canvas,
    draw_basemap,
    draw_outline,
    open_canvas,
    picture,
    saved,
)
from parvis.report.plans import Mark, finish_plan
from parvis.report.speech import MOST_TO_MEASURE, fastest_class, first_speed, spoken_speed
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS

BANDS = (30, 50, 65, 80)
"""Upper ends of the speed bands on maps. [km/h]"""

BAND_COLOURS = ("#f9c932", "#f3771a", "#c73e4c", "#7b1d6d", "#230c4c")
"""From slow to fast, ever darker, so that the order survives a black-and-white copier."""

BAND_WIDTHS = (2.2, 3.6, 5.0, 6.4, 7.8)
"""Line widths of the bands. [pt]"""

OVERVIEW_MARGIN, ACCESS_MARGIN = 120.0, 70.0
"""Ground shown around the area. [m]"""


def overview_map(city: City, area: Any, language: str = "en") -> bytes:
    """
    Draw the place with its outline and nothing that was computed: fit to be published.

    Parameters
    ----------
    city : City
    area : shapely.Geometry
        The protected area in the city's CRS.
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        SVG.
    """
    wording = Wording(language)
    with mpl.rc_context(STYLE):
        bounds = grown(area.bounds, OVERVIEW_MARGIN)
        canvas = open_canvas(bounds, width_mm=170, height_mm=120, foot_mm=9)
        draw_basemap(canvas, city, with_obstacles=False)
        draw_outline(canvas, area)
        finish_plan(canvas, city, (), wording)
        draw_legend(canvas, ground_key(wording, with_obstacles=False))
        return saved(canvas.figure)


def access_point_map(city: City, result: ApproachResult, language: str = "en") -> bytes:
    """
    Draw the access points, numbered, coloured and as wide as the speed is high; for the annex.

    Returns
    -------
    bytes
        SVG. Each stretch shows the first figure of its access point: the cautious speed of the
        fastest class there, rounded up.
    """
    wording = Wording(language)
    area = shapely.from_wkb(result.protected_area)
    with mpl.rc_context(STYLE):
        bounds = grown(area.bounds, ACCESS_MARGIN)
        canvas = open_canvas(bounds, width_mm=170, height_mm=140, foot_mm=19)
        draw_basemap(canvas, city)
        draw_outline(canvas, area)
        _draw_people_line(canvas, result)
        for point in result.access_points:
            draw_stretch(canvas, point)
        marks = [mark_of(point, area) for point in result.access_points]
        finish_plan(canvas, city, marks, wording)
        key = ground_key(wording, with_obstacles=True)
        if result.people_line is not None:
            line = Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (1, 1.5)))
            key.append((line, wording("figure.people_line")))
        draw_legend(canvas, key + speed_key(wording))
        return saved(canvas.figure)


def measuring_plan(city: City, result: ApproachResult, language: str = "en") -> bytes:
    """Draw where to measure: the most decisive inputs, numbered M1, M2, … as listed; SVG."""
    wording = Wording(language)
    area = shapely.from_wkb(result.protected_area)
    inputs = result.inputs[:MOST_TO_MEASURE]
    places = [shapely.Point(entry.x, entry.y) for entry in inputs]
    with mpl.rc_context(STYLE):
        bounds = shapely.total_bounds(np.array([area, *places], dtype=object))
        canvas = open_canvas(grown(bounds, 40.0), width_mm=170, height_mm=115, foot_mm=13)
        draw_basemap(canvas, city)
        draw_outline(canvas, area)
        marks = [
            Mark(f"M{number}", entry.x, entry.y, shape="square")
            for number, entry in enumerate(inputs, start=1)
        ]
        finish_plan(canvas, city, marks, wording)
        draw_legend(canvas, ground_key(wording, with_obstacles=True))
        return saved(canvas.figure)


def speed_map_picture(
    city: City, result: ApproachResult, speed_map: SpeedMap, language: str = "en"
) -> bytes:
    """
    Draw the greatest attainable speed on the ground around the area; for the annex alone.

    Returns
    -------
    bytes
        PNG: dots, not lines that could be read off as data.
    """
    wording = Wording(language)
    area = shapely.from_wkb(result.protected_area)
    rows, columns = speed_map.speed.shape
    across, up = columns * speed_map.cell, rows * speed_map.cell
    west, south = speed_map.origin_x, speed_map.origin_y
    shown = grown(area.bounds, 150.0)
    bounds = (
        max(west, shown[0]), max(south, shown[1]),
        min(west + across, shown[2]), min(south + up, shown[3]),
    )  # fmt: skip
    with mpl.rc_context(STYLE):
        canvas = open_canvas(bounds, width_mm=170, height_mm=92, foot_mm=8)
        draw_basemap(canvas, city)
        left, foot = canvas.local([(west, south)])[0]
        limits = [0, *BANDS, 400]
        canvas.axes.imshow(
            np.ma.masked_invalid(speed_map.speed * KMH_PER_MPS),
            origin="lower", extent=(left, left + across, foot, foot + up),
            cmap=ListedColormap(list(BAND_COLOURS)), norm=BoundaryNorm(limits, len(BAND_COLOURS)),
            interpolation="nearest", alpha=0.8, zorder=2.8, aspect="equal",
        )  # fmt: skip
        canvas.axes.set_xlim(0, canvas.bounds[2] - canvas.bounds[0])
        canvas.axes.set_ylim(0, canvas.bounds[3] - canvas.bounds[1])
        draw_outline(canvas, area, is_filled=False)
        finish_plan(canvas, city, (), wording)
        key: list[tuple[Any, str]] = [
            (Patch(facecolor=colour, edgecolor="none"), band_text(band, wording))
            for band, colour in enumerate(BAND_COLOURS)
        ]
        draw_legend(canvas, key)
        return picture(canvas.figure, 170)


def band_of(speed_kmh: float) -> int:
    """Return in which band of the maps a speed in km/h falls."""
    return int(np.searchsorted(BANDS, speed_kmh, side="left"))


def band_text(band: int, wording: Wording) -> str:
    """Return the band in words, e.g. ``"over 30 to 50 km/h"``."""
    if band == 0:
        return wording("figure.band_first", high=BANDS[0])
    if band == len(BANDS):
        return wording("figure.band_last", low=BANDS[-1])
    return wording("figure.band", low=BANDS[band - 1], high=BANDS[band])


def draw_stretch(canvas: Canvas, point: AccessPoint) -> None:
    """Draw an access point's stretch as dark and wide as its first speed is high."""
    speed = first_speed(fastest_class(point))
    band = band_of(spoken_speed(speed)) if math.isfinite(speed) else 0
    places = canvas.local(point.geometry)
    if len(places) == 1:
        places = np.repeat(places, 2, axis=0)
    for width, colour, order in (
        (BAND_WIDTHS[band] + 1.6, "white", 5.0),
        (BAND_WIDTHS[band], BAND_COLOURS[band], 5.1),
    ):
        canvas.axes.add_collection(
            LineCollection(
                [places], colors=colour, linewidths=width, zorder=order, capstyle="round"
            )
        )


def _draw_people_line(canvas: Canvas, result: ApproachResult) -> None:
    if result.people_line is None:
        return
    for ring in shapely.get_parts(shapely.boundary(shapely.from_wkb(result.people_line))):
        places = canvas.local(shapely.get_coordinates(ring))
        canvas.axes.plot(*places.T, color=INK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=4.1)


def mark_of(point: AccessPoint, area: Any, label: str = "") -> Mark:
    """Return the numbered mark of an access point, outside the area; its own number by default."""
    line = np.asarray(point.geometry, dtype=np.float64)
    middle = _middle(line)
    chord = line[-1] - line[0]
    normal = np.array([-chord[1], chord[0]])
    if np.hypot(*normal) < 1e-9:
        centre = np.array(area.centroid.coords[0])
        normal = middle - centre
    normal = normal / max(np.hypot(*normal), 1e-9)
    probe = shapely.Point(*(middle + normal * 1.0))
    if area.contains(probe):
        normal = -normal
    return Mark(label or str(point.id), middle[0], middle[1], (normal[0], normal[1]))


def _middle(line: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(line) == 1:
        return line[0]
    middle = shapely.line_interpolate_point(shapely.LineString(line), 0.5, normalized=True)
    return np.asarray(shapely.get_coordinates(middle)[0], dtype=np.float64)


def grown(bounds: Any, margin: float) -> tuple[float, float, float, float]:
    """Return bounds grown on all sides. [m]."""
    west, south, east, north = (float(value) for value in bounds)
    return (west - margin, south - margin, east + margin, north + margin)


def ground_key(wording: Wording, *, with_obstacles: bool) -> list[tuple[Any, str]]:
    """Return handles and texts of the legend for what the base map draws."""
    key: list[tuple[Any, str]] = [
        (
            Patch(facecolor="none", edgecolor=INK, hatch="////", linestyle=(0, (4, 2))),
            wording("figure.protected_area"),
        ),
        (Patch(facecolor=BUILDING, edgecolor=BUILDING_EDGE), wording("figure.building")),
        (Patch(facecolor=STREET, edgecolor="#a9a49b"), wording("figure.street")),
        (Patch(facecolor=GREEN, edgecolor=GREEN_EDGE, hatch="...."), wording("figure.green")),
        (Patch(facecolor=WATER, edgecolor=WATER_EDGE, hatch="----"), wording("figure.water")),
    ]
    if with_obstacles:
        posts = Line2D([], [], linestyle="none", marker="o", markersize=2.5, color=INK)
        gates = Line2D(
            [], [], linestyle="none", marker="s", markersize=3.5, color=INK,
            markerfacecolor="white",
        )  # fmt: skip
        key += [
            (Line2D([], [], color=INK, linewidth=1.1), wording("figure.wall")),
            (
                Line2D([], [], color="#444444", linewidth=0.7, linestyle=(0, (2, 1.4))),
                wording("figure.fence"),
            ),
            (posts, wording("figure.bollard")),
            (gates, wording("figure.gate")),
        ]
    return key


def speed_key(wording: Wording) -> list[tuple[Any, str]]:
    """Return handles and texts of the legend for the speed bands."""
    return [
        (Line2D([], [], color=colour, linewidth=width), band_text(band, wording))
        for band, (colour, width) in enumerate(zip(BAND_COLOURS, BAND_WIDTHS, strict=True))
    ]


def draw_legend(canvas: Canvas, key: list[tuple[Any, str]]) -> None:
    """Draw the key of a map into the paper below it."""
    canvas.figure.legend(
        [handle for handle, _ in key],
        [said for _, said in key],
        loc="lower center",
        ncols=5,
        frameon=False,
        fontsize=6.3,
        handlelength=2.6,
        handleheight=1.1,
        columnspacing=1.4,
        borderaxespad=0.2,
    )

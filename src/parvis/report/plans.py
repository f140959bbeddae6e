"""How a place is shown as a plan with numbered marks on it, for any document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from numpy.typing import NDArray

from parvis.city.model import City
from parvis.report.basemap import (
    INK,
    STYLE,
    Canvas,
    draw_basemap,
    draw_frame,
    draw_names,
    draw_outline,
    framed_boxes,
    open_canvas,
    saved,
)
from parvis.report.wording import Wording

LABEL_REACH_MM = 7.0
"""How far a number stands from what it marks, on paper. [mm]"""


@dataclass(frozen=True)
class Mark:
    """
    A numbered mark on a plan.

    Attributes
    ----------
    label : str
        Number or short word.
    x, y : float
        What it marks, in the city's CRS. [m]
    direction : tuple of float or None
        Where the number stands from there, as a vector; None: away from the plan's middle.
    shape : {"round", "square"}
        Of the number's box.
    """

    label: str
    x: float
    y: float
    direction: tuple[float, float] | None = None
    shape: str = "round"


def draw_plan(
    city: City,
    bounds: tuple[float, float, float, float],
    *,
    outline: Any = None,
    marks: Sequence[Mark] = (),
    language: str = "en",
    width_mm: float = 170.0,
    height_mm: float = 150.0,
) -> bytes:
    """
    Draw a numbered plan of a place.

    Parameters
    ----------
    city : City
        Where ground, streets, buildings and names come from.
    bounds : tuple of float
        What the plan must show, in the city's CRS: min x, min y, max x, max y. [m]
    outline : shapely.Geometry, optional
        Drawn as the protected area, in the city's CRS.
    marks : sequence of Mark
        Their numbers are moved apart so that each can be read, with a leader to the place.
    language : {"en", "fr", "pl"}
        Of the words on the plan.
    width_mm, height_mm : float
        On paper.

    Returns
    -------
    bytes
        SVG; equal inputs give equal bytes.
    """
    with mpl.rc_context(STYLE):
        canvas = open_canvas(bounds, width_mm=width_mm, height_mm=height_mm)
        draw_basemap(canvas, city)
        if outline is not None:
            draw_outline(canvas, outline)
        finish_plan(canvas, city, marks, Wording(language))
        return saved(canvas.figure)


def finish_plan(canvas: Canvas, city: City, marks: Sequence[Mark], wording: Wording) -> None:
    """Draw what stands on top of a plan: marks, then names where there is room, then the frame."""
    canvas.taken += framed_boxes(canvas)
    draw_marks(canvas, marks)
    draw_names(canvas, city)
    draw_frame(canvas, wording)


def draw_marks(canvas: Canvas, marks: Sequence[Mark]) -> None:
    """Draw numbered marks with leaders; their boxes are added to `Canvas.taken`."""
    if not marks:
        return
    mm = canvas.metres_per_mm
    anchors = canvas.local([(mark.x, mark.y) for mark in marks])
    places = anchors + _directions(canvas, marks, anchors) * LABEL_REACH_MM * mm
    spread = _moved_apart(places, canvas, radius=2.9 * mm)
    for mark, anchor, place in zip(marks, anchors, spread, strict=True):
        canvas.axes.plot(
            *np.array([anchor, place]).T, color=INK, linewidth=0.7, zorder=6.5,
            solid_capstyle="round",
        )  # fmt: skip
        canvas.axes.plot(*anchor, marker="o", markersize=2.2, color=INK, zorder=6.6)
        style = "circle,pad=0.28" if mark.shape == "round" else "square,pad=0.25"
        canvas.axes.text(
            place[0], place[1], mark.label, ha="center", va="center", fontsize=7, weight="bold",
            color=INK, zorder=7,
            bbox={"boxstyle": style, "facecolor": "white", "edgecolor": INK, "linewidth": 0.9},
        )  # fmt: skip
        canvas.taken.append(shapely.Point(place).buffer(3.0 * mm))
        canvas.taken.append(shapely.Point(anchor).buffer(1.2 * mm))


def _directions(
    canvas: Canvas, marks: Sequence[Mark], anchors: NDArray[np.float64]
) -> NDArray[np.float64]:
    middle = np.array([canvas.bounds[2] - canvas.bounds[0], canvas.bounds[3] - canvas.bounds[1]])
    given = [
        anchor - middle / 2 if mark.direction is None else np.asarray(mark.direction, dtype=float)
        for mark, anchor in zip(marks, anchors, strict=True)
    ]
    vectors = np.array(given, dtype=np.float64)
    norm = np.hypot(vectors[:, 0], vectors[:, 1])
    vectors[norm < 1e-9] = (0.0, 1.0)
    return vectors / np.maximum(norm, 1e-9)[:, None].clip(min=1e-9)


def _moved_apart(
    places: NDArray[np.float64], canvas: Canvas, *, radius: float, rounds: int = 200
) -> NDArray[np.float64]:
    """Push places apart until circles of `radius` around them no longer meet, within the map."""
    moved = places.copy()
    high = np.array([canvas.bounds[2] - canvas.bounds[0], canvas.bounds[3] - canvas.bounds[1]])
    turn = np.arange(len(moved), dtype=np.float64)[:, None]
    jog = np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(rounds):
        gap = moved[:, None, :] - moved[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        overlap = np.clip(2 * radius - distance, 0.0, None)
        np.fill_diagonal(overlap, 0.0)
        if overlap.max(initial=0.0) < 0.02 * radius:
            break
        together = (distance < 1e-6)[..., None]
        away = np.where(together, jog[:, None, :] - jog[None, :, :], gap)
        away /= np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-9)[..., None]
        moved += 0.5 * (overlap[..., None] * away).sum(axis=1)
        moved = np.clip(moved, 1.2 * radius, high - 1.2 * radius)
    return moved

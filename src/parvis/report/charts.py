"""How fast each class could cross the outline, metre by metre, as one chart a person can read."""

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from parvis.approach.results import ApproachResult, PerimeterProfile
from parvis.report.basemap import INK, MM, PAPER, STYLE, saved
from parvis.report.speech import vehicle_name
from parvis.report.wording import Wording
from parvis.terms import KMH_PER_MPS

PANEL_MM, TALL_PANEL_MM = 26.0, 42.0
"""Height of a class's panel; tall where there are at most three."""

FOOT_MM = 16.0
METRE = 1.0
LEAST_NUMBER_DISTANCE = 0.022
"""Numbers of access points closer than this share of the outline are not all written."""


def profile_chart(result: ApproachResult, language: str = "en") -> bytes:
    """
    Draw the perimeter profile, one panel per vehicle class.

    Parameters
    ----------
    result : ApproachResult
    language : {"en", "fr", "pl"}

    Returns
    -------
    bytes
        SVG: typical speed as a line, the span up to the physical limit in grey, the access points
        as numbered bands.
    """
    wording = Wording(language)
    n = max(len(result.profiles), 1)
    panel = PANEL_MM if n > 3 else TALL_PANEL_MM
    height = n * panel + FOOT_MM
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(170 * MM, height * MM), facecolor=PAPER)
        top = max((_top_speed(profile) for profile in result.profiles), default=0.0)
        for row, profile in enumerate(result.profiles):
            foot = 1.0 - (row + 1) * panel / height
            axes = figure.add_axes((0.075, foot + 2 / height, 0.915, (panel - 8) / height))
            _draw_panel(axes, result, profile, wording, top=max(50.0, top * 1.08))
            if row == n - 1:
                axes.set_xlabel(wording("figure.along"), fontsize=6.5)
            else:
                axes.set_xticklabels([])
        _draw_key(figure, wording)
        return saved(figure)


def positions_along(profile: PerimeterProfile) -> NDArray[np.float64]:
    """Return how far along all rings together each metre of a profile lies, in metres."""
    offsets = np.zeros(len(profile.position))
    start = 0.0
    for ring in np.unique(profile.ring):
        chosen = profile.ring == ring
        offsets[chosen] = start
        start += float(profile.position[chosen].max(initial=0.0)) + 0.5
    return np.asarray(profile.position + offsets, dtype=np.float64)


def metres_of(profile: PerimeterProfile, line: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rows of `profile` that lie on an access point's stretch `line`."""
    shape = shapely.LineString(line if len(line) > 1 else np.repeat(line, 2, axis=0))
    gap = shapely.distance(shapely.points(profile.x, profile.y), shape)
    return np.flatnonzero(gap < 0.5)


def stretches(along: NDArray[np.float64]) -> list[tuple[float, float]]:
    """
    Return the stretches that metres form, from edge to edge.

    Parameters
    ----------
    along : ndarray of float64, shape (k,)
        Distances of the metres' middles along the outline. [m]

    Returns
    -------
    list of (float, float)
        More than one where an access point spans the outline's first vertex. [m]
    """
    ordered = np.sort(along)
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > 2 * METRE) + 1)
    half = METRE / 2
    return [(float(part[0]) - half, float(part[-1]) + half) for part in parts if len(part)]


def _draw_panel(
    axes: Axes, result: ApproachResult, profile: PerimeterProfile, wording: Wording, *, top: float
) -> None:
    along = positions_along(profile)
    whole = float(along.max(initial=1.0)) + 0.5
    typical = np.where(np.isfinite(profile.typical), profile.typical * KMH_PER_MPS, np.nan)
    limit = np.where(np.isfinite(profile.limit), profile.limit * KMH_PER_MPS, np.nan)
    last = -1.0
    for point in result.access_points:
        for low, high in stretches(along[metres_of(profile, point.geometry)]):
            axes.axvspan(low, high, facecolor="#e9e9e9", edgecolor="none", zorder=0.5)
            middle = (low + high) / 2
            if abs(middle - last) > LEAST_NUMBER_DISTANCE * whole:
                axes.text(middle, top * 1.02, str(point.id), ha="center", va="bottom", fontsize=5.6)
                last = middle
    low_edge = np.where(np.isfinite(typical), typical, 0.0)
    axes.fill_between(
        along, low_edge, limit, step="mid", facecolor="#a9bccb", edgecolor="none", zorder=1
    )
    axes.step(along, limit, where="mid", color=INK, linewidth=0.7, linestyle=(0, (2, 1)), zorder=2)
    axes.step(along, typical, where="mid", color=INK, linewidth=1.2, zorder=3)
    axes.set_xlim(0, whole)
    axes.set_ylim(0, top)
    axes.set_yticks(np.arange(0, top, 50 if top > 120 else 25))
    axes.grid(axis="y", color="#d0d0d0", linewidth=0.4, zorder=0)
    axes.tick_params(labelsize=5.8, length=2, width=0.5, pad=1.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    name = vehicle_name(result, profile.vehicle, wording)
    axes.annotate(
        f"{name}, km/h", (0.0, 1.0), xycoords="axes fraction", xytext=(0.0, 9.0),
        textcoords="offset points", fontsize=6.6, weight="bold", va="bottom", ha="left",
    )  # fmt: skip


def _draw_key(figure: Figure, wording: Wording) -> None:
    figure.legend(
        [
            mpl.lines.Line2D([], [], color=INK, linewidth=1.2),
            mpl.lines.Line2D([], [], color=INK, linewidth=0.7, linestyle=(0, (2, 1))),
            mpl.patches.Patch(facecolor="#e9e9e9", edgecolor="none"),
        ],
        [wording("figure.typical"), wording("figure.limit"), wording("figure.numbered")],
        loc="lower center", ncols=3, frameon=False, fontsize=6.3, handlelength=3.0,
        borderaxespad=0.1,
    )  # fmt: skip


def _top_speed(profile: PerimeterProfile) -> float:
    finite = profile.limit[np.isfinite(profile.limit)]
    return float(finite.max(initial=0.0)) * KMH_PER_MPS

"""What a map of the place is drawn on: ground, green, water, buildings, streets and their names."""

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from parvis.city.appearance import ATTRIBUTION, GREENS, PAVED, street_width
from parvis.city.model import City
from parvis.report.palette import PRINT, Palette
from parvis.report.wording import Wording

MM = 1 / 25.4
"""Inches in a millimetre."""

POINTS_PER_MM = 72 / 25.4

STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "svg.fonttype": "path",
    "svg.hashsalt": "parvis",
    "hatch.linewidth": 0.35,
    "axes.linewidth": 0.6,
    "path.simplify": False,
    "text.parse_math": False,
}
"""Matplotlib settings of all figures; the salt makes the same figure the same bytes."""

SOLID_LINES = frozenset(["wall", "retaining_wall", "city_wall", "cliff"])
SOFT_LINES = frozenset(
    {
        "fence", "guard_rail", "handrail", "railing", "chain", "chain_and_post", "rope", "bar",
        "cable_barrier", "gate",
    }
)  # fmt: skip

PAPER, GROUND, STREET = PRINT.paper, PRINT.ground, PRINT.street
BUILDING, BUILDING_EDGE = PRINT.building, PRINT.building_edge
GREEN, GREEN_EDGE = PRINT.green, PRINT.green_edge
WATER, WATER_EDGE = PRINT.water, PRINT.water_edge
INK = PRINT.ink

OVERVIEW = 10.0
"""Metres in a millimetre from which on footways, steps and trees are left out."""


@dataclass
class Canvas:
    """
    A figure with one map in it.

    Attributes
    ----------
    figure : Figure
    axes : Axes
        In metres from `origin`.
    bounds : tuple of float
        Of the map in the city's CRS: min x, min y, max x, max y. [m]
    metres_per_mm : float
        Scale on paper.
    taken : list of shapely.Geometry
        Boxes that labels already stand in, in axes coordinates.
    palette : Palette
    """

    figure: Figure
    axes: Axes
    bounds: tuple[float, float, float, float]
    metres_per_mm: float
    taken: list[Any] = field(default_factory=list)
    palette: Palette = PRINT

    @property
    def origin(self) -> NDArray[np.float64]:
        """The lower left corner in the city's CRS; axes coordinates count from it, in metres."""
        return np.array(self.bounds[:2])

    def local(self, places: Any) -> NDArray[np.float64]:
        """Return places of the city's CRS in axes coordinates."""
        return np.asarray(places, dtype=np.float64).reshape(-1, 2) - self.origin

    def is_free(self, box: Any) -> bool:
        """Tell whether a label box lies on the map and over no other label."""
        x0, y0, x1, y1 = self.bounds
        frame = shapely.box(0, 0, x1 - x0, y1 - y0)
        return bool(frame.contains(box)) and not any(box.intersects(other) for other in self.taken)


def open_canvas(
    bounds: tuple[float, float, float, float],
    *,
    width_mm: float = 170.0,
    height_mm: float = 150.0,
    foot_mm: float = 0.0,
    palette: Palette = PRINT,
) -> Canvas:
    """
    Open a map of at least `bounds`, widened to the paper's proportions.

    Parameters
    ----------
    bounds : tuple of float
        min x, min y, max x, max y in the city's CRS. [m]
    width_mm, height_mm : float
        Of the map on paper.
    foot_mm : float
        Paper below the map, for the legend.
    palette : Palette

    Returns
    -------
    Canvas
    """
    west, south, east, north = bounds
    scale = max((east - west) / width_mm, (north - south) / height_mm, 0.05)
    across, up = scale * width_mm / 2, scale * height_mm / 2
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    wide = (middle_x - across, middle_y - up, middle_x + across, middle_y + up)
    figure = Figure(figsize=(width_mm * MM, (height_mm + foot_mm) * MM), facecolor=palette.paper)
    share = height_mm / (height_mm + foot_mm)
    axes = figure.add_axes((0.002, 1.0 - share, 0.996, share - 0.002))
    axes.set_xlim(0, 2 * across)
    axes.set_ylim(0, 2 * up)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(palette.ground)
    return Canvas(figure, axes, wide, scale, palette=palette)


def draw_basemap(canvas: Canvas, city: City, *, with_obstacles: bool = True) -> None:
    """
    Draw what the city store knows of the ground inside the canvas, below everything else.

    Parameters
    ----------
    canvas : Canvas
    city : City
    with_obstacles : bool
        Walls, fences, bollards and gates too; left out of what is made to be published.
    """
    _draw_areas(canvas, city)
    _draw_streets(canvas, city)
    if with_obstacles:
        _draw_obstacles(canvas, city)
    if canvas.metres_per_mm <= OVERVIEW:
        _draw_trees(canvas, city)


def _draw_areas(canvas: Canvas, city: City) -> None:
    rows = city.areas.within(canvas.bounds)
    if len(rows) == 0:
        return
    words = city.areas.words("kind")[rows]
    shapes = _clipped(city.areas.geometry[rows], canvas.bounds)
    colours = canvas.palette
    is_water = np.isin(words, ["water", "fountain"])
    groups = (
        (np.isin(words, list(PAVED)), colours.paved, "none", None, 0.0, 1.0),
        (np.isin(words, list(GREENS)), colours.green, colours.green_edge, "....", 0.3, 1.1),
        (is_water, colours.water, colours.water_edge, "----", 0.4, 1.2),
        (words == "building", colours.building, colours.building_edge, None, 0.5, 3.0),
    )
    for chosen, face, edge, hatch, width, order in groups:
        outline = _outline(shapes[chosen], canvas)
        if outline is None:
            continue
        patch = PathPatch(outline, facecolor=face, edgecolor=edge, linewidth=width, zorder=order)
        canvas.axes.add_patch(patch)
        if hatch:
            patch.set_hatch(hatch)


def hatch_buildings(canvas: Canvas, city: City) -> None:
    """Hatch the buildings, as a drawing to scale shows what is solid."""
    rows = city.areas.within(canvas.bounds)
    if len(rows) == 0:
        return
    solid = rows[city.areas.words("kind")[rows] == "building"]
    outline = _outline(_clipped(city.areas.geometry[solid], canvas.bounds), canvas)
    if outline is not None:
        canvas.axes.add_patch(
            PathPatch(
                outline, facecolor="none", edgecolor=BUILDING_EDGE, hatch="//////", linewidth=0.8,
                zorder=3.05,
            )
        )  # fmt: skip


def _draw_streets(canvas: Canvas, city: City) -> None:
    rows = city.streets.within(canvas.bounds)
    if len(rows) == 0:
        return
    kinds = city.streets.words("highway")[rows]
    below = (
        np.asarray(city.streets["is_tunnel"])[rows] | np.asarray(city.streets["is_indoor"])[rows]
    )
    lines = _clipped(city.streets.geometry[rows], canvas.bounds)
    widths = np.array([street_width(str(kind)) for kind in kinds])
    colours = canvas.palette
    is_path = np.isin(kinds, ["footway", "path", "cycleway", "steps"])
    ground = ~below & ~np.isin(kinds, ["tram"])
    if canvas.metres_per_mm > OVERVIEW:
        ground &= ~is_path
    for chosen, order in ((ground & is_path, 1.5), (ground & ~is_path, 1.6)):
        ribbons = shapely.union_all(
            shapely.buffer(lines[chosen], widths[chosen] / 2, quad_segs=4, cap_style="round")
        )
        outline = _outline(np.array([ribbons], dtype=object), canvas)
        if outline is not None:
            canvas.axes.add_patch(
                PathPatch(
                    outline,
                    facecolor=colours.street,
                    edgecolor=colours.street_edge,
                    linewidth=0.35,
                    zorder=order,
                )
            )
    tram = lines[kinds == "tram"]
    _draw_lines(canvas, tram, colour=colours.rail, width=0.5, dashes=(4, 2), order=2)
    if canvas.metres_per_mm <= OVERVIEW:
        _draw_steps(canvas, lines[(kinds == "steps") & ~below])


def _draw_steps(canvas: Canvas, lines: NDArray[np.object_]) -> None:
    for line in shapely.get_parts(lines):
        places = canvas.local(shapely.get_coordinates(line))
        if len(places) > 1:
            canvas.axes.plot(
                *places.T,
                color=canvas.palette.steps,
                linewidth=2.2,
                linestyle=(0, (0.35, 0.5)),
                zorder=2.1,
            )


def _draw_obstacles(canvas: Canvas, city: City) -> None:
    rows = city.lines.within(canvas.bounds)
    if len(rows):
        words = city.lines.words("kind")[rows]
        lines = _clipped(city.lines.geometry[rows], canvas.bounds)
        on_ground = np.asarray(city.lines["level"])[rows] == 0
        solid = np.isin(words, list(SOLID_LINES)) & on_ground
        hedge = (words == "hedge") & on_ground
        soft = np.isin(words, list(SOFT_LINES)) & on_ground
        posts = np.isin(words, ["bollard", "block"]) & on_ground
        _draw_lines(canvas, lines[posts], colour=INK, width=1.7, dashes=(0.3, 1.5), order=3.2)
        _draw_lines(canvas, lines[solid], colour=INK, width=1.1, dashes=None, order=3.2)
        _draw_lines(canvas, lines[soft], colour="#444444", width=0.6, dashes=(2, 1.4), order=3.2)
        _draw_lines(canvas, lines[hedge], colour="#5d7c45", width=1.3, dashes=(1, 1), order=3.2)
    rows = city.points.within(canvas.bounds)
    if len(rows):
        words = city.points.words("kind")[rows]
        places = canvas.local(shapely.get_coordinates(city.points.geometry[rows]))
        gates = np.isin(words, ["gate", "lift_gate", "swing_gate", "sliding_gate", "entrance"])
        posts = np.isin(words, ["bollard", "block", "planter", "jersey_barrier"])
        style: dict[str, Any] = {"linestyle": "none", "color": INK, "zorder": 3.4}
        canvas.axes.plot(*places[posts].T, marker="o", markersize=1.7, **style)
        canvas.axes.plot(
            *places[gates].T, marker="s", markersize=2.6, markerfacecolor="white",
            markeredgewidth=0.6, **style,
        )  # fmt: skip


def _draw_trees(canvas: Canvas, city: City) -> None:
    rows = city.furniture.within(canvas.bounds)
    if len(rows) == 0:
        return
    rows = rows[city.furniture.words("kind")[rows] == "tree"]
    places = canvas.local(shapely.get_coordinates(city.furniture.geometry[rows]))
    canvas.axes.plot(
        *places.T, marker="o", markersize=3.0, linestyle="none", markerfacecolor="none",
        markeredgecolor=canvas.palette.tree, markeredgewidth=0.5, zorder=2.5,
    )  # fmt: skip


def draw_names(canvas: Canvas, city: City, *, most: int = 16) -> None:
    """
    Write the names of streets along them and of areas in them, where there is room.

    Parameters
    ----------
    canvas : Canvas
        Labels already in `Canvas.taken` are kept clear of.
    city : City
    most : int
        At most this many names of each sort.
    """
    _draw_area_names(canvas, city, most)
    rows = city.streets.within(canvas.bounds)
    if len(rows) == 0:
        return
    hidden = [city.streets[name][rows] for name in ("is_tunnel", "is_indoor", "is_steps")]
    rows = rows[~np.any(np.asarray(hidden, dtype=bool), axis=0)]
    longest: dict[str, Any] = {}
    lines = _clipped(city.streets.geometry[rows], canvas.bounds)
    for row, line in zip(rows, lines, strict=True):
        name = city.streets.text("name", int(row))
        piece = max(shapely.get_parts(line), key=shapely.length, default=None)
        if name and piece is not None and piece.length > longest.get(name, piece).length * 0.999:
            longest[name] = piece
    ordered = sorted(longest.items(), key=lambda item: (-item[1].length, item[0]))
    written = 0
    for name, line in ordered:
        if written < most:
            written += _write_along(canvas, name, line)


def _draw_area_names(canvas: Canvas, city: City, most: int) -> None:
    rows = city.areas.within(canvas.bounds)
    words = city.areas.words("kind")[rows] if len(rows) else np.empty(0, dtype=object)
    wanted = np.isin(words, ["water", "park", "garden", "square", "market_place", "building"])
    shapes = _clipped(city.areas.geometry[rows[wanted]], canvas.bounds)
    named = [
        (city.areas.text("name", int(row)), shape)
        for row, shape in zip(rows[wanted], shapes, strict=True)
        if not shape.is_empty
    ]
    smallest = (15 * canvas.metres_per_mm) * (6 * canvas.metres_per_mm)
    large = [(name, shape) for name, shape in named if name and shape.area > smallest]
    for name, shape in sorted(large, key=lambda item: (-item[1].area, item[0]))[:most]:
        place = canvas.local([shape.representative_point().coords[0]])[0]
        _write(canvas, name, place, 0.0, size=5.2, style="italic")


def _write_along(canvas: Canvas, name: str, line: Any) -> bool:
    for share in (0.5, 0.3, 0.7, 0.15, 0.85):
        middle = line.interpolate(share, normalized=True)
        reach = max(line.length * 0.08, 2 * canvas.metres_per_mm)
        along = line.project(middle)
        start, end = line.interpolate(max(along - reach, 0)), line.interpolate(along + reach)
        angle = math.degrees(math.atan2(end.y - start.y, end.x - start.x))
        angle = (angle + 90) % 180 - 90
        place = canvas.local([(middle.x, middle.y)])[0]
        if line.length > 8 * canvas.metres_per_mm and _write(canvas, name, place, angle):
            return True
    return False


def _write(
    canvas: Canvas,
    name: str,
    place: NDArray[np.float64],
    angle: float,
    *,
    size: float = 5.6,
    style: str = "normal",
) -> bool:
    said = shortened(name)
    box = text_box(canvas, said, place, angle, size)
    if not canvas.is_free(box):
        return False
    canvas.taken.append(box)
    canvas.axes.text(
        place[0], place[1], said, rotation=angle, rotation_mode="anchor", ha="center", va="center",
        fontsize=size, style=style, color=canvas.palette.ink, zorder=6,
        path_effects=[withStroke(linewidth=1.6, foreground=canvas.palette.halo)],
    )  # fmt: skip
    return True


def shortened(name: str, longest: int = 34) -> str:
    """Return `name`, cut with an ellipsis where it would not fit a map."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def text_box(
    canvas: Canvas, said: str, place: NDArray[np.float64], angle: float, size: float
) -> Any:
    """Return the box a centred text takes, in axes coordinates, with a little room around it."""
    height = size / POINTS_PER_MM * canvas.metres_per_mm
    across, up = 0.33 * height * len(said) + 0.4 * height, 0.75 * height
    box = shapely.affinity.rotate(shapely.box(-across, -up, across, up), angle, origin=(0, 0))
    return shapely.affinity.translate(box, *place)


def draw_frame(canvas: Canvas, wording: Wording) -> None:
    """Draw scale bar, north arrow and attribution into the map's lower edge."""
    mm = canvas.metres_per_mm
    across = canvas.bounds[2] - canvas.bounds[0]
    up = canvas.bounds[3] - canvas.bounds[1]
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    length = max(step for step in steps if step <= 0.3 * across)
    left, foot = 4 * mm, 4 * mm
    ink, halo_colour = canvas.palette.ink, canvas.palette.halo
    for part, colour in enumerate((ink, halo_colour)):
        canvas.axes.add_patch(
            mpl.patches.Rectangle(
                (left + part * length / 2, foot), length / 2, 1.1 * mm,
                facecolor=colour, edgecolor=ink, linewidth=0.5, zorder=9,
            )
        )  # fmt: skip
    said: dict[str, Any] = {"va": "bottom", "fontsize": 6, "zorder": 9, "color": ink}
    halo = [withStroke(linewidth=2, foreground=halo_colour)]
    for value in (0, length):
        text = f"{value:g}" if value == 0 else f"{value:g} m"
        canvas.axes.text(
            left + value, foot + 1.5 * mm, text, ha="center", path_effects=halo, **said
        )
    tip = (across - 7 * mm, up - 5 * mm)
    canvas.axes.annotate(
        "", xy=tip, xytext=(tip[0], tip[1] - 9 * mm), zorder=9,
        arrowprops={"arrowstyle": "-|>", "color": ink, "linewidth": 1.0, "mutation_scale": 10},
    )  # fmt: skip
    canvas.axes.text(
        tip[0], tip[1] - 12.5 * mm, wording("figure.north"), ha="center", weight="bold",
        path_effects=halo, **said,
    )  # fmt: skip
    canvas.axes.text(
        across - 2 * mm, 1.2 * mm, f"{ATTRIBUTION}, ODbL", ha="right", path_effects=halo,
        **(said | {"fontsize": 5.2}),
    )  # fmt: skip


def framed_boxes(canvas: Canvas) -> list[Any]:
    """Return the boxes that scale bar, north arrow and attribution take."""
    mm = canvas.metres_per_mm
    across = canvas.bounds[2] - canvas.bounds[0]
    up = canvas.bounds[3] - canvas.bounds[1]
    return [
        shapely.box(0, 0, 0.3 * across + 14 * mm, 10 * mm),
        shapely.box(across - 13 * mm, up - 20 * mm, across, up),
        shapely.box(across - 48 * mm, 0, across, 4 * mm),
    ]


def draw_outline(canvas: Canvas, area: Any, *, is_filled: bool = True) -> None:
    """Draw the outline of the protected area: a heavy dashed line, hatched inside."""
    outline = _outline(np.array([area], dtype=object), canvas)
    if outline is None:
        return
    if is_filled:
        canvas.axes.add_patch(
            PathPatch(outline, facecolor="none", edgecolor="#8a8a8a", hatch="////", linewidth=0,
                      zorder=2.2)
        )  # fmt: skip
    canvas.axes.add_patch(
        PathPatch(
            outline, facecolor="none", edgecolor=canvas.palette.halo, linewidth=2.6, zorder=3.9
        )
    )
    canvas.axes.add_patch(
        PathPatch(
            outline, facecolor="none", edgecolor=canvas.palette.accent, linewidth=1.3,
            linestyle=(0, (5, 2)), zorder=4,
        )
    )  # fmt: skip


def draw_shape(canvas: Canvas, shape: Any, **style: Any) -> None:
    """Draw a polygon, or several, in a style of matplotlib."""
    outline = _outline(np.array([shape], dtype=object), canvas)
    if outline is not None:
        canvas.axes.add_patch(PathPatch(outline, **style))


def saved(figure: Figure) -> bytes:
    """Return a figure as SVG; the same figure gives the same bytes."""
    return _drawn(figure, format="svg", metadata={"Date": None, "Creator": "Parvis"})


def picture(figure: Figure, dots_per_inch: float = 200.0) -> bytes:
    """Return a figure as PNG; the same figure gives the same bytes."""
    return _drawn(figure, format="png", dpi=dots_per_inch, metadata={"Software": None})


def _drawn(figure: Figure, **options: Any) -> bytes:
    stream = BytesIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        # A sign that the font lacks is drawn as a box; names are whatever mappers wrote.
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from font", category=UserWarning
        )
        figure.savefig(stream, **options)
    return stream.getvalue()


def _clipped(
    shapes: NDArray[np.object_], bounds: tuple[float, float, float, float]
) -> NDArray[np.object_]:
    west, south, east, north = bounds
    margin = 0.02 * (east - west)
    valid = shapely.make_valid(shapes)
    clipped = shapely.clip_by_rect(
        valid, west - margin, south - margin, east + margin, north + margin
    )
    return np.asarray(clipped, dtype=object).reshape(-1)


def _draw_lines(
    canvas: Canvas,
    lines: NDArray[np.object_],
    *,
    colour: str,
    width: float,
    dashes: tuple[float, float] | None,
    order: float,
) -> None:
    parts = [canvas.local(shapely.get_coordinates(part)) for part in shapely.get_parts(lines)]
    style: Any = "solid" if dashes is None else (0, dashes)
    canvas.axes.add_collection(
        LineCollection(parts, colors=colour, linewidths=width, linestyles=style, zorder=order)
    )


def _outline(shapes: Iterable[Any], canvas: Canvas) -> Outline | None:
    """Return all polygons among `shapes` as one compound outline, holes cut out."""
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    parts = shapely.get_parts(parts)
    polygons = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    outlines = []
    for polygon in polygons:
        turned = shapely.orient_polygons(polygon)
        for ring in (turned.exterior, *turned.interiors):
            outlines.append(Outline(canvas.local(ring.coords), closed=True))
    return Outline.make_compound_path(*outlines) if outlines else None

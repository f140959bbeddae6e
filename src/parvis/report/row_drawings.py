"""How each row of barriers is drawn with its gaps, one to a hundred, to measure beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from parvis.city.model import City
from parvis.events.layout import Gate, Layout
from parvis.events.positions import BarrierRow, Gap, Position, barrier_rows, faces, gate_shape
from parvis.report.basemap import BUILDING, BUILDING_EDGE, INK, STYLE, saved
from parvis.report.setup_drawings import COLOURS, GATE_COLOUR, fill_shape, open_sheet
from parvis.report.wording import Wording

STRIP_WIDTH, STRIP_SCALE = 384.0, 100
"""Of the drawing of a row: width on paper [mm] and scale."""


@dataclass(frozen=True, slots=True)
class Strip:
    """
    A stretch of a row that fits on one drawing.

    Attributes
    ----------
    row : int
    first, last : int
        Position numbers, 0 where it holds gates alone.
    picture : bytes
        SVG of `STRIP_WIDTH`.
    height_mm : float
    """

    row: int
    first: int
    last: int
    picture: bytes
    height_mm: float


def row_strips(city: City, layout: Layout, language: str = "en") -> tuple[Strip, ...]:
    """
    Draw every row in pieces that fit the sheet, exactly 1 to `STRIP_SCALE`, with its gaps.

    Parameters
    ----------
    city : City
    layout : Layout
        Everything standing, gates shut.
    language : {"en", "fr", "pl"}
    """
    wording = Wording(language)
    strips = []
    with mpl.rc_context(STYLE):
        for row in barrier_rows(city, layout):
            strips += [_strip(city, row, piece, wording) for piece in _pieces(row)]
    return tuple(strips)


Member = Position | Gate


def _pieces(row: BarrierRow) -> list[list[Member]]:
    """Return the members of a row in stretches short enough for one drawing, in order."""
    room = (STRIP_WIDTH - 40.0) * STRIP_SCALE / 1000
    pieces: list[list[Member]] = [[]]
    for member in _in_order(row):
        trial = [*pieces[-1], member]
        if len(trial) > 1 and _span(trial) > room:
            pieces.append([member])
        else:
            pieces[-1] = trial
    return [piece for piece in pieces if piece]


def _in_order(row: BarrierRow) -> list[Member]:
    """Return positions and gates as they follow each other along the row."""
    known: dict[str, Member] = {str(place.number): place for place in row.positions}
    known |= {gate.id: gate for gate in row.gates}
    names = dict.fromkeys(name for gap in row.gaps for name in (gap.left, gap.right) if name)
    listed = [known[name] for name in names if name in known]
    return listed + [member for name, member in known.items() if name not in names]


def _shape(member: Member) -> BaseGeometry:
    return gate_shape(member) if isinstance(member, Gate) else member.shape


def _span(members: Sequence[Member]) -> float:
    corners = np.vstack([shapely.get_coordinates(_shape(member)) for member in members])
    return float(np.ptp(_turned(corners, _turn(members))[:, 0]))


def _turn(members: Sequence[Member]) -> float:
    """Return the direction of a stretch of a row, so that it reads from west to east. [rad]."""
    if len(members) == 1:
        corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(_shape(members[0])))
        sides = np.diff(corners[:3], axis=0)
        run = sides[int(np.argmax(np.hypot(*sides.T)))]
    else:
        ends = [shapely.get_coordinates(_shape(m).centroid)[0] for m in (members[0], members[-1])]
        run = ends[1] - ends[0]
    turn = math.atan2(run[1], run[0])
    return turn if -math.pi / 2 < turn <= math.pi / 2 else turn - math.copysign(math.pi, turn)


def _turned(xy: NDArray[np.float64], turn: float) -> NDArray[np.float64]:
    c, s = math.cos(turn), math.sin(turn)
    return xy @ np.array([[c, -s], [s, c]])


def _strip(city: City, row: BarrierRow, piece: list[Member], wording: Wording) -> Strip:
    turn = _turn(piece)
    metres = STRIP_SCALE / 1000

    def place(shape: BaseGeometry) -> Any:
        return shapely.transform(shape, lambda xy: _turned(xy, turn))

    names = {m.id if isinstance(m, Gate) else str(m.number) for m in piece}
    gaps = [gap for gap in row.gaps if {gap.left, gap.right} & names and not gap.gate]
    shapes = [place(_shape(member)) for member in piece]
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    height_mm = min((north - south) / metres + 44.0, 150.0)
    across, up = STRIP_WIDTH * metres, height_mm * metres
    origin = np.array([(west + east - across) / 2, (south + north - up) / 2])
    figure, axes = open_sheet(STRIP_WIDTH, height_mm, STRIP_SCALE)
    near = place(faces(city, _window(piece, across)))
    frame = shapely.box(origin[0], origin[1], origin[0] + across, origin[1] + up)
    walls = shapely.intersection(near, frame)
    fill_shape(axes, origin, walls, BUILDING, order=1, edge=BUILDING_EDGE)
    for member, shape in zip(piece, shapes, strict=True):
        colour = GATE_COLOUR if isinstance(member, Gate) else COLOURS[member.item.kind]
        fill_shape(axes, origin, shape, colour, order=3)
        _name_member(axes, member, shape, origin, metres, wording)
    is_rated = any((m if isinstance(m, Gate) else m.item).rating for m in piece)
    level = south - origin[1] - 9.0 * metres
    for gap in gaps:
        line = shapely.get_coordinates(place(gap.line))[[0, -1]] - origin
        is_open = gap.is_wide and is_rated
        _draw_gap(axes, line, level, metres, wording.number(gap.width, 2), is_open=is_open)
        _name_neighbours(axes, gap, line, names, level, metres)
    _strip_frame(axes, across, up, metres, turn, wording)
    numbers = [member.number for member in piece if isinstance(member, Position)]
    return Strip(
        row.number, min(numbers, default=0), max(numbers, default=0), saved(figure), height_mm
    )


def _window(piece: Sequence[Member], across: float) -> tuple[float, float, float, float]:
    body = shapely.union_all(np.array([_shape(member) for member in piece], dtype=object))
    west, south, east, north = body.buffer(across / 2).bounds
    return float(west), float(south), float(east), float(north)


def _name_member(
    axes: Any,
    member: Member,
    shape: BaseGeometry,
    origin: NDArray[np.float64],
    metres: float,
    wording: Wording,
) -> None:
    x, _ = shapely.get_coordinates(shape.centroid)[0] - origin
    top = shape.bounds[3] - origin[1]
    name = member.id if isinstance(member, Gate) else str(member.number)
    axes.text(
        x, top + 4.4 * metres, name, ha="center", va="center", fontsize=7.5, weight="bold",
        color=INK, zorder=6, bbox={
            "boxstyle": "square,pad=0.25" if isinstance(member, Gate) else "circle,pad=0.25",
            "facecolor": "white", "edgecolor": INK, "linewidth": 0.8,
        },
    )  # fmt: skip
    length = member.geometry.length if isinstance(member, Gate) else member.length
    axes.text(
        x, shape.bounds[1] - origin[1] - 2.2 * metres, wording.number(length, 2), ha="center",
        va="center", fontsize=5.6, color="#444444", zorder=6,
    )  # fmt: skip


def _draw_gap(
    axes: Any,
    line: NDArray[np.float64],
    level: float,
    metres: float,
    said: str,
    *,
    is_open: bool,
) -> None:
    """Draw a gap's measure below the row, at one height for all; where it lies across, in place."""
    a, b = line
    across = abs(b[0] - a[0])
    is_along = across >= abs(b[1] - a[1])
    ends = np.array([[a[0], level], [b[0], level]]) if is_along else line
    style: dict[str, Any] = {"color": INK, "linewidth": 0.5, "zorder": 5}
    for end in (a, b) if is_along else ():
        axes.plot([end[0], end[0]], [end[1] - 0.6 * metres, level - 1.2 * metres], **style)
    axes.annotate(
        "", xy=ends[0], xytext=ends[1], zorder=5,
        arrowprops={"arrowstyle": "<|-|>", "color": INK, "linewidth": 0.5, "mutation_scale": 5,
                    "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    middle = ends.mean(axis=0)
    has_room = across / metres > 7
    if is_along:
        middle[1] -= (1.0 if has_room else 1.6) * metres
    else:
        middle[0] += 1.0 * metres
    axes.text(
        *middle, said, rotation=90 if is_along and not has_room else 0, fontsize=7, zorder=6,
        ha="center" if is_along else "left", va="top" if is_along else "center",
        weight="bold" if is_open else "normal", color="#b00020" if is_open else INK,
    )  # fmt: skip


def _name_neighbours(
    axes: Any,
    gap: Gap,
    line: NDArray[np.float64],
    names: set[str],
    level: float,
    metres: float,
) -> None:
    """Say which position follows where a row goes on in the next drawing."""
    for name, end, other in ((gap.left, line[0], line[1]), (gap.right, line[1], line[0])):
        if name and name not in names:
            step = math.copysign(2.5 * metres, end[0] - other[0])
            side = "left" if step > 0 else "right"
            axes.text(
                end[0] + step, level, f"({name})", ha=side, va="center", fontsize=6.5,
                color="#444444", zorder=6,
            )  # fmt: skip


def _strip_frame(
    axes: Any, across: float, up: float, metres: float, turn: float, wording: Wording
) -> None:
    """Draw scale bar and north arrow of a strip."""
    left, foot = 4 * metres, 3 * metres
    for part, colour in enumerate((INK, "white")):
        axes.add_patch(
            mpl.patches.Rectangle(
                (left + part, foot), 1.0, 1.1 * metres, facecolor=colour, edgecolor=INK,
                linewidth=0.5, zorder=9,
            )
        )  # fmt: skip
    axes.text(left + 2.0 + metres, foot, "2 m", fontsize=6, va="bottom", zorder=9)
    north = _turned(np.array([[0.0, 1.0]]), turn)[0] * 7 * metres
    foot_at = np.array([across - 9 * metres, up - 9 * metres]) - north / 2
    axes.annotate(
        "", xy=foot_at + north, xytext=foot_at, zorder=9,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 0.9, "mutation_scale": 9},
    )  # fmt: skip
    said = foot_at - north * 0.25
    axes.text(*said, wording("figure.north"), ha="center", va="center", fontsize=6, weight="bold")
    frame = mpl.patches.Rectangle(
        (0, 0), across, up, fill=False, edgecolor="#9a9a9a", linewidth=0.8, zorder=10
    )
    axes.add_patch(frame)

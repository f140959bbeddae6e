"""Through which gates and mouths can people leave in a phase, and how wide are they between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.approach.layout import ACCESSIBLE_WIDTHS
from parvis.city.model import City
from parvis.events.layout import Layout, Users
from parvis.events.mouths import Mouth, find_mouths
from parvis.events.phases import standing_shapes
from parvis.events.positions import BarrierRow, Gap, barrier_rows, gate_shape

ROW_REACH = 15.0
"""A row of barriers this near to a mouth stands across it. [m]"""

LEAST_PASSAGE = ACCESSIBLE_WIDTHS["minimum"]
"""Narrower gaps do not count as a way out. [m]"""


@dataclass(frozen=True, slots=True)
class Exit:
    """
    A way out in one phase.

    Attributes
    ----------
    key : str
        Gate id, or ``M1``, ``M2``, … for a mouth.
    is_gate : bool
    street : str
    widths : tuple of float
        Clear widths side by side, of at least `LEAST_PASSAGE` each; empty: shut. [m]
    x, y : float
        In the city's CRS. [m]
    """

    key: str
    is_gate: bool
    street: str
    widths: tuple[float, ...]
    x: float
    y: float

    @property
    def width(self) -> float:
        """All clear widths together. [m]."""
        return float(sum(self.widths))


def exits_of_phase(city: City, layout: Layout, phase: str, space: BaseGeometry) -> tuple[Exit, ...]:
    """
    Return the gates open to the public and the mouths of a space in a phase.

    Parameters
    ----------
    city : City
    layout : Layout
    phase : str
    space : shapely Polygon or MultiPolygon

    Notes
    -----
    A mouth is as wide as the narrower of two sections: the outline of the space between what
    stands on it, and the gaps of the rows of barriers that stand across it. A row with an open end
    leaves the rest of the mouth beside it. Bottlenecks inside the space are not looked at.
    """
    mouths = find_mouths(city, space)
    rows = barrier_rows(city, layout, phase)
    of_mouth = _assigned(rows, mouths)
    shapes = [*standing_shapes(layout, phase), *(gate_shape(gate) for gate in layout.gates)]
    found: list[Exit] = []
    used: set[str] = set()
    for at, mouth in enumerate(mouths):
        across = [row for row in rows if of_mouth.get(row.number) == at]
        gates = _open_gates(across, layout, phase)
        used |= {gate.gate for gate in gates}
        x, y = _middle(mouth.line)
        widths = _open_widths(mouth, shapes, across)
        found.append(Exit(f"M{mouth.number}", False, mouth.street, widths, x, y))
        found += [_gate_exit(gap, mouth.street) for gap in gates]
    beside = [gap for gap in _open_gates(rows, layout, phase) if gap.gate not in used]
    found += [_gate_exit(gap, "") for gap in beside]
    return tuple(found)


def _middle(line: Any) -> tuple[float, float]:
    place = line.interpolate(0.5, normalized=True)
    return float(place.x), float(place.y)


def _assigned(rows: Sequence[BarrierRow], mouths: Sequence[Mouth]) -> dict[int, int]:
    """Return the mouth each row stands across, by row number."""
    found: dict[int, int] = {}
    for row in rows:
        shapes = [place.shape for place in row.positions] + [gate.geometry for gate in row.gates]
        if not shapes or not mouths:
            continue
        body = shapely.union_all(np.array(shapes, dtype=object))
        away = [float(shapely.distance(body, mouth.line)) for mouth in mouths]
        nearest = int(np.argmin(away))
        if away[nearest] <= ROW_REACH:
            found[row.number] = nearest
    return found


def _open_gates(rows: Sequence[BarrierRow], layout: Layout, phase: str) -> list[Gap]:
    """Return the passages of gates that the public may use in a phase."""
    public = {
        gate.id
        for gate in layout.gates
        if (opening := gate.opening(phase)) is not None and Users.PUBLIC in opening.users
    }
    return [gap for row in rows for gap in row.gaps if gap.gate in public]


def _gate_exit(gap: Gap, street: str) -> Exit:
    x, y = shapely.get_coordinates(gap.line.centroid)[0].tolist()
    widths = (gap.width,) if gap.width >= LEAST_PASSAGE - 1e-9 else ()
    return Exit(gap.gate, True, street, widths, x, y)


def _open_widths(
    mouth: Mouth, shapes: Sequence[BaseGeometry], across: Sequence[BarrierRow]
) -> tuple[float, ...]:
    """Return the clear widths of a mouth without its gates, by its narrowest section."""
    sections = [_on_outline(mouth, shapes)]
    for row in across:
        gaps = [gap.width for gap in row.gaps if not gap.gate]
        extent = sum(gap.width for gap in row.gaps)
        extent += sum(place.length for place in row.positions)
        extent += sum(gate.geometry.length for gate in row.gates if not _is_open(gate.id, row))
        beside = mouth.width - extent if row.has_open_end else 0.0
        sections.append([width for width in (*gaps, beside) if width >= LEAST_PASSAGE - 1e-9])
    return tuple(min(sections, key=sum))


def _is_open(gate: str, row: BarrierRow) -> bool:
    return any(gap.gate == gate for gap in row.gaps)


def _on_outline(mouth: Mouth, shapes: Sequence[BaseGeometry]) -> list[float]:
    """Return the clear widths along the outline between what stands on it."""
    near = [shape for shape in shapes if shapely.intersects(shape, mouth.line)]
    if not near:
        return [mouth.width]
    body = shapely.union_all(np.array(near, dtype=object))
    left = shapely.get_parts(shapely.difference(mouth.line, body))
    share = mouth.width / mouth.line.length
    widths = [float(part.length) * share for part in left]
    return [width for width in widths if width >= LEAST_PASSAGE - 1e-9]

"""Street graphs for tests: lines between numbered nodes, and the slow obvious field oracle."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from parvis.approach.kinematics import attainable_speed
from parvis.approach.turns import TurnGraph
from parvis.approach.vehicles import VehicleParameters
from parvis.city.model import Segments

TRUCK = VehicleParameters(2.0, 20.0, 0.45, 2.45, 8.0, 90 / 3.6)
CAR = VehicleParameters(4.0, 70.0, 0.7, 1.8, 5.0, 180 / 3.6)


@dataclass
class Line:
    """A street between two nodes with vertices in between."""

    start: int
    end: int
    between: Sequence[tuple[float, float]] = ()
    width: float = 7.0


def network(
    nodes: Sequence[tuple[float, float]], lines: Sequence[Line], cut: Sequence[int] = ()
) -> tuple[Segments, np.ndarray]:
    """Return segments, in the order of `lines`, and their vertices."""
    place = np.array(nodes, dtype=float).reshape(-1, 2)
    chains = [np.array([nodes[s.start], *s.between, nodes[s.end]], dtype=float) for s in lines]
    end = np.cumsum([len(chain) for chain in chains])
    is_cut = np.zeros(len(place), dtype=bool)
    is_cut[list(cut)] = True
    n = len(lines)
    segments = Segments(
        node_x=place[:, 0],
        node_y=place[:, 1],
        node_osm_id=np.arange(len(place)),
        node_is_cut=is_cut,
        from_node=np.array([s.start for s in lines], dtype=np.int32),
        to_node=np.array([s.end for s in lines], dtype=np.int32),
        street=np.arange(n, dtype=np.int32),
        coord_start=np.r_[0, end[:-1]].astype(np.int64),
        coord_end=end.astype(np.int64),
        length=np.array([np.hypot(*np.diff(chain, axis=0).T).sum() for chain in chains]),
        width=np.array([s.width for s in lines], dtype=np.float32),
        width_grade=np.full(n, 3, dtype=np.int8),
        width_source=np.zeros(n, dtype=np.int8),
    )
    return segments, np.concatenate(chains)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[Line]]:
    """Irregular networks: a jittered grid with gaps, bends, short links and spurs."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    spacing = draw(st.sampled_from([12.0, 45.0, 120.0]))
    jitter = draw(st.sampled_from([0.02, 0.15, 0.3])) * spacing
    nodes = [
        (
            column * spacing + float(rng.normal(0, jitter)),
            row * spacing + float(rng.normal(0, jitter)),
        )
        for row in range(rows)
        for column in range(columns)
    ]
    lines = []
    for k in range(rows * columns):
        for other, exists in (
            (k + 1, k % columns < columns - 1),
            (k + columns, k // columns < rows - 1),
        ):
            if exists and rng.random() < 0.85:
                a, b = np.array(nodes[k]), np.array(nodes[other])
                shares = np.sort(rng.random(int(rng.integers(0, 4))))
                between = [
                    tuple(a + share * (b - a) + rng.normal(0, jitter / 3, 2)) for share in shares
                ]
                lines.append(Line(k, other, between, float(rng.uniform(2.6, 20.0))))
    for k in range(0, rows * columns, 2):  # a ring without any junction has no natural start
        nodes.append(tuple(np.array(nodes[k]) + rng.normal(0, spacing / 3, 2)))
        lines.append(Line(k, len(nodes) - 1, (), float(rng.uniform(2.6, 20.0))))
    return nodes, lines


def oracle(graph: TurnGraph, vehicle: VehicleParameters) -> list[float]:
    """Sweep over all turns until nothing grows: greatest speed at the end of each leg. [m s⁻¹]."""

    def after_any(speed: float, length: float) -> float:
        if speed > vehicle.top_speed:
            return speed
        reached = attainable_speed(
            length,
            acceleration=vehicle.acceleration,
            specific_power=vehicle.specific_power,
            entry_speed=speed,
        )
        return float(reached)

    def after(speed: float, length: float) -> float:
        return min(after_any(speed, length), vehicle.top_speed)

    speeds = [
        after(0.0, length) if is_open else math.nan
        for length, is_open in zip(
            graph.leg_length.tolist(), graph.is_passable.tolist(), strict=True
        )
    ]
    grows = True
    while grows:
        grows = False
        for turn, leg in enumerate(graph.turn_from.tolist()):
            into = int(graph.turn_into[turn])
            cap = math.sqrt(vehicle.friction * 9.80665 * float(graph.turn_radius[turn]))
            cap = after_any(cap, float(graph.turn_slack[turn]))
            reached = after(min(speeds[leg], cap), float(graph.leg_length[into]))
            if reached > speeds[into] + 1e-9:
                speeds[into] = reached
                grows = True
    return speeds

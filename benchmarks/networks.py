"""Street networks of any size: jittered grids with gaps."""

import numpy as np
from numpy.typing import NDArray

from parvis.approach.vehicles import VehicleParameters
from parvis.city.model import Segments

VAN = VehicleParameters(2.5, 28.0, 0.6, 2.05, 6.0, 140 / 3.6)


def grid_network(n_segments: int, *, seed: int = 1) -> tuple[Segments, NDArray[np.float64]]:
    """
    Return about `n_segments` streets of a jittered grid with every tenth missing.

    Blocks of 90 m ± 8 m, clear widths between 6 and 12 m.
    """
    rng = np.random.default_rng(seed)
    side = max(2, round((n_segments / 1.8) ** 0.5))
    x, y = (
        (axis * 90.0 + rng.normal(0.0, 8.0, axis.shape)).ravel()
        for axis in np.meshgrid(np.arange(side), np.arange(side))
    )
    index = np.arange(side * side, dtype=np.int32).reshape(side, side)
    start = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel()])
    end = np.concatenate([index[:, 1:].ravel(), index[1:].ravel()])
    kept = rng.random(len(start)) > 0.1
    start, end = start[kept], end[kept]
    n = len(start)
    coords = np.empty((2 * n, 2))
    coords[0::2] = np.column_stack([x[start], y[start]])
    coords[1::2] = np.column_stack([x[end], y[end]])
    return Segments(
        node_x=x,
        node_y=y,
        node_osm_id=np.arange(len(x)),
        node_is_cut=np.zeros(len(x), dtype=bool),
        from_node=start,
        to_node=end,
        street=np.arange(n, dtype=np.int32),
        coord_start=2 * np.arange(n, dtype=np.int64),
        coord_end=2 * np.arange(n, dtype=np.int64) + 2,
        length=np.hypot(x[end] - x[start], y[end] - y[start]),
        width=rng.uniform(6.0, 12.0, n).astype(np.float32),
        width_grade=np.full(n, 3, dtype=np.int8),
        width_source=np.zeros(n, dtype=np.int8),
    ), coords

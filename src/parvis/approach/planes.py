"""Fewer layers for the lattice: levels that never lie above each other share one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parvis.approach.cells import CellGrid


@dataclass(frozen=True, eq=False)
class PackedGrid:
    """
    A grid whose layers each hold one or more levels.

    Attributes
    ----------
    grid : CellGrid
        Its first layer holds level 0; `levels` names the first level of each layer.
    layer_of_level : mapping of int to int
        Levels without a usable cell are missing.
    usable : ndarray of bool, shape (n_layers, rows, columns)
    is_ground_level : ndarray of bool, shape (rows, columns)
        Usable cells of level 0, the others being above or below it.
    """

    grid: CellGrid
    layer_of_level: Mapping[int, int]
    usable: NDArray[np.bool_]
    is_ground_level: NDArray[np.bool_]


def pack_levels(grid: CellGrid, usable: NDArray[np.bool_]) -> PackedGrid:
    """
    Keep the usable cells only and put levels that do not overlap into one layer.

    Links say which cells are joined, so two levels side by side in one layer stay apart.

    Parameters
    ----------
    grid : CellGrid
    usable : ndarray of bool, shape (n_levels, rows, columns)
        Cells the analysis needs.

    Returns
    -------
    PackedGrid
    """
    kept = grid.is_ground & usable
    right, up = grid.right & kept, grid.up & kept
    right[:, :, :-1] &= kept[:, :, 1:]
    up[:, :-1, :] &= kept[:, 1:, :]
    ground_level = grid.levels.index(0)
    order = [ground_level] + [i for i in range(len(grid.levels)) if i != ground_level]
    layers: list[list[int]] = []
    taken: list[NDArray[np.bool_]] = []
    for index in order:
        if index != ground_level and not kept[index].any():
            continue
        for members, cells in zip(layers, taken, strict=True):
            if not (cells & kept[index]).any():
                members.append(index)
                cells |= kept[index]
                break
        else:
            layers.append([index])
            taken.append(kept[index].copy())
    layer_of = {index: layer for layer, members in enumerate(layers) for index in members}

    def packed(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.stack([np.logical_or.reduce(flags[members], axis=0) for members in layers])

    portals = [
        (layer_of[one], layer_of[other], row, column)
        for one, other, row, column in grid.portals.tolist()
        if one in layer_of
        and other in layer_of
        and kept[one, row, column]
        and kept[other, row, column]
    ]
    return PackedGrid(
        grid=CellGrid(
            origin_x=grid.origin_x,
            origin_y=grid.origin_y,
            cell=grid.cell,
            levels=tuple(grid.levels[members[0]] for members in layers),
            is_ground=packed(kept),
            right=packed(right),
            up=packed(up),
            portals=np.array(portals, dtype=np.int32).reshape(-1, 4),
        ),
        layer_of_level={grid.levels[index]: layer for index, layer in layer_of.items()},
        usable=packed(kept),
        is_ground_level=kept[ground_level],
    )

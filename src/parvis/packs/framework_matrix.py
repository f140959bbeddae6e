"""Is the colouring of a matrix of levels consistent: the axioms of Cox (2008)."""

from collections.abc import Iterator, Sequence

LEAST = 3


def colouring_problems(ranks: Sequence[Sequence[int]], highest: int) -> Iterator[tuple[int, str]]:
    """
    Yield the rows that break an axiom, and which cells do.

    Parameters
    ----------
    ranks : sequence of sequences of int
        Class of each cell, 0 the lowest; rows and columns start with the lowest level.
    highest : int
        Rank of the highest class.

    Notes
    -----
    Cox, L. A. (2008), What's wrong with risk matrices?, Risk Analysis 28(2): weak consistency,
    betweenness and consistent colouring, with levels of equal width on both axes. They are used
    to check colourings only; nothing is multiplied when people answer.

    Examples
    --------
    >>> list(colouring_problems([[0, 0, 0], [0, 1, 1], [0, 1, 2]], 2))
    []
    """
    n_rows, n_columns = len(ranks), len(ranks[0])
    if min(n_rows, n_columns, highest + 1) < LEAST:
        yield 0, f"needs at least {LEAST} levels on each axis and {LEAST} classes"
        return
    yield from _falling(ranks)
    yield from _low_edges(ranks, highest)
    yield from _touching(ranks, highest)
    yield from _overlapping(ranks, highest)


def _cell(row: int, column: int) -> str:
    return f"row {row + 1}, column {column + 1}"


def _falling(ranks: Sequence[Sequence[int]]) -> Iterator[tuple[int, str]]:
    for row, line in enumerate(ranks):
        for column, rank in enumerate(line):
            if column and rank < line[column - 1]:
                left = _cell(row, column - 1)
                yield row, f"weak consistency: {_cell(row, column)} is lower than {left}"
            if row and rank < ranks[row - 1][column]:
                below = _cell(row - 1, column)
                yield row, f"weak consistency: {_cell(row, column)} is lower than {below}"


def _low_edges(ranks: Sequence[Sequence[int]], highest: int) -> Iterator[tuple[int, str]]:
    for row, line in enumerate(ranks):
        for column, rank in enumerate(line):
            if 0 in (row, column) and rank != 0:
                where = _cell(row, column)
                yield row, f"consistent colouring: {where} must be of the lowest class"
            elif 1 in (row, column) and rank == highest:
                where = _cell(row, column)
                yield row, f"consistent colouring: {where} may not be of the highest class"
    if ranks[-1][-1] != highest:
        where = _cell(len(ranks) - 1, len(ranks[0]) - 1)
        yield len(ranks) - 1, f"consistent colouring: {where} must be of the highest class"


def _touching(ranks: Sequence[Sequence[int]], highest: int) -> Iterator[tuple[int, str]]:
    for row, line in enumerate(ranks):
        for column, rank in enumerate(line):
            if rank != highest:
                continue
            for low, left in ((row - 1, column), (row, column - 1), (row - 1, column - 1)):
                if min(low, left) >= 0 and ranks[low][left] == 0:
                    yield (
                        row,
                        f"betweenness: {_cell(row, column)}, of the highest class, touches "
                        f"{_cell(low, left)}, of the lowest; a class must lie between",
                    )


def _overlapping(ranks: Sequence[Sequence[int]], highest: int) -> Iterator[tuple[int, str]]:
    n_rows, n_columns = len(ranks), len(ranks[0])
    cells = [(r, c) for r in range(n_rows) for c in range(n_columns)]
    tops = [(r, c) for r, c in cells if ranks[r][c] == highest]
    for low_row, low_column in cells:
        if ranks[low_row][low_column] != 0:
            continue
        reaches = (low_row + 1) * (low_column + 1)
        for row, column in tops:
            if row * column < reaches:
                yield (
                    low_row,
                    f"weak consistency: {_cell(low_row, low_column)}, of the lowest class, holds "
                    f"what may be worse than {_cell(row, column)}, of the highest",
                )

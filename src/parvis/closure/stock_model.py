"""The exact programme behind a stock plan: which lines to leave open, which offers to take."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from parvis.closure.results import RatedLine
from parvis.closure.rooms import NotEnclosedError, Rooms
from parvis.closure.stock import Candidate, Offer
from parvis.errors import LimitError

UNIT = 1000.0
"""Energies are compared in whole kilojoules, rounded up. [J]"""
_PROVED, _INFEASIBLE = 0, 2


class StockPlanTimeoutError(LimitError):
    """The solver found no plan in the time it was given."""

    code: ClassVar[str] = "stock_plan_timeout"


@dataclass(frozen=True, slots=True)
class Solution:
    """Lines left open, offers taken and how sure it is."""

    is_open: NDArray[np.bool_]
    is_taken: NDArray[np.bool_]
    is_proved: bool
    gap: float


def impact_energy(line: RatedLine) -> float:
    """Return the greatest energy of a class at a line at its design speed. [J]."""
    return max((entry.energy for entry in line.classes), default=0.0)


class StockModel:
    """Columns: one per offer, one per line that may stay open, one per room."""

    def __init__(
        self,
        lines: Sequence[Candidate],
        rooms: Rooms,
        in_time: Sequence[Sequence[Offer]],
        counts: Mapping[str, int],
        time_limit: float,
    ) -> None:
        self.offers = [offer for offers in in_time for offer in offers]
        self.line_of = [index for index, offers in enumerate(in_time) for _ in offers]
        self.n_offers, self.n_lines = len(self.offers), len(lines)
        self.n_columns = self.n_offers + self.n_lines + len(rooms.polygons)
        self.time_limit = time_limit
        self.cents = np.array([float(offer.cost or 0) for offer in self.offers])
        self.elements = np.array([float(offer.n_elements) for offer in self.offers])
        self.energy = np.array([max(math.ceil(impact_energy(c.line) / UNIT), 1.0) for c in lines])
        position = {candidate.key: index for index, candidate in enumerate(lines)}
        standing = {candidate.key for candidate in lines if candidate.line.is_existing}
        self.rows: list[tuple[dict[int, float], float]] = []
        for first, second, keys in rooms.doors:
            if standing.isdisjoint(keys):
                self._door(first, second, [position[key] for key in keys if key in position])
        for index in range(self.n_lines):
            row = dict.fromkeys(self._offers_at(index), 1.0)
            self.rows.append((row | {self.n_offers + index: 1.0}, 1.0))
        for supply, count in counts.items():
            row = {
                column: float(offer.n_elements)
                for column, offer in enumerate(self.offers)
                if offer.supply == supply
            }
            if row:
                self.rows.append((row, float(count)))
        self.low = np.zeros(self.n_columns)
        self.high = np.ones(self.n_columns)
        first_room = self.n_offers + self.n_lines
        for room in rooms.sources:
            self.low[first_room + room] = 1.0
        for room in rooms.sinks:
            self.high[first_room + room] = 0.0

    def _offers_at(self, line: int) -> list[int]:
        return [column for column, index in enumerate(self.line_of) if index == line]

    def _door(self, first: int, second: int, lines: Sequence[int]) -> None:
        held = {column: -1.0 for line in lines for column in self._offers_at(line)}
        held |= {self.n_offers + line: -1.0 for line in lines}
        room = self.n_offers + self.n_lines
        for there, back in ((first, second), (second, first)):
            self.rows.append((held | {room + there: 1.0, room + back: -1.0}, 0.0))

    def cost(self, found: Solution) -> int:
        """Cost of the offers taken, in cents."""
        return int(self.cents @ found.is_taken)

    def solve(self, budget: int | None) -> Solution:
        """Find the least left open, then the cheapest, then the fewest elements."""
        rows = list(self.rows)
        if budget is not None:
            rows.append((dict(enumerate(self.cents)), float(budget)))
        found: Solution | None = None
        is_proved, gap = True, 0.0
        steps = ((self.n_offers, self.energy), (0, self.cents), (0, self.elements))
        for start, weights in steps:
            objective = np.zeros(self.n_columns)
            objective[start : start + len(weights)] = weights
            step = self._step(objective, rows)
            if step is None and found is None:
                raise StockPlanTimeoutError(seconds=f"{self.time_limit:g}")
            if step is None:
                is_proved = False
                break
            found = step
            is_proved, gap = is_proved and step.is_proved, max(gap, step.gap)
            chosen = np.concatenate([step.is_taken, step.is_open])[start : start + len(weights)]
            rows.append((dict(enumerate(weights, start=start)), float(weights @ chosen)))
        assert found is not None  # noqa: S101
        return Solution(found.is_open, found.is_taken, is_proved, gap)

    def _step(
        self, objective: NDArray[np.float64], rows: Sequence[tuple[Mapping[int, float], float]]
    ) -> Solution | None:
        columns = [column for row, _ in rows for column in row]
        values = [value for row, _ in rows for value in row.values()]
        ends = np.cumsum([0] + [len(row) for row, _ in rows])
        matrix = csr_array((values, columns, ends), shape=(len(rows), self.n_columns))
        integral = np.ones(self.n_columns, dtype=np.int64)
        integral[self.n_offers + self.n_lines :] = 0
        result = milp(
            objective,
            integrality=integral,
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(matrix, ub=np.array([most for _, most in rows])),
            options={"time_limit": self.time_limit, "mip_rel_gap": 0.0},
        )
        if result.status == _INFEASIBLE:
            raise NotEnclosedError(n=self.n_lines)
        if result.x is None:
            return None
        is_on = result.x > 0.5
        return Solution(
            is_open=is_on[self.n_offers : self.n_offers + self.n_lines],
            is_taken=is_on[: self.n_offers],
            is_proved=result.status == _PROVED,
            gap=float(result.mip_gap or 0.0),
        )

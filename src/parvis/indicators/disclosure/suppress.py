"""Which further cells are hidden, so that no hidden one can be computed from what is published."""

from collections import deque
from collections.abc import Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, hstack

from parvis.indicators.disclosure.errors import ProtectionImpossibleError
from parvis.indicators.disclosure.judge import Part, Proof, bound_by, limits_of, parts_of, prove
from parvis.indicators.disclosure.model import Key, Need, Reason
from parvis.indicators.disclosure.rules import Rules, need_of
from parvis.indicators.disclosure.system import TOLERANCE, Floats, System, shown_mask

ENDLESS = 1e9
TOTAL_COST, ZERO_COST = 4.0, 6.0
"""What it costs more to hide a total, for each table it closes, and a zero."""
FREE = 1e-4
"""What moving a hidden cell costs, so that programmes take no detours."""


class Suppression:
    """
    Hidden cells of a system, to which more are added until all are protected.

    Parameters
    ----------
    system : System
    hidden : mapping from Key to Reason
    rules : Rules
    base : int or None
    accepted : frozenset of Key
        Cells that need no protection.
    """

    def __init__(
        self,
        system: System,
        hidden: Mapping[Key, Reason],
        rules: Rules,
        *,
        base: int | None,
        accepted: frozenset[Key],
    ) -> None:
        self.system, self.rules, self.base = system, rules, base
        self.hidden = dict(hidden)
        self.shown = shown_mask(system, hidden)
        self.low, self.high = system.limits(self.shown, base=base)
        self.needs: dict[int, Need] = {}
        for key, reason in sorted(hidden.items()):
            if reason is not Reason.RELIABILITY and key not in accepted:
                cell = system.index[key]
                self.needs[cell] = need_of(system.cells[cell], reason, rules)
        self.hopeless: set[int] = set()
        self.proof = Proof(np.zeros(len(system.cells)), np.zeros(len(system.cells)))
        self.columns = csc_array(system.rows)
        n_totals = np.asarray((system.rows < 0).sum(axis=0)).ravel()
        self.costs = 1.0 + np.log1p(system.counts) + TOTAL_COST * n_totals
        self.costs[system.counts == 0] += ZERO_COST
        self._sum_rows()

    def run(self) -> None:
        """
        Hide until every need is proved, or is lost for cells that are not to be published anyway.

        Raises
        ------
        ProtectionImpossibleError
        """
        self.pair()
        prove(self.system, self.low, self.high, self.needs, self.proof)
        while True:
            needs = {c: need for c, need in self.needs.items() if c not in self.hopeless}
            lacking = self.proof.lacks(self.system, needs)
            if not lacking:
                return
            before = len(self.hidden)
            for cell in lacking:
                if not self.proof.lacks(self.system, {cell: self.needs[cell]}):
                    continue
                if not self.repair(cell):
                    each = self.system.cells[cell]
                    if self.hidden[each.key] is not Reason.SECONDARY and each.is_wanted:
                        raise self.refusal(cell)
                    self.hopeless.add(cell)
            if len(self.hidden) > before:
                prove(self.system, self.low, self.high, self.needs, self.proof)

    def hide(self, cell: int) -> None:
        """Hide a cell for others' sake."""
        key = self.system.cells[cell].key
        up, down = self._reach(cell)
        self.shown[cell] = False
        self.low[cell], self.high[cell] = self.system.known_low[cell], self.system.known_high[cell]
        more_up, more_down = np.subtract(self._reach(cell), (up, down))
        start, end = self.columns.indptr[cell : cell + 2]
        for row in self.columns.indices[start:end]:
            is_part = cell != self.total_of[row]
            self.rises[row] += more_up if is_part else more_down
            self.falls[row] += more_down if is_part else more_up
        self.hidden[key] = Reason.SECONDARY
        self.needs[cell] = need_of(self.system.cells[cell], Reason.SECONDARY, self.rules)

    def pair(self) -> None:
        """Hide partners in each relation where the others could not make up for a cell's move."""
        waiting = deque(sorted(self.needs))
        while waiting:
            cell = waiting.popleft()
            start, end = self.columns.indptr[cell : cell + 2]
            for row in self.columns.indices[start:end]:
                while (partner := self.partner(cell, int(row))) is not None:
                    self.hide(partner)
                    waiting.append(partner)

    def partner(self, cell: int, row: int) -> int | None:
        """Return the cell to hide next so that `cell` can move in a relation; None if it can."""
        need, count = self.needs[cell], float(self.system.counts[cell])
        up, down = self._reach(cell)
        is_part = cell != self.total_of[row]
        if is_part:
            against, along = self.falls[row] - down, self.rises[row] - up
        else:
            against, along = self.rises[row] - down, self.falls[row] - up
        rise, fall = need.high - count, count - need.low
        if rise + fall < need.width:
            if max(against, along) >= need.width - TOLERANCE:
                return None
            wanted, is_rise = need.width - max(against, along), True
        elif against < rise - TOLERANCE:
            wanted, is_rise = rise - against, True
        elif along < fall - TOLERANCE:
            wanted, is_rise = fall - along, False
        else:
            return None
        members, signs = self._members(row)
        others = members != cell
        members, signs = members[others], signs[others] * (1.0 if is_part else -1.0)
        low, high = self.low[members], np.minimum(self.high[members], ENDLESS)
        gain_up = np.minimum(self.system.known_high[members], ENDLESS) - high
        gain_down = low - self.system.known_low[members]
        gain = np.where((signs > 0) == is_rise, gain_down, gain_up)
        gain[~self.shown[members]] = 0.0
        able = np.flatnonzero(gain > TOLERANCE)
        if not len(able):
            return None
        enough = able[gain[able] >= wanted - TOLERANCE]
        if len(enough):
            scores = [self._score(int(members[at]), row) for at in enough]
            return int(members[enough[int(np.argmin(scores))]])
        return int(members[able[int(np.argmax(gain[able]))]])

    def _reach(self, cell: int) -> tuple[float, float]:
        """Return how far a cell can rise and fall for those who know what is published."""
        count = float(self.system.counts[cell])
        return min(float(self.high[cell]), ENDLESS) - count, count - float(self.low[cell])

    def _sum_rows(self) -> None:
        """Sum how far the cells of each relation can raise and lower what stands there."""
        parts, totals = self.system.rows > 0, self.system.rows < 0
        up = np.minimum(self.high, ENDLESS) - self.system.counts
        down = self.system.counts - self.low
        self.rises = parts @ up + totals @ down + np.where(self.system.complete, 0.0, ENDLESS)
        self.falls = (
            parts @ down + totals @ up + np.where(self.system.complete, 0.0, self.system.gaps)
        )
        self.total_of = self.system.rows.indices[self.system.rows.data < 0]

    def _members(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        start, end = self.system.rows.indptr[row : row + 2]
        return self.system.rows.indices[start:end], self.system.rows.data[start:end]

    def _score(self, cell: int, row: int) -> float:
        """Return how dear hiding a cell is: less where its other relations hide cells already."""
        score = float(self.costs[cell])
        start, end = self.columns.indptr[cell : cell + 2]
        for other in self.columns.indices[start:end]:
            if other == row:
                continue
            members, _ = self._members(int(other))
            hides = bool((~self.shown[members]).any())
            score += -2.0 if hides else 3.0
        return score

    def repair(self, cell: int) -> bool:
        """
        Find the cheapest further cells whose hiding lets `cell` move as it needs, and hide them.

        Returns whether there are any.
        """
        limits_of(self.system, self.low, self.high, [cell], self.proof)
        need, count = self.needs[cell], float(self.system.counts[cell])
        if not self.proof.lacks(self.system, {cell: need}):
            return True
        for is_rise, far in ((True, need.high - count), (False, count - need.low)):
            has = self.proof.up[cell] if is_rise else self.proof.down[cell]
            if has < far - TOLERANCE and not self.move(cell, far if is_rise else -far):
                return False
        left = need.width - self.proof.up[cell] - self.proof.down[cell]
        if left > TOLERANCE and not self.move(cell, self.proof.up[cell] + left):
            return self.move(cell, -(self.proof.down[cell] + left))
        return True

    def move(self, cell: int, far: float) -> bool:
        """Hide the cheapest cells that let `cell` move so far; whether there are any."""
        system = self.system
        low = np.where(self.shown, system.known_low, self.low)
        high = np.where(self.shown, system.known_high, self.high)
        part = next((p for p in parts_of(system, high - low > TOLERANCE) if cell in p.cells), None)
        if part is None:
            return False
        moves = self._cheapest(part, low, high, cell, far)
        if moves is None:
            return False
        moved = part.cells[np.abs(moves) > TOLERANCE]
        slack = {
            int(c): (self.low[c] - system.counts[c], self.high[c] - system.counts[c]) for c in moved
        }
        for c, by in zip(part.cells.tolist(), moves.tolist(), strict=True):
            if (
                c in slack
                and self.shown[c]
                and not slack[c][0] - TOLERANCE <= by <= slack[c][1] + (TOLERANCE)
            ):
                self.hide(c)
        self.proof.add(part.cells, moves)
        return True

    def _cheapest(
        self, part: Part, low: Floats, high: Floats, cell: int, far: float
    ) -> Floats | None:
        counts = self.system.counts[part.cells]
        cost = np.where(self.shown[part.cells], self.costs[part.cells], FREE)
        at = int(np.searchsorted(part.cells, cell))
        up, down = high[part.cells] - counts, counts - low[part.cells]
        if (far > 0 and up[at] < far - TOLERANCE) or (far < 0 and down[at] < -far - TOLERANCE):
            return None
        bounds = np.zeros((2 * len(counts), 2))
        bounds[:, 1] = np.concatenate([up, down])
        bounds[at] = max(far, 0.0)
        bounds[len(counts) + at] = max(-far, 0.0)
        both = csr_array(hstack([part.rows, -part.rows]))
        bound = bound_by(self.system, part, both, bounds)
        found = linprog(np.concatenate([cost, cost]), **bound)
        if found.x is None:
            return None
        return np.asarray(found.x[: len(counts)] - found.x[len(counts) :])

    def refusal(self, cell: int) -> ProtectionImpossibleError:
        """Return the error that says which cell cannot be hidden, and which releases told it."""
        start, end = self.columns.indptr[cell : cell + 2]
        near = {cell}
        for row in self.columns.indices[start:end]:
            near |= {int(each) for each in self._members(int(row))[0]}
        known = sorted({name for each in near for name in self.system.releases.get(each, ())})
        words = " ".join(word for word in self.system.cells[cell].key if word)
        return ProtectionImpossibleError(cell=words, known=", ".join(known) or "-")

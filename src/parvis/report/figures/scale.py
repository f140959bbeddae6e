"""Where along an axis a value lies, and which round numbers stand there."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from parvis.report.figures.spec import Figure

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SAME = 1e-9
"""Values closer than this part of their size are drawn as one."""
_NEAR_ZERO = 0.45
"""An axis of positive values starts at zero where the least is below this part of the greatest."""


@dataclass(frozen=True, slots=True)
class Scale:
    """
    A straight axis.

    Attributes
    ----------
    low, high : float
        Values at its ends.
    start, end : float
        Places of its ends in the picture.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value, at most at an end."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self, most: int = 5) -> list[float]:
        """
        Return round numbers along the axis.

        Examples
        --------
        >>> Scale(0.0, 100.0, 0.0, 1.0).ticks()
        [0.0, 25.0, 50.0, 75.0, 100.0]
        """
        if (self.low, self.high) == (0.0, 100.0):
            return [0.0, 25.0, 50.0, 75.0, 100.0]
        step = _step((self.high - self.low) / max(most - 1, 1))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(place * step, 12) for place in range(first, last + 1)]


def bounds_of(figure: Figure) -> tuple[float, float]:
    """Return round ends of an axis that holds every value, interval, target and reference."""
    found: list[float | None] = [figure.target, figure.least, figure.most]
    for mark in (*figure.marks, *((figure.reference,) if figure.reference else ())):
        found += [mark.value, mark.low, mark.high]
    low, high = round_bounds(value for value in found if value is not None)
    if figure.least is not None and low < figure.least <= min(_known(found)):
        low = figure.least
    if figure.most is not None and high > figure.most >= max(_known(found)):
        high = figure.most
    return low, high


def round_bounds(values: Iterable[float], most: int = 5) -> tuple[float, float]:
    """
    Return round ends of an axis that holds all values; zero is one of them where it is near.

    Examples
    --------
    >>> round_bounds([3.1, 7.9])
    (0.0, 8.0)
    >>> round_bounds([48.2, 57.8])
    (48.0, 58.0)
    """
    known = list(values)
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if 0.0 < low < _NEAR_ZERO * high:
        low = 0.0
    if 0.0 > high > _NEAR_ZERO * low:
        high = 0.0
    if high - low < _SAME * max(abs(low), abs(high), 1.0):
        low, high = low - abs(low) / 10 - 0.5, high + abs(high) / 10 + 0.5
        low = 0.0 if known[0] >= 0.0 > low else low
    step = _step((high - low) / most) / 2
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in _STEPS if step * size >= rough * (1 - 1e-9))

"""What moved the score of a half: the parts of its change, indicator by indicator."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from parvis.indicators.composite.change import decompose_change
from parvis.indicators.dashboard.model import Dashboard, Sphere
from parvis.indicators.dashboard.scoring import BASE, NOW, code_of, node_of
from parvis.indicators.estimates import Note

Reason = Literal["value", "appeared", "vanished"]


@dataclass(frozen=True, slots=True)
class Step:
    """
    Part of a change.

    Attributes
    ----------
    code : str
        Of an indicator; key of a theme where it came or went as a whole.
    points : float
    reason : {'value', 'appeared', 'vanished'}
        Whether its value changed, or whether it is there only now or only in the base period.
    """

    code: str
    points: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Moved:
    """
    The change of a half's score since the base period.

    Attributes
    ----------
    key : str
        Of the block or theme.
    sphere : {'objective', 'perceived'}
    before, after : float or None
    steps : tuple of Step
        In the order of the themes; they add up to after minus before.
    note : Note or None
        Why there are none.
    """

    key: str
    sphere: Sphere
    before: float | None
    after: float | None
    steps: tuple[Step, ...]
    note: Note | None = None


def moved(found: Dashboard, key: str, sphere: Sphere, *, theme: str | None = None) -> Moved:
    """
    Return what moved the score of a block's half, or of one of its themes.

    Parameters
    ----------
    found : Dashboard
    key : str
        Of the block.
    sphere : {'objective', 'perceived'}
    theme : str, optional
        Key of one of its themes; with the indicators read beside it.
    """
    scoring, said = found.scoring, theme or key
    node = node_of(key, sphere, theme=theme)
    if theme is not None and f"{node}+" in scoring.tree.position:
        node = f"{node}+"
    nothing = Moved(said, sphere, None, None, ())
    place = scoring.tree.position.get(node)
    if found.base_period is None:
        return _without(nothing, "dashboard_no_base")
    if place is None or not scoring.tree.takes_part[place]:
        return _without(nothing, "dashboard_not_scored")
    before, after = (float(scoring.scores[row, place]) for row in (BASE, NOW))
    if np.isnan(before) or np.isnan(after):
        return _without(nothing, "dashboard_not_enough")
    change = decompose_change(
        scoring.scores[BASE], scoring.scores[NOW], scoring.tree, node, how=scoring.how
    )
    steps = tuple(
        Step(_said(step.key), step.points, _REASONS[step.reason]) for step in change.steps
    )
    return Moved(said, sphere, before, after, steps)


_REASONS: dict[str, Reason] = {"value": "value", "appeared": "appeared", "vanished": "vanished"}


def _without(nothing: Moved, code: str) -> Moved:
    return Moved(nothing.key, nothing.sphere, None, None, (), Note(code))


def _said(key: str) -> str:
    """Return the code of an indicator, or the theme's key of a node."""
    parts = key.split("/")
    if len(parts) < 3:
        return key
    return code_of(key) if "+" in key and not key.endswith("+") else parts[1]

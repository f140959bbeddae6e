"""What stands at a line that a barrier must respect, and what has to be looked at on site."""

import math
from dataclasses import dataclass

from parvis.openness.results import Check


@dataclass(frozen=True, slots=True)
class LineContext:
    """
    What the data know about the place of a line; the defaults say that nothing is known.

    Attributes
    ----------
    crosses_tram : bool
        A tram track lies across the line.
    crosses_cycleway : bool
        A cycle track or a mapped cycle route lies across it.
    crosses_steps : bool
    n_trees : int
        Mapped within the distance of pack ``openness-requirements``.
    nearest_tree : float
        [m]; NaN where none is that near.
    n_utilities : int
        Hydrants and poles mapped within the same distance.
    is_on_structure : bool
        The line stands on a bridge, or over a street tunnel that is mapped.
    """

    crosses_tram: bool = False
    crosses_cycleway: bool = False
    crosses_steps: bool = False
    n_trees: int = 0
    nearest_tree: float = math.nan
    n_utilities: int = 0
    is_on_structure: bool = False


def site_checks(context: LineContext, *, needs_foundation: bool) -> tuple[Check, ...]:
    """
    Return what must be looked at before elements stand at a line.

    Parameters
    ----------
    context : LineContext
    needs_foundation : bool
        What is chosen is dug in.

    Returns
    -------
    tuple of Check
        All ``verify``, no value: ``tram`` where a track is crossed, ``steps``, ``structure``, and
        for what is dug in ``tree_roots`` where trees stand near and ``utilities`` always, since
        pipes and cables are hardly ever mapped. Nothing mapped is no proof that nothing is there.
    """
    found = []
    if context.crosses_tram:
        found.append(_to_verify("tram", {}))
    if context.crosses_steps:
        found.append(_to_verify("steps", {}))
    if context.is_on_structure:
        found.append(_to_verify("structure", {}))
    if needs_foundation:
        if context.n_trees:
            facts = {"n_trees": context.n_trees, "nearest": context.nearest_tree}
            found.append(_to_verify("tree_roots", facts))
        found.append(_to_verify("utilities", {"n_mapped": context.n_utilities}))
    return tuple(found)


def _to_verify(key: str, details: dict[str, float]) -> Check:
    source = "tree_distance" if key == "tree_roots" else ""
    return Check(key, "verify", math.nan, math.nan, "", source, details)

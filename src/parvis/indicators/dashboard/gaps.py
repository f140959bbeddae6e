"""Which data are missing, and what they would add."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parvis.indicators.dashboard.model import Block, Card, Dashboard, Half, Sphere, Theme
from parvis.indicators.dashboard.scoring import Scoring, code_of, node_of
from parvis.indicators.estimates import Note

if TYPE_CHECKING:
    from parvis.packs.indicator_models import DataSource, Indicator


@dataclass(frozen=True, slots=True)
class MissingIndicator:
    """
    An indicator that has no value, or one that cannot be scored.

    Attributes
    ----------
    indicator : Indicator
    reason : Note
    is_core : bool
    sources : tuple of str
        Where the data can come from.
    questions : tuple of str
        Ids of the questions that would answer it.
    """

    indicator: "Indicator"
    reason: Note
    is_core: bool
    sources: tuple["DataSource", ...]
    questions: tuple[str, ...]

    @property
    def code(self) -> str:
        """Code of the indicator."""
        return self.indicator.key


@dataclass(frozen=True, slots=True)
class MissingHalf:
    """
    What a half lacks, and what it would take.

    Attributes
    ----------
    block : str
    theme : str or None
        None for the half of the whole block.
    sphere : {'objective', 'perceived'}
    missing : tuple of MissingIndicator
        With all of them the half is complete.
    is_scored : bool
        Whether anything in it is to be scored.
    is_enough : bool
        Whether there is enough for its score now.
    n_needed : int
        So many of those that count for the score, core ones among them, are enough for it; 0 where
        there is enough.
    core : tuple of str
        Codes without which there is no score, whatever else comes.
    """

    block: str
    theme: str | None
    sphere: Sphere
    missing: tuple[MissingIndicator, ...]
    is_scored: bool
    is_enough: bool
    n_needed: int
    core: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of what is missing."""
        return tuple(each.code for each in self.missing)


def missing_data(found: Dashboard) -> tuple[MissingHalf, ...]:
    """
    Return the halves that lack data: each block's, then those of its themes.

    Parameters
    ----------
    found : Dashboard

    Returns
    -------
    tuple of MissingHalf
        Halves that lack nothing are left out. What a theme's half lacks includes indicators of
        other themes that are read beside it.
    """
    halves = []
    for block in found.blocks:
        halves += [_half(block, None, half, found.scoring) for half in block.halves]
        for theme in block.themes:
            halves += [_half(block, theme, half, found.scoring) for half in theme.halves]
    return tuple(half for half in halves if half.missing)


def why_missing(card: Card, scoring: Scoring) -> Note | None:
    """Return why a card has no value or no points; None where it has both or needs none."""
    if card.latest is None:
        return Note("dashboard_missing")
    if card.is_missing:
        notes = card.latest.estimate.notes
        return notes[-1] if notes else Note("dashboard_no_value")
    return scoring.unscored.get(card.code)


def _half(block: Block, theme: Theme | None, half: Half, scoring: Scoring) -> MissingHalf:
    lacking = []
    for card in half.cards:
        reason = why_missing(card, scoring)
        if reason is not None:
            each = card.indicator
            lacking.append(
                MissingIndicator(each, reason, each.core, each.sources, tuple(each.question_ids))
            )
    n_needed, core = _needed(block, theme, half, scoring)
    return MissingHalf(
        block=block.key,
        theme=theme.key if theme else None,
        sphere=half.sphere,
        missing=tuple(lacking),
        is_scored=half.score is not None,
        is_enough=half.score is not None and half.score.is_enough,
        n_needed=n_needed,
        core=core,
    )


def _needed(
    block: Block, theme: Theme | None, half: Half, scoring: Scoring
) -> tuple[int, tuple[str, ...]]:
    """Return how many further values are enough for a score, and which core ones must be there."""
    if half.score is None or half.score.is_enough:
        return 0, ()
    if theme is not None:
        scored = [card for card in half.cards if card.indicator.direction != 0]
        there = sum(why_missing(card, scoring) is None for card in scored)
        return _further(len(scored), there, scoring), ()
    leaves = scoring.leaves(node_of(block.key, half.sphere))
    core = tuple(
        code_of(leaf.key) for leaf in leaves if leaf.is_core and not scoring.is_answered(leaf)
    )
    return _block_further(block, half.sphere, scoring), core


def _further(n: int, there: int, scoring: Scoring) -> int:
    least = scoring.how.rule.least_share
    return next(more for more in range(n - there + 1) if (there + more) / n >= least - 1e-9)


def _block_further(block: Block, sphere: Sphere, scoring: Scoring) -> int:
    """
    Return with how few further values the themes of a block's half hold enough between them.

    Themes weigh alike, and one without a score counts for nothing: each is brought to every number
    of values it can have, core ones first as they must be there, and the cheapest way to the share
    is taken.
    """
    ways: list[list[tuple[float, int]]] = []
    for theme in block.themes:
        key = node_of(block.key, sphere, theme=theme.key)
        if key not in scoring.tree.position or not (leaves := scoring.leaves(key)):
            continue
        n, there = len(leaves), sum(scoring.has_points(leaf) for leaf in leaves)
        least = scoring.how.rule.least_share - 1e-9
        core = sum(leaf.is_core and not scoring.is_answered(leaf) for leaf in leaves)
        options = [((there + more) / n, more) for more in range(core, n - there + 1)]
        ways.append([(share if share >= least else 0.0, more) for share, more in options])
    best: dict[int, float] = {0: 0.0}
    for options in ways:
        following: dict[int, float] = {}
        for spent, held in best.items():
            for share, more in options:
                total = spent + more
                following[total] = max(following.get(total, 0.0), held + share)
        best = following
    least = scoring.how.rule.least_share - 1e-9
    return min((n for n, held in best.items() if held / len(ways) >= least), default=0)

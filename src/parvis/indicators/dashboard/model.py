"""What does a dashboard say: values with their errors, changes, halves side by side, never one sum.

Nothing here holds a text: names come from the packs, sentences from the codes of notes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from parvis.indicators.estimates import Estimate, Note
from parvis.indicators.values import Observation

if TYPE_CHECKING:
    from parvis.indicators.dashboard.scoring import Scoring
    from parvis.packs.indicator_models import Indicator

Names = Mapping[str, Mapping[str, str]]
"""Name and description in other languages, by language and key, as packs hold them."""
Sphere = Literal["objective", "perceived"]
SPHERES: tuple[Sphere, Sphere] = ("objective", "perceived")
OLD_YEARS = 3.0
"""A value whose period ended longer ago is old."""


class Change(StrEnum):
    """What may be said of a change at 95 %; rose means that the value rose, not that it is good."""

    ROSE = "rose"
    FELL = "fell"
    NO_DEMONSTRABLE_CHANGE = "no_demonstrable_change"
    UNKNOWN = "unknown"


class ScoreScale(StrEnum):
    """What the points of a score mean."""

    BASE_100 = "base_100"
    """100 in the base period; about 70 to 130; more is better."""
    POINTS_0_100 = "points_0_100"
    """0 at the worst, 100 at the best value there can be."""


@dataclass(frozen=True, slots=True)
class Point:
    """
    A value in a series.

    Attributes
    ----------
    period : str
    estimate : Estimate
        In the indicator's unit; without a value where it is withheld or cannot be used.
    observation : Observation
        What it was made from.
    is_break : bool
        Whether it cannot be compared with the point before it.
    """

    period: str
    estimate: Estimate
    observation: Observation
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """
    Values of an indicator over periods of the same kind, the earliest first.

    Attributes
    ----------
    indicator, area, split : str
    points : tuple of Point
    """

    indicator: str
    area: str
    split: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    A value beside an earlier one.

    Attributes
    ----------
    before, after : Point
    change : Change
    difference, ratio : Estimate or None
        After minus before in the indicator's unit; after over before, for rates of counts.
    probability_rose : float or None
        That the value behind the figures rose; None where errors are not known.
    is_better : bool or None
        Whether the change is for the better by the indicator's direction; None without a
        demonstrable change, and for context.
    notes : tuple of Note
        Why it is unknown, or what to know.
    """

    before: Point
    after: Point
    change: Change
    difference: Estimate | None = None
    ratio: Estimate | None = None
    probability_rose: float | None = None
    is_better: bool | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """
    All that is said of one indicator.

    Attributes
    ----------
    indicator : Indicator
        Of the catalogue.
    unit : str
        Key of the unit; the catalogue has its name.
    series : Series
    latest, base : Point or None
        The last one up to the period asked for; that of the base period.
    since_base, since_last : Comparison or None
        With the base period, and with the point before the latest; None where there is nothing to
        compare.
    target : float or None
    is_complete_count : bool
        Whether nothing was sampled: an interval is then the range of chance variation.
    age_years : float or None
        Since the end of the latest point's period.
    notes : tuple of Note
        Why there is no value, that it is old, and what else to know.
    """

    indicator: "Indicator"
    unit: str
    series: Series
    latest: Point | None
    base: Point | None
    since_base: Comparison | None
    since_last: Comparison | None
    target: float | None
    is_complete_count: bool
    age_years: float | None
    notes: tuple[Note, ...] = ()

    @property
    def code(self) -> str:
        """Code of the indicator."""
        return self.indicator.key

    @property
    def sphere(self) -> Sphere:
        """Whether records and measurements say it, or people."""
        return "objective" if self.indicator.sphere == "objective" else "perceived"

    @property
    def is_missing(self) -> bool:
        """Whether there is no value to show."""
        return self.latest is None or self.latest.estimate.value is None

    @property
    def is_old(self) -> bool:
        """Whether its period ended more than three years ago."""
        return self.age_years is not None and self.age_years > OLD_YEARS

    @property
    def comparison(self) -> Comparison | None:
        """The comparison with the base period, with the last point where there is none."""
        return self.since_base or self.since_last

    @property
    def change(self) -> Change:
        """What may be said of the change since the base period, else since the last point."""
        return self.comparison.change if self.comparison else Change.UNKNOWN

    @property
    def probability_rose(self) -> float | None:
        """Probability that the value behind the figures rose."""
        return self.comparison.probability_rose if self.comparison else None

    @property
    def is_better(self) -> bool | None:
        """Whether the change is for the better."""
        return self.comparison.is_better if self.comparison else None


@dataclass(frozen=True, slots=True)
class Score:
    """
    The score of a half; more is better.

    Attributes
    ----------
    value, low, high : float or None
        None where there is not enough data; the interval holds the errors of the data.
    share_present : float
        Share of the weight that has a value, 0 to 1.
    is_enough : bool
    scale : ScoreScale
    arithmetic : float or None
        The plain mean of the same points, beside a mean that counts imbalance.
    change : Change
        Since the base period; unknown without one.
    probability_rose : float or None
    notes : tuple of Note
        Why there is none; how many values count as exact.
    """

    value: float | None
    low: float | None
    high: float | None
    share_present: float
    is_enough: bool
    scale: ScoreScale
    arithmetic: float | None = None
    change: Change = Change.UNKNOWN
    probability_rose: float | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Half:
    """
    One side of a theme or block: what is recorded, or what people say.

    Attributes
    ----------
    sphere : {'objective', 'perceived'}
    cards : tuple of Card
        In a theme those at home in it, then those of other themes read beside them.
    score : Score or None
        Of these cards; None where nothing is to be scored (context, no indicators).
    beside : tuple of str
        Codes of the cards that are at home in another theme.
    """

    sphere: Sphere
    cards: tuple[Card, ...]
    score: Score | None
    beside: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Card, ...]:
        """Cards without a value."""
        return tuple(card for card in self.cards if card.is_missing)


@dataclass(frozen=True, slots=True)
class Theme:
    """
    Indicators that are read together, in two halves.

    Attributes
    ----------
    key, name, description : str
    objective, perceived : Half
    i18n : mapping
    """

    key: str
    name: str
    objective: Half
    perceived: Half
    description: str = ""
    i18n: Names | None = None

    @property
    def halves(self) -> tuple[Half, Half]:
        """Both halves."""
        return self.objective, self.perceived


@dataclass(frozen=True, slots=True)
class Block:
    """
    One of the six building blocks.

    Attributes
    ----------
    key, name : str
    themes : tuple of Theme
    objective, perceived : Half
        All indicators of the block, each once.
    in_composite : bool
        Background conditions have no score.
    n_indicators, n_with_value : int
    oldest, newest : str or None
        Periods of the latest points.
    i18n : mapping
    """

    key: str
    name: str
    themes: tuple[Theme, ...]
    objective: Half
    perceived: Half
    in_composite: bool
    n_indicators: int
    n_with_value: int
    oldest: str | None
    newest: str | None
    i18n: Names | None = None

    @property
    def halves(self) -> tuple[Half, Half]:
        """Both halves."""
        return self.objective, self.perceived

    @property
    def missing_share(self) -> float:
        """Share of the indicators without a value."""
        return 1.0 - self.n_with_value / self.n_indicators if self.n_indicators else 0.0


@dataclass(frozen=True)
class Dashboard:
    """
    What is known of an area in a period. There is no number above the blocks.

    Attributes
    ----------
    area, period : str
    base_period : str or None
    blocks : tuple of Block
    notices : tuple of Note
    scoring : Scoring
        The points and means behind the scores, for `moved` and `missing_data`.
    """

    area: str
    period: str
    base_period: str | None
    blocks: tuple[Block, ...]
    notices: tuple[Note, ...]
    scoring: "Scoring"

    def cards(self) -> Iterator[Card]:
        """Yield every card once, in the order of the catalogue's blocks."""
        for block in self.blocks:
            yield from (*block.objective.cards, *block.perceived.cards)

    @cached_property
    def by_code(self) -> dict[str, Card]:
        """Cards by code."""
        return {card.code: card for card in self.cards()}

    @property
    def missing_share(self) -> float:
        """Share of the indicators without a value."""
        n = sum(block.n_indicators for block in self.blocks)
        return 1.0 - sum(block.n_with_value for block in self.blocks) / n if n else 0.0

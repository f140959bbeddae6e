"""In which sentences does a dashboard speak: for pages and for the yearly report alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from parvis.report.dashboard_figures import unit_name
from parvis.report.messages import fill
from parvis.report.wording import Wording, locale_of

if TYPE_CHECKING:
    from parvis.indicators.dashboard import Block, Card, Change
    from parvis.indicators.estimates import Estimate, Note
    from parvis.packs.indicators import Catalogue

MISSING = "–"
CHANGES = ("rose", "fell", "no_demonstrable_change", "unknown")
FINE = frozenset({"index_0_1", "ratio", "scale_1_5"})
WHOLE = frozenset({"persons", "eur_per_head"})


class DashboardWords:
    """
    The words of a dashboard in one language.

    Parameters
    ----------
    catalogue : Catalogue
    language : {"en", "fr", "pl"}
    """

    def __init__(self, catalogue: "Catalogue", language: str) -> None:
        self._catalogue = catalogue
        self._language = language
        self._wording = Wording(language)

    def unit(self, card: "Card") -> str:
        """Return the unit of an indicator."""
        return unit_name(self._catalogue, card.indicator.unit, self._language)

    def note(self, note: "Note") -> str:
        """Return the sentence of a note."""
        return fill(note.code, note.details, self._language)

    def number(self, value: float, decimals: int) -> str:
        """Return a number as the language writes it."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        said = str(format_decimal(value, pattern, locale=locale_of(self._language)))
        return said.replace("-", "\N{MINUS SIGN}")

    def value(self, card: "Card", value: float | None) -> str:
        """Return a value; percentages with their sign, other units are told beside it."""
        if value is None:
            return MISSING
        unit = card.indicator.unit
        said = self.number(value, 2 if unit in FINE else 0 if unit in WHOLE else 1)
        return self._say("percent", number=said) if unit == "percent" else said

    def difference(self, card: "Card", value: float | None) -> str:
        """Return a difference of values; of percentages in points."""
        if value is None or card.indicator.unit != "percent":
            return self.value(card, value)
        return self._say("points_of_percent", number=self.number(value, 1))

    def interval(self, card: "Card", estimate: "Estimate", *, is_gap: bool = False) -> str:
        """Return the ends of an interval, of a difference where `is_gap`; empty without one."""
        if estimate.low is None or estimate.high is None:
            return ""
        say = self._end if is_gap else self.value
        low, high = (say(card, each) for each in (estimate.low, estimate.high))
        return self._wording("chart.range", low=low, high=high)

    def _end(self, card: "Card", value: float) -> str:
        return self.value(card, value).rstrip("%").rstrip()

    def change(self, card: "Card") -> str:
        """Return what may be said of the change of an indicator."""
        return self.label(card.change, card.is_better)

    def label(self, change: "Change", is_better: bool | None) -> str:
        """Return what may be said of a change, and whether it is for the better."""
        said = self._say(f"change.{change.value}")
        if is_better is None:
            return said
        return f"{said}, {self._say('better' if is_better else 'worse')}"

    def before(self, card: "Card") -> str:
        """Return the value compared with and its period; empty where there is none."""
        found = card.comparison.before if card.comparison else None
        if found is None or found.estimate.value is None:
            return ""
        value = self.value(card, found.estimate.value)
        return self._say("in", value=value, period=found.period)

    def sentence(self, cards: "Sequence[Card]") -> str:
        """Return how many rose, fell, cannot be told apart, and are missing."""
        there = [card for card in cards if not card.is_missing]
        missing = len(cards) - len(there)
        if not there:
            return self._say("no_data", count=missing)
        counts = {each: sum(card.change.value == each for card in there) for each in CHANGES}
        parts = [
            self._say(f"count.{change}", count=count) for change, count in counts.items() if count
        ]
        if missing:
            parts.append(self._say("count.missing", count=missing))
        return self._say("sentence", parts=", ".join(parts))

    def verdict(self, cards: "Sequence[Card]") -> str:
        """Return how many changed for the better and for the worse; empty where none did."""
        better = sum(card.is_better is True for card in cards)
        worse = sum(card.is_better is False for card in cards)
        if not better and not worse:
            return ""
        return self._say("verdict", better=better, worse=worse)

    def coverage(self, block: "Block") -> str:
        """Return for how many indicators there is a value, and how old the values are."""
        said = {"there": block.n_with_value, "all": block.n_indicators}
        if block.oldest is None:
            return self._say("coverage.none", **said)
        if block.oldest == block.newest:
            return self._say("coverage.single", newest=block.newest, **said)
        return self._say("coverage.several", oldest=block.oldest, newest=block.newest, **said)

    def _say(self, key: str, **fields: object) -> str:
        return self._wording(f"dashboard.{key}", **fields)

"""In which words do pages tell values, changes and what is missing?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from parvis_web.dashboard.queries import Shown
from parvis_web.ui.errors import active_language
from parvis_web.ui.formats import MISSING

if TYPE_CHECKING:
    from parvis.indicators.dashboard import Block, Card, Half, Theme
    from parvis.indicators.estimates import Note

ICONS = {
    "rose": "arrow-up",
    "fell": "arrow-down",
    "no_demonstrable_change": "minus",
    "unknown": "info",
}
HALVES: dict[str, str | Promise] = {
    "objective": _lazy("What is recorded"),
    "perceived": _lazy("What people say"),
}
SOURCES: dict[str, str | Promise] = {
    "register": _lazy("register"),
    "survey": _lazy("survey"),
    "geodata": _lazy("map data"),
    "administration": _lazy("administration"),
    "field_audit": _lazy("audit of places"),
}
DIRECTIONS: dict[Any, str | Promise] = {
    1: _lazy("More is better."),
    -1: _lazy("Less is better."),
    0: _lazy("Neither more nor less is better: it is read beside the others."),
    "target": _lazy("The nearer to the target the better."),
}
GRADES: dict[str, str | Promise] = {
    "A": _lazy("official statistics"),
    "B": _lazy("a register or a survey with a documented design"),
    "C": _lazy("administrative data, not checked further"),
    "D": _lazy("estimated or collected without a design"),
    "E": _lazy("anecdotal, or people who chose to answer"),
}
METHODS: dict[str, str | Promise] = {
    "poisson": _lazy("count or rate of counts: exact Poisson, Byar from 10 events"),
    "weighted_share": _lazy("weighted share of a survey, with its design"),
    "weighted_mean": _lazy("weighted mean of a survey, with its design"),
    "audit": _lazy("audited places, drawn again and again"),
    "boundary": _lazy("whole area: depends on its boundary, not on a sample"),
    "complete": _lazy("complete count, no sampling error"),
    "bootstrap": _lazy("drawn again and again from the data"),
    "kaplan_meier": _lazy("time until repair, open cases counted"),
    "raters": _lazy("judgements of several raters"),
}


@dataclass(frozen=True)
class ShownCard:
    """An indicator as a line of a page."""

    code: str
    name: str
    value: str
    interval: str
    unit: str
    period: str
    is_missing: bool
    is_old: bool
    is_unreliable: bool
    is_beside: bool
    change: str
    change_label: str
    change_icon: str
    change_kind: str
    before: str
    target: str
    why: str
    sources: str


@dataclass(frozen=True)
class ShownHalf:
    """One side of a theme: the values there are, and the names of those there are not."""

    sphere: str
    label: str
    cards: list[ShownCard]
    missing: list[ShownCard]


@dataclass(frozen=True)
class ShownTheme:
    """A theme with both its halves."""

    key: str
    name: str
    description: str
    halves: list[ShownHalf]


@dataclass(frozen=True)
class ShownBlock:
    """A block in a sentence, with its themes."""

    key: str
    name: str
    sentence: str
    verdict: str
    coverage: str
    missing_share: float
    themes: list[ShownTheme]
    in_composite: bool


class Words:
    """
    Puts a dashboard into words of the active language.

    Parameters
    ----------
    shown : Shown
    """

    def __init__(self, shown: Shown) -> None:
        from parvis.report.dashboard_words import DashboardWords
        from parvis.report.wording import catalogued

        self._shown = shown
        self._language = catalogued(active_language())
        self.said = DashboardWords(shown.catalogue, self._language)

    def name(self, entry: Any) -> str:
        """Return what an indicator, block or theme is called."""
        from parvis.report.dashboard_figures import translated

        return translated(entry, self._language)

    def description(self, entry: Any) -> str:
        """Return what an indicator, block or theme is about."""
        said = (entry.i18n or {}).get(self._language, {}).get("description")
        return str(said or entry.description)

    def notes(self, notes: "Iterable[Note]") -> list[str]:
        """Return the sentences of notes, each once."""
        return list(dict.fromkeys(self.said.note(each) for each in notes))

    def blocks(self) -> list[ShownBlock]:
        """Return every block."""
        return [self.block(each) for each in self._shown.found.blocks]

    def changed(self) -> list[ShownHalf]:
        """Return what demonstrably rose or fell, context left out, in both halves."""
        found = []
        for sphere, label in HALVES.items():
            cards = [
                self.card(each)
                for block in self._shown.found.blocks
                if block.in_composite
                for each in getattr(block, sphere).cards
                if each.change.value in {"rose", "fell"} and not each.is_missing
            ]
            found.append(ShownHalf(sphere, str(label), cards, []))
        return found

    def block(self, block: "Block") -> ShownBlock:
        """Return a block."""
        cards = [*block.objective.cards, *block.perceived.cards]
        return ShownBlock(
            key=block.key.lower(),
            name=self.name(block),
            sentence=self.said.sentence(cards),
            verdict=self.said.verdict(cards),
            coverage=self.said.coverage(block),
            missing_share=block.missing_share,
            themes=[self.theme(each) for each in block.themes],
            in_composite=block.in_composite,
        )

    def theme(self, theme: "Theme") -> ShownTheme:
        """Return a theme."""
        return ShownTheme(
            key=theme.key,
            name=self.name(theme),
            description=self.description(theme),
            halves=[self.half(each) for each in theme.halves],
        )

    def half(self, half: "Half") -> ShownHalf:
        """Return one side of a theme."""
        cards = [self.card(each, is_beside=each.code in half.beside) for each in half.cards]
        return ShownHalf(
            sphere=half.sphere,
            label=str(HALVES[half.sphere]),
            cards=[each for each in cards if not each.is_missing],
            missing=[each for each in cards if each.is_missing],
        )

    def card(self, card: "Card", *, is_beside: bool = False) -> ShownCard:
        """Return an indicator as a line."""
        from parvis.indicators.estimates import Flag

        said, latest = self.said, card.latest
        kinds = {True: "good", False: "bad", None: ""}
        return ShownCard(
            code=card.code,
            name=self.name(card.indicator),
            value=said.value(card, latest.estimate.value) if latest else MISSING,
            interval=said.interval(card, latest.estimate) if latest else "",
            unit="" if card.indicator.unit == "percent" else said.unit(card),
            period=latest.period if latest else "",
            is_missing=card.is_missing,
            is_old=card.is_old,
            is_unreliable=latest is not None and Flag.UNRELIABLE in latest.estimate.flags,
            is_beside=is_beside,
            change=card.change.value,
            change_label=said.change(card),
            change_icon=ICONS[card.change.value],
            change_kind=kinds[card.is_better],
            before=said.before(card),
            target="" if card.target is None else said.value(card, card.target),
            why=self._why(card),
            sources=", ".join(str(SOURCES[each]) for each in card.indicator.sources),
        )

    def _why(self, card: "Card") -> str:
        if not card.is_missing:
            return " ".join(self.notes(card.comparison.notes)) if card.comparison else ""
        return " ".join(self.notes(card.notes))

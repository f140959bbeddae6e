"""In which words do pages tell values, changes and what is missing?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from parvis_web.dashboard.queries import Shown
from parvis_web.ui.errors import active_language, sentence_for
from parvis_web.ui.formats import MISSING, number

if TYPE_CHECKING:
    from parvis.indicators.dashboard import Block, Card, Half, Point, Theme
    from parvis.indicators.estimates import Estimate, Note

CHANGES: dict[str, tuple[str | Promise, str]] = {
    "rose": (pgettext_lazy("a value", "rose"), "arrow-up"),
    "fell": (pgettext_lazy("a value", "fell"), "arrow-down"),
    "no_demonstrable_change": (_lazy("no demonstrable change"), "minus"),
    "unknown": (_lazy("change not known"), "info"),
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
    better: str
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
        self._shown = shown
        self._language = active_language()

    def name(self, entry: Any) -> str:
        """Return what an indicator, block or theme is called."""
        from parvis.report.dashboard_figures import translated

        return translated(entry, self._language)

    def description(self, entry: Any) -> str:
        """Return what an indicator, block or theme is about."""
        said = (entry.i18n or {}).get(self._language, {}).get("description")
        return str(said or entry.description)

    def unit(self, card: "Card") -> str:
        """Return the unit of an indicator."""
        from parvis.report.dashboard_figures import unit_name

        return unit_name(self._shown.catalogue, card.indicator.unit, self._language)

    def note(self, note: "Note") -> str:
        """Return the sentence of a note."""
        return sentence_for(note.code, note.details)

    def notes(self, notes: "Iterable[Note]") -> list[str]:
        """Return the sentences of notes, each once."""
        return list(dict.fromkeys(self.note(each) for each in notes))

    def value(self, card: "Card", value: float | None) -> str:
        """Return a value with its unit, so far as that is short."""
        from parvis.report.dashboard_figures import decimals_of

        said = number(value, decimals_of(card.indicator))
        if value is not None and card.indicator.unit == "percent":
            return _("%(number)s%%") % {"number": said}
        return said

    def interval(self, card: "Card", estimate: "Estimate") -> str:
        """Return the ends of an interval; empty where there is none."""
        if estimate.low is None or estimate.high is None:
            return ""
        ends = {"low": self.value(card, estimate.low), "high": self.value(card, estimate.high)}
        return _("%(low)s to %(high)s") % ends

    def blocks(self) -> list[ShownBlock]:
        """Return every block."""
        return [self.block(each) for each in self._shown.found.blocks]

    def block(self, block: "Block") -> ShownBlock:
        """Return a block."""
        cards = [*block.objective.cards, *block.perceived.cards]
        return ShownBlock(
            key=block.key.lower(),
            name=self.name(block),
            sentence=_sentence(cards),
            verdict=_verdict(cards),
            coverage=_coverage(block),
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

        label, icon = CHANGES[card.change.value]
        latest, before = card.latest, card.comparison.before if card.comparison else None
        kind, better = "", ""
        if card.is_better is not None:
            kind = "good" if card.is_better else "bad"
            better = _("for the better") if card.is_better else _("for the worse")
        return ShownCard(
            code=card.code,
            name=self.name(card.indicator),
            value=self.value(card, latest.estimate.value) if latest else MISSING,
            interval=self.interval(card, latest.estimate) if latest else "",
            unit="" if card.indicator.unit == "percent" else self.unit(card),
            period=latest.period if latest else "",
            is_missing=card.is_missing,
            is_old=card.is_old,
            is_unreliable=latest is not None and Flag.UNRELIABLE in latest.estimate.flags,
            is_beside=is_beside,
            change=card.change.value,
            change_label=str(label),
            change_icon=icon,
            change_kind=kind,
            better=better,
            before=self._before(card, before),
            target="" if card.target is None else self.value(card, card.target),
            why=self._why(card),
            sources=", ".join(str(SOURCES[each]) for each in card.indicator.sources),
        )

    def _before(self, card: "Card", before: "Point | None") -> str:
        if before is None or before.estimate.value is None:
            return ""
        said = {"value": self.value(card, before.estimate.value), "period": before.period}
        return _("%(value)s in %(period)s") % said

    def _why(self, card: "Card") -> str:
        if not card.is_missing:
            return " ".join(self.notes(card.comparison.notes)) if card.comparison else ""
        return " ".join(self.notes(card.notes))


def _sentence(cards: "Sequence[Card]") -> str:
    there = [card for card in cards if not card.is_missing]
    counts = {
        change: number(sum(card.change.value == change for card in there)) for change in CHANGES
    }
    counts["missing"] = number(len(cards) - len(there))
    if not there:
        return _("No data yet: %(missing)s indicators are waiting for theirs.") % counts
    return (
        _(
            "%(rose)s rose, %(fell)s fell, %(no_demonstrable_change)s without demonstrable "
            "change, %(unknown)s that cannot be compared, %(missing)s without data."
        )
        % counts
    )


def _verdict(cards: "Sequence[Card]") -> str:
    better = sum(card.is_better is True for card in cards)
    worse = sum(card.is_better is False for card in cards)
    if not better and not worse:
        return ""
    return _("Of what changed, %(better)s for the better and %(worse)s for the worse.") % {
        "better": number(better),
        "worse": number(worse),
    }


def _coverage(block: "Block") -> str:
    said = {
        "there": number(block.n_with_value),
        "all": number(block.n_indicators),
        "oldest": block.oldest,
        "newest": block.newest,
    }
    if block.oldest is None:
        return _("%(there)s of %(all)s indicators have a value.") % said
    if block.oldest == block.newest:
        return _("%(there)s of %(all)s indicators have a value, all of %(newest)s.") % said
    return _("%(there)s of %(all)s indicators have a value, from %(oldest)s to %(newest)s.") % said

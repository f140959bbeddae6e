"""Which figures a dashboard shows: each made once, for pages, for files and for the report."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from parvis.indicators.dashboard import (
    Block,
    Card,
    Change,
    Dashboard,
    Difference,
    Group,
    Moved,
    Peers,
    Point,
    Score,
    ScoreScale,
)
from parvis.indicators.dashboard.areas import AreaValue
from parvis.indicators.estimates import Estimate, Flag
from parvis.packs.indicators import Catalogue, shipped_catalogue
from parvis.report.figures import Against, Figure, Kind, Mark, Reporting, Role, Series
from parvis.report.figures.makers import category_name
from parvis.report.messages import fill
from parvis.report.wording import Wording

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

REPORTED = "SEC-12"
"""Says what share of the victims of violence reported it."""
VIOLENT = frozenset({"SEC-02"})
"""What that share is of; how much of other recorded crime is reported, it does not say."""
FINE = frozenset({"index_0_1", "ratio", "scale_1_5"})
WHOLE = frozenset({"persons", "eur_per_head"})
AGAINST = {
    Difference.ABOVE: Against.HIGHER,
    Difference.BELOW: Against.LOWER,
    Difference.NO_DEMONSTRABLE_DIFFERENCE: Against.NOT_DIFFERENT,
    Difference.UNKNOWN: Against.UNKNOWN,
}


class DashboardFigures:
    """
    Makes the figures of one dashboard in one language.

    Parameters
    ----------
    catalogue : Catalogue
    language : {"en", "fr", "pl"}
    reporting : Card, optional
        Of `REPORTED`, to stand beside figures of recorded violence.
    """

    def __init__(
        self, catalogue: Catalogue, language: str = "en", *, reporting: Card | None = None
    ) -> None:
        self._catalogue = catalogue
        self._words = Wording(language)
        self._reporting = reporting

    @property
    def language(self) -> str:
        """The language of every text."""
        return self._words.language

    @property
    def catalogue(self) -> Catalogue:
        """The indicators that hold."""
        return self._catalogue

    def entry(self, entry: Any) -> str:
        """Return the name of a block or a theme."""
        return translated(entry, self.language)

    def name(self, indicator: "Indicator") -> str:
        """Return what an indicator is called."""
        return translated(indicator, self.language)

    def unit(self, indicator: "Indicator") -> str:
        """Return the unit of an indicator in words."""
        return unit_name(self._catalogue, indicator.unit, self.language)

    def group(self, dimension: str, category: str) -> str:
        """Return what a group is called; an unknown one as it is written."""
        return category_name(dimension, category, self.language)

    def dimension(self, key: str) -> str:
        """Return what a way of splitting is called; an unknown one as it is written."""
        known = f"dashboard.split.{key}"
        return self._words(known) if self._words.has(known) else key

    def recorded(self, indicator: "Indicator") -> Reporting | None:
        """Return how much of it is reported, for recorded crime alone; the rate may be unknown."""
        if not is_recorded_crime(indicator):
            return None
        card = self._reporting
        if indicator.key not in VIOLENT or card is None or card.latest is None:
            return Reporting()
        if card.latest.estimate.value is None:
            return Reporting()
        share = card.latest.estimate.value / (card.indicator.multiplier or 1.0)
        if not 0.0 < share <= 1.0:
            return Reporting()
        return Reporting(share, f"{self.name(card.indicator)}, {card.latest.period}")

    def recorded_in(self, cards: Iterable[Card]) -> Reporting | None:
        """Return how much is reported of what scores rest on; None where none is recorded crime."""
        found = [self.recorded(card.indicator) for card in cards if not card.is_missing]
        return next((each for each in found if each is not None), None)

    def trend(self, card: Card) -> Figure | None:
        """Return how an indicator went, its breaks, base year and target with it."""
        marks = tuple(self._point(each, each.period) for each in card.series.points)
        if not marks:
            return None
        change = card.since_base.change if card.since_base else Change.UNKNOWN
        base = card.base.period if card.base else ""
        return self._of(
            card.indicator,
            key="trend",
            kind=Kind.TREND,
            title="trend",
            series=(Series(self.name(card.indicator), marks, card.code),),
            of="period",
            target=card.target,
            base=base,
            change="" if change is Change.UNKNOWN else change.value,
            is_complete_count=card.is_complete_count,
            source=sources(card.series.points),
        )

    def groups(self, card: Card, groups: Sequence[Group]) -> Figure | None:
        """Return who feels what: one small figure a way of splitting, everybody as reference."""
        series = tuple(
            Series(
                self.dimension(each.dimension),
                tuple(
                    self._point(value.latest, self.group(each.dimension, value.category),
                                code=value.category)
                    for value in each.values if value.latest is not None
                ),
                each.dimension,
            )
            for each in groups
        )  # fmt: skip
        series = tuple(each for each in series if each.marks)
        if not series:
            return None
        total = groups[0].total
        return self._of(
            card.indicator,
            key="groups",
            kind=Kind.SMALL_MULTIPLES,
            title="groups",
            series=series,
            of="group",
            reference=None
            if total is None
            else self._point(total, self._words("dashboard.everybody"), code="total"),
            period=card.latest.period if card.latest else "",
            is_complete_count=card.is_complete_count,
            source=sources([v.latest for each in groups for v in each.values if v.latest]),
        )

    def areas(
        self,
        card: Card,
        values: Sequence[AreaValue],
        shapes: Mapping[str, Mapping[str, Any]],
        *,
        city: str,
        period: str,
    ) -> Figure | None:
        """Return an indicator by area in the order of names: a map where every area is drawn."""
        marks = tuple(
            self._point(each.point, each.name, code=each.area, against=AGAINST[each.difference],
                        note=" ".join(self._said(note) for note in each.notes))
            for each in values
        )  # fmt: skip
        if not marks:
            return None
        drawn = {mark.key: shapes[mark.key] for mark in marks if mark.key in shapes}
        latest = card.latest
        is_same = latest is not None and latest.period == period
        return self._of(
            card.indicator,
            key="areas",
            kind=Kind.AREA_MAP if drawn else Kind.INTERVAL_DOTS,
            title="areas",
            series=(Series(self.name(card.indicator), marks, card.code),),
            of="area",
            reference=self._point(latest, city) if is_same and latest else None,
            period=period,
            is_complete_count=card.is_complete_count,
            shapes=drawn,
            source=sources([each.point for each in values]),
        )

    def pair(self, block: Block, found: Dashboard) -> Figure | None:
        """Return the scores of a block's themes, what is recorded beside what people say."""
        series = tuple(
            Series(
                self._words(f"dashboard.half.{sphere}"),
                tuple(
                    self._score(half.score, translated(theme, self.language), theme.key)
                    for theme in block.themes
                    if (half := getattr(theme, sphere)).score is not None
                ),
                sphere,
            )
            for sphere in ("objective", "perceived")
        )  # fmt: skip
        if all(mark.value is None for each in series for mark in each.marks):
            return None
        return Figure(
            key=f"{block.key.lower()}-pair",
            kind=Kind.PAIR,
            title=self._words("dashboard.pair", name=translated(block, self.language)),
            series=series,
            unit=self._points(found),
            of=self._words("chart.of.theme"),
            language=self.language,
            period=found.period,
            decimals=1,
            recorded=self.recorded_in([*block.objective.cards, *block.perceived.cards]),
        )

    def moved(self, block: Block, said: Moved, found: Dashboard) -> Figure | None:
        """Return what moved the score of a block's half; None where there is no such score."""
        if said.before is None or said.after is None or found.base_period is None:
            return None
        steps = []
        for step in said.steps:
            name = self._step(step.code, block)
            if step.reason != "value":
                name = self._words(f"dashboard.{step.reason}", name=name)
            steps.append(Mark(name, step.points, code=f"{step.code}-{step.reason}"))
        before = self._words("dashboard.before", period=found.base_period)
        after = self._words("dashboard.after", period=found.period)
        marks = (
            Mark(before, said.before, code="before", role=Role.START),
            *steps,
            Mark(after, said.after, code="after", role=Role.END),
        )
        name = translated(block, self.language)
        return Figure(
            key=f"{block.key.lower()}-moved-{said.sphere}",
            kind=Kind.WATERFALL,
            title=self._words(f"dashboard.moved.{said.sphere}", name=name),
            series=(Series(name, marks, said.sphere),),
            unit=self._points(found),
            of=self._words("dashboard.step"),
            language=self.language,
            period=f"{found.base_period} – {found.period}",
            recorded=self.recorded_in(
                found.by_code[step.code] for step in said.steps if step.code in found.by_code
            ),
        )

    def share(self, found: Dashboard) -> Figure:
        """Return for how many indicators of each block there is a value."""
        marks = tuple(
            Mark(
                translated(block, self.language),
                100.0 * (1.0 - block.missing_share),
                code=block.key,
                n=block.n_with_value,
            )
            for block in found.blocks
        )
        return Figure(
            key="share",
            kind=Kind.SHARE,
            title=self._words("dashboard.share"),
            series=(Series(self._words("dashboard.share"), marks, "share"),),
            unit="%",
            of=self._words("chart.of.block"),
            language=self.language,
            period=found.period,
            decimals=0,
        )

    def peers(self, card: Card, said: Peers) -> Figure | None:
        """Return one's own value beside others': by name, or the middle of an anonymous group."""
        marks = [
            Mark(each.name, each.estimate.value, each.estimate.low, each.estimate.high,
                 code=each.key, note=" ".join([each.period, *map(self._said, each.notes)]))
            for each in said.named
        ]  # fmt: skip
        caveats: tuple[str, ...] = tuple(self._said(note) for note in said.notes)
        if said.group is not None:
            group = said.group
            marks.append(
                Mark(self._words("dashboard.median", n=group.n), group.median, code="median")
            )
            low, high = (f"{each:g}" for each in (group.low_quarter, group.high_quarter))
            caveats = (
                *caveats,
                self._words("dashboard.quarters", n=group.n, low=low, high=high),
            )
        if not marks or said.own is None:
            return None
        own = self._point(said.own, self._words("dashboard.here"), code="here")
        return self._of(
            card.indicator,
            key="peers",
            kind=Kind.INTERVAL_DOTS,
            title="peers",
            series=(Series(self.name(card.indicator), (own, *marks), card.code),),
            of="area",
            is_complete_count=card.is_complete_count,
            caveats=caveats,
        )

    def _of(self, indicator: "Indicator", *, key: str, title: str, of: str, **other: Any) -> Figure:
        return Figure(
            key=f"{indicator.key.lower()}-{key}",
            title=self._words(f"dashboard.{title}", name=self.name(indicator)),
            unit=self.unit(indicator),
            of=self._words(f"chart.of.{of}"),
            language=self.language,
            decimals=decimals_of(indicator),
            recorded=self.recorded(indicator),
            **other,
        )

    def _point(
        self, point: Point, label: str, *, code: str = "", against: Against = Against.UNKNOWN,
        note: str = "",
    ) -> Mark:  # fmt: skip
        estimate = point.estimate
        flags = tuple(each for each in estimate.flags if each is not Flag.NORMAL)
        if point.is_break and Flag.BREAK not in flags:
            flags = (*flags, Flag.BREAK)
        reasons = [self._said(each) for each in estimate.notes] if estimate.value is None else []
        return Mark(
            label,
            estimate.value,
            *_limits(estimate),
            code=code or point.period,
            against=against,
            flags=flags,
            note=" ".join(part for part in (note, *reasons) if part),
            n=estimate.n if estimate.value is not None else None,
        )

    def _score(self, score: Score | None, label: str, key: str) -> Mark:
        if score is None or score.value is None:
            notes = () if score is None else score.notes
            return Mark(label, code=key, note=" ".join(self._said(note) for note in notes))
        return Mark(label, score.value, score.low, score.high, code=key)

    def _points(self, found: Dashboard) -> str:
        if found.scoring.scale is ScoreScale.BASE_100 and found.base_period:
            return self._words("dashboard.points", period=found.base_period)
        return self._words("chart.score_unit")

    def _step(self, code: str, block: Block) -> str:
        if code in self._catalogue.indicators:
            return self.name(self._catalogue.indicators[code])
        theme = next((each for each in block.themes if each.key == code), None)
        return translated(theme, self.language) if theme else code

    def _said(self, note: Any) -> str:
        return fill(note.code, note.details, self.language)


def translated(entry: Any, language: str) -> str:
    """Return the name of an indicator, block or theme in a language, else as it is."""
    return str((entry.i18n or {}).get(language, {}).get("name") or entry.name)


def unit_name(catalogue: Catalogue, key: str, language: str) -> str:
    """Return the name of a unit in a language."""
    shipped = next((unit for unit in shipped_catalogue().units if unit.key == key), None)
    if shipped is not None:
        return translated(shipped, language)
    return catalogue.units.get(key, key)


def decimals_of(indicator: "Indicator") -> int:
    """Return how many decimals tell an indicator's values apart."""
    return 2 if indicator.unit in FINE else 0 if indicator.unit in WHOLE else 1


def is_recorded_crime(indicator: "Indicator") -> bool:
    """Return whether an indicator counts what came to the knowledge of the police."""
    return (
        indicator.block == "SEC"
        and indicator.error_model == "poisson"
        and "register" in indicator.sources
    )


def sources(points: Sequence[Point]) -> str:
    """Return where values come from, each source once."""
    return ", ".join(
        dict.fromkeys(each.observation.source for each in points if each.observation.source)
    )


def _limits(estimate: Estimate) -> tuple[float | None, float | None]:
    """Return the interval, where it is one: both ends are needed."""
    if estimate.low is None or estimate.high is None:
        return None, None
    return estimate.low, estimate.high

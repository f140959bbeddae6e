"""Which figure shows what was computed: cards, groups, areas, halves, steps, gaps, peers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parvis.indicators.dashboard import (
    AreaValue,
    Card,
    Change,
    Difference,
    Group,
    Peers,
    Point,
)
from parvis.indicators.dashboard.change import is_complete
from parvis.indicators.estimates import Estimate, Flag, Note
from parvis.packs.indicators import Catalogue, shipped_catalogue
from parvis.report.figures.spec import Against, Figure, Kind, Mark, Reporting, Series
from parvis.report.messages import fill
from parvis.report.wording import Wording

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

_DECIMALS = {"persons": 0, "index_0_1": 2, "ratio": 2}
_AGAINST = {
    Difference.ABOVE: Against.HIGHER,
    Difference.BELOW: Against.LOWER,
    Difference.NO_DEMONSTRABLE_DIFFERENCE: Against.NOT_DIFFERENT,
    Difference.UNKNOWN: Against.UNKNOWN,
}
_AGES = re.compile(r"(\d*)-(\d*)")


@dataclass(frozen=True)
class Setting:
    """
    What all figures of a dashboard share.

    Attributes
    ----------
    catalogue : Catalogue
    language : {"en", "fr", "pl"}
    city : str
        Its name; the word for city where it is empty.
    reporting : mapping of str to Reporting
        What part of what happens is recorded, by code of the indicator; where one is missing, the
        figure says that it is not known.
    """

    catalogue: Catalogue
    language: str = "en"
    city: str = ""
    reporting: Mapping[str, Reporting] | None = None

    def __call__(self, key: str, **fields: object) -> str:
        """Return the text under ``chart.<key>``."""
        return Wording(self.language)(f"chart.{key}", **fields)

    @property
    def place(self) -> str:
        """What the city is called."""
        return self.city or self("place.city")


def is_recorded(indicator: "Indicator") -> bool:
    """Tell whether an indicator counts crime that was recorded, which is not all there is."""
    return bool(indicator.icc) or (indicator.block == "SEC" and "register" in indicator.sources)


def of_card(card: Card, setting: Setting) -> Figure:
    """Return an indicator over time, with base year, target and breaks."""
    marks = tuple(
        _mark(point, point.period, setting, code=point.period, is_break=point.is_break)
        for point in card.series.points
    )
    periods = [point.period for point in card.series.points]
    is_against_base = card.since_base is not None and card.change is not Change.UNKNOWN
    return _of_indicator(
        card.indicator,
        Kind.TREND,
        (Series(setting.place, marks, card.series.area),),
        setting,
        of=setting("of.period"),
        source=_sources(card.series.points),
        period=f"{periods[0]} – {periods[-1]}" if len(periods) > 1 else "".join(periods),
        target=card.target,
        base=card.base.period if card.base else "",
        change=card.change.value if is_against_base else "",
    )


def of_groups(indicator: "Indicator", groups: Sequence[Group], setting: Setting) -> Figure:
    """Return an indicator by group, time of day and kind of place, all on one axis."""
    series = []
    for group in groups:
        marks = tuple(
            _mark(
                value.latest,
                category_name(group.dimension, value.category, setting.language),
                setting,
                code=value.split,
            )
            for value in group.values
        )
        series.append(Series(_dimension(group.dimension, setting), marks, group.dimension))
    total = next((group.total for group in groups if group.total is not None), None)
    points = [value.latest for group in groups for value in group.values if value.latest]
    return _of_indicator(
        indicator,
        Kind.SMALL_MULTIPLES,
        tuple(series),
        setting,
        key="groups",
        title=setting("title.groups", name=named(indicator, setting.language)),
        of=setting("of.group"),
        by=setting("column.series"),
        source=_sources(points),
        period=_periods(points),
        reference=None if total is None else _mark(total, setting.place, setting),
    )


def of_areas(
    indicator: "Indicator",
    values: Sequence[AreaValue],
    setting: Setting,
    *,
    city: Point | None,
    shapes: Mapping[str, Mapping[str, Any]] | None = None,
    is_degrees: bool = True,
) -> Figure:
    """
    Return an indicator by area: a map where there are shapes, else values below each other.

    Parameters
    ----------
    indicator : Indicator
    values : sequence of AreaValue
        Drawn in their order, which is that of names.
    setting : Setting
    city : Point or None
        What the areas are compared with.
    shapes : mapping of str to GeoJSON polygon, optional
        By code of the area.
    is_degrees : bool
        Whether `shapes` are in longitude and latitude.
    """
    marks = tuple(
        _mark(
            value.point,
            value.name,
            setting,
            code=value.area,
            against=_AGAINST[value.difference],
            notes=value.notes,
        )
        for value in values
    )
    points = [value.point for value in values]
    return _of_indicator(
        indicator,
        Kind.AREA_MAP if shapes else Kind.INTERVAL_DOTS,
        (Series(setting("of.area"), marks, "areas"),),
        setting,
        key="areas",
        title=setting("title.areas", name=named(indicator, setting.language)),
        of=setting("of.area"),
        source=_sources(points),
        period=_periods(points),
        reference=None if city is None else _mark(city, setting.place, setting),
        shapes=dict(shapes or {}),
        is_degrees=is_degrees,
    )


def of_peers(indicator: "Indicator", found: Peers, setting: Setting) -> Figure:
    """Return one's own value beside named cities, or beside the middle of a group without names."""
    own = None if found.own is None else _mark(found.own, setting.place, setting, code="own")
    marks = [Mark(setting.place, code="own") if own is None else own]
    for value in found.named:
        marks.append(
            _of_estimate(value.estimate, value.name, setting, code=value.key, notes=value.notes)
        )
    caveats = [said(note, setting) for note in found.notes]
    if found.group is not None:
        group = found.group
        label = setting("place.group", number=group.n)
        marks.append(Mark(label, group.median, code="group", n=group.n))
        wording = Wording(setting.language)
        digits = _DECIMALS.get(indicator.unit, 1)
        low, high = (
            wording.number(each, digits) for each in (group.low_quarter, group.high_quarter)
        )
        caveats.append(setting("quarters", low=low, high=high))
    points = [] if found.own is None else [found.own]
    return _of_indicator(
        indicator,
        Kind.INTERVAL_DOTS,
        (Series(setting("place.city"), tuple(marks), "peers"),),
        setting,
        key="peers",
        title=setting("title.peers", name=named(indicator, setting.language)),
        of=setting("place.city"),
        source=_sources(points),
        period=_periods(points),
        caveats=tuple(caveats),
    )


def named(entry: Any, language: str) -> str:
    """Return the name of an entry of a pack, a theme or a block, in a language where it has one."""
    return str(((entry.i18n or {}).get(language) or {}).get("name") or entry.name)


def unit_name(catalogue: Catalogue, key: str, language: str) -> str:
    """Return what a unit is called."""
    shipped = {entry.key: entry for entry in shipped_catalogue().units}
    if key in shipped and catalogue.units.get(key) in (None, shipped[key].name):
        return named(shipped[key], language)
    return catalogue.units.get(key, key)


def category_name(dimension: str, category: str, language: str) -> str:
    """
    Return what a group of people or times is called.

    Examples
    --------
    >>> [category_name("age", each, "en") for each in ("15-24", "65-")]
    ['15 to 24 years', '65 years and over']
    """
    wording = Wording(language)
    found = _AGES.fullmatch(category) if dimension == "age" else None
    if found is not None and any(found.groups()):
        low, high = found.groups()
        kind = "range" if low and high else "over" if low else "under"
        return wording(f"chart.age.{kind}", low=low, high=high)
    key = f"chart.category.{dimension}.{category}"
    return wording(key) if wording.has(key) else category.replace("_", " ")


def _dimension(dimension: str, setting: Setting) -> str:
    wording, key = Wording(setting.language), f"chart.dimension.{dimension}"
    return wording(key) if wording.has(key) else dimension.replace("_", " ")


def _of_indicator(
    indicator: "Indicator",
    kind: Kind,
    series: tuple[Series, ...],
    setting: Setting,
    *,
    key: str = "trend",
    title: str = "",
    **fields: Any,
) -> Figure:
    marks = [mark for each in series for mark in each.marks]
    high = indicator.bounds.high
    known = [mark.value for mark in marks if mark.value is not None]
    return Figure(
        key=f"{key}-{indicator.key}".lower(),
        kind=kind,
        title=title or named(indicator, setting.language),
        series=series,
        unit=unit_name(setting.catalogue, indicator.unit, setting.language),
        language=setting.language,
        decimals=_DECIMALS.get(indicator.unit, 1),
        is_complete_count=is_complete(indicator),
        recorded=recorded_of(indicator, setting),
        most=None if high is None or not known or max(known) < 0.8 * high else high,
        **fields,
    )


def _mark(
    point: Point | None,
    label: str,
    setting: Setting,
    *,
    code: str = "",
    against: Against = Against.UNKNOWN,
    notes: tuple[Note, ...] = (),
    is_break: bool = False,
) -> Mark:
    if point is None:
        return Mark(label, code=code)
    flags = (Flag.BREAK,) if is_break else ()
    return _of_estimate(
        point.estimate, label, setting, code=code, against=against, notes=notes, flags=flags
    )


def _of_estimate(
    estimate: Estimate,
    label: str,
    setting: Setting,
    *,
    code: str = "",
    against: Against = Against.UNKNOWN,
    notes: tuple[Note, ...] = (),
    flags: tuple[Flag, ...] = (),
) -> Mark:
    sentences = dict.fromkeys(said(note, setting) for note in (*estimate.notes, *notes))
    return Mark(
        label,
        estimate.value,
        estimate.low,
        estimate.high,
        code=code,
        against=against,
        flags=tuple(dict.fromkeys((*flags, *estimate.flags))),
        note=" ".join(sentences),
        n=estimate.n,
    )


def said(note: Note, setting: Setting) -> str:
    """Return the sentence of a note."""
    return fill(note.code, note.details, setting.language)


def recorded_of(indicator: "Indicator", setting: Setting) -> Reporting | None:
    """Return what is known of how much is recorded, for an indicator that counts what is."""
    if not is_recorded(indicator):
        return None
    return (setting.reporting or {}).get(indicator.key, Reporting())


def _sources(points: Sequence[Point]) -> str:
    return "; ".join(dict.fromkeys(p.observation.source for p in points if p.observation.source))


def _periods(points: Sequence[Point]) -> str:
    found = sorted({point.period for point in points})
    return ", ".join(found)

"""What does disclosure control make of what was chosen: the public text, and what stays hidden."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parvis_web.releases.choosing import Key, in_time, keys_of
from parvis_web.releases.content import PublicContent, PublicItem, PublicValue, as_facts
from parvis_web.releases.models import FigureRelease, ReleaseItem, Scope
from parvis_web.releases.protecting import Ground, Protected, protected

if TYPE_CHECKING:
    from parvis.indicators.disclosure.release import Figure
    from parvis.indicators.values import Observation, Observations
    from parvis.packs.indicator_models import Indicator

REPORTED = "SEC-12"
"""Which share of victims reported it."""
LANGUAGES = ("en", "fr", "pl")


@dataclass(frozen=True)
class Checked:
    """
    What a check found.

    Attributes
    ----------
    findings : dict
        For members: what is hidden and why, what has to be left out, whether all is protected.
    content : dict
        For the public; empty where nothing can be told.
    told : dict
        For the register.
    """

    findings: dict[str, Any]
    content: dict[str, Any]
    told: dict[str, Any]

    @property
    def is_fit(self) -> bool:
        """Whether a second person may be asked."""
        found = self.findings
        refused = (found["left_out"], found["overlaps"], found["unprotected"])
        return bool(self.content) and not any(refused)


def check(release: FigureRelease, items: Sequence[ReleaseItem], ground: Ground) -> Checked:
    """Return what disclosure control makes of a draft; the judge looks at every hidden cell."""
    wanted = keys_of(items, ground.table, city=release.city, levels=ground.levels)
    made = protected(
        {key for keys in wanted.values() for key in keys},
        ground,
        city=release.city,
        reason=release.areas_reason,
        base=release.base,
    )
    findings: dict[str, Any] = {
        "gone": [item.key for item in items if not wanted[item.key]],
        "left_out": made.left_out,
        "overlaps": made.overlaps,
        "hidden": made.rows,
        "unprotected": [list(key) for key in made.unprotected],
        "n_shown": len(made.figures),
        "n_revised": made.n_revised,
        "n_lost": made.n_lost,
        "n_earlier": len(ground.earlier),
    }
    if not made.figures:
        return Checked(findings, {}, {})
    told = made.told(title=release.title, reason=release.areas_reason, base=release.base)
    return Checked(findings, as_facts(_content(release, items, wanted, ground, made)), told)


def _content(
    release: FigureRelease,
    items: Sequence[ReleaseItem],
    wanted: Mapping[str, Sequence[Key]],
    ground: Ground,
    made: Protected,
) -> PublicContent:
    figures = {figure.key: figure for figure in made.figures}
    silent = {each.key: each.flag.value for each in made.hidden}
    reporting = _reporting(made.figures, release.city)
    public = []
    for item in items:
        keys = [key for key in wanted[item.key] if key in figures or key in silent]
        if any(key in figures for key in keys):
            public.append(_item(release, item, keys, figures, silent, ground, reporting))
    return PublicContent(
        authority=ground.authority,
        language=ground.language,
        title=release.title,
        introduction=release.introduction,
        contact=release.contact,
        corrections=release.corrections,
        items=tuple(public),
        areas_reason=release.areas_reason.strip()
        if any(item.scope == Scope.AREAS for item in items)
        else "",
        least_count=made.rules["least_count"],
        base=release.base,
        corrects=release.replaces.number if release.replaces else None,
    )


def _item(
    release: FigureRelease,
    item: ReleaseItem,
    keys: Sequence[Key],
    figures: Mapping[Key, "Figure"],
    silent: Mapping[Key, str],
    ground: Ground,
    reporting: tuple[float, str] | None,
) -> PublicItem:
    from parvis.report.dashboard_figures import (
        decimals_of,
        is_recorded_crime,
        translated,
        unit_name,
    )

    indicator = ground.catalogue.indicators[item.indicator]
    shown = [figures[key] for key in keys if key in figures]
    times = in_time({key[1] for key in keys})
    names = {key[2]: ground.names.get(key[2], key[2]) for key in keys if item.scope == Scope.AREAS}
    ordered = sorted(
        keys, key=lambda key: (names.get(key[2], "").casefold(), key[3], times.index(key[1]))
    )
    change, base, latest, breaks = "", "", "", frozenset[str]()
    if item.scope == Scope.CITY:
        change, base, latest, breaks = _change(release, item, keys, figures, ground)
    is_recorded = is_recorded_crime(indicator)
    rate = reporting if is_recorded else None
    return PublicItem(
        key="-".join(filter(None, [item.indicator.lower(), item.scope, _slug(item.part)])),
        code=item.indicator,
        version=max(figure.definition for figure in shown),
        scope=item.scope,
        part=item.part if item.scope == Scope.GROUPS else "",
        names={
            language: {
                "name": translated(indicator, language),
                "description": indicator.i18n.get(language, {}).get(
                    "description", indicator.description
                ),
            }
            for language in LANGUAGES
        },
        units={
            language: unit_name(ground.catalogue, indicator.unit, language)
            for language in LANGUAGES
        },
        decimals=decimals_of(indicator),
        is_complete=_is_complete(indicator, _observed(ground.table, keys[-1])),
        is_recorded=is_recorded,
        reporting=rate[0] if rate else None,
        reporting_period=rate[1] if rate else "",
        source=", ".join(sorted({figure.source for figure in shown if figure.source})),
        values=tuple(_value(key, figures.get(key), silent.get(key), breaks) for key in ordered),
        change=change,
        base=base,
        latest=latest,
        areas=names or None,
    )


def _is_complete(indicator: "Indicator", observation: "Observation") -> bool:
    """Return whether everything was counted, so that nothing was sampled."""
    if "survey" in indicator.sources:
        return False
    if indicator.error_model == "weighted_share":
        return observation.standard_error is None and observation.numerator is not None
    return indicator.error_model in {"poisson", "complete"}


def _observed(table: "Observations", key: Key) -> "Observation":
    code, period, area, split = key
    rows = table.select(indicator=code, period=period, area=area, split=split)
    return table[int(rows[0])]


def _value(
    key: Key, figure: "Figure | None", flag: str | None, breaks: Collection[str]
) -> PublicValue:
    _code, period, area, split = key
    if figure is None:
        return PublicValue(period, area, split, None, None, None, None, (flag or "c",))
    return PublicValue(
        period=period,
        area=area,
        split=split,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        count=figure.count,
        flags=tuple(each.value for each in figure.flags if each.value != "a"),
        is_break=period in breaks,
    )


def _change(
    release: FigureRelease,
    item: ReleaseItem,
    keys: Sequence[Key],
    figures: Mapping[Key, "Figure"],
    ground: Ground,
) -> tuple[str, str, str, frozenset[str]]:
    """Return the change between the first and last figure that is shown, and where series break."""
    from parvis.indicators.dashboard.change import compared
    from parvis.indicators.dashboard.model import Change
    from parvis.indicators.dashboard.reading import broken_between, series_of

    table = ground.table
    rows = table.select(indicator=item.indicator, area=release.city, split="").tolist()
    asked = {key[1] for key in keys}
    told = [each for each in (table[row] for row in rows) if each.period in asked]
    indicator = ground.catalogue.indicators[item.indicator]
    series = series_of(
        told, indicator, area=release.city, period=in_time(asked)[-1] if asked else ""
    )
    breaks = frozenset(point.period for point in series.points if point.is_break)
    shown = {key[1] for key in figures if key in set(keys)}
    points = [point for point in series.points if point.period in shown]
    if len(points) < 2:
        return "", "", "", breaks
    first, last = points[0], points[-1]
    found = compared(first, last, indicator, broken_at=broken_between(series, first, last)).change
    return ("" if found is Change.UNKNOWN else found.value), first.period, last.period, breaks


def _reporting(figures: Sequence["Figure"], city: str) -> tuple[float, str] | None:
    """Return what part is reported, where this release tells it: the newest."""
    told = {
        figure.period: figure.value
        for figure in figures
        if figure.indicator == REPORTED and figure.area == city and not figure.split
    }
    for period in reversed(in_time(told)):
        value = told[period]
        if value is not None and 0.0 < value <= 100.0:
            return value / 100.0, period
    return None


def _slug(part: str) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in part.lower())

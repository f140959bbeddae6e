"""How an item of a release is drawn, in the reader's language, from what was published alone."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from parvis_web.releases.content import PublicContent, PublicItem, PublicValue
from parvis_web.releases.models import Scope

if TYPE_CHECKING:
    from parvis.report.figures import Figure, Mark


def figure_of(content: PublicContent, item: PublicItem, language: str) -> "Figure":
    """Return an item as a figure: the trend of the city, its groups, or areas by name."""
    from parvis.report.figures import Figure, Kind, Reporting, Series
    from parvis.report.figures.makers import category_name
    from parvis.report.wording import Wording

    words = Wording(language)
    name = item.names.get(language, item.names["en"])["name"]
    periods = list(dict.fromkeys(value.period for value in item.values))
    span = f"{periods[0]} – {periods[-1]}" if len(periods) > 1 else "".join(periods)
    many = len(periods) > 1
    base, change = "", ""
    if item.scope == Scope.CITY:
        kind, of, by, title = Kind.TREND, words("chart.of.period"), "", name
        marks = tuple(_mark(value, value.period, value.period) for value in item.values)
        series: tuple[Series, ...] = (Series(content.authority, marks, "city"),)
        base, change = item.base, item.change
    elif item.scope == Scope.GROUPS:
        kind, of, by = Kind.SMALL_MULTIPLES, words("chart.of.group"), words("chart.of.period")
        title = _title(item, name, language)
        series = tuple(
            Series(
                period,
                tuple(
                    _mark(
                        value,
                        category_name(item.part, value.split.partition("=")[2], language),
                        value.split,
                    )
                    for value in item.values
                    if value.period == period
                ),
                period,
            )
            for period in periods
        )
    else:
        kind, of, by = Kind.INTERVAL_DOTS, words("chart.of.area"), words("chart.of.period")
        title = _title(item, name, language)
        areas = item.areas or {}
        series = tuple(
            Series(
                period if many else words("chart.of.area"),
                tuple(
                    _mark(value, areas.get(value.area, value.area), value.area)
                    for value in item.values
                    if value.period == period
                ),
                period,
            )
            for period in periods
        )
    return Figure(
        key=item.key,
        kind=kind,
        title=title,
        series=series,
        unit=item.units.get(language, item.units["en"]),
        of=of,
        by=by,
        language=language,
        decimals=item.decimals,
        source=item.source,
        period=span,
        base=base if change else "",
        change=change,
        is_complete_count=item.is_complete,
        recorded=Reporting(item.reporting, _reported(item, language)) if item.is_recorded else None,
        caveats=tuple(caveats(content, item, language)),
    )


def caveats(content: PublicContent, item: PublicItem, language: str) -> list[str]:
    """Return the sentences that go with an item wherever it goes."""
    with override(language):
        found = []
        if any({"c"} & set(value.flags) for value in item.values):
            found.append(
                _(
                    "Some figures are not shown, so that nobody can be recognised: counts below "
                    "%(least)s, and figures from which these could be computed."
                )
                % {"least": content.least_count}
            )
        if content.base:
            found.append(_("Counts are rounded to %(base)s.") % {"base": content.base})
        if item.scope == Scope.AREAS:
            found.append(
                _(
                    "Areas stand in the order of their names. Differences between areas have "
                    "many causes; they say nothing of the people who live there."
                )
            )
        return found


def _title(item: PublicItem, name: str, language: str) -> str:
    with override(language):
        said = _("%(name)s by area") if item.scope == Scope.AREAS else _("%(name)s by group")
        return said % {"name": name}


def _reported(item: PublicItem, language: str) -> str:
    with override(language):
        return _("survey of %(period)s") % {"period": item.reporting_period}


def _mark(value: PublicValue, label: str, code: str) -> "Mark":
    from parvis.indicators.estimates import Flag
    from parvis.report.figures import Mark

    flags = [Flag(letter) for letter in value.flags]
    if value.is_break and Flag.BREAK not in flags:
        flags.append(Flag.BREAK)
    return Mark(
        label, value.value, value.low, value.high, code=code, flags=tuple(flags), n=value.count
    )

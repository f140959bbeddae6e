"""What does disclosure control make of what was chosen: the public text, and what stays hidden."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parvis_web.releases.choosing import Key, in_time, keys_of
from parvis_web.releases.content import PublicContent, PublicItem, PublicValue, as_facts
from parvis_web.releases.models import FigureRelease, ReleaseItem, Scope

if TYPE_CHECKING:
    from parvis.indicators.disclosure.model import Interval
    from parvis.indicators.disclosure.publishing import Draft
    from parvis.indicators.disclosure.release import Figure, Release
    from parvis.indicators.values import Observation, Observations
    from parvis.packs.indicators import Catalogue

REPORTED = "SEC-12"
"""Which share of victims reported it."""
SECURITY = "SEC"
"""Block whose indicators from registers are of recorded crime."""
LANGUAGES = ("en", "fr", "pl")
ROUGH = {"persons": 0, "eur_per_head": 0}
FINE = frozenset({"index_0_1", "ratio", "scale_1_5"})


@dataclass(frozen=True)
class Ground:
    """
    What a check rests on.

    Attributes
    ----------
    table : Observations
    catalogue : Catalogue
    levels : mapping from layer to areas
    parents : mapping from area to area
        Of what each area is a part.
    names : mapping from area to name
    earlier : sequence of Release
        All that was told or is approved.
    authority, language : str
    """

    table: "Observations"
    catalogue: "Catalogue"
    levels: Mapping[str, Sequence[str]]
    parents: Mapping[str, str]
    names: Mapping[str, str]
    earlier: Sequence["Release"]
    authority: str
    language: str


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
        return bool(self.content) and not found["left_out"] and not found["unprotected"]


def check(release: FigureRelease, items: Sequence[ReleaseItem], ground: Ground) -> Checked:
    """Return what disclosure control makes of a draft; the judge looks at every hidden cell."""
    import datetime as dt

    from parvis.indicators.disclosure import audit, default_rules
    from parvis.indicators.disclosure.publishing import draft

    wanted = keys_of(items, ground.table, city=release.city, levels=ground.levels)
    gone = [item.key for item in items if not wanted[item.key]]
    chosen = {key for keys in wanted.values() for key in keys}
    made, left_out = _drafted(draft, release, ground, chosen)
    findings: dict[str, Any] = {
        "gone": gone,
        "left_out": left_out,
        "hidden": [],
        "unprotected": [],
        "n_shown": 0,
        "n_revised": 0,
        "rules": default_rules().to_json(),
        "n_earlier": len(ground.earlier),
    }
    if made is None:
        return Checked(findings, {}, {})
    proofs = audit(
        made.cells,
        made.relations,
        made.plan.hidden,
        rules=made.rules,
        known=made.known,
        base=made.plan.base,
    )
    findings["hidden"] = _hidden(made, proofs)
    findings["unprotected"] = [list(each.key) for each in proofs if not each.is_protected]
    findings["n_shown"] = len(made.figures)
    findings["n_revised"] = len(made.plan.revised)
    told = made.release(day=dt.date(1, 1, 1), title=release.title).to_json()
    if not made.figures:
        return Checked(findings, {}, told)
    public = _content(release, items, wanted, ground, made)
    return Checked(findings, as_facts(public), told)


def _drafted(
    draft: Any, release: FigureRelease, ground: Ground, chosen: Collection[Key]
) -> tuple["Draft | None", list[dict[str, str]]]:
    """Return the draft, without the indicators that cannot be protected any more."""
    from parvis.indicators.disclosure.errors import (
        NothingToPublishError,
        ProtectionImpossibleError,
    )

    left: list[dict[str, str]] = []
    rest = set(chosen)
    while rest:
        try:
            made = draft(
                ground.table,
                ground.catalogue.indicators,
                chosen=rest,
                city=release.city,
                parents=ground.parents or None,
                reason=release.areas_reason,
                earlier=ground.earlier,
                base=release.base,
            )
        except ProtectionImpossibleError as error:
            cell, known = str(error.details["cell"]), str(error.details["known"])
            code = cell.split(" ", 1)[0]
            left.append({"indicator": code, "cell": cell, "known": known})
            fewer = {key for key in rest if key[0] != code}
            if fewer == rest:
                return None, left
            rest = fewer
        except NothingToPublishError:
            return None, left
        else:
            return made, left
    return None, left


def _hidden(made: "Draft", proofs: Sequence["Interval"]) -> list[dict[str, Any]]:
    """Return every chosen cell that is hidden, with the reason and what it may be taken for."""
    proved = {each.key: each for each in proofs}
    named = {known.key for known in made.known}
    rows = []
    for each in made.hidden:
        why, proof = made.plan.hidden.get(each.key), proved.get(each.key)
        rows.append(
            {
                "key": list(each.key),
                "reason": "reliability" if why is None else why.value,
                "flag": each.flag.value,
                "low": None if proof is None else proof.low,
                "high": None if proof is None or proof.high == float("inf") else proof.high,
                "is_protected": proof is None or proof.is_protected,
                "is_known_earlier": each.key in named,
            }
        )
    return rows


def _content(
    release: FigureRelease,
    items: Sequence[ReleaseItem],
    wanted: Mapping[str, Sequence[Key]],
    ground: Ground,
    made: "Draft",
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
        least_count=made.rules.least_count,
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
    from parvis.indicators.dashboard.figures_of import is_complete
    from parvis.report.figures.makers import named, unit_name

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
    is_recorded = indicator.block == SECURITY and "register" in indicator.sources
    rate = reporting if is_recorded else None
    return PublicItem(
        key="-".join(filter(None, [item.indicator.lower(), item.scope, _slug(item.part)])),
        code=item.indicator,
        version=max(figure.definition for figure in shown),
        scope=item.scope,
        part=item.part if item.scope == Scope.GROUPS else "",
        names={
            language: {
                "name": named(indicator, language),
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
        decimals=ROUGH.get(indicator.unit, 2 if indicator.unit in FINE else 1),
        is_complete=is_complete(indicator, _observed(ground.table, keys[-1])),
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

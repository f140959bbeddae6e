"""How is the city doing: six blocks, their themes in two halves, each value with its error."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parvis.indicators.dashboard.model import (
    SPHERES,
    Block,
    Card,
    Dashboard,
    Half,
    Names,
    Sphere,
    Theme,
)
from parvis.indicators.dashboard.points import Grouping, scored
from parvis.indicators.dashboard.reading import (
    by_indicator,
    card_of,
    checked_periods,
    newest,
    series_of,
)
from parvis.indicators.dashboard.scoring import Scoring, node_of
from parvis.indicators.estimates import Note
from parvis.indicators.values import Observations
from parvis.packs.indicators import Catalogue, shipped_catalogue

if TYPE_CHECKING:
    from parvis.indicators.joint import JointErrors
    from parvis.packs.indicator_models import IndicatorBlock
    from parvis.packs.theme_models import Themes


def dashboard(
    table: Observations,
    catalogue: Catalogue,
    themes: "Themes",
    *,
    area: str,
    period: str,
    base_period: str | None,
    today: dt.date,
    chosen: Collection[str] | None = None,
    targets: Mapping[str, float] | None = None,
    unavailable: Collection[str] = (),
    joint: Sequence["JointErrors"] = (),
    seed: int = 0,
) -> Dashboard:
    """
    Return what is known of an area.

    Parameters
    ----------
    table : Observations
        Of any areas, periods and splits.
    catalogue : Catalogue
        The indicators that hold; those switched off do not appear.
    themes : Themes
    area : str
        The city or one of its areas.
    period : str
        Values are the last ones up to its end.
    base_period : str or None
        Scores are 100 there; changes are told since then.
    today : date
        For the age of values.
    chosen : collection of str, optional
        Codes to show; all by default.
    targets : mapping from code to float, optional
        The authority's own.
    unavailable : collection of str, optional
        Codes of which the authority says that there are no data: they do not keep a block from a
        score as a missing core indicator does, and still count as missing.
    joint : sequence of JointErrors, optional
        How errors of values from one survey go together, for the intervals of scores.
    seed : int
        The same seed gives the same intervals of scores.

    Returns
    -------
    Dashboard

    Raises
    ------
    DashboardPeriodError, DashboardBaseError
    """
    checked_periods(period, base_period)
    told = by_indicator(table, area=area)
    cards: dict[str, Card] = {}
    for code, indicator in catalogue.indicators.items():
        if chosen is not None and code not in chosen:
            continue
        series = series_of(told.get(code, ()), indicator, area=area, period=period)
        cards[code] = card_of(
            series,
            indicator,
            period=period,
            base_period=base_period,
            today=today,
            targets=targets or {},
        )
    grouped = _grouped(cards, themes)
    blocks_known: dict[str, IndicatorBlock] = {
        block.key: block for block in shipped_catalogue().blocks
    }
    scoring = scored(
        [each.group for each in grouped if blocks_known[each.group.block].in_composite],
        has_base=base_period is not None,
        unavailable=unavailable,
        joint=joint,
        seed=seed,
    )
    blocks = []
    for key, entry in blocks_known.items():
        mine = [each for each in grouped if each.group.block == key]
        if not mine:
            continue
        own = [card for each in mine for card in each.group.own]
        points = [card.latest for card in own if card.latest and not card.is_missing]
        halves = [_block_half(key, sphere, own, scoring) for sphere in SPHERES]
        blocks.append(
            Block(
                key=key,
                name=entry.name,
                themes=tuple(_theme(each, scoring) for each in mine),
                objective=halves[0],
                perceived=halves[1],
                in_composite=entry.in_composite,
                n_indicators=len(own),
                n_with_value=len(points),
                oldest=newest(points, min),
                newest=newest(points),
                i18n=entry.i18n,
            )
        )
    notices = _notices(list(cards.values()), base_period, scoring)
    return Dashboard(area, period, base_period, tuple(blocks), notices, scoring)


@dataclass(frozen=True, slots=True)
class _Placed:
    group: Grouping
    name: str
    description: str
    i18n: Names


def _grouped(cards: Mapping[str, Card], themes: "Themes") -> list[_Placed]:
    """Return the cards by theme, those in no theme last in their block."""
    found = [
        _Placed(
            Grouping(
                block=entry.block,
                theme=entry.key,
                own=tuple(
                    cards[code]
                    for code in entry.indicators
                    if code in cards and cards[code].indicator.block == entry.block
                ),
                beside=tuple(cards[code] for code in entry.beside if code in cards),
            ),
            entry.name,
            entry.description,
            entry.i18n,
        )
        for entry in themes.entries
    ]
    placed = {card.code for each in found for card in each.group.own}
    rest: dict[str, list[Card]] = {}
    for code, card in cards.items():
        if code not in placed:
            rest.setdefault(card.indicator.block, []).append(card)
    other = themes.other
    found += [
        _Placed(
            Grouping(block, other.key, tuple(own), ()), other.name, other.description, other.i18n
        )
        for block, own in rest.items()
    ]
    return [each for each in found if each.group.own]


def _theme(placed: _Placed, scoring: Scoring) -> Theme:
    halves = []
    for sphere in SPHERES:
        own = tuple(card for card in placed.group.own if card.sphere == sphere)
        beside = tuple(card for card in placed.group.beside if card.sphere == sphere)
        key = node_of(placed.group.block, sphere, theme=placed.group.theme)
        score = scoring.score(f"{key}+") if f"{key}+" in scoring.tree.position else None
        if score is None:
            score = scoring.score(key)
        codes = tuple(card.code for card in beside)
        halves.append(Half(sphere, (*own, *beside), score, codes))
    return Theme(
        key=placed.group.theme,
        name=placed.name,
        objective=halves[0],
        perceived=halves[1],
        description=placed.description,
        i18n=placed.i18n,
    )


def _block_half(block: str, sphere: Sphere, own: Sequence[Card], scoring: Scoring) -> Half:
    mine = tuple(card for card in own if card.sphere == sphere)
    return Half(sphere, mine, scoring.score(node_of(block, sphere)))


def _notices(cards: Sequence[Card], base_period: str | None, scoring: Scoring) -> tuple[Note, ...]:
    missing = sum(card.is_missing for card in cards)
    old = sum(card.is_old for card in cards)
    notices = []
    if missing:
        notices.append(Note("dashboard_n_missing", {"n": missing, "of": len(cards)}))
    if old:
        notices.append(Note("dashboard_n_old", {"n": old}))
    if base_period is None:
        notices.append(Note("dashboard_no_base"))
    unscored = [card.code for card in cards if card.code in scoring.unscored]
    if unscored:
        details = {"n": len(unscored), "codes": ", ".join(unscored)}
        notices.append(Note("dashboard_unscored", details))
    if scoring.is_independent:
        notices.append(Note("dashboard_independent"))
    return tuple(notices)

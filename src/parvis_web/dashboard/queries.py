"""What pages read of the dashboard: what was decided, and what follows from the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from parvis_web.accounts.rights import Actor, readable
from parvis_web.collecting.models import AreaLayer, Delivery
from parvis_web.collecting.queries import (
    area_layers,
    area_names,
    areas_of_layer,
    catalogue_for,
    deliveries_of,
    kept_observations,
    observations_of,
    stores_of,
)
from parvis_web.config.data import library_home
from parvis_web.dashboard.models import (
    BaseYear,
    CityArea,
    IndicatorChoice,
    IndicatorState,
    PeerCity,
)

if TYPE_CHECKING:
    from parvis.indicators.dashboard import Block, Card, Dashboard, Theme
    from parvis.indicators.values import Observation, Observations
    from parvis.packs.indicators import Catalogue
    from parvis.packs.theme_models import Themes

MOST_COMPUTED = 24
CITY = "city"
NO_BASE = "none"


@dataclass(frozen=True)
class Decided:
    """What an authority decided: which codes are off or unavailable, targets, base period."""

    base: BaseYear | None
    city: CityArea | None
    choices: Mapping[str, IndicatorChoice]

    @property
    def targets(self) -> tuple[tuple[str, float], ...]:
        """Targets by code."""
        return tuple(
            (code, row.target) for code, row in self.choices.items() if row.target is not None
        )

    def codes(self, state: str) -> tuple[str, ...]:
        """Return the codes in a state."""
        return tuple(code for code, row in self.choices.items() if row.state == state)


def decided_by(actor: Actor) -> Decided:
    """Return what the authority decided, as far as `actor` may read it."""
    choices = readable(actor, IndicatorChoice.objects.all())
    return Decided(
        base=readable(actor, BaseYear.objects.all()).first(),
        city=readable(actor, CityArea.objects.select_related("layer")).first(),
        choices={row.code: row for row in choices},
    )


@dataclass(frozen=True)
class Asked:
    """What somebody chose to see; empty words mean what the authority decided or has."""

    area: str = ""
    period: str = ""
    base: str = ""

    @property
    def query(self) -> dict[str, str]:
        """As it stands in addresses."""
        return {name: word for name, word in vars(self).items() if word}


class Shown:
    """
    The dashboard one person sees: of an area, in a period, against a base period.

    Parameters
    ----------
    actor : Actor
    asked : Asked
        Words of an address; what there is no data of is answered by 404.
    """

    def __init__(self, actor: Actor, asked: Asked) -> None:
        self.actor = actor
        self.decided = decided_by(actor)
        self._stores = stores_of(actor)
        self.table: Observations = observations_of(actor)
        self._key = _Key(self.table, (actor.authority.pk, self._stores))
        self.catalogue: Catalogue = catalogue_for(actor)
        self.city = self._city()
        self.area = asked.area or self.city
        if self.area != self.city and self.area not in self.areas:
            raise Http404
        self.periods = _periods_of(self._key, self.area)
        self.period = asked.period or (self.periods[0] if self.periods else "")
        if self.period and asked.period and self.period not in self.periods:
            raise Http404
        self.fixed_base = self.decided.base.period if self.decided.base else ""
        self.base = self._base(asked)
        self.is_own_base = bool(asked.base) and self.base != (self.fixed_base or None)
        self.asked = asked

    def _city(self) -> str:
        if self.decided.city is not None and self.decided.city.code:
            return self.decided.city.code
        return _likely_city(self._key)

    def _base(self, asked: Asked) -> str | None:
        from parvis.indicators.values import period_days

        if asked.base == NO_BASE:
            return None
        if asked.base and asked.base not in self.periods:
            raise Http404
        base = asked.base or self.fixed_base
        first, last = period_days(base), period_days(self.period)
        if first is None or last is None or first[1] > last[1]:
            return None
        return base

    @property
    def is_empty(self) -> bool:
        """Whether there are no data of the area at all."""
        return not self.period

    @cached_property
    def areas(self) -> dict[str, str]:
        """Names of the areas there are data of, by code, the whole city left out."""
        names = area_names(self.actor)
        found = {
            code: names.get(code, code)
            for code in self.table.vocabularies["area"]
            if code != self.city
        }
        return dict(sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0])))

    @property
    def area_name(self) -> str:
        """What the area is called."""
        if self.area == self.city:
            return str(self.actor.authority.name)
        return self.areas[self.area]

    @property
    def base_choices(self) -> list[str]:
        """Periods before the one that is shown, the newest first."""
        if self.period not in self.periods:
            return []
        return self.periods[self.periods.index(self.period) + 1 :]

    @cached_property
    def themes(self) -> "Themes":
        """The themes that hold."""
        from parvis.packs.themes import shipped_themes

        return shipped_themes()

    @cached_property
    def found(self) -> "Dashboard":
        """The dashboard, kept in memory until data or decisions change."""
        today = timezone.localdate()
        own = library_home(self.actor.authority.pk)
        what = _Key(
            (self.table, self.catalogue, self.themes, own),
            (
                self.actor.authority.pk,
                self._stores,
                tuple(self.decided.codes(IndicatorState.OFF)),
                tuple(self.decided.codes(IndicatorState.UNAVAILABLE)),
                self.decided.targets,
                self._catalogue_stamp,
            ),
        )
        return _computed(what, self.area, self.period, self.base, today)

    @property
    def _catalogue_stamp(self) -> int:
        return hash(tuple((code, each.version) for code, each in self.catalogue.indicators.items()))

    def block(self, key: str) -> "Block":
        """Return a block; 404 where there is none of that key."""
        for block in self.found.blocks if not self.is_empty else ():
            if block.key.lower() == key.lower():
                return block
        raise Http404

    def theme(self, block: "Block", key: str) -> "Theme":
        """Return a theme of a block; 404 where there is none of that key."""
        for theme in block.themes:
            if theme.key == key:
                return theme
        raise Http404

    def card(self, code: str) -> "Card":
        """Return the card of an indicator; 404 where it is not on the dashboard."""
        card = None if self.is_empty else self.found.by_code.get(code)
        if card is None:
            raise Http404
        return card

    @property
    def layer(self) -> AreaLayer | None:
        """The areas of the map: those chosen, else the newest there are."""
        chosen = self.decided.city.layer if self.decided.city else None
        if chosen is not None and chosen.removed is None:
            return chosen
        return area_layers(self.actor).order_by("-created").first()

    @cached_property
    def shapes(self) -> dict[str, dict[str, Any]]:
        """The polygons of the map's areas by code."""
        layer = self.layer
        if layer is None:
            return {}
        drawn = areas_of_layer(self.actor.authority.pk, layer.digest)
        return {
            str(each["properties"]["code"]): each["geometry"]
            for each in drawn.get("features", [])
            if each.get("geometry")
        }

    @property
    def is_synthetic(self) -> bool:
        """Whether any of the data say of themselves that they are synthetic."""
        return any("synthetic" in source for source in self.table.vocabularies["source"])


class _Key:
    """Something large, told apart by what it was made from."""

    def __init__(self, content: Any, made_from: Any) -> None:
        self.content, self._made_from = content, made_from

    def __hash__(self) -> int:
        return hash(self._made_from)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._made_from == other._made_from


@lru_cache(maxsize=MOST_COMPUTED)
def _computed(what: _Key, area: str, period: str, base: str | None, today: date) -> "Dashboard":
    from parvis.indicators.dashboard import dashboard
    from parvis.io.observations import joint_errors

    table, catalogue, themes, home = what.content
    _authority, stores, off, unavailable, targets, _stamp = what._made_from
    return dashboard(
        table,
        catalogue,
        themes,
        area=area,
        period=period,
        base_period=base,
        today=today,
        chosen=[code for code in catalogue.indicators if code not in off],
        targets=dict(targets),
        unavailable=unavailable,
        joint=joint_errors(stores, home=home),
    )


@lru_cache(maxsize=MOST_COMPUTED)
def _periods_of(what: _Key, area: str) -> list[str]:
    """Return the periods there are values of everybody for, the newest first."""
    import numpy as np

    from parvis.indicators.values import period_days

    table = what.content
    codes = np.unique(table.columns["period"][table.select(area=area, split="")])
    periods = [table.vocabularies["period"][code] for code in codes.tolist()]
    dated = [(period_days(each), each) for each in periods]
    known = [(days[1], -len(each), each) for days, each in dated if days is not None]
    return [each for _end, _length, each in sorted(known, reverse=True)]


@lru_cache(maxsize=MOST_COMPUTED)
def _likely_city(what: _Key) -> str:
    """Return the area that stands for the whole city where nobody said: the one with most told."""
    import numpy as np

    table = what.content
    areas = table.vocabularies["area"]
    if CITY in areas or not areas:
        return CITY
    rows = table.select(split="")
    pairs = np.unique(
        np.column_stack([table.columns[name][rows] for name in ("area", "indicator")]), axis=0
    )
    counts = np.bincount(pairs[:, 0], minlength=len(areas))
    return str(areas[int(counts.argmax())])


def delivery_of(actor: Actor, key: tuple[str, str, str, str]) -> Delivery | None:
    """Return the delivery that a value stands in: the last one that tells it."""
    rows = deliveries_of(actor).select_related("kept_by", "created_by")
    indicator, period, area, split = key
    for row in rows:
        said = row.found.get("indicators")
        if said and indicator not in said:
            continue
        table = kept_observations(row)
        if len(table.select(indicator=indicator, period=period, area=area, split=split)):
            return row
    return None


@dataclass(frozen=True)
class Revised:
    """A value that was told otherwise before."""

    delivery: Delivery
    observation: "Observation"


def history_of(actor: Actor, code: str, area: str, most: int = 30) -> list[Revised]:
    """Return every value of an indicator that every delivery told, the last delivery first."""
    found: list[Revised] = []
    for row in deliveries_of(actor)[:most]:
        said = row.found.get("indicators")
        if said and code not in said:
            continue
        table = kept_observations(row)
        found += [
            Revised(row, table[place])
            for place in table.select(indicator=code, area=area, split="").tolist()
        ]
    periods = [each.observation.period for each in found]
    return [each for each in found if periods.count(each.observation.period) > 1]


def peers_of(actor: Actor) -> "QuerySet[PeerCity]":
    """Return the peers `actor` may read."""
    return readable(actor, PeerCity.objects.all())


def base_years(actor: Actor) -> "QuerySet[BaseYear]":
    """Return every base year there was, the last first."""
    return readable(actor, BaseYear.objects.select_related("created_by"))


def own_peer(actor: Actor, pk: UUID) -> PeerCity:
    """Return one peer; 404 where `actor` may not know of it."""
    row = peers_of(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row

"""What do chosen observations become as a release, so that nothing hidden shows through."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parvis.indicators.computed import computed
from parvis.indicators.disclosure.cells import PERSONS, cell_of
from parvis.indicators.disclosure.control import protect
from parvis.indicators.disclosure.errors import AreasReasonError, NothingToPublishError
from parvis.indicators.disclosure.model import Cell, Key, Known, Plan, Reason, Relation
from parvis.indicators.disclosure.relations import relations_of
from parvis.indicators.disclosure.release import Figure, Hidden, Release, known_of
from parvis.indicators.disclosure.rules import Rules, default_rules
from parvis.indicators.disclosure.surveyed import as_may_be_shown
from parvis.indicators.estimates import Estimate, Flag
from parvis.indicators.survey.publication import Rule
from parvis.indicators.values import Observation, Observations

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator

SURVEYED = ("weighted_share", "weighted_mean")
_LARGE, _MIDDLE = 10.0, 1.0


@dataclass(frozen=True, eq=False)
class Draft:
    """
    What would be published.

    Attributes
    ----------
    figures : tuple of parvis.indicators.disclosure.release.Figure
        Of what was chosen, in order of their keys.
    hidden : tuple of Hidden
        Of what was chosen; which of them are hidden for others' sake is not told.
    plan : Plan
        With the reasons; not for the public.
    cells : tuple of Cell
    relations : tuple of Relation
    known : tuple of Known
        What the plan was checked against, see `audit`.
    rules : Rules
    previous : str
        Digest of the last release taken into account.
    reason : str
    """

    figures: tuple[Figure, ...]
    hidden: tuple[Hidden, ...]
    plan: Plan
    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    known: tuple[Known, ...]
    rules: Rules
    previous: str = ""
    reason: str = ""

    def release(self, *, day: dt.date, title: str) -> Release:
        """Return it as a release; the register gives it its id."""
        return Release(
            id="",
            day=day,
            title=title,
            reason=self.reason,
            figures=self.figures,
            hidden=self.hidden,
            base=self.plan.base,
            rules=self.rules.to_json(),
            previous=self.previous,
        )


def draft(
    table: Observations,
    indicators: Mapping[str, "Indicator"],
    *,
    chosen: Collection[Key],
    city: str,
    parents: Mapping[str, str] | None = None,
    reason: str = "",
    rules: Rules | None = None,
    survey_rule: Rule | str = Rule.STRICTER,
    earlier: Sequence[Release] = (),
    base: int | None = None,
    standardised: Collection[str] = (),
    accepted: Collection[Key] = (),
) -> Draft:
    """
    Return what would be published of chosen observations.

    Parameters
    ----------
    table : Observations
        All there are; those not chosen are protected all the same.
    indicators : mapping from code to Indicator
        Of the catalogue that holds.
    chosen : collection of Key
        Item by item.
    city : str
        Area of the whole city.
    parents : mapping from area to area, optional
        The area each is a part of; every area is a part of the city where none is given.
    reason : str
        Why areas are published; needed where any is.
    rules : Rules, optional
    survey_rule : Rule
        Which publication rule survey values follow.
    earlier : sequence of Release
        The register, withdrawn releases included.
    base : int, optional
        What counts are rounded to.
    standardised : collection of str
        Indicators whose rates are directly standardised.
    accepted : collection of Key
        Cells known to the public already that are left so knowingly.

    Raises
    ------
    NothingToPublishError, AreasReasonError, RulesError, CountedCellError, ProtectionImpossibleError
    """
    rules = default_rules() if rules is None else rules
    wanted = frozenset(chosen)
    areas = {key[2] for key in wanted} - {city}
    if areas and not reason.strip():
        raise AreasReasonError(n=len(areas))
    codes = sorted({key[0] for key in wanted} & set(indicators))
    listed = [table[int(row)] for code in codes for row in table.select(indicator=code)]
    there = {each.key for each in listed}
    if missing := sorted(wanted - there) or ([] if wanted else [("", "", "", "")]):
        raise NothingToPublishError(what=" ".join(word for word in missing[0] if word) or "-")
    shown: dict[Key, Estimate] = {}
    hidden: dict[Key, Reason] = {}
    cells = []
    for each in listed:
        indicator = indicators[each.indicator]
        cell = cell_of(
            each,
            indicator,
            rules,
            is_wanted=each.key in wanted,
            is_standardised=each.indicator in standardised,
        )
        if cell is not None:
            cells.append(cell)
        if each.key in wanted:
            shown[each.key] = estimate = _estimate(each, indicator, survey_rule)
            is_surveyed = indicator.error_model in SURVEYED
            if estimate.is_refused and (is_surveyed or cell is None):
                hidden[each.key] = Reason.RELIABILITY
    if parents is None:
        parents = {each.area: city for each in listed if each.area != city}
    relations = relations_of(cells, parents)
    known = tuple(each for each in known_of(earlier) if each.key[0] in codes)
    counted = {cell.key: cell for cell in cells}
    plan = protect(
        cells,
        relations,
        rules=rules,
        known=known,
        city=city,
        base=base,
        hidden={key: why for key, why in hidden.items() if key in counted},
        accepted=accepted,
    )
    figures = []
    silent = []
    for each in sorted(listed, key=lambda one: one.key):
        if each.key not in wanted:
            continue
        why = plan.hidden.get(each.key, hidden.get(each.key))
        if why is None:
            estimate = shown[each.key]
            indicator = indicators[each.indicator]
            figures.append(_figure(each, indicator, estimate, counted.get(each.key), base))
        else:
            flag = Flag.SUPPRESSED if why is Reason.RELIABILITY else Flag.CONFIDENTIAL
            silent.append(Hidden(each.key, flag))
    return Draft(
        figures=tuple(figures),
        hidden=tuple(silent),
        plan=plan,
        cells=tuple(cells),
        relations=relations,
        known=known,
        rules=rules,
        previous=earlier[-1].digest if earlier else "",
        reason=reason.strip(),
    )


def _estimate(observation: Observation, indicator: "Indicator", rule: Rule | str) -> Estimate:
    """Return the value as far as it can be relied on."""
    if observation.flag in (Flag.CONFIDENTIAL, Flag.SUPPRESSED):
        return Estimate(value=None, low=None, high=None, flags=(observation.flag,))
    found = computed(observation, indicator)
    if found is not None and indicator.error_model not in SURVEYED:
        return found
    if indicator.error_model in SURVEYED:
        return as_may_be_shown(observation, found, indicator, rule)
    flags = () if observation.flag is Flag.NORMAL else (observation.flag,)
    return Estimate(observation.value, None, None, n=observation.n, flags=flags)


def _figure(
    observation: Observation,
    indicator: "Indicator",
    estimate: Estimate,
    cell: Cell | None,
    base: int | None,
) -> Figure:
    """Return what is printed; where counts are rounded, rates follow from the rounded count."""
    count = None if cell is None else cell.count
    is_counted = count is not None and (
        observation.numerator is not None or indicator.unit == PERSONS
    )
    if base is not None and count is not None and is_counted:
        count = (2 * count + base) // (2 * base) * base
        if observation.denominator is not None and cell is not None and cell.group is not None:
            count = min(count, int(observation.denominator))
        told = replace(observation, numerator=float(count))
        estimate = computed(told, indicator) or replace(estimate, value=float(count))
    decimals = _decimals(estimate.value)
    group = observation.denominator
    if group is None and cell is not None and cell.group is not None:
        group = float(cell.group)

    def told_as(value: float | None) -> float | None:
        return None if value is None else round(value, decimals)

    return Figure(
        indicator=observation.indicator,
        period=observation.period,
        area=observation.area,
        split=observation.split,
        value=told_as(estimate.value),
        low=told_as(estimate.low),
        high=told_as(estimate.high),
        decimals=decimals,
        unit=indicator.unit,
        count=count if is_counted else None,
        group=None if group is None else int(group),
        multiplier=indicator.multiplier,
        flags=estimate.flags,
        source=observation.source,
        definition=observation.definition,
    )


def _decimals(value: float | None) -> int:
    """Return how many decimals leave three digits or more."""
    size = abs(value or 0.0)
    return 1 if size >= _LARGE else 2 if size >= _MIDDLE else 3


def chosen_of(
    table: Observations,
    *,
    indicators: Iterable[str],
    period: str,
    areas: Iterable[str],
    has_splits: bool = False,
) -> tuple[Key, ...]:
    """Return the keys of the observations of a period in some areas, splits where asked for."""
    allowed = set(areas)
    return tuple(
        each.key
        for code in indicators
        for row in table.select(indicator=code, period=period)
        if (each := table[int(row)]).area in allowed and (has_splits or not each.split)
    )

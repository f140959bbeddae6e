"""Which indicators do the answers of a survey give, how surely, and what may be shown of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.answered import Answers, Counted, Kind, counted, going_out
from parvis.indicators.estimates import LEVEL, Estimate, Flag, Method, Note
from parvis.indicators.joint import JointErrors, ValueKey
from parvis.indicators.measures import Edition
from parvis.indicators.survey.estimate import mean, proportion
from parvis.indicators.survey.linear import (
    Groups,
    Linear,
    Sample,
    covariance,
    groups_of,
    linear,
)
from parvis.indicators.survey.publication import Rule as PublicationRule
from parvis.indicators.survey.publication import publication
from parvis.indicators.survey.results import Estimates, symmetric
from parvis.indicators.values import (
    TOTAL,
    DataGrade,
    Observation,
    Observations,
    observations_of,
)

if TYPE_CHECKING:
    from parvis.packs.indicator_models import Indicator
    from parvis.packs.indicators import Catalogue
    from parvis.packs.question_models import QuestionModule

Words = NDArray[np.object_]
AREA = "area"
SPLITS = ("sex", "age", "disability", "migration", AREA)
"""What answers can be split by, as the catalogue calls it."""
NO_RULE = "none"


@dataclass(frozen=True, eq=False, slots=True)
class Answered:
    """
    The answers of a sample, ready to be counted.

    Attributes
    ----------
    sample : Design or ReplicateDesign
    said : mapping from question to Answers
    groups : mapping from split to ndarray of str, shape (n,)
        One of `SPLITS`; empty for those who belong to no group.
    others : mapping from indicator to Counted
        Indicators that the module does not ask for.
    is_open : bool
        Whether anybody could answer: no sample, so no interval.
    """

    sample: Sample
    said: Mapping[str, Answers]
    groups: Mapping[str, Words]
    others: Mapping[str, Counted] = field(default_factory=dict)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """
    An estimate from a survey as it may be shown.

    Attributes
    ----------
    indicator, area, split : str
    estimate : Estimate
        In the unit of the indicator.
    """

    indicator: str
    area: str
    split: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Aside:
    """
    A figure that stands beside an indicator: another denominator of SDG 16.1.4.

    Attributes
    ----------
    indicator : str
    what : str
        ``going_out`` or ``never_going_out``.
    estimate : Estimate
        In per cent.
    """

    indicator: str
    what: str
    estimate: Estimate


@dataclass(frozen=True, eq=False, slots=True)
class Surveyed:
    """
    What a survey says of indicators.

    Attributes
    ----------
    figures : tuple of Figure
        In the order of the catalogue; all first, then the splits.
    observations : Observations
        The same, with what may not be shown withheld.
    joint : tuple of JointErrors
        For each group the values shown and how their errors go together.
    asides : tuple of Aside
    not_asked : tuple of str
        Indicators of the module whose questions are missing.
    """

    figures: tuple[Figure, ...]
    observations: Observations
    joint: tuple[JointErrors, ...]
    asides: tuple[Aside, ...]
    not_asked: tuple[str, ...]


def surveyed(
    answered: Answered,
    module: "QuestionModule",
    catalogue: "Catalogue",
    *,
    period: str,
    area: str,
    source: str = "",
    grade: DataGrade = DataGrade.B,
    edition: Edition = Edition.NON_SEXUAL_OR_SEXUAL,
    rule: str = PublicationRule.STRICTER.value,
    level: float = LEVEL,
) -> Surveyed:
    """
    Estimate all indicators that answers give, for all and by the catalogue's splits.

    Parameters
    ----------
    answered : Answered
    module : QuestionModule
    catalogue : Catalogue
    period, area : str
        Of the whole survey; values by area have the area's code instead.
    source : str
    grade : DataGrade
        Answers of an open link are never better than E.
    edition : Edition
        Of SDG 11.7.2; the former one is flagged as another definition.
    rule : str
        Publication rule, see `publication`; ``none`` shows everything.
    level : float

    Returns
    -------
    Surveyed

    Raises
    ------
    ChoiceError, LevelError
    """
    wanted, not_asked = _wanted(answered, module, catalogue, edition)
    figures: list[Figure] = []
    joint: list[JointErrors] = []
    for split in ("", *SPLITS):
        if split and split not in answered.groups:
            continue
        groups = groups_of(answered.groups[split], answered.sample.n_rows) if split else None
        if groups is not None and not groups.labels:
            continue
        made: list[tuple[Indicator, Counted, Estimates, Linear]] = []
        for indicator, each in wanted:
            if not split or split in indicator.disaggregations:
                made.append((indicator, each, *_estimated(answered.sample, each, groups, level)))
        labels = groups.labels if groups else ("",)
        for at, label in enumerate(labels):
            where, part = (label, TOTAL) if split == AREA else (area, _part(split, label))
            shown = [
                _shown(estimates.estimates[at], indicator, each.kind, rule, answered.is_open)
                for indicator, each, estimates, _ in made
            ]
            figures += [
                Figure(indicator.key, where, part, estimate)
                for (indicator, *_), estimate in zip(made, shown, strict=True)
            ]
            if not answered.is_open:
                joint += _joint(answered.sample, made, shown, at, (period, where, part))
    notes = {
        code: [Flag.DEFINITION] for code in ("SEC-11",) if edition is Edition.PHYSICAL_OR_SEXUAL
    }
    graded = DataGrade.E if answered.is_open else grade
    rows = [
        _observation(each, catalogue, period, source, graded, notes.get(each.indicator, []))
        for each in figures
    ]
    order = {code: at for at, code in enumerate(catalogue.indicators)}
    figures.sort(key=lambda each: order[each.indicator])
    asides = tuple(_asides(answered, module, catalogue, rule, level))
    return Surveyed(tuple(figures), observations_of(rows), tuple(joint), asides, not_asked)


def _wanted(
    answered: Answered, module: "QuestionModule", catalogue: "Catalogue", edition: Edition
) -> tuple[list[tuple["Indicator", Counted]], tuple[str, ...]]:
    found, not_asked = [], []
    sex = answered.groups.get("sex")
    for code, indicator in catalogue.indicators.items():
        each = answered.others.get(code)
        asked = module.by_indicator.get(code)
        if each is None and asked is not None:
            each = counted(asked, answered.said, module, sex=sex, edition=edition)
            if each is None:
                not_asked.append(code)
        if each is not None:
            found.append((indicator, each))
    return found, tuple(not_asked)


def _estimated(
    sample: Sample, each: Counted, groups: Groups | None, level: float
) -> tuple[Estimates, Linear]:
    parts = [(sign, linear(sample, values, None, groups)) for sign, values in each.terms]
    if each.kind is Kind.SHARE:
        return proportion(sample, each.terms[0][1], by=groups, level=level), parts[0][1]
    if each.kind is Kind.MEAN:
        return mean(sample, each.terms[0][1], by=groups, level=level), parts[0][1]
    both = Linear(
        np.asarray(sum(sign * part.values for sign, part in parts)),
        np.asarray(sum(sign * part.parts for sign, part in parts)),
        np.min([part.n for _, part in parts], axis=0),
        np.min([part.df for _, part in parts], axis=0),
        max(part.n_missing for _, part in parts) if len({id(p) for p in parts}) else 0,
    )
    return symmetric(sample, replace(both, n_missing=0), groups, level, None), both


def _factor(indicator: "Indicator", kind: Kind) -> float:
    if kind is Kind.SHARE:
        return indicator.multiplier or 100.0
    return 100.0 if kind is Kind.GAP else 1.0


def _shown(
    estimate: Estimate, indicator: "Indicator", kind: Kind, rule: str, is_open: bool
) -> Estimate:
    """Return an estimate in the indicator's unit, withheld where it may not be shown."""
    if is_open:
        bare = Estimate(estimate.value, None, None, n=estimate.n, method=Method.NONE)
        estimate = bare.marked([Flag.UNRELIABLE], [Note("survey_open_link")])
        rule = rule if rule == NO_RULE else PublicationRule.EUROSTAT.value
    if rule != NO_RULE:
        estimate = publication(estimate, rule=rule, is_share=kind is Kind.SHARE).estimate
        n = estimate.n or 0
        if indicator.min_n is not None and n < indicator.min_n and not estimate.is_refused:
            few = Note("indicator_few", {"n": n, "least": indicator.min_n})
            estimate = estimate.withheld(few)
    return estimate.scaled(_factor(indicator, kind))


def _joint(
    sample: Sample,
    made: Sequence[tuple["Indicator", Counted, Estimates, Linear]],
    shown: Sequence[Estimate],
    at: int,
    of: tuple[str, str, str],
) -> Iterator[JointErrors]:
    """Yield the covariance of a group's values, where there are any."""
    kept = [
        number
        for number, estimate in enumerate(shown)
        if estimate.value is not None and estimate.standard_error is not None
    ]
    if not kept:
        return
    period, area, split = of
    keys: list[ValueKey] = [(made[n][0].key, period, area, split) for n in kept]
    factors = np.array([_factor(made[n][0], made[n][1].kind) for n in kept])
    parts = np.stack([made[n][3].parts[:, at] for n in kept], axis=1)
    values = np.array([made[n][3].values[at] for n in kept])
    spread = covariance(sample, values, parts) * np.outer(factors, factors)
    is_share = np.array([made[n][1].kind is Kind.SHARE for n in kept])
    sizes = np.array([shown[n].n_effective or shown[n].n or 1 for n in kept], dtype=np.float64)
    factors_of_shares = np.where(is_share, factors, 0.0)
    yield JointErrors(tuple(keys), values * factors, spread, factors_of_shares, sizes)


def _observation(
    figure: Figure,
    catalogue: "Catalogue",
    period: str,
    source: str,
    grade: DataGrade,
    flags: Sequence[Flag],
) -> Observation:
    indicator, estimate = catalogue.indicators[figure.indicator], figure.estimate
    said = [flag for flag in (*estimate.flags, *flags) if flag is not Flag.NORMAL]
    order = (Flag.SUPPRESSED, Flag.UNRELIABLE, Flag.DEFINITION)
    flag = next((each for each in order if each in said), said[0] if said else Flag.NORMAL)
    return Observation(
        indicator=figure.indicator,
        period=period,
        area=figure.area,
        split=figure.split,
        value=estimate.value,
        unit=indicator.unit,
        error_model=indicator.error_model,
        n=estimate.n,
        standard_error=estimate.standard_error,
        flag=flag,
        source=source,
        definition=indicator.version,
        grade=grade,
    )


def _asides(
    answered: Answered,
    module: "QuestionModule",
    catalogue: "Catalogue",
    rule: str,
    level: float,
) -> Iterator[Aside]:
    for code, asked in module.by_indicator.items():
        out = going_out(asked, answered.said)
        if out is None or code not in catalogue.indicators:
            continue
        everybody = counted(asked, answered.said, module)
        stays = np.where(
            np.isnan(out.terms[0][1]) & ~np.isnan(everybody.terms[0][1]) if everybody else False,
            1.0,
            np.where(answered.said[asked.questions[0]].blank, np.nan, 0.0),
        )
        figures = (("going_out", out), ("never_going_out", Counted(Kind.SHARE, ((1.0, stays),))))
        for what, each in figures:
            found, _ = _estimated(answered.sample, each, None, level)
            indicator = catalogue.indicators[code]
            yield Aside(
                code, what, _shown(found.one, indicator, Kind.SHARE, rule, answered.is_open)
            )


def _part(split: str, label: str) -> str:
    return f"{split}={label}" if split else TOTAL


def document_of(found: Surveyed) -> dict[str, Any]:
    """Return what a delivery keeps beside its values: joint errors and further denominators."""
    return {
        "joint": [
            {
                "keys": [list(key) for key in each.keys],
                "values": each.values.tolist(),
                "factors": each.factors.tolist(),
                "sizes": each.sizes.tolist(),
                "covariance": each.covariance.tolist(),
            }
            for each in found.joint
        ],
        "asides": [
            {"indicator": each.indicator, "what": each.what, **each.estimate.to_json()}
            for each in found.asides
        ],
    }

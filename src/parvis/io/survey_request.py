"""Which estimates are asked of a survey file, and what do they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar

import numpy as np

from parvis.errors import InputError
from parvis.indicators.estimates import LEVEL, Estimate
from parvis.indicators.survey.design import Lonely, survey_design
from parvis.indicators.survey.errors import (
    DesignMissingError,
    WeightMissingError,
    WeightZeroError,
)
from parvis.indicators.survey.estimate import mean, proportion, ratio, total
from parvis.indicators.survey.intervals import SHARE_METHODS
from parvis.indicators.survey.linear import Floats, Groups, Sample, groups_of
from parvis.indicators.survey.publication import Rule, Verdict, publication
from parvis.indicators.survey.quantiles import quantile
from parvis.indicators.survey.replicates import KINDS, replicate_design
from parvis.indicators.survey.results import ALL, Estimates
from parvis.indicators.survey.weighting import TRIM, rake
from parvis.indicators.survey.weights import ZeroWeights
from parvis.io.survey_table import N_NAMED, Labels, SurveyTable, read_survey, read_totals

NO_RULE = "none"
DESIGN_KEYS = (
    "weights",
    "strata",
    "clusters",
    "populations",
    "replicates",
    "kind",
    "fay",
    "df",
)


class SurveyOptionError(InputError):
    """An option cannot be read; details: option, value, accepted."""

    code: ClassVar[str] = "survey_option"


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """
    What is asked of a survey file; texts are as on the command line.

    Attributes
    ----------
    design : mapping of str to str
        Columns by one of `DESIGN_KEYS`, see `design_from`.
    means, totals, shares, ratios, quantiles : sequence of str
        ``COLUMN``, ``COLUMN``, ``COLUMN=VALUE+VALUE``, ``COLUMN/COLUMN``, ``COLUMN:0.5``.
    by : str
        Column of groups.
    margins : Path, optional
        Known totals to weight to, see `read_totals`.
    trim : float
        Weights are cut at this many times their median; 0 cuts nothing.
    rule : str
        Publication rule, or 'none'.
    """

    design: Mapping[str, str]
    means: Sequence[str] = ()
    totals: Sequence[str] = ()
    shares: Sequence[str] = ()
    ratios: Sequence[str] = ()
    quantiles: Sequence[str] = ()
    by: str = ""
    nested: bool = False
    lonely: str = Lonely.REFUSE.value
    zero_weights: str = ZeroWeights.REFUSE.value
    margins: Path | None = None
    trim: float = TRIM
    level: float = LEVEL
    interval: str = SHARE_METHODS[0].value
    rule: str = Rule.STRICTER.value
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyFigure:
    """An estimate as it may be shown."""

    what: str
    group: str
    verdict: Verdict
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """What a survey file says to a request."""

    file: str
    n_rows: int
    df: float
    figures: tuple[SurveyFigure, ...] = field(default=())


def design_from(options: Sequence[str]) -> dict[str, str]:
    """
    Read options such as ``weights=w,strata=district`` or ``clusters=block+household``.

    Raises
    ------
    SurveyOptionError

    Examples
    --------
    >>> design_from(["weights=w,strata=district", "clusters=block+household"])
    {'weights': 'w', 'strata': 'district', 'clusters': 'block+household'}
    """
    found: dict[str, str] = {}
    for option in (part for text in options for part in text.split(",")):
        key, equals, column = (part.strip() for part in option.partition("="))
        if key not in DESIGN_KEYS or not equals or not column or key in found:
            accepted = ", ".join(f"{each}=…" for each in DESIGN_KEYS) + ", each once"
            raise SurveyOptionError(option="--design", value=option, accepted=accepted)
        found[key] = column
    if "weights" not in found:
        raise SurveyOptionError(
            option="--design", value=",".join(options), accepted="at least weights=COLUMN"
        )
    return found


def answer_survey(path: Path, request: SurveyRequest) -> SurveyAnswer:
    """
    Read a survey file and estimate what is asked.

    Raises
    ------
    SurveyOptionError
        Or an error of `read_survey`, of `survey_design` or of the estimates.
    """
    _choice("--lonely", request.lonely, [each.value for each in Lonely])
    _choice("--zero-weights", request.zero_weights, [each.value for each in ZeroWeights])
    _choice("--rule", request.rule, [*(each.value for each in Rule), NO_RULE])
    table = read_survey(path, sheet=request.sheet)
    try:
        sample = sample_of(table, request)
    except (DesignMissingError, WeightMissingError, WeightZeroError) as error:
        numbers = str(error.details["rows"]).split(", ")
        lines = ", ".join(str(table.rows[int(number) - 1]) for number in numbers)
        raise type(error)(**error.details | {"rows": lines}) from error
    by = groups_of(table.labels(request.by), sample.n_rows) if request.by else None
    figures: list[SurveyFigure] = []
    for what, is_share, found in _estimated(table, sample, request, by):
        for label, each in found:
            figures.append(_figure(what, label, each, request.rule, is_share=is_share))
    return SurveyAnswer(table.file, sample.n_rows, sample.df, tuple(figures))


def sample_of(table: SurveyTable, request: SurveyRequest) -> Sample:
    """Return the sample of a file with the design asked for; errors as of `answer_survey`."""
    design = request.design
    weights = table.numbers(design["weights"])
    sample: Sample
    if "replicates" in design:
        sample = _replicated(table, weights, request)
    else:
        sample = survey_design(
            weights,
            strata=table.labels(design["strata"]) if "strata" in design else None,
            clusters=[table.labels(name) for name in _stages(design, "clusters")],
            populations=[table.numbers(name) for name in _stages(design, "populations")],
            nested=request.nested,
            lonely=request.lonely,
            zero_weights=request.zero_weights,
        )
    if request.margins is None:
        return sample
    totals = read_totals(request.margins)
    columns = {name: table.labels(name) for name in totals}
    return rake(sample, columns, totals, trim=request.trim or None).sample


def _replicated(table: SurveyTable, weights: Floats, request: SurveyRequest) -> Sample:
    design = request.design
    kind = design.get("kind", "")
    _choice("--design kind=", kind, KINDS)
    names = [
        name
        for pattern in design["replicates"].split("+")
        for name in table.columns
        if fnmatchcase(name, pattern)
    ]
    if not names:
        table.cells(design["replicates"])
    return replicate_design(
        weights,
        np.stack([table.numbers(name) for name in names], axis=1),
        kind=next(each for each in KINDS if each == kind),
        fay=_figure_from("--design fay=", design.get("fay", "0")),
        df=_figure_from("--design df=", design["df"]) if "df" in design else None,
        zero_weights=request.zero_weights,
    )


def _estimated(
    table: SurveyTable, sample: Sample, request: SurveyRequest, by: Groups | None
) -> list[tuple[str, bool, Estimates]]:
    level = request.level
    found: list[tuple[str, bool, Estimates]] = []
    for name in request.means:
        found.append((f"mean {name}", False, mean(sample, table.numbers(name), by=by, level=level)))
    for name in request.totals:
        values = table.numbers(name)
        found.append((f"total {name}", False, total(sample, values, by=by, level=level)))
    for text in request.shares:
        name, said = _split("--share", text, "=", "COLUMN=VALUE")
        labels = table.labels(name)
        hits = _hits(table, name, labels, said.split("+"))
        made = proportion(sample, hits, by=by, level=level, method=request.interval)
        found.append((f"share {text}", True, made))
    for text in request.ratios:
        above, below = (table.numbers(n) for n in _split("--ratio", text, "/", "COLUMN/COLUMN"))
        found.append((f"ratio {text}", False, ratio(sample, above, below, by=by, level=level)))
    for text in request.quantiles:
        name, share = _split("--quantile", text, ":", "COLUMN:0.5")
        at = _figure_from("--quantile", share)
        values = table.numbers(name)
        found.append((f"quantile {text}", False, quantile(sample, values, at, by=by, level=level)))
    if not found:
        accepted = "--mean, --total, --share, --ratio or --quantile"
        raise SurveyOptionError(option="parvis survey estimate", value="", accepted=accepted)
    return found


def _hits(table: SurveyTable, name: str, labels: Labels, wanted: Sequence[str]) -> Floats:
    """Return who said one of `wanted`; a value that nobody says may be a slip of the pen."""
    words = labels.astype(str)
    known = {*np.unique(words), *table.value_labels.get(name, {}).values()} - {""}
    for each in wanted:
        if each not in known:
            accepted = ", ".join(sorted(known)[:N_NAMED])
            raise SurveyOptionError(option="--share", value=each, accepted=accepted)
    return np.where(words == "", np.nan, np.isin(words, list(wanted)))


def _figure(what: str, label: str, each: Estimate, rule: str, *, is_share: bool) -> SurveyFigure:
    group = "" if label == ALL else label
    if rule == NO_RULE:
        return SurveyFigure(what, group, Verdict.SHOW, each)
    shown = publication(each, rule=rule, is_share=is_share)
    return SurveyFigure(what, group, shown.verdict, shown.estimate)


def _stages(design: Mapping[str, str], key: str) -> list[str]:
    return design[key].split("+") if key in design else []


def _split(option: str, text: str, sign: str, accepted: str) -> tuple[str, str]:
    left, _, right = text.rpartition(sign) if sign == ":" else text.partition(sign)
    if not left or not right:
        raise SurveyOptionError(option=option, value=text, accepted=accepted)
    return left, right


def _figure_from(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SurveyOptionError(option=option, value=text, accepted="a number") from None


def _choice(option: str, value: str, accepted: Sequence[str]) -> None:
    if value not in accepted:
        raise SurveyOptionError(option=option, value=value, accepted=", ".join(accepted))

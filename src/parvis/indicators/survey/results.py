"""What do linearised values become: estimates by group, with intervals and notes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parvis.indicators.checks import checked_level
from parvis.indicators.estimates import Estimate, Flag, Method, Note
from parvis.indicators.survey.intervals import student
from parvis.indicators.survey.linear import Groups, Linear, Sample, covariance
from parvis.indicators.survey.replicates import ReplicateDesign

Floats = NDArray[np.float64]
ALL = "all"
"""Label of an estimate for all rows."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """
    Estimates of one quantity by group, from one sample.

    Attributes
    ----------
    labels : tuple of str
        Groups; 'all' where there are none.
    estimates : tuple of Estimate
    covariance : ndarray, shape (n_groups, n_groups)
    """

    labels: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    covariance: Floats

    @property
    def one(self) -> Estimate:
        """The only estimate."""
        (found,) = self.estimates
        return found

    def __getitem__(self, label: str) -> Estimate:
        """Return the estimate of a group; KeyError where there is none."""
        if label not in self.labels:
            raise KeyError(label)
        return self.estimates[self.labels.index(label)]

    def __iter__(self) -> Iterator[tuple[str, Estimate]]:
        """Go through groups and their estimates."""
        return iter(zip(self.labels, self.estimates, strict=True))


def symmetric(
    sample: Sample, found: Linear, groups: Groups | None, level: float, spreads: Floats | None
) -> Estimates:
    """Return estimates with Student's intervals."""
    level = checked_level(level)
    spread = covariance(sample, found.values, found.parts)
    method = Method.REPLICATED if isinstance(sample, ReplicateDesign) else Method.LINEARISED
    labels = groups.labels if groups else (ALL,)
    made = []
    for at in range(len(labels)):
        n, value = int(found.n[at]), float(found.values[at])
        if n == 0 or math.isnan(value):
            made.append(nothing(level, n))
            continue
        error = error_at(spread, at)
        each = with_interval(value, error, float(found.df[at]), level, n, method)
        if spreads is not None and error > 0.0:
            effective = float(spreads[at]) / error**2
            each = _sized(each, effective)
        made.append(each.marked(notes=notes_of(sample, found, groups)))
    return Estimates(labels, tuple(made), spread)


def with_interval(
    value: float, error: float, df: float, level: float, n: int, method: Method
) -> Estimate:
    """Return a value with Student's interval, without one below a degree of freedom."""
    bare = Estimate(value, None, None, level=level, n=n, df=df, method=method)
    if df < 1.0 or math.isnan(error):
        return bare.marked([Flag.UNRELIABLE], [Note("estimate_no_interval")])
    half = student(df, level) * error
    return Estimate(value, value - half, value + half, level, error, n, None, df, method)


def _sized(estimate: Estimate, effective: float) -> Estimate:
    return replace(estimate, n_effective=effective if math.isfinite(effective) else None)


def nothing(level: float, n: int) -> Estimate:
    """Return the estimate of a group without answers."""
    return Estimate(None, None, None, level=level, n=n).withheld(Note("estimate_no_answers"))


def error_at(spread: Floats, at: int) -> float:
    """Return a standard error; NaN where the covariance is."""
    return math.sqrt(max(float(spread[at, at]), 0.0)) if not np.isnan(spread[at, at]) else math.nan


def notes_of(sample: Sample, found: Linear, groups: Groups | None) -> tuple[Note, ...]:
    """Return what was decided or left out on the way."""
    missing = (Note("survey_missing", {"n": found.n_missing}),) if found.n_missing else ()
    others = groups.n_others if groups else 0
    strange = (Note("survey_no_group", {"n": others}),) if others else ()
    return (*sample.notes, *missing, *strange)

"""How was a sample drawn, and how much do estimates from it vary because of that."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parvis.indicators.estimates import Note
from parvis.indicators.survey.calibration import Calibration
from parvis.indicators.survey.codes import codes_of, pairs_of
from parvis.indicators.survey.errors import (
    ClusterStratumError,
    DesignMissingError,
    LonelyClusterError,
    PopulationBelowSampleError,
    PopulationVariesError,
    StagesError,
    SurveyRowsError,
)
from parvis.indicators.survey.weights import ZeroWeights, checked_weights

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
N_NAMED = 5


class Lonely(StrEnum):
    """
    What a stratum with a single sampled unit adds to the variance.

    The variance within such a stratum cannot be known; each rule is an assumption.
    """

    REFUSE = "refuse"
    """No estimate."""
    REMOVE = "remove"
    """Nothing: too small a variance."""
    CERTAINTY = "certainty"
    """Nothing, as the unit was certain to be sampled; later stages count in full."""
    ADJUST = "adjust"
    """The distance of the unit from the mean unit of the whole sample: too large a variance."""
    AVERAGE = "average"
    """What the other strata of the stage add on average."""


@dataclass(frozen=True, slots=True)
class Stage:
    """
    One stage of sampling.

    Attributes
    ----------
    stratum : ndarray of int, shape (n_units,)
        Stratum of each sampled unit; strata lie within units of the stage before.
    parent : ndarray of int, shape (n_units,)
        Unit of the stage before.
    sampled : ndarray, shape (n_strata,)
        Units sampled.
    fraction : ndarray, shape (n_strata,)
        Share of the stratum's units that was sampled; 0 where the population is not known.
    share : ndarray, shape (n_strata,)
        Product of the fractions of the stages before.
    """

    stratum: Codes
    parent: Codes
    sampled: Floats
    fraction: Floats
    share: Floats


@dataclass(frozen=True, slots=True)
class Design:
    """
    A sample with its strata, clusters, weights and populations; make it by `survey_design`.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Persons each row stands for; 0 where a row was left out.
    unit : ndarray of int, shape (n,)
        Unit of the last stage that counts for the variance.
    stages : tuple of Stage
    first : ndarray of int, shape (n_units,)
        Unit of the first stage that a unit of the last stage lies in.
    by_unit : ndarray, shape (n_units,)
        Sum of the weights in each unit of the last stage.
    lonely : Lonely
    calibration : Calibration or None
        Known totals that the weights keep.
    notes : tuple of Note
        What was decided on the way, told with every estimate.
    """

    weights: Floats
    unit: Codes
    stages: tuple[Stage, ...]
    first: Codes
    by_unit: Floats
    lonely: Lonely = Lonely.REFUSE
    calibration: Calibration | None = None
    notes: tuple[Note, ...] = field(default=())

    @property
    def n_rows(self) -> int:
        """Rows of the sample, those left out included."""
        return self.weights.size

    @property
    def has_zero(self) -> bool:
        """Whether rows were left out."""
        return any(note.code == "survey_weights_left_out" for note in self.notes)

    @property
    def n_units(self) -> int:
        """Units of the last stage."""
        return self.stages[-1].stratum.size

    @property
    def df(self) -> float:
        """Degrees of freedom: units of the first stage less its strata."""
        return float(self.stages[0].stratum.size - self.stages[0].sampled.size)

    def reweighted(self, weights: Floats, calibration: Calibration | None, note: Note) -> "Design":
        """Return the same sample with other weights."""
        return replace(
            self,
            weights=weights,
            by_unit=summed(weights[:, None], self.unit, self.n_units)[:, 0],
            calibration=calibration,
            notes=(*self.notes, note),
        )

    def covariance(self, totals: Floats) -> Floats:
        """
        Covariance of the sums of linearised values.

        Parameters
        ----------
        totals : ndarray, shape (n_units, k)
            Weighted linearised values, summed by unit of the last stage.

        Returns
        -------
        ndarray, shape (k, k)

        Notes
        -----
        Stage by stage ``share (1 - f) n/(n - 1) sum (z - mean z)²`` over the strata, `share` being
        the fractions of the stages before [1]_.

        References
        ----------
        .. [1] C.-E. Särndal, B. Swensson, J. Wretman, "Model Assisted Survey Sampling", 1992,
           results 4.3.1 and 4.5.1.
        """
        k = totals.shape[1]
        found, at = np.zeros((k, k)), totals
        for number, stage in reversed(list(enumerate(self.stages))):
            found += _of_stage(stage, at, self.lonely)
            if number:
                at = summed(at, stage.parent, self.stages[number - 1].stratum.size)
        return found


def survey_design(
    weights: ArrayLike,
    *,
    strata: Sequence[ArrayLike] | ArrayLike | None = None,
    clusters: Sequence[ArrayLike] | None = None,
    populations: Sequence[ArrayLike] | None = None,
    nested: bool = False,
    lonely: Lonely | str = Lonely.REFUSE,
    zero_weights: ZeroWeights | str = ZeroWeights.REFUSE,
) -> Design:
    """
    Describe how a sample was drawn.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Persons each row stands for, > 0.
    strata : array_like, shape (n,), optional
        Stratum of each row at the first stage.
    clusters : sequence of array_like, shape (n,), optional
        Unit of each row at every stage, the first first; without it rows are the units.
    populations : sequence of array_like, shape (n,), optional
        Units in the population of the row's stratum at the first stage, in its unit at the later
        ones. A stage without it is taken as drawn with replacement, and later ones are not needed.
    nested : bool
        Whether clusters of different strata may have the same names.
    lonely : Lonely
        What to do with strata of one unit; the rule used is noted with every estimate.
    zero_weights : ZeroWeights
        What weights of zero mean.

    Returns
    -------
    Design

    Raises
    ------
    SurveyError
        One of the leaves in `parvis.indicators.survey.errors`.

    Examples
    --------
    >>> design = survey_design([2.0, 2.0, 3.0, 3.0], strata=["a", "a", "b", "b"])
    >>> design.df
    2.0
    """
    weighted, notes = checked_weights(weights, ZeroWeights(zero_weights))
    n = weighted.size
    layers = [_labels(each, n, "clusters") for each in clusters or ()]
    sizes = [_population(each, n) for each in populations or ()]
    if not layers:
        layers = [np.arange(n)]
    if len(sizes) > len(layers):
        raise StagesError(what="populations", found=len(sizes), expected=len(layers))
    if strata is None:
        stratum, names = np.zeros(n, dtype=np.intp), np.array(["all"])
    else:
        stratum, names = codes_of(_labels(strata, n, "strata"))
    stages, units, used = _stages(layers, sizes, stratum, names, nested=nested)
    rule = Lonely(lonely)
    for number, stage in enumerate(stages):
        notes += _lonely_notes(stage, number, rule, names if number == 0 else None)
    if used < len(layers):
        notes.append(Note("survey_stages_unused", {"n": len(layers) - used}))
    first = np.zeros(stages[-1].stratum.size, dtype=np.intp)
    first[units[-1]] = units[0]
    by_unit = summed(weighted[:, None], units[-1], first.size)[:, 0]
    return Design(weighted, units[-1], tuple(stages), first, by_unit, rule, None, tuple(notes))


def summed(values: Floats, codes: Codes, n: int) -> Floats:
    """Return the sums of the rows of `values` by code, shape (n, k)."""
    return np.stack(
        [np.bincount(codes, weights=column, minlength=n) for column in values.T], axis=1
    )


def _stages(
    layers: Sequence[NDArray[Any]],
    sizes: Sequence[Floats],
    stratum: Codes,
    names: NDArray[Any],
    *,
    nested: bool,
) -> tuple[list[Stage], list[Codes], int]:
    """Return the stages that count, the unit of each row at each of them, and how many."""
    stages: list[Stage] = []
    units: list[Codes] = []
    share = np.ones(names.size)
    within, labels = stratum, names
    for number, layer in enumerate(layers):
        cluster, known = codes_of(layer)
        unit, n_units = pairs_of(within, cluster)
        if number == 0 and not nested and n_units > known.size:
            _refuse_shared(unit, cluster, known, n_units)
        at = np.zeros(n_units, dtype=np.intp)
        at[unit] = within
        parent = np.zeros(n_units, dtype=np.intp)
        if units:
            parent[unit] = units[-1]
        sampled = np.bincount(at, minlength=share.size).astype(np.float64)
        fraction = np.zeros(share.size)
        if number < len(sizes):
            fraction = _fraction(sizes[number], within, sampled, number, labels)
        stages.append(Stage(at, parent, sampled, fraction, share))
        units.append(unit)
        if number + 1 >= len(layers) or not fraction.any():
            return stages, units, number + 1
        share = (share * fraction)[at]
        within, labels = unit, np.arange(n_units) + 1
    raise AssertionError


def _refuse_shared(unit: Codes, cluster: Codes, known: NDArray[Any], n_units: int) -> None:
    of_unit = np.zeros(n_units, dtype=np.intp)
    of_unit[unit] = cluster
    times = np.bincount(of_unit, minlength=known.size)
    worst = int(times.argmax())
    raise ClusterStratumError(cluster=str(known[worst]), n=int((times > 1).sum()))


def _fraction(
    population: Floats, within: Codes, sampled: Floats, number: int, labels: NDArray[Any]
) -> Floats:
    size = np.zeros(sampled.size)
    size[within] = population
    varies = population != size[within]
    if varies.any():
        row = int(varies.argmax())
        low, high = sorted((float(population[row]), float(size[within[row]])))
        raise PopulationVariesError(
            stage=number + 1, stratum=str(labels[within[row]]), low=low, high=high
        )
    below = size < sampled
    if below.any():
        at = int(below.argmax())
        raise PopulationBelowSampleError(
            stage=number + 1,
            stratum=str(labels[at]),
            sampled=int(sampled[at]),
            population=float(size[at]),
        )
    return np.asarray(sampled / size)


def _lonely_notes(
    stage: Stage, number: int, rule: Lonely, names: NDArray[Any] | None
) -> list[Note]:
    alone = np.flatnonzero((stage.sampled == 1) & (stage.fraction < 1.0))
    if not alone.size:
        return []
    listed = alone + 1 if names is None else names[alone]
    details = {
        "n": int(alone.size),
        "strata": ", ".join(str(each) for each in listed[:N_NAMED]),
        "stage": number + 1,
    }
    if rule is Lonely.REFUSE:
        accepted = ", ".join(each.value for each in Lonely if each is not Lonely.REFUSE)
        raise LonelyClusterError(**details, accepted=accepted)
    return [Note(f"survey_lonely_{rule.value}", details)]


def _of_stage(stage: Stage, totals: Floats, rule: Lonely) -> Floats:
    """Return what a stage adds to the covariance."""
    n = stage.sampled
    alone = n < 2
    share = stage.share
    factor = np.where(alone, 0.0, share * (1.0 - stage.fraction) * n / np.maximum(n - 1.0, 1.0))
    means = summed(totals, stage.stratum, n.size) / np.maximum(n, 1.0)[:, None]
    away = totals - means[stage.stratum]
    found = (away * factor[stage.stratum][:, None]).T @ away
    lonely = alone & (stage.fraction < 1.0)
    if not lonely.any():
        return np.asarray(found)
    if rule is Lonely.ADJUST:
        far = (totals - totals.mean(axis=0))[lonely[stage.stratum]]
        weight = (share * (1.0 - stage.fraction))[stage.stratum[lonely[stage.stratum]]]
        found = found + (far * weight[:, None]).T @ far
    elif rule is Lonely.AVERAGE:
        others = float((~lonely).sum())
        found = found * (n.size / others) if others else np.full_like(found, np.nan)
    return np.asarray(found)


def _labels(values: Any, n: int, what: str) -> NDArray[Any]:
    labels = np.asarray(values)
    if labels.ndim != 1 or labels.size != n:
        raise SurveyRowsError(what=what, found=labels.shape[0] if labels.ndim else 0, expected=n)
    if labels.dtype.kind == "f":
        missing = np.isnan(labels)
    elif labels.dtype.kind == "O":
        missing = np.array([each is None or each == "" or each != each for each in labels])
    elif labels.dtype.kind in "US":
        missing = labels == ("" if labels.dtype.kind == "U" else b"")
    else:
        return labels
    _refuse_missing(missing, what)
    return labels


def _population(values: ArrayLike, n: int) -> Floats:
    sizes = np.asarray(values, dtype=np.float64)
    if sizes.shape != (n,):
        raise SurveyRowsError(what="populations", found=sizes.size, expected=n)
    _refuse_missing(~(sizes > 0.0), "populations")
    return sizes


def _refuse_missing(missing: NDArray[np.bool_], what: str) -> None:
    if missing.any():
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(missing)[:N_NAMED])
        raise DesignMissingError(what=what, n=int(missing.sum()), rows=rows)

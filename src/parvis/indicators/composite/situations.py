"""Which normalisation fits what is compared, and why another does not."""

from collections.abc import Mapping
from enum import StrEnum

from parvis.indicators.composite.errors import NormalisationRefusedError
from parvis.indicators.composite.normalise import Normalisation
from parvis.indicators.composite.notices import Notice
from parvis.indicators.composite.rows import Rows

LEAST_UNITS = 10
"""Fewer units than this are treated as cities that stand alone."""

N = Normalisation


class Situation(StrEnum):
    """What is compared with what."""

    ONE_PERIOD = "one-city-one-period"
    SEVERAL_PERIODS = "one-city-several-periods"
    DISTRICTS = "districts"
    NETWORK = "network"


class Verdict(StrEnum):
    """What a method is good for in a situation."""

    ALLOWED = "allowed"
    EXPLORATION = "exploration"
    REFUSED = "refused"


_FIXED = (N.GOALPOSTS, N.TARGET)
_OVER_TIME = (N.GOALPOSTS, N.TARGET, N.BASE_YEAR, N.AMPI)
_SPREAD = (N.MIN_MAX, N.Z_SCORE)

_ALLOWED: Mapping[Situation, tuple[Normalisation, ...]] = {
    Situation.ONE_PERIOD: _FIXED,
    Situation.SEVERAL_PERIODS: _OVER_TIME,
    Situation.DISTRICTS: (*_OVER_TIME, *_SPREAD),
    Situation.NETWORK: _OVER_TIME,
}
_EXPLORATION: Mapping[Situation, tuple[Normalisation, ...]] = {
    Situation.ONE_PERIOD: (),
    Situation.SEVERAL_PERIODS: (),
    Situation.DISTRICTS: (N.REFERENCE, N.FRACTION, N.PERCENTILE_RANK, N.BORDA, N.RANK),
    Situation.NETWORK: (*_SPREAD, N.REFERENCE, N.FRACTION, N.PERCENTILE_RANK, N.BORDA, N.RANK),
}
_ALONE = "with fewer than 10 units, points that depend on the others say nothing"
_NO_PAST = "with one period there is no earlier value to compare with"
_MOVES = "points would move because another year was added"
_RANKS = "ranks hide how far units are apart"


def situation_of(rows: Rows, *, are_cities: bool = False) -> Situation:
    """
    Tell the situation of a table.

    Parameters
    ----------
    rows : Rows
    are_cities : bool, default False
        Whether units are cities of a network rather than districts of one city.

    Returns
    -------
    Situation
        Below `LEAST_UNITS` units, that of a city alone.
    """
    if rows.n_units >= LEAST_UNITS:
        return Situation.NETWORK if are_cities else Situation.DISTRICTS
    return Situation.SEVERAL_PERIODS if rows.n_periods > 1 else Situation.ONE_PERIOD


def verdict(method: Normalisation, situation: Situation) -> Verdict:
    """Tell whether `method` is allowed in `situation`, for exploration only, or refused."""
    if method in _ALLOWED[situation]:
        return Verdict.ALLOWED
    return Verdict.EXPLORATION if method in _EXPLORATION[situation] else Verdict.REFUSED


def check_normalisation(
    method: Normalisation,
    situation: Situation,
    *,
    is_pooled: bool = True,
    is_headline: bool = False,
) -> tuple[Notice, ...]:
    """
    Refuse a normalisation that does not fit the situation.

    Parameters
    ----------
    method : Normalisation
    situation : Situation
    is_pooled : bool, default True
        Whether minimum, maximum, mean and deviation are taken over all periods together.
    is_headline : bool, default False
        Whether the result is to be shown as the main figure.

    Returns
    -------
    tuple of Notice
        ``composite_exploration`` where the result is for exploration only.

    Raises
    ------
    NormalisationRefusedError
        With the reason and the methods that fit.
    """
    found = verdict(method, situation)
    reason = ""
    if found is Verdict.REFUSED:
        if situation is Situation.SEVERAL_PERIODS:
            reason = _MOVES
        else:
            reason = _NO_PAST if method in _OVER_TIME else _ALONE
    elif found is Verdict.EXPLORATION and is_headline:
        reason = _RANKS if method in (N.RANK, N.PERCENTILE_RANK, N.BORDA) else _MOVES
    elif method in (*_SPREAD, N.REFERENCE, N.FRACTION) and not is_pooled:
        reason = _MOVES
    if reason:
        raise NormalisationRefusedError(
            method=method.value,
            situation=situation.value,
            reason=reason,
            known=", ".join(each.value for each in _ALLOWED[situation]),
        )
    if found is Verdict.EXPLORATION:
        return (
            Notice(
                "composite_exploration",
                {"method": method.value, "situation": situation.value},
            ),
        )
    return ()

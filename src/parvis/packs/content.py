"""What the packs say, in the form and units the analyses use."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from parvis.packs.loader import load_pack
from parvis.terms import Grade, Scenario

if TYPE_CHECKING:
    from parvis.packs.models import (
        BarrierRatings,
        DrawsPack,
        GroundRulesPack,
        StreetWidths,
        Surfaces,
    )


@dataclass(frozen=True, slots=True)
class GroundRule:
    """
    How one kind of obstacle acts on drivable ground.

    Attributes
    ----------
    key : str
    typical, limit : {"blocks", "absent"}
        Column P50 and column upper.
    off_road_typical, off_road_limit : {"blocks", "absent"}
        The same for off-road classes.
    existing : {"none", "unrated", "rated"}
        How a passage with it is reported.
    is_flagged : bool
        A passage over it is marked in the result.
    """

    key: str
    typical: str
    limit: str
    off_road_typical: str
    off_road_limit: str
    existing: str
    is_flagged: bool

    def blocks(self, scenario: Scenario, *, is_off_road: bool = False) -> bool:
        """Return whether it stops a vehicle in `scenario`."""
        if is_off_road:
            typical, limit = self.off_road_typical, self.off_road_limit
        else:
            typical, limit = self.typical, self.limit
        return (typical if scenario is Scenario.TYPICAL else limit) == "blocks"


@dataclass(frozen=True, slots=True)
class GroundRules:
    """
    The rules that make drivable ground from what is mapped.

    Attributes
    ----------
    id : str
    version : int
    rules : mapping of str to GroundRule
        By the kinds the city's tables use (``building``, ``wall``, ``bollard``, …) and by the
        states ``rated_closed`` and ``active_lowered``.
    other : GroundRule
        For kinds that no rule names.
    drivable : mapping of str to (bool, bool)
        Kinds of areas and surfaces that are drivable ground: typical, limit. Kinds not named are
        unknown ground.
    unknown_reach : float
        How far from drivable ground unknown ground can count as drivable. [m]
    unknown_typical, unknown_limit : bool
        Whether it does.
    closing_gap : float
        Gaps between drivable surfaces up to this width are closed, before obstacles are
        subtracted. [m]
    least_wall_height : float
        Lower walls do not block. [m]
    greatest_slope : float
        Steeper ground is not drivable, where elevation is fine enough. Rise over run. [1]
    coarse_elevation : float
        Elevation with a source cell above this never removes ground. [m]
    smoothing_cells : int
        Coarse elevation is smoothed over this many cells before gradients are taken from it.
    """

    id: str
    version: int
    rules: Mapping[str, GroundRule]
    other: GroundRule
    drivable: Mapping[str, tuple[bool, bool]]
    unknown_reach: float
    unknown_typical: bool
    unknown_limit: bool
    closing_gap: float
    least_wall_height: float
    greatest_slope: float
    coarse_elevation: float
    smoothing_cells: int

    def rule(self, kind: str) -> GroundRule:
        """
        Return the rule for an obstacle's kind.

        Examples
        --------
        >>> load_ground_rules().rule("building").blocks(Scenario.LIMIT)
        True
        """
        return self.rules.get(kind, self.other)

    def is_drivable(self, kind: str, scenario: Scenario) -> bool:
        """
        Return whether ground of `kind` is drivable in `scenario`.

        Examples
        --------
        >>> load_ground_rules().is_drivable("square", Scenario.TYPICAL)
        True
        """
        typical, limit = self.drivable.get(kind, (False, False))
        return typical if scenario is Scenario.TYPICAL else limit


@dataclass(frozen=True, slots=True)
class ParameterDraws:
    """
    How parameters are drawn for the Monte Carlo run; a proposal of this project.

    Each parameter is drawn on its own, lognormal: the typical value is the median, the limit value
    the `upper_quantile`, and no draw lies beyond the limit value.

    Attributes
    ----------
    id : str
    version : int
    upper_quantile : float
        Quantile the limit value stands for. (0.5, 1)
    cautious_quantile : float
        Quantile of the results that is called cautious. (0.5, 1)
    n_draws : int
    width_sigma : mapping of Grade to float
        Standard deviation of a clear width by its grade. [m]
    """

    id: str
    version: int
    upper_quantile: float
    cautious_quantile: float
    n_draws: int
    width_sigma: Mapping[Grade, float]


def load_ground_rules() -> GroundRules:
    """
    Return the ground rules.

    Examples
    --------
    >>> rules = load_ground_rules()
    >>> rules.closing_gap, rules.unknown_reach
    (4.0, 4.0)
    """
    pack = cast("GroundRulesPack", load_pack("ground-rules"))
    by_kind: dict[str, GroundRule] = {}
    for entry in pack.entries:
        rule = GroundRule(
            key=entry.key,
            typical=entry.typical,
            limit=entry.limit,
            off_road_typical=entry.off_road_typical or entry.typical,
            off_road_limit=entry.off_road_limit or entry.limit,
            existing=entry.existing,
            is_flagged=entry.is_flagged,
        )
        if entry.key == "other":
            other = rule
        else:
            by_kind |= dict.fromkeys(entry.kinds or (entry.key,), rule)
    unknown = pack.unknown_ground
    return GroundRules(
        id=pack.id,
        version=pack.version,
        rules=MappingProxyType(by_kind),
        other=other,
        drivable=MappingProxyType(
            {kind: (rule.typical, rule.limit) for rule in pack.drivable for kind in rule.kinds}
        ),
        unknown_reach=unknown.reach_m,
        unknown_typical=unknown.typical,
        unknown_limit=unknown.limit,
        closing_gap=pack.closing_gap_m.value,
        least_wall_height=pack.least_wall_height_m.value,
        greatest_slope=pack.greatest_slope.value,
        coarse_elevation=pack.coarse_elevation_m.value,
        smoothing_cells=int(pack.smoothing_cells.value),
    )


def load_parameter_draws() -> ParameterDraws:
    """
    Return how parameters are drawn.

    Examples
    --------
    >>> load_parameter_draws().width_sigma[Grade.C]
    1.5
    """
    pack = cast("DrawsPack", load_pack("parameter-draws"))
    return ParameterDraws(
        id=pack.id,
        version=pack.version,
        upper_quantile=pack.upper_quantile,
        cautious_quantile=pack.cautious_quantile,
        n_draws=pack.n_draws,
        width_sigma=MappingProxyType(
            {grade: pack.width_sigma_m[grade.name] for grade in Grade}  # type: ignore[index]
        ),
    )


def load_rating_systems() -> "BarrierRatings":
    """
    Return the pack of the standards barriers are tested to.

    Examples
    --------
    >>> [system.key for system in load_rating_systems().entries][:2]
    ['iso-22343-1', 'iwa-14-1']
    """
    return cast("BarrierRatings", load_pack("barrier-ratings"))


def load_street_widths() -> tuple[Mapping[str, float], float]:
    """
    Return clear widths by highway value where nothing can be measured, and one for all others.

    Returns
    -------
    widths : mapping of str to float
        [m]
    fallback : float
        [m]

    Examples
    --------
    >>> widths, fallback = load_street_widths()
    >>> widths["residential"] > widths["footway"]
    True
    """
    pack = cast("StreetWidths", load_pack("street-widths"))
    widths = {entry.highway: entry.width_m for entry in pack.entries}
    return MappingProxyType(widths), pack.fallback_m.value


def load_surfaces() -> "Surfaces":
    """
    Return the pack of ground surfaces.

    Examples
    --------
    >>> load_surfaces().entries[0].key
    'paved'
    """
    return cast("Surfaces", load_pack("surfaces"))

"""What is asked of a file of incidents, and the whole answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parvis.incidents.concentration import Concentration, concentration
from parvis.incidents.counts import (
    POPULATIONS,
    Count,
    Period,
    Population,
    count_by,
    periods_of,
    rates_by_area,
)
from parvis.incidents.density import Grid, grid_around, planar_density
from parvis.incidents.errors import IncidentDataError, IncidentOptionError, IncidentRowsError
from parvis.incidents.hotspots import Control, HotSpots, hot_spots, neighbours_on_grid
from parvis.incidents.profiles import Profile, months, profile
from parvis.incidents.records import NONE, Incidents, Labels, Precision
from parvis.incidents.repeats import NearRepeats, near_repeats
from parvis.incidents.reporting import UNKNOWN, Reporting
from parvis.indicators.rates import Interval
from parvis.io.incident_mapping import CodeList
from parvis.io.incident_table import IncidentFile
from parvis.io.incident_zones import Zones, areas_of, check_areas, touching, zones_with

DAYS_OF_YEAR = 365.25


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryRequest:
    """
    What a summary tells.

    Attributes
    ----------
    zones : Zones or None
        Areas to find incidents in; without them the areas the file says.
    populations : mapping of str to float
        People by area; none where empty.
    population : {'resident', 'ambient'}
        Whom these people are: those who live there, or those who are there on average.
    multiplier : float
        Rates are told per so many people.
    period : {'year', 'quarter', 'month', 'all'}
    codes : CodeList or None
    reporting : Reporting
    level : float
    interval : {'byar', 'exact'}
    """

    zones: Zones | None = None
    populations: Mapping[str, float] | None = None
    population: Population = "resident"
    multiplier: float = 1000.0
    period: Period = "year"
    codes: CodeList | None = None
    reporting: Reporting = UNKNOWN
    level: float = 0.95
    interval: Interval = "byar"


@dataclass(frozen=True, eq=False, slots=True)
class Summary:
    """
    What a file of incidents says.

    Attributes
    ----------
    read : IncidentFile
    request : SummaryRequest
    periods, kinds, places, areas : tuple of Count
        Empty where the file does not say them.
    names : mapping of str to str
        Names of areas by code.
    n_outside : int
        Incidents on the map in none of the areas.
    unknown : tuple of str
        Areas with people that are not among the areas.
    years : float or None
        Years the rates are told for.
    week : Profile or None
        None where hours are not known.
    months : tuple of (str, ndarray)
        Month with its count, limits and count of 30 days.
    unmatched : mapping of str to int
        Local codes that the code list lacks, with their incidents.
    """

    read: IncidentFile
    request: SummaryRequest
    periods: tuple[Count, ...]
    kinds: tuple[Count, ...]
    places: tuple[Count, ...]
    areas: tuple[Count, ...]
    names: Mapping[str, str]
    n_outside: int
    unknown: tuple[str, ...]
    years: float | None
    week: Profile | None
    months: tuple[tuple[str, NDArray[np.float64]], ...]
    unmatched: Mapping[str, int]


def summarise(read: IncidentFile, request: SummaryRequest) -> Summary:
    """
    Count incidents by period, kind, kind of place and area.

    Raises
    ------
    UnknownAreasError, IncidentOptionError, IncidentDataError, LevelError
    """
    incidents, reporting = read.incidents, request.reporting
    if request.population not in POPULATIONS:
        accepted = ", ".join(POPULATIONS)
        raise IncidentOptionError(what="Population", value=request.population, accepted=accepted)
    options = {"level": request.level}
    kinds, unmatched = _kinds(incidents, request.codes)
    areas, n_outside = incidents.area, 0
    unknown: tuple[str, ...] = ()
    if request.zones is not None:
        if not incidents.is_placed.any():
            raise IncidentDataError(file=read.file, what="coordinates, to be found in areas")
        areas = areas_of(incidents, request.zones)
        is_out = (areas.codes == NONE) & incidents.is_placed
        n_outside = int(incidents.weight[is_out].sum())
    years = _years(incidents)
    by_area: tuple[Count, ...] = ()
    if areas is not None and request.populations:
        known = _known(areas, request)
        unknown = tuple(sorted(set(request.populations) - set(known)))
        if len(unknown) == len(request.populations):
            check_areas("populations", unknown, known, read.file)
        by_area = rates_by_area(
            incidents,
            areas,
            {code: n for code, n in request.populations.items() if code in known},
            reporting,
            multiplier=request.multiplier,
            years=years,
            level=request.level,
            interval=request.interval,
        )
    elif request.populations:
        raise IncidentDataError(file=read.file, what="an area by incident, or --zones")
    elif areas is not None:
        by_area = count_by(incidents, areas, reporting, **options, interval=request.interval)
    has_hours = incidents.precision is Precision.MINUTE
    month, monthly = months(
        np.repeat(incidents.start, incidents.weight.astype(np.int64)), level=request.level
    )
    zones = request.zones
    return Summary(
        read=read,
        request=request,
        periods=_if_said(incidents, periods_of(incidents, request.period), request),
        kinds=_if_said(incidents, kinds, request),
        places=_if_said(incidents, incidents.place, request),
        areas=by_area,
        names={} if zones is None else dict(zip(zones.codes, zones.names, strict=True)),
        n_outside=n_outside,
        unknown=unknown,
        years=years,
        week=profile(incidents.start, incidents.end, level=request.level) if has_hours else None,
        months=tuple(zip((str(each) for each in month), monthly, strict=True)),
        unmatched=unmatched,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class HotSpotRequest:
    """
    What is asked about where incidents come together.

    Attributes
    ----------
    zones : Zones or None
        Areas to compare; cells of a grid without them.
    populations : mapping of str to float, optional
        People by area: rates are compared instead of counts.
    cell : float
        Side of a cell. [m]
    reach : int
        Cells around a cell that count as its neighbours.
    bandwidth : float or None
        Of the density; none is told without. [m]
    rate : float
        Of false discoveries.
    control : {'by', 'bh', 'none'}
    repeats : bool
        Whether pairs near in space and time are counted.
    permutations, seed : int
    reporting : Reporting
    """

    zones: Zones | None = None
    populations: Mapping[str, float] | None = None
    cell: float = 250.0
    reach: int = 1
    bandwidth: float | None = None
    rate: float = 0.05
    control: Control = "by"
    repeats: bool = False
    permutations: int = 999
    seed: int = 1
    reporting: Reporting = UNKNOWN


@dataclass(frozen=True, eq=False, slots=True)
class HotSpotAnswer:
    """
    Where incidents come together.

    Attributes
    ----------
    read : IncidentFile
    request : HotSpotRequest
    zones : Zones or None
        Areas that were compared: those whose people are known, where rates are.
    grid : Grid or None
        None where areas are compared.
    counts : ndarray
        Incidents by cell or area.
    spots : HotSpots
    concentration : Concentration
        Over the cells between the outermost incidents, or the areas.
    density : ndarray or None
        By cell. [1/km²]
    repeats : NearRepeats or None
    """

    read: IncidentFile
    request: HotSpotRequest
    zones: Zones | None
    grid: Grid | None
    counts: NDArray[np.float64]
    spots: HotSpots
    concentration: Concentration
    density: NDArray[np.float64] | None
    repeats: NearRepeats | None


def find_hot_spots(read: IncidentFile, request: HotSpotRequest) -> HotSpotAnswer:
    """
    Tell around which cells or areas more is recorded than chance would put there.

    Raises
    ------
    IncidentDataError, IncidentOptionError, IncidentSizeError, UnknownAreasError
    """
    incidents = read.incidents
    there = incidents.is_placed
    if not there.any():
        raise IncidentDataError(file=read.file, what="coordinates")
    xy, weight = incidents.xy[there], incidents.weight[there]
    grid, density, compared = None, None, None
    if request.zones is not None:
        populations = request.populations
        compared = zones_with(request.zones, populations) if populations else request.zones
        counts, values = _by_area(incidents, request, compared)
        neighbours = touching(compared)
    else:
        if request.populations:
            raise IncidentDataError(file=read.file, what="--zones, for people by area")
        grid = grid_around(xy, request.cell)
        values = counts = grid.counts(xy, weight)
        neighbours = neighbours_on_grid(grid.rows, grid.columns, request.reach)
        if request.bandwidth is not None:
            points = np.repeat(xy, weight.astype(np.int64), axis=0)
            density = planar_density(points, grid, request.bandwidth) * 1e6
    return HotSpotAnswer(
        read=read,
        request=request,
        zones=compared,
        grid=grid,
        counts=counts,
        spots=hot_spots(values, neighbours, rate=request.rate, control=request.control),
        concentration=concentration(counts),
        density=density,
        repeats=_repeats(read, request) if request.repeats else None,
    )


def check_writable(read: IncidentFile, *, is_skipped: bool) -> None:
    """Refuse to write results of a file with rejected rows, unless they are to be skipped."""
    if read.rejected and not is_skipped:
        first = read.rejected[0]
        raise IncidentRowsError(
            file=read.file,
            n=len(read.rejected),
            row=first.row,
            problem=f"{first.column} {first.value!r}",
            accepted=first.accepted,
        )


def _by_area(
    incidents: Incidents, request: HotSpotRequest, zones: Zones
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    areas = areas_of(incidents, zones)
    said = areas.codes != NONE
    counts = np.bincount(
        areas.codes[said], weights=incidents.weight[said], minlength=len(zones.codes)
    ).astype(np.float64)
    if not request.populations:
        return counts, counts
    return counts, counts / np.array([request.populations[code] for code in zones.codes])


def _repeats(read: IncidentFile, request: HotSpotRequest) -> NearRepeats:
    incidents = read.incidents
    if incidents.precision not in (Precision.DAY, Precision.MINUTE):
        raise IncidentDataError(file=read.file, what="the day of each incident, not its month")
    if (incidents.weight != 1.0).any():
        raise IncidentDataError(file=read.file, what="a row for each incident")
    used = incidents.is_placed & ~np.isnat(incidents.start)
    day = incidents.start[used].astype("datetime64[D]").astype(np.int64)
    return near_repeats(
        incidents.xy[used], day, permutations=request.permutations, seed=request.seed
    )


def _known(areas: Labels, request: SummaryRequest) -> Mapping[str, object]:
    return dict.fromkeys(areas.names if request.zones is None else request.zones.codes)


def _if_said(
    incidents: Incidents, labels: Labels | None, request: SummaryRequest
) -> tuple[Count, ...]:
    if labels is None or not labels.names:
        return ()
    return count_by(
        incidents, labels, request.reporting, level=request.level, interval=request.interval
    )


def _kinds(incidents: Incidents, codes: CodeList | None) -> tuple[Labels | None, Mapping[str, int]]:
    kinds = incidents.kind
    if kinds is None or codes is None:
        return kinds, {}
    meant = [codes.iccs.get(name, "") for name in kinds.names]
    names = sorted(set(meant) - {""})
    position = np.array([names.index(code) if code else NONE for code in meant] + [NONE])
    totals: Counter[str] = Counter()
    for at, name in enumerate(kinds.names):
        if not meant[at]:
            totals[name] = int(incidents.weight[kinds.codes == at].sum())
    return Labels(position[kinds.codes].astype(np.int32), tuple(names)), dict(
        sorted(totals.items())
    )


def _years(incidents: Incidents) -> float | None:
    """Return the years from the first month of the incidents to their last."""
    known = incidents.start[~np.isnat(incidents.start)].astype("datetime64[M]")
    if not known.size:
        return None
    days = (known.max() + 1).astype("datetime64[D]") - known.min().astype("datetime64[D]")
    return float(days.astype(np.int64)) / DAYS_OF_YEAR

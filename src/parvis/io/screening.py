"""Screen whole cities: every public space inside an authority's boundary, in parallel, kept."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from parvis.approach.analysis import Question, run_facts, run_id
from parvis.approach.vehicles import VehicleClass, load_vehicle_classes
from parvis.city.model import City
from parvis.errors import InputError, LimitError, ParvisError
from parvis.io.analyses import DESIGNS, DesignUnknownError
from parvis.io.boundaries import read_boundary, reproject
from parvis.io.home import existing_city
from parvis.io.programme_table import read_programme_table
from parvis.io.runs import earlier_run
from parvis.io.screening_workers import Job, Outcome, Runner, local_runner
from parvis.io.store import disk_errors, load_city
from parvis.packs.content import (
    load_ground_rules,
    load_parameter_draws,
)
from parvis.screening.criteria import Criterion, check_table
from parvis.screening.spaces import (
    Responsible,
    Screening,
    SpaceFailure,
    SpaceOutcome,
    SpaceRecord,
    failure_of,
    spaces_inside,
)
from parvis.terms import Grade

FOLDER = "screening"


class BoundaryMissingError(InputError):
    """Nobody said which boundary is the authority's."""

    code = "boundary_missing"


class BoundaryNotStoredError(InputError):
    """The city's own boundary is to be taken, and it has none."""

    code = "boundary_not_stored"


class ScreeningStoppedError(LimitError):
    """A screening was interrupted; what is done is kept."""

    code = "screening_stopped"


class OptionsPerCityError(InputError):
    """With several cities, an option with a file is given once for each."""

    code = "options_per_city"


class OneCityError(InputError):
    """An option that goes with one city only."""

    code = "one_city"


@dataclass(frozen=True, slots=True)
class Request:
    """
    One city to screen.

    Attributes
    ----------
    name : str
    boundary : Path or None
        File with the authority's boundary.
    is_own : bool
        The boundary stored with the city is confirmed to be the authority's.
    spaces : tuple of str or None
        Ids of the spaces to look at; None: all inside.
    table : Path or None
        What the authority says of its spaces, see `parvis.io.programme_table`.
    """

    name: str
    boundary: Path | None = None
    is_own: bool = False
    spaces: tuple[str, ...] | None = None
    table: Path | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """
    How far a screening is.

    Attributes
    ----------
    city : str
    space : str
        Name or id of the space just done.
    done, total : int
        Of all cities, kept results of earlier screenings included.
    seconds_left : float
        At the pace so far. [s]
    """

    city: str
    space: str
    done: int
    total: int
    seconds_left: float


@dataclass(frozen=True, eq=False)
class _Plan:
    """A city whose screening may begin."""

    city: City
    folder: Path
    boundary: Any
    source: str
    jobs: tuple[Job, ...]
    failures: tuple[SpaceFailure, ...]
    records: Mapping[str, SpaceRecord] | None
    outlines: Mapping[str, bytes]
    facts: Mapping[str, Any]


def screen_city(
    name: str,
    *,
    boundary: Path | None,
    responsible: Responsible,
    criteria: Sequence[Criterion],
    is_own_boundary: bool = False,
    spaces: Iterable[str] | None = None,
    table: Path | None = None,
    vehicles: Iterable[str] | None = None,
    design: str = "cautious",
    n_workers: int = 2,
    progress: Callable[[Step], None] | None = None,
    home: Path | None = None,
    is_fresh: bool = False,
    today: date | None = None,
) -> Screening:
    """
    Analyse every public space inside an authority's boundary.

    Parameters
    ----------
    name : str
        City.
    boundary : Path or None
        Polygon file of the authority's boundary.
    responsible : Responsible
    criteria : sequence of Criterion
        That order the programme, as the authority states them.
    is_own_boundary : bool, default False
        Confirms that the boundary stored with the city is the authority's.
    spaces : iterable of str, optional
        Ids; by default all spaces inside.
    table : Path, optional
        What the authority says of its spaces, see `parvis.io.programme_table`.
    vehicles : iterable of str, optional
        Keys of vehicle classes; by default the default six.
    design : {"typical", "cautious", "limit"}
    n_workers : int, default 2
        Processes side by side.
    progress : callable, optional
        Hears a `Step` after each space.
    home : Path, optional
        Data directory.
    is_fresh : bool, default False
        Earlier results are not reused.
    today : date, optional
        For tests.

    Returns
    -------
    Screening
        A space that fails is in it with its reason.

    Raises
    ------
    BoundaryMissingError, BoundaryNotStoredError
    parvis.screening.spaces.BoundaryElsewhereError, parvis.screening.spaces.NoSpaceInsideError
    ScreeningStoppedError
        After an interrupt; finished spaces are kept and reused by the next call.

    Notes
    -----
    Each space gets the analysis that `parvis.io.analyses.analyse_space` gives it, so that the
    values are the same; numbers of access points are those of earlier runs.
    """
    wanted = None if spaces is None else tuple(spaces)
    request = Request(name, boundary, is_own_boundary, wanted, table)
    found = screen_cities(
        [request],
        responsible=responsible,
        criteria=criteria,
        vehicles=vehicles,
        design=design,
        runner=local_runner(n_workers),
        progress=progress,
        home=home,
        is_fresh=is_fresh,
        today=today,
    )[name]
    if isinstance(found, ParvisError):
        raise found
    return found


def screen_cities(
    requests: Sequence[Request],
    *,
    responsible: Responsible,
    criteria: Sequence[Criterion],
    runner: Runner,
    vehicles: Iterable[str] | None = None,
    design: str = "cautious",
    progress: Callable[[Step], None] | None = None,
    home: Path | None = None,
    is_fresh: bool = False,
    today: date | None = None,
) -> dict[str, Screening | ParvisError]:
    """
    Screen several cities at once.

    Parameters
    ----------
    requests : sequence of Request
    runner : callable
        Where the work is done: `local_runner`, or that of `parvis.io.cluster`.
    responsible, criteria, vehicles, design, progress, home, is_fresh, today
        See `screen_city`.

    Returns
    -------
    dict of str to Screening or ParvisError
        By city; a city that cannot be screened leaves the others alone.

    Raises
    ------
    ScreeningStoppedError
    """
    if design not in DESIGNS:
        raise DesignUnknownError(value=design, accepted=", ".join(DESIGNS))
    classes = load_vehicle_classes(vehicles)
    day = today or datetime.now(UTC).astimezone().date()
    plans: dict[str, _Plan] = {}
    found: dict[str, Screening | ParvisError] = {}
    for request in requests:
        try:
            plans[request.name] = _plan(request, classes, design, criteria, home, day)
        except ParvisError as problem:
            found[request.name] = problem
    outcomes: dict[str, dict[str, Outcome]] = {
        name: {item.id: item for item in plan.failures} for name, plan in plans.items()
    }
    waiting: list[Job] = []
    n_reused = dict.fromkeys(plans, 0)
    for name, plan in plans.items():
        for job in plan.jobs:
            kept = None if is_fresh else _kept(plan.folder, job)
            if kept is None:
                waiting.append(job)
            else:
                outcomes[name][kept.id] = kept
                n_reused[name] += 1
    total = len(waiting) + sum(n_reused.values())
    started, done = time.monotonic(), total - len(waiting)
    with _kept_on_interrupt(waiting, outcomes, total):
        for number, (job, outcome) in enumerate(runner(waiting), start=1):
            outcomes[job.city.name][outcome.id] = outcome
            if isinstance(outcome, SpaceOutcome):
                _keep(plans[job.city.name].folder, job, outcome)
            if progress is not None:
                pace = (time.monotonic() - started) / number
                progress(
                    Step(
                        city=job.city.name,
                        space=outcome.name or outcome.id,
                        done=done + number,
                        total=total,
                        seconds_left=pace * (len(waiting) - number),
                    )
                )
    for name, plan in plans.items():
        found[name] = Screening(
            city=plan.city.name,
            epsg=plan.city.epsg,
            responsible=responsible,
            boundary_hash=hashlib.sha256(shapely.to_wkb(plan.boundary)).hexdigest(),
            boundary_source=plan.source,
            created=day,
            criteria=tuple(criteria),
            outcomes=tuple(outcomes[name][key] for key in sorted(outcomes[name])),
            records=plan.records,
            outlines=plan.outlines,
            provenance=plan.facts,
            n_reused=n_reused[name],
        )
    return {request.name: found[request.name] for request in requests}


@contextmanager
def _kept_on_interrupt(
    waiting: Sequence[Job], outcomes: Mapping[str, Mapping[str, Outcome]], total: int
) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        done = sum(len(items) for items in outcomes.values())
        cities = ", ".join(sorted({job.city.name for job in waiting}))
        raise ScreeningStoppedError(city=cities, done=done, total=total) from None


def requests_of(
    names: Sequence[str],
    *,
    boundaries: Sequence[Path] = (),
    is_own: bool = False,
    tables: Sequence[Path] = (),
) -> list[Request]:
    """
    Return a request for each city, files taken in the order of the cities.

    Raises
    ------
    OptionsPerCityError
    """
    for option, given in (("--boundary", boundaries), ("--programme", tables)):
        if given and len(given) != len(names):
            raise OptionsPerCityError(n=len(names), given=len(given), option=option)
    return [
        Request(
            name,
            boundary=boundaries[k] if boundaries else None,
            is_own=is_own,
            table=tables[k] if tables else None,
        )
        for k, name in enumerate(names)
    ]


def list_spaces_inside(request: Request, *, home: Path | None = None) -> list[tuple[str, str]]:
    """Return id and name of the public spaces inside an authority's boundary."""
    city = load_city(request.name, home=home)
    boundary, source = _boundary(request, city)
    rows = spaces_inside(city, boundary, source=source, wanted=request.spaces)
    return [(city.spaces.text("id", int(row)), city.spaces.text("name", int(row))) for row in rows]


def _plan(
    request: Request,
    classes: tuple[VehicleClass, ...],
    design: str,
    criteria: Sequence[Criterion],
    home: Path | None,
    today: date,
) -> _Plan:
    city = load_city(request.name, home=home)
    folder = existing_city(request.name, home)
    boundary, source = _boundary(request, city)
    rows = spaces_inside(city, boundary, source=source, wanted=request.spaces)
    check_table(criteria, has_table=request.table is not None)
    records = None
    if request.table is not None:
        known = [city.spaces.text("id", int(row)) for row in rows]
        records = read_programme_table(request.table, known, today=today)
    facts = run_facts(
        city, load_ground_rules(), load_parameter_draws(), design=design, vehicles=classes
    )
    jobs, failures = [], []
    outlines: dict[str, bytes] = {}
    for row in rows.tolist():
        area = shapely.force_2d(city.spaces.geometry[row])
        question = Question(
            space_id=city.spaces.text("id", row),
            space_name=city.spaces.text("name", row),
            space_kind=str(city.spaces.words("kind")[row]),
            is_inferred=bool(np.asarray(city.spaces["is_inferred"])[row]),
            area=area,
            vehicles=classes,
            design=design,
        )
        outlines[question.space_id] = shapely.to_wkb(area)
        try:
            previous = earlier_run(folder, question.space_id)
        except ParvisError as problem:
            failures.append(failure_of(question, problem))
            continue
        if previous is not None:
            question = replace(question, previous=previous.access_points)
        jobs.append(Job(city, home, question, run_id(facts, question)))
    return _Plan(
        city, folder, boundary, source, tuple(jobs), tuple(failures), records, outlines, facts
    )


def _boundary(request: Request, city: City) -> tuple[Any, str]:
    """Return the authority's boundary in the city's CRS and where it comes from."""
    if request.boundary is not None:
        degrees = read_boundary(request.boundary)
        turn = Transformer.from_crs(4326, city.epsg, always_xy=True)
        return reproject(degrees, turn), request.boundary.name
    if not request.is_own:
        raise BoundaryMissingError(city=city.name)
    if city.boundary is None:
        raise BoundaryNotStoredError(city=city.name)
    return shapely.from_wkb(city.boundary), f"{city.name}'s own data"


def _path(folder: Path, space_id: str) -> Path:
    return folder / FOLDER / f"{space_id.replace('/', '-')}.json"


def _keep(folder: Path, job: Job, outcome: SpaceOutcome) -> None:
    """Keep the outcome of a space for the next screening."""
    path = _path(folder, outcome.id)
    document = {"key": job.key, "outcome": asdict(outcome)}
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(document), encoding="utf-8")
        temporary.replace(path)


def _kept(folder: Path, job: Job) -> SpaceOutcome | None:
    """Return the outcome of an earlier screening where all inputs are still the same."""
    try:
        path = _path(folder, job.question.space_id)
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["key"] != job.key:
            return None
        said = document["outcome"]
        return SpaceOutcome(**{**said, "grade": Grade(said["grade"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None

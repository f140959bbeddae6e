"""Screen cities on an existing Dask cluster: the same functions, the same results."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from parvis import __version__
from parvis.approach.analysis import Question
from parvis.approach.street_fields import StreetFields
from parvis.approach.window import is_sloping
from parvis.city.model import City, Segments
from parvis.city.table import FeatureTable, Strings
from parvis.errors import InputError, LimitError
from parvis.io.screening_workers import Job, Outcome, Runner, WorkerDiedError
from parvis.packs.content import (
    GroundRules,
    ParameterDraws,
    load_ground_rules,
    load_parameter_draws,
)
from parvis.screening.spaces import SpaceFailedError, failure_of, screen_space

PATIENCE = 5.0
"""How long to wait for a scheduler to answer. [s]"""

RETRIES = 2
"""How often a space is tried again when an error reaches from the cluster itself."""


class ClusterExtraMissingError(InputError):
    """The library that talks to clusters is not installed."""

    code = "cluster_extra_missing"


class ClusterUnreachableError(InputError):
    """No scheduler answers at the address."""

    code = "cluster_unreachable"


class ClusterWithoutWorkersError(LimitError):
    """A scheduler without workers does nothing."""

    code = "cluster_without_workers"


class ClusterVersionsError(InputError):
    """Workers run another version of the code, or none."""

    code = "cluster_versions"


class ClusterLostError(LimitError):
    """The scheduler went away during the work."""

    code = "cluster_lost"


def cluster_runner(address: str, *, patience: float = PATIENCE) -> Runner:
    """
    Return a runner on the workers of an existing Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``"tcp://10.0.0.5:8786"``.
    patience : float
        How long to wait for it. [s]

    Returns
    -------
    callable
        For `parvis.io.screening.screen_cities`.

    Raises
    ------
    ClusterExtraMissingError, ClusterUnreachableError, ClusterWithoutWorkersError,
    ClusterVersionsError
        Before any work is begun.

    Notes
    -----
    The city is sent to the workers whole: they need no shared folder and leave nothing on disk,
    and what they compute with is what this machine has. A worker that is lost is survived: its
    spaces go to the others, and where it was the last to hold the city that is sent again.
    """
    check_cluster(address, patience=patience)

    def run(jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        if not jobs:
            return
        distributed = _distributed()
        with distributed.Client(address, timeout=patience, set_as_default=False) as client:
            work = _Work(client)
            running = distributed.as_completed([work.begin(job) for job in jobs], loop=client.loop)
            try:
                for future in running:
                    job = work.jobs[future]
                    if work.is_forgotten(future):
                        running.add(work.begin(job))
                    else:
                        yield job, _outcome(future, job, address)
            finally:
                client.cancel(list(work.jobs), force=True)

    return run


class _Work:
    """
    Jobs on a cluster, and the cities its workers hold.

    A cluster keeps a city on as few workers as it likes: with the last of them city and results
    are gone, and the jobs that need them forgotten. The city is sent again, and they begin anew.
    """

    def __init__(self, client: Any) -> None:
        self.jobs: dict[Any, Job] = {}
        self._client = client
        self._cities: dict[int, Any] = {}
        self._needs: dict[Any, Any] = {}
        self._begun: Counter[int] = Counter()
        self._packs = (load_ground_rules(), load_parameter_draws())

    def begin(self, job: Job) -> Any:
        key = id(job.city)
        if key not in self._cities:
            place = self._client.scatter(in_memory(job.city), broadcast=True, hash=False)
            self._cities[key] = place
        place = self._cities[key]
        future = self._client.submit(
            _screen_sent, place, job.question, *self._packs, pure=False, retries=RETRIES
        )
        self.jobs[future], self._needs[future] = job, place
        self._begun[id(job)] += 1
        return future

    def is_forgotten(self, future: Any) -> bool:
        """Return whether a job is to begin anew, of a city that is then sent again."""
        job = self.jobs[future]
        if not future.cancelled() or self._begun[id(job)] > RETRIES:
            return False
        if self._client.status != "running":
            return False
        if self._cities.get(id(job.city)) is self._needs[future]:
            del self._cities[id(job.city)]
        return True


def _outcome(future: Any, job: Job, address: str) -> Outcome:
    distributed = _distributed()
    try:
        outcome: Outcome = future.result()
    except distributed.KilledWorker:
        return failure_of(job.question, WorkerDiedError(times=RETRIES + 1))
    except (distributed.client.FutureCancelledError, OSError) as problem:
        raise ClusterLostError(address=address, city=job.city.name) from problem
    except Exception as problem:  # noqa: BLE001
        reason = f"{type(problem).__name__} {problem}".strip()[:300]
        return failure_of(job.question, SpaceFailedError(reason=reason))
    return outcome


def check_cluster(address: str, *, patience: float = PATIENCE) -> None:
    """
    Raise where no cluster that computes the same results answers at `address`.

    Raises
    ------
    ClusterExtraMissingError, ClusterUnreachableError, ClusterWithoutWorkersError,
    ClusterVersionsError
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise ClusterUnreachableError(address=address, seconds=f"{patience:g}") from problem
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ClusterWithoutWorkersError(address=address)
        there = set(client.run(_installed_version).values())
        other = there - {__version__}
        if other:
            listed = ", ".join(sorted(other))
            raise ClusterVersionsError(address=address, there=listed, here=__version__)


def _distributed() -> Any:
    """Return Dask's library, which only those who have a cluster need."""
    try:
        return import_module("distributed")
    except ImportError as problem:
        raise ClusterExtraMissingError from problem


def _installed_version() -> str:
    return __version__


def _screen_sent(
    city: City, question: Question, rules: GroundRules, draws: ParameterDraws
) -> Outcome:
    fields = _fields_of(city, is_sloping(city, rules))
    return screen_space(city, question, rules=rules, draws=draws, fields=fields)


@lru_cache(maxsize=4)
def _fields_of(city: City, is_terrain_used: bool) -> StreetFields:
    """Return the street fields of a city that a worker holds; cities are told by identity."""
    return StreetFields(city, is_sloping=is_terrain_used)


def in_memory(city: City) -> City:
    """Return a city whose arrays are in memory and that carries nothing derived from them."""
    pools: dict[int, Strings] = {}
    tables: dict[str, Any] = {}
    for field in fields(City):
        table = getattr(city, field.name)
        if isinstance(table, FeatureTable):
            pool = table.strings
            pools.setdefault(id(pool), Strings(np.array(pool.data), np.array(pool.offsets)))
            tables[field.name] = replace(
                table,
                columns={name: np.array(column) for name, column in table.columns.items()},
                coords=np.array(table.coords),
                offsets=tuple(np.array(part) for part in table.offsets),
                tag_offsets=np.array(table.tag_offsets),
                tag_keys=np.array(table.tag_keys),
                tag_values=np.array(table.tag_values),
                strings=pools[id(pool)],
            )
    elevation = city.elevation
    if elevation is not None:
        elevation = replace(elevation, height=np.array(elevation.height))
    segments = Segments(
        **{field.name: np.array(getattr(city.segments, field.name)) for field in fields(Segments)}
    )
    return replace(city, segments=segments, elevation=elevation, **tables)

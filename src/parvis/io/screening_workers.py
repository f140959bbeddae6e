"""Work on the spaces of a screening in processes of this machine, also when one of them ends."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parvis.approach.analysis import Question
from parvis.approach.street_fields import StreetFields
from parvis.approach.window import is_sloping
from parvis.city.model import City
from parvis.errors import InternalError, ParvisError
from parvis.io.store import load_city
from parvis.packs.content import (
    GroundRules,
    ParameterDraws,
    load_ground_rules,
    load_parameter_draws,
)
from parvis.screening.spaces import SpaceFailure, SpaceOutcome, failure_of, screen_space

Outcome = SpaceOutcome | SpaceFailure


class WorkerDiedError(InternalError):
    """The process that worked on a space ended."""

    code = "worker_died"


@dataclass(frozen=True, eq=False)
class Job:
    """
    One space to analyse.

    Attributes
    ----------
    city : City
    home : Path or None
    question : Question
    key : str
        Digest of all inputs.
    """

    city: City
    home: Path | None
    question: Question
    key: str


Runner = Callable[[Sequence[Job]], Iterator[tuple[Job, Outcome]]]
"""Works on jobs and yields each with its outcome, in any order."""


def local_runner(n_workers: int) -> Runner:
    """
    Return a runner on processes of this machine.

    Parameters
    ----------
    n_workers : int
        Processes side by side. >= 1
    """

    def run(jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        waiting = list(jobs)
        while waiting:
            running: dict[Future[Outcome], Job] = {}
            pool = _pool(min(n_workers, len(waiting)))
            try:
                yield from _work(pool, waiting, running, 2 * n_workers)
            except BrokenProcessPool:
                for job in running.values():
                    yield job, _alone(job)
            finally:
                _end(pool)

    return run


def _work(
    pool: ProcessPoolExecutor,
    waiting: list[Job],
    running: dict[Future[Outcome], Job],
    most: int,
) -> Iterator[tuple[Job, Outcome]]:
    """Keep the pool busy with few jobs at a time, so that few are lost with a process."""
    while waiting or running:
        while waiting and len(running) < most:
            job = waiting.pop(0)
            where = (job.city.name, job.home, job.city.hash)
            try:
                running[pool.submit(work_stored, *where, job.question)] = job
            except BrokenProcessPool:
                waiting.insert(0, job)
                raise
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            outcome = future.result()
            yield running.pop(future), outcome


def _alone(job: Job) -> Outcome:
    """Work once more, in a process of its own, on a space that a lost process was at."""
    pool = _pool(1)
    try:
        (done,) = _work(pool, [job], {}, 1)
        return done[1]
    except BrokenProcessPool:
        return failure_of(job.question, WorkerDiedError(times=2))
    finally:
        _end(pool)


def _pool(n_workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        n_workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_ignore_interrupts,
    )


def _end(pool: ProcessPoolExecutor) -> None:
    """Stop a pool without waiting for the spaces its processes are at."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()


def _ignore_interrupts() -> None:
    """Leave an interrupt to the process that waits; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def work_stored(name: str, home: Path | None, city_hash: str, question: Question) -> Outcome:
    """Analyse a space of a stored city: what a process of the pool does."""
    try:
        city, rules, draws, fields = _opened(name, home, city_hash)
    except ParvisError as problem:
        return failure_of(question, problem)
    return screen_space(city, question, rules=rules, draws=draws, fields=fields)


@lru_cache(maxsize=2)
def _opened(
    name: str, home: Path | None, city_hash: str
) -> tuple[City, GroundRules, ParameterDraws, StreetFields]:
    del city_hash
    city, rules = load_city(name, home=home), load_ground_rules()
    fields = StreetFields(city, is_sloping=is_sloping(city, rules))
    return city, rules, load_parameter_draws(), fields

"""One run of every service of background runs."""

from web.service_examples import example

from parvis_web.accounts.rights import Actor
from parvis_web.runs import services
from parvis_web.runs.execution import take
from parvis_web.runs.models import AnalysisRun, RunState


def started(town) -> AnalysisRun:
    return services.start_run(
        town.actor("coordinator"),
        kind="approach",
        subject=town.space(),
        parameters={},
        inputs={"version": 1},
    )


def cancelled(town) -> AnalysisRun:
    return services.cancel_run(town.actor("coordinator"), started(town))


@example("run.start")
def start(town):
    started(town)


@example("run.cancel")
def cancel(town):
    cancelled(town)


@example("run.retry")
def retry(town):
    services.retry_run(town.actor("coordinator"), cancelled(town))


@example("run.end")
def end(town):
    run = take(started(town).pk)
    services.end_run(Actor(town.authority, via="run"), run, state=RunState.DONE, result={})


@example("run.prune")
def prune(town):
    services.prune_run(Actor(town.authority, via="run"), cancelled(town))

"""One run of every service of approach analyses."""

import datetime as dt

from web.service_examples import example

from parvis_web.accounts.rights import Actor
from parvis_web.approach import services
from parvis_web.approach.models import AssumptionKind
from parvis_web.runs.models import RunState


def asked(town):
    return services.request_analysis(town.actor("coordinator"), town.space(), vehicles=["M1"])


def finished(town):
    analysis = asked(town)
    analysis.run.state = RunState.DONE
    analysis.run.save()
    analysis.summary = {"n_access_points": 1}
    analysis.save()
    return analysis


def stated(town):
    return services.state_assumption(
        town.actor("coordinator"),
        town.space(),
        kind=AssumptionKind.PLANNING,
        vehicles=["M1"],
        author="Office for Public Space",
        date=dt.date(2026, 5, 4),
        reason="Deliveries",
    )


def planned(town):
    return services.request_closure(town.actor("coordinator"), finished(town))


@example("analysis.request")
def request(town):
    asked(town)


@example("analysis.finish")
def finish(town):
    system = Actor(town.authority, via="run")
    services.finish_analysis(system, asked(town), city_state="0", summary={"n_access_points": 1})


@example("analysis.cancel")
def cancel(town):
    services.cancel(town.actor("coordinator"), asked(town))


@example("analysis.remove")
def remove(town):
    services.remove(town.actor("coordinator"), finished(town))


@example("analysis.restore")
def restore(town):
    analysis = finished(town)
    services.remove(town.actor("coordinator"), analysis)
    services.restore(town.actor("coordinator"), analysis)


@example("assumption.state")
def state(town):
    stated(town)


@example("assumption.withdraw")
def withdraw(town):
    services.withdraw_assumption(town.actor("coordinator"), stated(town).space)


@example("closure.request")
def request_plan(town):
    planned(town)


@example("closure.finish")
def finish_plan(town):
    system = Actor(town.authority, via="run")
    services.finish_closure(system, planned(town), city_state="0", summary={"n_lines": 2})

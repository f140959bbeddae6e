"""One run of every service of walks."""

from typing import Any

from django.utils import timezone
from web.assessments.service_examples import begun
from web.service_examples import example

from parvis_web.assessments.models import Assessment
from parvis_web.walks import services, services_widths
from parvis_web.walks.models import WalkCopy, WalkWidth, WidthState


def begun_on_site(town: Any, **fields: Any) -> Assessment:
    """An assessment of the town's square."""
    return begun(town, "site-vulnerability", **fields)


def taken(town: Any, assessment: Assessment | None = None) -> WalkCopy:
    """A copy on a coordinator's device."""
    found = assessment or begun_on_site(town)
    return services.take(town.actor("coordinator"), found, device=f"Tablet of {town.slug}")


def waiting_width(town: Any, copy: WalkCopy | None = None) -> WalkWidth:
    """A width that nobody has entered."""
    found = copy or taken(town)
    return WalkWidth.objects.create(
        authority=town.authority,
        copy=found,
        space=found.assessment.space,
        point="1",
        longitude=10.0,
        latitude=50.0,
        width_m=3.4,
        measured=timezone.now(),
        person=found.person,
        state=WidthState.WAITING,
    )


@example("walk.take")
def take(town: Any) -> None:
    taken(town)


@example("walk.renew")
def renew(town: Any) -> None:
    services.renew(town.actor("coordinator"), taken(town))


@example("walk.receive")
def receive(town: Any) -> None:
    services.receive(town.actor("coordinator"), taken(town), n_replies=2)


@example("walk.end")
def end(town: Any) -> None:
    services.end(town.actor("coordinator"), taken(town))


@example("walk.withdraw")
def withdraw(town: Any) -> None:
    services.withdraw(town.actor("owner"), taken(town))


@example("walk.decide-width")
def decide_width(town: Any) -> None:
    services_widths.decide_width(town.actor("coordinator"), waiting_width(town), is_entered=False)


@example("walk.measure")
def measure(town: Any) -> None:
    copy = taken(town)
    width = waiting_width(town, copy)
    services_widths.keep_width(
        town.actor("coordinator"),
        copy,
        mark=width.pk,
        point="1",
        width_m=3.4,
        measured=timezone.now(),
    )

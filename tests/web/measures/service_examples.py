"""One run of every service of measures."""

from typing import Any

from web.service_examples import example

from parvis_web.measures import services
from parvis_web.measures.models import Measure, MeasureState
from parvis_web.measures.services import Plan


def proposed(town: Any, name: str = "Lamps in the arcade", **fields: Any) -> Measure:
    """A measure for a space of the town."""
    space = fields.pop("space", None) or town.space()
    return services.add_measure(town.actor("coordinator"), said=Plan(name, **fields), space=space)


@example("measure.add")
def add(town: Any) -> None:
    proposed(town)


@example("measure.change")
def change(town: Any) -> None:
    services.change_measure(town.actor("coordinator"), proposed(town), said=Plan("Brighter lamps"))


@example("measure.move")
def move(town: Any) -> None:
    actor = town.actor("coordinator")
    services.move_measure(actor, proposed(town), state=MeasureState.DECIDED)

"""One run of every service about personal data."""

from datetime import timedelta

from django.utils import timezone
from web.service_examples import example

from parvis_web.privacy import services


def values(**fields):
    """What is entered about a set of data."""
    return {
        "name": "Photos of the market",
        "purpose": "Show where bollards stand",
        "regime": "gdpr",
        "basis": "Article 6(1)(e)",
        "people": "Passers-by",
        "data_owner": "Security coordination",
        "recipients": "",
        "retention": "Until the plan is built",
        "delete_on": timezone.localdate() + timedelta(days=90),
    } | fields


def entered(town, **fields):
    """A set of data in the record of a town."""
    return services.enter_dataset(town.actor("coordinator"), values=values(**fields))


@example("dataset.enter")
def enter(town):
    entered(town)


@example("dataset.change")
def change(town):
    services.change_dataset(
        town.actor("coordinator"), entered(town), values=values(name="Photos of the square")
    )


@example("dataset.delete")
def delete(town):
    services.delete_data(town.actor("coordinator"), entered(town))

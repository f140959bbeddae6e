"""One run of every service of share files."""

from datetime import timedelta

from django.utils import timezone
from web.service_examples import example

from parvis_web.accounts.rights import Actor
from parvis_web.sharing import services
from parvis_web.sharing.models import ReceivedShare


def made(town, **fields):
    """A share file of a town."""
    values = {
        "figures": ["spaces", "spaces-analysed"],
        "recipient": "Network of towns",
        "consent": "Council of Tessenmark, 2 November",
        "expires_on": timezone.localdate() + timedelta(days=90),
    }
    return services.make_share(town.actor("owner"), **values | fields)


def handed(town, **fields):
    """What is in the file."""
    return services.signed_document(town.authority.pk, made(town, **fields).content)


@example("share.make")
def make(town):
    made(town)


@example("share.withdraw")
def withdraw(town):
    services.withdraw_share(town.actor("owner"), made(town))


@example("share.receive")
def receive(town):
    services.receive_share(town.actor("owner"), handed(town))


@example("share.end")
def end(town):
    received = services.receive_share(town.actor("owner"), handed(town))
    services.end_share(Actor(town.authority, via="date"), received)
    assert not ReceivedShare.objects.exists()

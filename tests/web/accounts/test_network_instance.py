"""The installation of a network holds GREEN and CLEAR only, whichever way something comes in."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone
from web.sharing.service_examples import handed

from parvis_web.accounts.forms import MarkingForm
from parvis_web.accounts.services.markings import change_marking
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach.models import AssumptionKind
from parvis_web.approach.services import state_assumption
from parvis_web.cities.models import City
from parvis_web.sharing.models import ReceivedShare, ShareFile
from parvis_web.sharing.services import receive_share, signed_document
from parvis_web.spaces.models import Space

CLEAR, GREEN, AMBER, STRICT, RED = Marking
HELD = [
    # marking, held by the installation of an authority, of a network
    (CLEAR, True, True),
    (GREEN, True, True),
    (AMBER, True, False),
    (STRICT, True, False),
    (RED, True, False),
]


def table():
    return [
        pytest.param(marking, is_network, held, id=f"{marking}-{is_network}")
        for marking, here, there in HELD
        for is_network, held in ((False, here), (True, there))
    ]


@pytest.fixture
def installation(settings):
    def of(*, is_network):
        settings.PARVIS_NETWORK_INSTANCE = is_network

    return of


@pytest.mark.parametrize(("marking", "is_network", "held"), table())
def test_what_is_made(installation, here, marking, is_network, held):
    installation(is_network=is_network)
    here.city(marking=GREEN)
    if held:
        assert here.space(marking=marking).marking == marking
        return
    with pytest.raises(ValidationError, match="GREEN only") as refused:
        here.space(marking=marking)
    assert marking.label in str(refused.value.messages)
    assert not Space.objects.exists()


@pytest.mark.parametrize(("marking", "is_network", "held"), table())
def test_what_is_marked_anew(installation, here, marking, is_network, held):
    installation(is_network=is_network)
    here.city(marking=GREEN)
    space = here.space(marking=GREEN)
    here.name_on("owner", space)
    asked = {
        "marking": marking, "reason": "Asked for by the police", "legal_basis": "Act, section 1",
        "review_on": timezone.localdate() + timedelta(days=90),
    }  # fmt: skip
    if held:
        change_marking(here.actor("owner"), space, **asked)
    else:
        with pytest.raises(ValidationError, match="stays with the authority"):
            change_marking(here.actor("owner"), space, **asked)
    space.refresh_from_db()
    # CLEAR is proposed and waits for a second person.
    assert space.marking == (marking if held and marking != CLEAR else GREEN)


@pytest.mark.parametrize(("marking", "is_network", "held"), table())
def test_statements_that_carry_a_marking(installation, here, marking, is_network, held):
    installation(is_network=is_network)
    here.city(marking=GREEN)
    space = here.space(marking=GREEN)
    if marking == RED:
        here.name_on("coordinator", space)
    asked = {
        "kind": AssumptionKind.THREAT_STATEMENT, "vehicles": ["M1"], "author": "State Police",
        "reference": "7/26", "date": date(2026, 5, 4), "marking": marking,
    }  # fmt: skip
    if held:
        stated = state_assumption(here.actor("coordinator"), space, **asked)
        least = GREEN if is_network else AMBER
        assert stated.marking == max(marking, least, key=lambda one: one.order)
        return
    with pytest.raises(ValidationError, match="GREEN only"):
        state_assumption(here.actor("coordinator"), space, **asked)


@pytest.mark.parametrize(("marking", "is_network", "held"), table())
def test_share_files_that_are_handed_over(installation, here, elsewhere, marking, is_network, held):
    share = handed(here)["content"] | {"marking": marking.value}
    installation(is_network=is_network)
    document = signed_document(here.authority.pk, share)
    if held:
        assert receive_share(elsewhere.actor("owner"), document).marking == marking
        return
    with pytest.raises(ValidationError, match="GREEN only"):
        receive_share(elsewhere.actor("owner"), document)
    assert not ReceivedShare.objects.exists()


def test_a_share_file_without_a_known_marking_is_none(here, elsewhere):
    share = handed(here)["content"] | {"marking": "PINK"}
    with pytest.raises(ValidationError, match="no share file"):
        receive_share(elsewhere.actor("owner"), signed_document(here.authority.pk, share))


@pytest.mark.parametrize(("is_network", "marking"), [(False, AMBER), (True, GREEN)])
def test_what_nobody_marked(installation, here, is_network, marking):
    installation(is_network=is_network)
    assert here.space().marking == marking
    assert Space().marking == marking
    # What has a default of its own keeps it: the open extract, figures made to be handed over.
    assert (City().marking, ShareFile().marking) == (GREEN, GREEN)
    choices = MarkingForm(here.space()).fields["marking"].choices
    assert len(choices) == (2 if is_network else 5)


def test_a_switch_set_too_late_is_told(installation, here):
    here.space()
    call_command("check", database=["default"])
    installation(is_network=True)
    with pytest.raises(SystemCheckError, match=r"spaces\.space"):
        call_command("check", database=["default"])

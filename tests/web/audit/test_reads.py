"""Reads of what is marked AMBER+STRICT or RED leave one event per person, object and 15 minutes."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404

from parvis_web.accounts.access import get_readable
from parvis_web.accounts.rights import Actor
from parvis_web.audit.models import AuditEvent, ReadMark
from parvis_web.audit.reads import COALESCE, forget_old_read_marks, record_read
from parvis_web.audit.recording import SERVICES, note, service
from parvis_web.spaces.models import Space


def reads():
    return list(AuditEvent.objects.filter(action="read").values_list("object_id", "marking"))


def read(actor, space):
    return get_readable(actor, Space.objects.all(), space.pk)


@pytest.mark.parametrize("marking", ["CLEAR", "GREEN", "AMBER"])
def test_up_to_amber_a_read_leaves_nothing(here, marking):
    read(here.actor("coordinator"), here.space(marking=marking))
    assert reads() == []


@pytest.mark.parametrize("marking", ["AMBER+STRICT", "RED"])
def test_above_amber_a_read_leaves_one_event(here, marking):
    space = here.space(marking=marking)
    here.name_on("coordinator", space)
    for _ in range(3):
        read(here.actor("coordinator"), space)
    assert reads() == [(str(space.pk), marking)]


def test_two_people_leave_two_events(here):
    space = here.space(marking="AMBER+STRICT")
    read(here.actor("coordinator"), space)
    read(here.actor("owner"), space)
    assert len(reads()) == 2


def test_after_a_quarter_of_an_hour_a_read_is_recorded_again(here):
    space = here.space(marking="AMBER+STRICT")
    read(here.actor("owner"), space)
    mark = ReadMark.objects.get()
    mark.time -= COALESCE + timedelta(seconds=1)
    mark.save()
    read(here.actor("owner"), space)
    assert len(reads()) == 2


def test_a_read_that_is_refused_leaves_nothing(here):
    with pytest.raises(Http404):
        read(here.actor("reader"), here.space(marking="RED"))
    assert reads() == []


def test_the_application_itself_leaves_no_reads(here):
    record_read(Actor(here.authority), here.space(marking="RED"))
    assert reads() == []


def test_old_marks_are_forgotten_and_the_events_stay(here):
    read(here.actor("owner"), here.space(marking="AMBER+STRICT"))
    assert forget_old_read_marks() == 0
    ReadMark.objects.update(time="2020-01-01T00:00:00Z")
    assert forget_old_read_marks() == 1
    assert len(reads()) == 1


@pytest.fixture
def only_here():
    known = dict(SERVICES)
    yield
    SERVICES.clear()
    SERVICES.update(known)


def test_a_services_read_is_recorded_with_its_writes(here, only_here):
    space = here.space(marking="AMBER+STRICT")

    @service("space.test-read")
    def rename(actor, pk):
        item = get_readable(actor, Space.objects.all(), pk)
        get_readable(actor, Space.objects.all(), pk)
        note(item, after={"name": "Corn Market"})

    rename(here.actor("owner"), space.pk)
    assert list(AuditEvent.objects.order_by("seq").values_list("action", flat=True)) == [
        "read",
        "space.test-read",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_read_within_a_transaction_that_could_take_it_back_is_a_bug(here):
    space = here.space(marking="AMBER+STRICT")
    with pytest.raises(RuntimeError), transaction.atomic():
        read(here.actor("owner"), space)

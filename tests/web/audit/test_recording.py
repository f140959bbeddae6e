"""A service writes its events or nothing at all."""

import pytest

from parvis_web.audit.models import AuditEvent
from parvis_web.audit.recording import SERVICES, UnrecordedWriteError, note, service


@pytest.fixture
def only_here():
    known = dict(SERVICES)
    yield
    SERVICES.clear()
    SERVICES.update(known)


def test_a_service_leaves_one_event_per_note(here, only_here):
    space = here.space()

    @service("space.test-rename")
    def rename(actor, space, *, name):
        note(space, before={"name": space.name}, after={"name": name})
        space.name = name
        space.save()

    rename(here.actor("coordinator"), space, name="Corn Market")
    event = AuditEvent.objects.get()
    assert (event.seq, event.action, event.object_id) == (1, "space.test-rename", str(space.pk))
    assert event.before != event.after


def test_a_service_without_a_note_writes_nothing(here, only_here):
    space = here.space()

    @service("space.test-silent")
    def silent(actor, space):
        space.name = "Corn Market"
        space.save()

    with pytest.raises(UnrecordedWriteError):
        silent(here.actor("coordinator"), space)
    space.refresh_from_db()
    assert space.name == "Market Square"


def test_services_called_by_services_share_a_transaction(here, only_here):
    space = here.space()

    @service("space.test-inner")
    def inner(actor, space):
        note(space, after={"step": "inner"})

    @service("space.test-outer")
    def outer(actor, space):
        note(space, after={"step": "outer"})
        inner(actor, space)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        outer(here.actor("coordinator"), space)
    assert not AuditEvent.objects.exists()

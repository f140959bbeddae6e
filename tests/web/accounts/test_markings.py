"""Markings: up freely, down with a reason, to CLEAR by two people, RED only with a name."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from parvis_web.accounts.models import Grant, MarkingProposal
from parvis_web.accounts.rights import Actor, NotAllowed, check_read
from parvis_web.accounts.services.grants import name_person
from parvis_web.accounts.services.markings import change_marking, confirm_clear, decline_clear
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.approach.models import Assumption, AssumptionKind
from parvis_web.audit.models import AuditEvent
from parvis_web.spaces.models import Space

GROUNDS = {
    "reason": "Shows where a vehicle would fit through",
    "legal_basis": "§ 1 of the act on access to files",
    "review_on": timezone.localdate() + timedelta(days=200),
}


def assumption_of(space: Space, **fields) -> Assumption:
    return Assumption.objects.create(
        authority=space.authority,
        space=space,
        assumption_kind=AssumptionKind.PLANNING,
        author="x",
        reason="y",
        date=date(2026, 1, 1),
        **fields,
    )


STEPS = [
    # from, to, reason given, who, what happens
    (Marking.GREEN, Marking.AMBER, False, "coordinator", "marked"),
    (Marking.AMBER, Marking.GREEN, False, "coordinator", "reason_missing"),
    (Marking.AMBER, Marking.GREEN, True, "coordinator", "marked"),
    (Marking.AMBER, Marking.CLEAR, False, "owner", "reason_missing"),
    (Marking.AMBER, Marking.CLEAR, True, "owner", "proposed"),
    (Marking.GREEN, Marking.CLEAR, True, "coordinator", "proposed"),
    (Marking.STRICT, Marking.AMBER, True, "coordinator", "marked"),
    (Marking.AMBER, Marking.STRICT, False, "owner", "grounds_missing"),
    (Marking.AMBER, Marking.STRICT, True, "owner", "marked"),
    (Marking.AMBER, Marking.RED, True, "owner", "nobody_named"),
    (Marking.AMBER, Marking.AMBER, True, "owner", "marked"),
    (Marking.AMBER, Marking.GREEN, True, "assessor", "refused"),
    (Marking.AMBER, Marking.STRICT, True, "assessor", "marked"),
    (Marking.AMBER, Marking.STRICT, True, "reader", "refused"),
    (Marking.AMBER, Marking.STRICT, True, "analyst", "refused"),
    (Marking.RED, Marking.AMBER, True, "owner", "unknown"),
]


@pytest.mark.parametrize(("now", "then", "with_reason", "who", "outcome"), STEPS)
def test_the_steps_between_markings(here, now, then, with_reason, who, outcome):
    space = here.space(marking=now)
    space.assignees.add(here.person("assessor"))
    actor = here.actor(who)
    grounds = GROUNDS if with_reason else {}

    def attempt():
        return change_marking(actor, space, marking=then, **grounds)

    if outcome == "refused":
        with pytest.raises(NotAllowed):
            attempt()
    elif outcome == "unknown":
        with pytest.raises(Http404):
            attempt()
    elif outcome in {"marked", "proposed"}:
        proposal = attempt()
        assert (proposal is not None) == (outcome == "proposed")
    else:
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert caught.value.code == outcome
    space.refresh_from_db()
    assert space.marking == (then if outcome == "marked" else now)


@pytest.mark.parametrize("missing", ["reason", "legal_basis", "review_on"])
def test_a_restriction_has_reason_basis_and_review(here, missing):
    space = here.space()
    with pytest.raises(ValidationError, match="needs a reason, a legal basis and a date"):
        change_marking(
            here.actor("owner"),
            space,
            marking=Marking.STRICT,
            **{key: value for key, value in GROUNDS.items() if key != missing},
        )
    with pytest.raises(ValidationError, match="not in the future"):
        change_marking(
            here.actor("owner"),
            space,
            marking=Marking.STRICT,
            **GROUNDS | {"review_on": timezone.localdate()},
        )


def test_red_needs_a_member_who_is_named(here):
    space = here.space()
    owner = here.actor("owner")
    name_person(
        owner, space, user=here.person("guest"), ends_on=timezone.localdate() + timedelta(days=3)
    )
    name_person(owner, space, user=here.person("reader"))
    with pytest.raises(ValidationError, match="name somebody first"):
        change_marking(owner, space, marking=Marking.RED, **GROUNDS)
    name_person(owner, space, user=here.person("analyst"))
    change_marking(owner, space, marking=Marking.RED, **GROUNDS)
    check_read(here.actor("analyst"), space)
    for role in ("owner", "guest", "reader"):
        with pytest.raises(Http404):
            check_read(here.actor(role), space)


def test_clear_is_confirmed_by_a_second_person_only(here):
    space = here.space()
    first, second = here.actor("owner"), here.actor("coordinator")
    proposal = change_marking(first, space, marking=Marking.CLEAR, reason="To be published")
    with pytest.raises(ValidationError, match="second person"):
        confirm_clear(first, proposal)
    with pytest.raises(ValidationError, match="already proposed"):
        change_marking(second, space, marking=Marking.CLEAR, reason="Again")
    with pytest.raises(NotAllowed):
        confirm_clear(here.actor("analyst"), proposal)
    confirm_clear(second, proposal)
    space.refresh_from_db()
    assert (space.marking, space.marking_reason) == (Marking.CLEAR, "To be published")
    with pytest.raises(ValidationError, match="decided already"):
        decline_clear(second, proposal)


def test_the_database_knows_that_two_people_are_two(here):
    owner = here.person("owner")
    with pytest.raises(IntegrityError), transaction.atomic():
        MarkingProposal.objects.create(
            authority=here.authority,
            object_kind="spaces.space",
            object_id=here.space().pk,
            proposed_by=owner,
            decided_by=owner,
            decided=timezone.now(),
            is_confirmed=True,
        )


def test_a_proposal_ends_when_the_marking_is_changed_otherwise(here):
    space = here.space()
    proposal = change_marking(here.actor("owner"), space, marking=Marking.CLEAR, reason="x")
    change_marking(here.actor("owner"), space, marking=Marking.STRICT, **GROUNDS)
    with pytest.raises(ValidationError, match="decided already"):
        confirm_clear(here.actor("coordinator"), proposal)
    space.refresh_from_db()
    assert space.marking == Marking.STRICT


def test_what_hangs_below_rises_and_never_falls_with_its_space(here):
    space = here.space()
    below, public = (
        assumption_of(space),
        assumption_of(space, marking=Marking.CLEAR, replaced=timezone.now()),
    )
    change_marking(here.actor("owner"), space, marking=Marking.STRICT, **GROUNDS)
    below.refresh_from_db()
    public.refresh_from_db()
    assert (below.marking, below.legal_basis) == (Marking.STRICT, GROUNDS["legal_basis"])
    assert public.marking == Marking.CLEAR
    change_marking(here.actor("owner"), space, marking=Marking.AMBER, reason="Now known")
    below.refresh_from_db()
    assert below.marking == Marking.STRICT


def test_whoever_is_named_on_a_red_space_is_named_on_what_hangs_below(here):
    space = here.space()
    below = assumption_of(space)
    owner = here.actor("owner")
    name_person(owner, space, user=here.person("analyst"), abilities=[Ability.WRITE])
    change_marking(owner, space, marking=Marking.RED, **GROUNDS)
    below.refresh_from_db()
    assert below.marking == Marking.RED
    check_read(here.actor("analyst"), below)
    assert Grant.on(below).get().user == here.person("analyst")


def test_a_token_changes_no_marking(here):
    token = Actor(
        here.authority, here.person("owner"), Role.OWNER, scopes=frozenset({"read", "write"})
    )
    with pytest.raises(NotAllowed):
        change_marking(token, here.space(), marking=Marking.GREEN, reason="x")


def test_the_panel_marks_and_tells_what_is_missing(here):
    space = here.space()
    client = here.client("owner")
    url = f"/a/{here.slug}/marking/{space.kind()}/{space.pk}/"
    missing = client.post(url, {"marking": "AMBER+STRICT"})
    assert missing.status_code == 422
    assert b"legal basis" in missing.content
    done = client.post(url, {"marking": "GREEN", "reason": "Harmless", "next": "/account/"})
    assert done["Location"] == "/account/"
    client.post(url, {"marking": "CLEAR", "reason": "For the public page"})
    proposal = MarkingProposal.objects.get()
    page = here.client("coordinator").get(url)
    assert b"For the public page" in page.content
    decide = f"/a/{here.slug}/marking/proposals/{proposal.pk}/"
    here.client("coordinator").post(decide, {"decision": "confirm"})
    space.refresh_from_db()
    assert space.marking == Marking.CLEAR


def test_events_of_markings_say_from_where_to_where(here):
    space = here.space()
    change_marking(here.actor("owner"), space, marking=Marking.STRICT, **GROUNDS)
    event = AuditEvent.objects.get()
    assert (event.action, event.details) == (
        "marking.change",
        {"from": "AMBER", "to": "AMBER+STRICT"},
    )

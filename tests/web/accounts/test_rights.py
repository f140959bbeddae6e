"""The table of need to know, cell by cell, and its twin for lists."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.http import Http404
from django.utils import timezone

from parvis_web.accounts.models import Grant
from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    SecondFactorNeeded,
    can,
    check_editor,
    check_owner,
    check_read,
    check_write,
    readable,
    refusal,
)
from parvis_web.accounts.table import Reason, Standing, decide, in_scope
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.approach.models import Assumption, AssumptionKind
from parvis_web.cities.models import City
from parvis_web.spaces.models import Space

# Who                     CLEAR  GREEN  AMBER  STRICT RED
TABLE = """
owner                     rw     rw     rw     rw     -
owner named               rw     rw     rw     rw     rw
coordinator               rw     rw     rw     rw     -
coordinator named         rw     rw     rw     rw     rw
analyst                   r      r      r      -      -
analyst own               rw     rw     r      -      -
analyst named             rw     rw     rw     rw     rw
assessor                  r      r      -      -      -
assessor assigned         r      r      rw     -      -
assessor named            rw     rw     rw     rw     rw
reader                    r      r      r      -      -
reader named              rw     rw     rw     -      -
guest                     -      -      -      -      -
guest named               rw     rw     rw     rw     -
guest shared              rw     rw     rw     -      -
analyst shared            rw     rw     rw     -      -
owner token               rw     rw     rw     -      -
owner named token         rw     rw     rw     -      -
owner token:read          r      r      r      -      -
analyst token             r      r      r      -      -
reader token              r      r      r      -      -
assessor token            r      r      -      -      -
guest token               -      -      -      -      -
owner without             rw     rw     rw     2      -
owner named without       rw     rw     rw     2      2
coordinator without       rw     rw     rw     2      -
analyst named without     rw     rw     rw     2      2
reader named without      rw     rw     rw     -      -
guest named without       rw     rw     rw     2      -
"""
"""r read, w write, - not even known to be there, 2 once the second factor is given.

A person is "named" with the ability to change: on the object itself, or "shared" on what it
belongs to. "without" is a session without a second factor.
"""

CELLS = [
    (line[:26].strip(), marking, cell)
    for line in TABLE.strip().splitlines()
    for marking, cell in zip(Marking, line[26:].split(), strict=True)
]


def standing(who: str) -> Standing:
    """How the row's person stands to the object."""
    role, *words = who.split()
    given = frozenset({Ability.READ, Ability.WRITE})
    scopes = None
    if "token" in words:
        scopes = frozenset({"read", "write"})
    elif "token:read" in words:
        scopes = frozenset({"read"})
    return Standing(
        role=None if role == "guest" else Role(role),
        is_own="own" in words,
        is_assigned="assigned" in words,
        named=given if "named" in words else frozenset(),
        shared=given if {"named", "shared"} & set(words) else frozenset(),
        has_second_factor="without" not in words and scopes is None,
        scopes=scopes,
    )


@pytest.mark.parametrize(("who", "marking", "cell"), CELLS)
def test_the_table_of_need_to_know(who, marking, cell):
    read = decide(Ability.READ, marking, standing(who))
    write = decide(Ability.WRITE, marking, standing(who))
    expected = {
        "rw": (None, None),
        "-": (Reason.NO_ACCESS, Reason.NO_ACCESS),
        "2": (Reason.SECOND_FACTOR, Reason.SECOND_FACTOR),
    }
    if cell == "r":
        refused = Reason.NO_SCOPE if "token:read" in who else Reason.NOT_THIS_ROLE
        assert (read, write) == (None, refused)
    else:
        assert (read, write) == expected[cell]


def every_standing():
    """Every standing there is, with grants of no, one and all abilities."""
    grants = [frozenset(), frozenset({Ability.READ}), frozenset(Ability)]
    scopes = [None, frozenset(), frozenset({"read"}), frozenset({"read", "write"})]
    for role, own, assigned, named, shared, second, scope in product(
        [None, *Role], [False, True], [False, True], grants, grants, [False, True], scopes
    ):
        yield Standing(role, own, assigned, named, named | shared, second, scope)


def test_whoever_may_do_anything_may_read():
    for standing_, marking, action in product(every_standing(), Marking, Ability):
        if decide(action, marking, standing_) is None and standing_.scopes is None:
            assert decide(Ability.READ, marking, standing_) is None


def test_a_higher_marking_never_shows_more_to_anybody_without_a_name_on_it():
    for one in every_standing():
        if one.shared or one.is_assigned:
            continue
        seen = [decide(Ability.READ, marking, one) is None for marking in Marking]
        assert seen == sorted(seen, reverse=True)


def test_a_token_never_does_what_its_person_may_not():
    for one, marking, action in product(every_standing(), Marking, Ability):
        person = Standing(
            one.role, one.is_own, one.is_assigned, one.named, one.shared, has_second_factor=True
        )
        if one.scopes is not None and decide(action, marking, one) is None:
            assert decide(action, marking, person) is None
            assert not marking.is_restricted


def test_nothing_restricted_is_open_without_a_second_factor():
    for one, action in product(every_standing(), Ability):
        if not one.has_second_factor:
            assert decide(action, Marking.STRICT, one) is not None
            assert decide(action, Marking.RED, one) is not None


def test_only_the_named_sign_and_no_token_does():
    for one, marking in product(every_standing(), Marking):
        if decide(Ability.SIGN, marking, one) is None:
            assert Ability.SIGN in one.shared
            assert one.scopes is None
    assert not in_scope(Ability.SIGN, frozenset({"read", "write"}))


PEOPLE = [*Role.values, "guest"]


def rows_of(here):
    """Objects of every marking: plain, own, assigned, and with or without a space above."""
    people = [here.person(role) for role in PEOPLE]
    city = here.city()
    for marking in Marking:
        plain = here.space(city=city, marking=marking)
        named = here.space(city=city, marking=marking)
        assigned = here.space(city=city, marking=marking)
        assigned.assignees.set(people)
        for person in people:
            here.space(city=city, marking=marking, created_by=person)
        for space in (plain, named, assigned):
            for below in Marking:
                row = Assumption.objects.create(
                    authority=here.authority,
                    space=space,
                    assumption_kind=AssumptionKind.PLANNING,
                    replaced=timezone.now(),
                    author="x",
                    reason="y",
                    date=date(2026, 1, 1),
                )
                Assumption.objects.filter(pk=row.pk).update(marking=below)
        here.city(marking=marking, store=f"store-{marking.lower().replace('+', '-')}")
        for role in PEOPLE:
            here.name_on(role, named)
            here.name_on(role, named.assumptions.get(marking=marking))


SESSIONS = list(product([False, True], [None, frozenset(), frozenset({"read"})]))


@pytest.mark.parametrize("role", PEOPLE)
def test_a_list_shows_exactly_what_the_page_would(here, elsewhere, role):
    rows_of(here)
    known = Role(role) if role in Role.values else None
    for second_factor, scopes in SESSIONS:
        actor = Actor(here.authority, here.person(role), known, second_factor, scopes)
        n_seen = 0
        for model in (Space, Assumption, City):
            listed = set(readable(actor, model.objects.all()).values_list("pk", flat=True))
            opened = {row.pk for row in model.objects.all() if can(actor, Ability.READ, row)}
            assert listed == opened, (model, second_factor, scopes)
            n_seen += len(listed)
        assert (n_seen > 0) == (scopes != frozenset())
    stranger = Actor(elsewhere.authority, elsewhere.person("owner"), Role.OWNER, True)
    assert not readable(stranger, Space.objects.all()).exists()


def test_the_system_reads_all_of_its_own_authority_only(here, elsewhere):
    space = here.space(marking=Marking.RED)
    assert list(readable(Actor(here.authority), Space.objects.all())) == [space]
    assert not readable(Actor(elsewhere.authority), Space.objects.all()).exists()
    assert refusal(Actor(elsewhere.authority), Ability.READ, space) == Reason.NO_ACCESS


def test_a_list_costs_the_same_however_long_it_is(here, django_assert_max_num_queries):
    city = here.city()
    for _ in range(12):
        here.space(city=city)
    assessor = here.actor("assessor")
    with django_assert_max_num_queries(2):
        assert len(readable(assessor, Space.objects.all())) == 0


def test_what_is_refused_is_told_in_the_right_way(here):
    amber = here.space()
    strict = here.space(marking=Marking.STRICT)
    with pytest.raises(NotAllowed, match="may read this and not change it"):
        check_write(here.actor("reader"), amber)
    with pytest.raises(SecondFactorNeeded, match=r"AMBER\+STRICT"):
        check_read(here.actor("owner", second_factor=False), strict)
    with pytest.raises(Http404):
        check_read(here.actor("reader"), strict)
    with pytest.raises(NotAllowed, match="scopes"):
        check_write(
            Actor(here.authority, here.person("owner"), Role.OWNER, scopes=frozenset({"read"})),
            amber,
        )


def test_a_token_without_the_scope_does_not_learn_what_its_person_may_not_know(here):
    amber = here.space()
    token = Actor(here.authority, here.person("assessor"), Role.ASSESSOR, scopes=frozenset())
    with pytest.raises(Http404):
        check_read(token, amber)


def test_a_grant_ends_with_its_day(here):
    space = here.space()
    grant = here.name_on("guest", space)
    check_read(here.actor("guest"), space)
    grant.ends_on = timezone.localdate() - timedelta(days=1)
    grant.save()
    with pytest.raises(Http404):
        check_read(here.actor("guest"), space)


def test_a_grant_elsewhere_counts_for_nothing_here(here, elsewhere):
    space = here.space()
    Grant.objects.create(
        authority=elsewhere.authority,
        user=elsewhere.person("guest"),
        object_kind=space.kind(),
        object_id=space.pk,
        abilities=["read", "write"],
    )
    with pytest.raises(Http404):
        check_read(elsewhere.actor("guest"), space)


@pytest.mark.parametrize("role", PEOPLE)
def test_editors_add_and_owners_manage(here, role):
    actor = here.actor(role)
    if role in {"owner", "coordinator"}:
        check_editor(actor)
    else:
        with pytest.raises(NotAllowed):
            check_editor(actor)
    if role == "owner":
        check_owner(actor)
    else:
        with pytest.raises(NotAllowed):
            check_owner(actor)


def test_what_hangs_below_a_restricted_space_begins_as_restricted(here):
    space = here.space(
        marking=Marking.RED, marking_reason="why", legal_basis="law", review_on=date(2027, 1, 1)
    )
    here.name_on("coordinator", space, Ability.READ, Ability.WRITE)
    here.name_on("guest", space)
    below = Assumption.objects.create(
        authority=here.authority,
        space=space,
        assumption_kind=AssumptionKind.PLANNING,
        author="x",
        reason="y",
        date=date(2026, 1, 1),
    )
    assert (below.marking, below.legal_basis) == (Marking.RED, "law")
    check_write(here.actor("coordinator"), below)
    assert not Grant.on(below).filter(user=here.person("guest")).exists()


def test_a_marking_chosen_lower_than_the_space_stays(here):
    space = here.space(marking=Marking.STRICT)
    below = Assumption.objects.create(
        authority=here.authority,
        space=space,
        marking=Marking.CLEAR,
        assumption_kind=AssumptionKind.PLANNING,
        author="x",
        reason="y",
        date=date(2026, 1, 1),
    )
    assert below.marking == Marking.CLEAR

"""Who reads, writes, resolves and removes comments: the table, cell by cell."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from web.comments.service_examples import WORDS, said

from parvis_web.accounts.rights import Actor, NotAllowed
from parvis_web.accounts.services.markings import change_marking
from parvis_web.accounts.vocabulary import Ability, Marking, Role
from parvis_web.approach.models import Analysis
from parvis_web.comments import rules, services
from parvis_web.comments.models import KINDS, MOST_SIGNS, Comment
from parvis_web.comments.queries import comments_on, get_comment
from parvis_web.runs.models import AnalysisRun, RunState

# r reads, c comments, v resolves and removes what others said; - nothing
# Who                CLEAR GREEN AMBER STRICT RED
TABLE = """
owner                rcv   rcv   rcv   rcv    -
owner named          rcv   rcv   rcv   rcv    r
owner named:comment  rcv   rcv   rcv   rcv    rcv
coordinator          rcv   rcv   rcv   rcv    -
analyst              rc    rc    rc    -      -
assessor             rc    rc    -     -      -
assessor assigned    rc    rc    rc    -      -
reader               r     r     r     -      -
reader named:comment rc    rc    rc    -      -
guest                -     -     -     -      -
guest named          r     r     r     r      -
guest named:comment  rc    rc    rc    rc     -
guest named:upload   r     r     r     r      -
owner token          -     -     -     -      -
owner without        rcv   rcv   rcv   -      -
guest named:comment without rc rc rc   -      -
"""
MARKS = tuple(Marking)


def cells():
    for line in TABLE.strip().splitlines():
        *who, clear, green, amber, strict, red = line.split()
        for marking, allowed in zip(MARKS, (clear, green, amber, strict, red), strict=True):
            yield pytest.param(tuple(who), marking, allowed, id=f"{' '.join(who)} {marking}")


@pytest.mark.parametrize(("who", "marking", "allowed"), list(cells()))
def test_the_table(here, who, marking, allowed):
    space = here.space(marking=marking)
    others = Comment.objects.create(
        authority=here.authority,
        space=space,
        marking=marking,
        object_kind=space.kind(),
        object_id=space.pk,
        text=WORDS,
    )
    actor = acting(here, who, space)
    found = ""
    if others in comments_on(actor, space):
        found += "r"
    if rules.can_comment(actor, space):
        found += "c"
    may = [
        rules.holds(check, actor, others, space)
        for check in (rules.check_resolve, rules.check_remove)
    ]
    assert may[0] == may[1]
    found += "v" if may[0] else ""
    assert found == allowed.replace("-", "")
    assert not rules.holds(rules.check_edit, actor, others, space)


def acting(town, who, space) -> Actor:
    role, *more = who
    for word in more:
        if word.startswith("named"):
            ability = word.partition(":")[2]
            abilities = [Ability.READ, *([Ability(ability)] if ability else [])]
            town.name_on(role, space, *abilities)
    if "assigned" in more:
        space.assignees.add(town.person(role))
    actor = town.actor(role, second_factor="without" not in more)
    if "token" in more:
        return Actor(town.authority, actor.user, Role(role), scopes=frozenset({"read", "write"}))
    return actor


def test_a_guest_named_to_comment_sees_writes_and_answers_on_the_space_and_below_it(here):
    space = here.space()
    analysis = analysis_of(here, space)
    here.name_on("guest", space, Ability.COMMENT)
    guest = here.actor("guest")
    for item in (space, analysis):
        first = said(here, item=item)
        answer = services.write_comment(guest, item, text="Yes, it can.", reply_to=first)
        assert answer.reply_to == first
        assert set(comments_on(guest, item)) == {first, answer}
        services.edit_comment(guest, answer, text="Yes.")
        with pytest.raises(NotAllowed):
            services.remove_comment(guest, first)
        with pytest.raises(NotAllowed):
            services.resolve_comment(guest, first)


def analysis_of(town, space, **fields) -> Analysis:
    run = AnalysisRun.objects.create(
        authority=town.authority,
        kind="approach",
        subject_kind="spaces.space",
        subject_id=space.pk,
        inputs_hash=str(Analysis.objects.count()),
        state=RunState.CANCELLED,
    )
    return Analysis.objects.create(authority=town.authority, space=space, run=run, **fields)


def test_a_comment_is_marked_as_its_object(here):
    space = here.space(marking=Marking.AMBER)
    for marking in (Marking.GREEN, Marking.AMBER, Marking.STRICT):
        comment = said(here, item=analysis_of(here, space, marking=marking))
        assert comment.marking == marking
    strict = here.space(name="Quay", marking=Marking.STRICT)
    lowered = analysis_of(here, strict)
    Analysis.objects.filter(pk=lowered.pk).update(marking=Marking.AMBER)
    lowered.refresh_from_db()
    assert said(here, item=lowered).marking == Marking.AMBER


def test_comments_rise_with_what_they_are_about_and_do_not_fall_with_it(here):
    space = here.space()
    here.name_on("guest", space, Ability.COMMENT)
    analysis = analysis_of(here, space)
    about_space, about_analysis = said(here, item=space), said(here, item=analysis)
    _raise(here, analysis)
    about_space.refresh_from_db()
    about_analysis.refresh_from_db()
    assert (about_space.marking, about_analysis.marking) == (Marking.AMBER, Marking.STRICT)
    change_marking(here.actor("owner"), analysis, marking=Marking.AMBER, reason="mended")
    assert comments_on(here.actor("guest"), analysis) == []
    assert comments_on(here.actor("owner"), analysis) == [about_analysis]
    _raise(here, space)
    about_space.refresh_from_db()
    assert about_space.marking == Marking.STRICT


def _raise(town, item):
    change_marking(
        town.actor("owner"),
        item,
        marking=Marking.STRICT,
        reason="detail",
        legal_basis="law",
        review_on=timezone.localdate() + timedelta(days=9),
    )


def test_only_the_author_changes_a_comment_and_only_for_a_quarter_of_an_hour(here):
    comment = said(here)
    with pytest.raises(NotAllowed, match="15 minutes"):
        services.edit_comment(here.actor("owner"), comment, text="Other words")
    services.edit_comment(here.actor("coordinator"), comment, text="Other words")
    assert comment.edited is not None
    comment.created = timezone.now() - timedelta(minutes=15, seconds=1)
    with pytest.raises(NotAllowed, match="15 minutes"):
        services.edit_comment(here.actor("coordinator"), comment, text="Too late")


def test_an_author_resolves_their_thread_and_no_answer_is_resolved(here):
    first = said(here, role="analyst")
    answer = services.write_comment(
        here.actor("coordinator"), first.space, text="Yes.", reply_to=first
    )
    services.resolve_comment(here.actor("analyst"), first)
    assert first.resolved_by == here.person("analyst")
    services.reopen_comment(here.actor("analyst"), first)
    assert first.resolved is None and first.resolved_by is None
    with pytest.raises(NotAllowed, match="whole thread"):
        services.resolve_comment(here.actor("owner"), answer)


def test_an_author_puts_back_what_they_removed_and_not_what_an_editor_removed(here):
    comment = said(here, role="analyst")
    services.remove_comment(here.actor("analyst"), comment)
    services.bring_back_comment(here.actor("analyst"), comment)
    services.remove_comment(here.actor("owner"), comment)
    with pytest.raises(NotAllowed):
        services.bring_back_comment(here.actor("analyst"), comment)
    services.bring_back_comment(here.actor("coordinator"), comment)
    assert comment.removed is None


def test_an_answer_to_an_answer_joins_the_thread(here):
    first = said(here)
    second = said(here, item=first.space, reply_to=first)
    assert said(here, item=first.space, reply_to=second).reply_to == first


def test_nothing_is_answered_across_objects_or_after_its_removal(here):
    first, other = said(here), here.space(name="Quay")
    with pytest.raises(ValidationError, match="not there any more"):
        said(here, item=other, reply_to=first)
    services.remove_comment(here.actor("owner"), first)
    with pytest.raises(ValidationError, match="not there any more"):
        said(here, item=first.space, reply_to=first)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MOST_SIGNS + 1)])
def test_a_comment_says_something_of_bounded_length(here, text):
    with pytest.raises(ValidationError):
        said(here, text=text)
    assert not Comment.objects.exists()


def test_only_spaces_and_what_is_made_for_them_can_be_commented_on(here):
    space = here.space()
    with pytest.raises(Http404):
        services.write_comment(here.actor("owner"), space.city, text="No")
    with pytest.raises(Http404):
        services.write_comment(here.actor("owner"), said(here, item=space), text="No")
    assert "comments.comment" not in KINDS


def test_the_audit_tells_where_and_never_what(here):
    from parvis_web.audit.models import AuditEvent

    comment = said(here)
    services.edit_comment(here.actor("coordinator"), comment, text="Secret words")
    events = AuditEvent.objects.filter(object_id=str(comment.pk)).order_by("seq")
    assert [event.action for event in events] == ["comment.write", "comment.edit"]
    for event in events:
        assert event.details["object"] == f"spaces.space:{comment.object_id}"
        assert WORDS not in str(vars(event)) and "Secret" not in str(vars(event))
        assert event.after


@pytest.mark.parametrize("role", ["owner", "reader"])
def test_another_authority_finds_no_comment(here, elsewhere, role):
    comment = said(here)
    with pytest.raises(Http404):
        get_comment(elsewhere.actor(role), comment.pk)
    for service in (services.resolve_comment, services.remove_comment):
        with pytest.raises(Http404):
            service(elsewhere.actor(role), comment)
    assert comments_on(elsewhere.actor(role), comment.space) == []


def test_every_kind_has_a_page(here):
    from parvis_web.comments.queries import PAGES

    del here
    assert set(PAGES) == set(KINDS)

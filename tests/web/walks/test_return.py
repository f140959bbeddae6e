"""What comes back: each answer for itself, once, as long as the copy is good."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from web.assessments.service_examples import answered, in_state
from web.walks.conftest import copy_of
from web.walks.test_take import marked

from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.assessments.models import AssessmentState, Reply
from parvis_web.audit.models import AuditEvent
from parvis_web.walks.models import WalkCopy


@pytest.fixture
def walk(begin, device):
    found = device(begin())
    found.take()
    return found


def test_an_answer_is_kept_with_its_mark_its_time_and_where_it_came_from(walk):
    said = walk.said(answered=(timezone.now() - timedelta(hours=3)).isoformat())
    (told,) = walk.answer(said)
    assert told == {"mark": said["mark"], "outcome": "kept", "reply": said["mark"]}
    reply = Reply.objects.get(pk=said["mark"])
    assert (reply.source, reply.value, reply.is_current) == ("walk", said["value"], True)
    assert reply.answered.isoformat() == said["answered"]


def test_sent_again_it_is_the_same_answer_even_in_review(walk):
    said = walk.said()
    walk.answer(said, said)
    in_state(copy_of(walk).assessment, AssessmentState.IN_REVIEW)
    (told,) = walk.answer(said)
    assert told["outcome"] == "kept"
    assert Reply.objects.count() == 1


def test_a_chain_of_own_changes_is_no_conflict(walk):
    first = walk.said()
    second = walk.said(value=walk.first["levels"][1]["key"], expects=first["mark"])
    third = walk.said(state="cleared", value=None, expects=second["mark"])
    assert [told["outcome"] for told in walk.answer(first, second, third)] == ["kept"] * 3
    assert Reply.objects.get(is_current=True).state == "cleared"


def test_what_somebody_said_meanwhile_is_a_conflict_and_both_are_kept(here, walk):
    levels = walk.first["levels"]
    item = walk.first["key"]
    other = answered(
        here, copy_of(walk).assessment, levels[1]["key"], item=item, actor=here.actor("owner")
    )
    (told,) = walk.answer(walk.said(value=levels[0]["key"]))
    assert told["outcome"] == "conflict"
    assert told["other"]["by"] == str(here.person("owner"))
    assert told["other"]["value_text"] == levels[1]["label"]
    assert Reply.objects.get(pk=told["reply"]).conflicts_with == other
    assert Reply.objects.get(is_current=True) == other
    (again,) = walk.answer(walk.said(mark=told["reply"]))
    assert again["outcome"] == "conflict"


def test_whoever_saw_the_other_answer_and_answers_again_is_at_odds_no_longer(here, walk):
    low, middle, high = (level["key"] for level in walk.first["levels"][:3])
    assessment, item = copy_of(walk).assessment, walk.first["key"]
    answered(here, assessment, middle, item=item, actor=here.actor("owner"))
    (odd,) = walk.answer(walk.said(value=low))
    (unseen,) = walk.answer(walk.said(value=high, expects=odd["mark"]))
    assert [odd["outcome"], unseen["outcome"]] == ["conflict"] * 2
    (again,) = walk.answer(walk.said(value=high, expects=unseen["other"]["id"]))
    assert again["outcome"] == "kept"
    assert Reply.objects.get(is_current=True).pk == UUID(again["mark"])
    assert not Reply.objects.filter(conflicts_with__isnull=False).exists()


def test_what_others_are_at_odds_with_stays_open(here, walk):
    low, middle, high = (level["key"] for level in walk.first["levels"][:3])
    assessment, item = copy_of(walk).assessment, walk.first["key"]
    other = answered(here, assessment, middle, item=item, actor=here.actor("owner"))
    here.name_on("analyst", assessment, Ability.ANSWER)
    odd = answered(here, assessment, low, item=item, actor=here.actor("analyst"), expects=None)
    (told,) = walk.answer(walk.said(value=high, expects=str(other.pk)))
    assert told["outcome"] == "kept"
    assert Reply.objects.get(conflicts_with=other) == odd


def test_one_wrong_answer_stops_no_other(walk):
    good, item = walk.said(), walk.first["key"]
    wrong = [
        "x",
        {},
        walk.said(mark="x"),
        walk.said(item="no-such-question"),
        walk.said(item=7),
        walk.said(state="maybe"),
        walk.said(state="unknown", value=None),
        walk.said(value="no-such-level"),
        walk.said(value={"low": 1}),
        walk.said(value=["yes"]),
        walk.said(value=10**400),
        walk.said(answered="yesterday"),
        walk.said(answered="2026-01-01T10:00:00"),
        walk.said(note="x" * 5000),
        walk.said(note="a\x00b"),
        walk.said(attachments=[str(uuid4())]),
        walk.said(attachments="x"),
        walk.said(expects="x"),
    ]
    told = walk.answer(*wrong, good)
    assert [one["outcome"] for one in told] == ["refused"] * len(wrong) + ["kept"]
    assert all(one["sentence"] for one in told[:-1])
    assert list(Reply.objects.values_list("item", flat=True)) == [item]


NO_MESSAGES = ["", "[]", "{", "{}", '{"replies": {}}', '{"replies": [NaN]}', "[" * 5000]


def test_a_message_that_is_none_is_refused_whole(walk):
    for body in NO_MESSAGES:
        response = walk.client.post(
            f"{walk.base}{walk.copy}answers/", body, content_type="application/json", secure=True
        )
        assert response.status_code == 422, body[:20]
        assert response.json()["sentence"], body[:20]


def test_too_much_at_once_is_refused(walk):
    response = walk.post(f"{walk.copy}answers/", {"replies": [walk.said()] * 501})
    assert response.status_code == 422
    huge = walk.post(f"{walk.copy}answers/", {"replies": ["x" * 6_000_000]})
    assert huge.status_code == 413


def test_what_was_said_before_the_day_is_taken_after_it(walk):
    now = timezone.now()
    WalkCopy.objects.update(taken=now - timedelta(days=9), expires=now - timedelta(days=2))
    before = walk.said(answered=(now - timedelta(days=3)).isoformat())
    after = walk.said(expects=before["mark"], value=walk.first["levels"][1]["key"])
    told = walk.answer(before, after)
    assert [one["outcome"] for one in told] == ["kept", "refused"]


@pytest.mark.parametrize("state", list(AssessmentState))
def test_only_a_draft_takes_answers_in(walk, state):
    in_state(copy_of(walk).assessment, state)
    (told,) = walk.answer(walk.said())
    assert told["outcome"] == ("kept" if state == AssessmentState.DRAFT else "refused")


@pytest.mark.parametrize("name", ["withdrawn", "ended"])
def test_nothing_is_taken_from_a_copy_that_is_in(walk, name):
    WalkCopy.objects.update(**{name: timezone.now()})
    (told,) = walk.answer(walk.said())
    assert told["outcome"] == "refused"
    assert not Reply.objects.exists()


def test_what_became_strict_asks_for_the_second_factor_first(here, walk):
    marked(copy_of(walk).assessment, Marking.STRICT)
    walk.client = here.client("coordinator", second_factor=False)
    response = walk.post(f"{walk.copy}answers/", {"replies": [walk.said()]})
    assert (response.status_code, response.json()["code"]) == (403, "second_factor")


def test_what_became_red_is_no_longer_there_for_whoever_is_not_named(walk):
    marked(copy_of(walk).assessment, Marking.RED)
    assert walk.post(f"{walk.copy}answers/", {"replies": [walk.said()]}).status_code == 404


def test_a_copy_is_its_persons_alone(here, walk):
    said = [{"replies": [walk.said()]}, {"mark": str(uuid4()), "point": "1", "width_m": 3}]
    for role in ("owner", "analyst", "reader", "guest", "stranger"):
        walk.client = here.client(role)
        answers = [
            walk.fresh(),
            walk.post(f"{walk.copy}answers/", said[0]),
            walk.post(f"{walk.copy}widths/", said[1]),
            walk.post(f"{walk.copy}end/", {}),
            walk.photo(b"x"),
        ]
        assert [response.status_code for response in answers] == [404] * 5, role
        assert not Reply.objects.exists(), role


def test_a_mark_of_somebody_elses_answer_is_refused(here, walk):
    other = answered(
        here,
        copy_of(walk).assessment,
        walk.first["levels"][0]["key"],
        item=walk.first["key"],
        actor=here.actor("owner"),
    )
    (told,) = walk.answer(walk.said(mark=str(other.pk)))
    assert told["outcome"] == "refused"


def test_a_mark_from_another_assessment_is_refused(here, begin, walk):
    other = begin(space=here.space(name="Other Yard"))
    reply = answered(here, other, walk.first["levels"][0]["key"], item=walk.first["key"])
    (told,) = walk.answer(walk.said(mark=str(reply.pk)))
    assert told["outcome"] == "refused"


def test_separate_voices_answer_without_conflict(here, begin, device):
    assessment = begin(is_separate=True)
    walks = [device(assessment), device(assessment, "owner")]
    for n, walk in enumerate(walks):
        walk.take()
        (told,) = walk.answer(walk.said(value=walk.first["levels"][n]["key"]))
        assert told["outcome"] == "kept"
    assert Reply.objects.filter(is_current=True, is_own_voice=True).count() == 2


def test_every_answer_is_in_the_audit_record(here, walk):
    events = AuditEvent.objects.filter(chain=str(here.authority.pk))
    before = events.filter(action="assessment.answer").count()
    second = walk.package["items"][1]
    walk.answer(walk.said(), walk.said(second, value=second["levels"][0]["key"]))
    assert events.filter(action="assessment.answer").count() == before + 2
    assert events.filter(action="walk.receive").count() == 1


def test_handed_back_twice_is_handed_back_once(walk):
    assert walk.post(f"{walk.copy}end/", {}).status_code == 200
    ended = copy_of(walk).ended
    assert walk.post(f"{walk.copy}end/", {}).json()["ended"] == ended.isoformat()

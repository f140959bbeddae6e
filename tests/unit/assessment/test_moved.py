"""An assessment moves on to the next version of its framework and shows what changed."""

import pytest
from assessment_samples import TEXT, assessed, said, sample, with_stage

from parvis.assessment import Interval, Moved, moved
from parvis.assessment.errors import FrameworkVersionError
from parvis.packs.frameworks import read_framework
from parvis.report.messages import describe

NEXT = (
    TEXT.replace("version: 1", "version: 2", 1)
    .replace(
        "attributes:",
        "replaces:\n  version: 1\n  renamed: {li2: gaps, counts.people: counts.persons}\n"
        "  dropped: [remark]\n  levels: {met: {partly: half}}\nattributes:",
        1,
    )
    .replace("key: li2, kind", "key: gaps, kind")
    .replace("No dark gaps", "There are no dark gaps")
    .replace("key: partly", "key: half")
    .replace("partly, yes]", "half, yes]").replace("li1 >= partly", "li1 >= half")
    .replace("li2 == yes", "gaps == yes").replace("li1, li2", "li1, gaps")
    .replace("key: remark, kind: text, name: Remark", "key: memo, kind: text, name: Memo")
    .replace("maximum: 10", "maximum: 5")
    .replace("key: people, kind", "key: persons, kind")
)  # fmt: skip


@pytest.fixture(scope="module")
def after():
    return read_framework(NEXT, name="sample.yaml")


def test_answers_move_on_by_the_mapping(after):
    before = with_stage(
        assessed(
            None, said("counts.people@stage", 7), said("li2", ["no", "partly"]),
            li1="partly", remark="x", lamps=9, owner="city",
        )
    )  # fmt: skip
    found, changes = moved(before, after)
    assert found.framework is after
    assert found.lists == before.lists
    assert {answer.item: answer.value for answer in found.answers} == {
        "li1": "half", "gaps": Interval("no", "half"), "owner": "city",
        "counts.persons@stage": 7.0,
    }  # fmt: skip
    assert set(changes) == {
        Moved("renamed", "gaps", (), "li2", "gaps"),
        Moved("reworded", "gaps", (), "No dark gaps", "There are no dark gaps"),
        Moved("renamed", "counts.persons", (), "counts.people", "counts.persons"),
        Moved("new", "memo", (), "", "Memo"),
        Moved("level", "li1", (), "partly", "half"),
        Moved("level", "gaps", (), "no – partly", "no – half"),
        Moved("dropped", "remark", (), "x"),
        Moved("refused", "lamps", (), "9.0"),
    }


def test_the_assessor_and_the_note_stay_with_the_answer(after):
    found, _ = moved(assessed(None, said("li2", "no", "b", note="Seen.")), after)
    assert (found.answers[0].assessor, found.answers[0].note) == ("b", "Seen.")


def test_a_version_that_takes_over_nothing_is_refused():
    with pytest.raises(FrameworkVersionError) as refused:
        moved(assessed(), sample())
    assert "version 1 of “Sample”" in describe(refused.value)


def test_answers_of_a_version_in_between_are_refused(after):
    third = after.model_copy(update={"version": 3})
    with pytest.raises(FrameworkVersionError):
        moved(assessed(after), third)


def test_an_answer_to_a_question_that_means_something_else_now_is_left_behind(after):
    steps = after.replaces.model_copy(update={"dropped": ("remark", "owner")})
    found, changes = moved(
        assessed(owner="city", li1="no"), after.model_copy(update={"replaces": steps})
    )
    assert [answer.item for answer in found.answers] == ["li1"]
    assert Moved("dropped", "owner", (), "city") in changes

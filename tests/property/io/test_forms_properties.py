"""A phone asks what the assessment asks, and what it sends is what was said."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phone import Phone, field_assessment, field_layout, values_of

from parvis.assessment import Answer, Assessment, items, lapsed, offered, shown
from parvis.io.submission_reading import _Reader, read_submissions
from parvis.io.submission_records import Media, read_records
from parvis.report.messages import fill


@st.composite
def answers(draw: st.DrawFn, assessment: Assessment) -> tuple[Answer, ...]:
    found = []
    for item in items(assessment.framework, assessment.subject):
        if item.question.kind == "photo":
            continue
        state = draw(st.sampled_from(["answered"] * 4 + ["unknown", "not-applicable", "missing"]))
        if state == "missing":
            continue
        value = draw(values_of(item)) if state == "answered" else None
        found.append(Answer(item.name, item.at, state, value, "walker"))
    return tuple(found)


def asked_by(phone) -> set[str]:
    fields = phone.layout.fields
    return {
        Answer(fields[name].question, fields[name].at).item
        for name in phone.visible()
        if name in fields and fields[name].role == "value" and not fields[name].repeat
    }


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from([100.0, 900.0]))
def test_a_phone_asks_what_the_assessment_asks(data, capacity):
    assessment = field_assessment(capacity)
    said = data.draw(answers(assessment))
    phone = Phone(field_layout(capacity))
    phone.say(said)
    answered = assessment.with_answers(said)
    expected = {item.key for item in shown(answered)}
    assert asked_by(phone) == expected
    visible = phone.visible()
    offers = {item: set(keys) for item, keys in offered(answered).items() if item in expected}
    rows = {row["name"]: row for row in phone.layout.survey if row.get("choice_filter")}
    fields = [phone.layout.fields[name] for name in rows]
    found = {
        Answer(known.question, known.at).item: phone.offered(rows[known.name], visible)
        - {known.choices.unknown, known.choices.not_applicable}
        for known in fields
        if known.role == "value" and not known.repeat and known.name in visible
    }
    assert found == offers


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(["csv", "kobo", "xlsx", "odata"]))
def test_what_a_phone_sends_is_what_was_said(tmp_path_factory, data, way):
    assessment = field_assessment()
    said = data.draw(answers(assessment))
    phone = Phone(field_layout())
    phone.say(said)
    seen = asked_by(phone)
    folder = tmp_path_factory.mktemp("sent")
    if way == "csv":
        path = folder / "form.csv"
        path.write_text(phone.central_csv(), encoding="utf-8", newline="")
    elif way == "xlsx":
        path = folder / "form.xlsx"
        phone.kobo_xlsx(path)
    else:
        document = [phone.kobo_json()] if way == "kobo" else phone.odata()
        path = folder / "form.json"
        path.write_text(json.dumps(document), encoding="utf-8")
    found = read_submissions(path, assessment)
    assert not found.not_taken
    brought = {a.item: (a.state, a.value, a.assessor) for a in found.submissions[0].answers}
    # Of a range whose one end is offered no longer, Collect keeps the other.
    gone = {answer.item for answer in lapsed(assessment.with_answers(said))}
    brought = {item: said for item, said in brought.items() if item not in gone}
    seen -= gone
    assert brought == {a.item: (a.state, a.value, "walker") for a in said if a.item in seen}


@pytest.mark.parametrize("way", ["kobo", "odata", "xlsx"])
def test_blocks_added_in_the_field_come_back(tmp_path, way):
    assessment = field_assessment()
    phone = Phone(field_layout())
    phone.say([Answer("b1", ("inside",), value="yes")])
    new = {"more__blocks__zones": "another", "more__blocks__zones__called": "Tram stop"}
    phone.rounds["more__blocks"] = [{**new, "b1__more": "no", "b2__more": "no lamp"}]
    phone.rounds["more__counts"] = [
        {"more__counts__zones__called": "tram  STOP", "counts__people__more": "40"}
    ]
    path = tmp_path / ("form.xlsx" if way == "xlsx" else "form.json")
    if way == "xlsx":
        phone.kobo_xlsx(path)
    else:
        document = [phone.kobo_json()] if way == "kobo" else phone.odata()
        path.write_text(json.dumps(document), encoding="utf-8")
    found = read_submissions(path, assessment)
    assert [entry.key for entry in found.lists["zones"]] == ["tram-stop"]
    assert [(key, entry.key) for key, entry in found.new_entries] == [("zones", "tram-stop")]
    brought = {a.item: a.value for a in found.submissions[0].answers}
    assert brought == {
        "b1@inside": "yes", "b1@tram-stop": "no", "b2@tram-stop": "no lamp",
        "counts.people@tram-stop": 40.0,
    }  # fmt: skip


def test_a_block_that_names_no_entry_of_a_closed_list_is_told(tmp_path):
    assessment = field_assessment()
    phone = Phone(field_layout())
    phone.rounds["more__blocks"] = [{"more__blocks__zones__called": "Roof", "b1__more": "no"}]
    path = tmp_path / "form.json"
    path.write_text(json.dumps([phone.kobo_json()]), encoding="utf-8")
    lists = tuple(each.model_copy(update={"open": False}) for each in assessment.framework.lists)
    closed = replace(assessment, framework=assessment.framework.model_copy(update={"lists": lists}))
    reader = _Reader(closed, field_layout(), Media())
    records, _ = read_records(path, field_layout())
    assert reader.submission(records[0]).answers == ()
    problem = reader.not_taken[0]
    assert fill(problem.code, problem.details) == (
        'The list “Zones” takes no entries of one\'s own: "Roof" is none of inside, outside.'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lighting", "li1", "lamps", "more__blocks", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["lighting", "blocks", "li1", "spot", "end"]), JSON))
def test_whatever_a_server_sends_is_taken_or_named(tmp_path_factory, said):
    document = [{"parvis_form": field_layout().identity, "_uuid": "1", **said}]
    path = tmp_path_factory.mktemp("odd") / "form.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assessment = field_assessment()
    found = read_submissions(path, assessment)
    asked = {item.key for item in items(assessment.framework, assessment.subject, found.lists)}
    assert {answer.item for answer in found.submissions[0].answers} <= asked

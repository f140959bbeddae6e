"""What is written is read back the same, and broken files are refused with one sentence."""

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phone import field_assessment, field_framework, values_of

from parvis.assessment import Answer, EvidenceFile, ListEntry, Subject, items
from parvis.errors import InputError
from parvis.io import assessment_file
from parvis.io.answer_tables import answers_csv, answers_json, answers_xlsx, read_answers
from parvis.io.assessment_file import (
    AssessmentFile,
    PhotoFacts,
    assessment_from,
    assessment_text,
    in_order,
    read_assessment,
    write_assessment,
)
from parvis.io.store import DiskFullError
from parvis.io.submissions import preview, take_over
from parvis.report.messages import describe

TEXTS = st.text(max_size=30) | st.sampled_from(
    ["=1+1", "'=x", "''", "+49", "-", "@a", "_x0041_", "a\r\nb", "\t", " lead", "\x07", "\ufffe"]
)
SHAS = st.sampled_from(["a" * 64, "b" * 64, "0123456789abcdef" * 4])
EVIDENCE = st.builds(EvidenceFile, SHAS, TEXTS, st.just("image/jpeg"))
NAMES = TEXTS.filter(lambda text: text != "")
FIRST, LAST = (dt.datetime.fromisoformat(f"20{year}-01-01") for year in (20, 30))
TIMES = st.none() | st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(dt.UTC))


@pytest.fixture(autouse=True)
def found_framework(monkeypatch):
    monkeypatch.setattr(assessment_file, "load_framework", lambda *_, **__: field_framework())


@cache
def asked():
    assessment = replace(field_assessment(), lists={"zones": (ListEntry("stage", "Stage"),)})
    return assessment, items(assessment.framework, assessment.subject, assessment.lists)


@st.composite
def files(draw: st.DrawFn) -> AssessmentFile:
    assessment, listed = asked()
    given_answers = {}
    for item in draw(st.lists(st.sampled_from(listed), max_size=8)):
        state = draw(st.sampled_from(["answered", "unknown"]))
        is_photo = item.question.kind == "photo"
        value = draw(values_of(item)) if state == "answered" and not is_photo else None
        if item.question.kind == "text" and state == "answered":
            value = draw(TEXTS.filter(str.strip))
        least = int(is_photo and state == "answered")
        evidence = draw(st.lists(EVIDENCE, min_size=least, max_size=2))
        answer = Answer(
            item.name, item.at, state, value, draw(st.sampled_from(["", "a", "=b"])), draw(TEXTS),
            tuple(evidence), draw(TIMES),
        )  # fmt: skip
        given_answers[answer.item, answer.assessor] = answer
    about = Subject("site", draw(NAMES), {"capacity": 900.0, "country": "FR"}, draw(TEXTS))
    added = (ListEntry("stage", draw(NAMES)),)
    whole = replace(
        assessment, subject=about, lists={"zones": added}, answers=tuple(given_answers.values())
    )
    photos = {"a" * 64: PhotoFacts(FIRST, (19.9, 50.0))}
    return AssessmentFile(replace(whole, answers=tuple(in_order(whole))), "AMBER", photos, ("u",))


QUIET = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@QUIET
@given(files())
def test_a_file_is_read_back_the_same(kept):
    text = assessment_text(kept)
    again = assessment_from(text.encode(), file="a")
    assert again == kept
    assert assessment_text(again) == text


@QUIET
@given(files(), st.sampled_from(["csv", "xlsx", "json"]))
def test_answers_go_out_and_come_in_the_same(tmp_path_factory, kept, kind):
    path = tmp_path_factory.mktemp("answers") / f"answers.{kind}"
    writers = {"csv": answers_csv, "xlsx": answers_xlsx, "json": answers_json}
    path.write_bytes(writers[kind](kept))
    bare = replace(kept, assessment=replace(kept.assessment, lists={}, answers=()))
    seen = preview(bare, read_answers(path, bare))
    assert {row.standing for row in seen.rows} <= {"new"}
    done = take_over(bare, seen)
    assert in_order(done.assessment) == in_order(kept.assessment)
    if kept.assessment.answers or kind == "json":
        assert done.assessment.lists == kept.assessment.lists
    assert {row.standing for row in preview(kept, seen.found).rows} <= {"same"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_broken_files_are_refused_with_a_sentence(data):
    assessment, _ = asked()
    answer = Answer("lamps", value=3.0, evidence=(EvidenceFile("a" * 64, "x", "image/jpeg"),))
    whole = AssessmentFile(assessment.with_answers([answer]), "AMBER", {"a" * 64: PhotoFacts()})
    document = json.loads(assessment_text(whole))
    place, holder = document, None
    for _ in range(data.draw(st.integers(1, 4))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        holder, place = place, place[key]
        if not isinstance(place, dict | list):
            break
    if data.draw(st.booleans()):
        holder[key] = data.draw(JSON)
    else:
        del holder[key]
    try:
        found = assessment_from(json.dumps(document).encode(), file="a.assessment.json")
    except InputError as error:
        assert describe(error).strip()
    else:
        assert assessment_from(assessment_text(found).encode(), file="a") == found


@QUIET
@given(st.binary(max_size=60))
def test_other_bytes_are_no_assessment(raw):
    with pytest.raises(InputError):
        assessment_from(raw, file="a")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch):
    path = tmp_path / "a.assessment.json"
    kept = AssessmentFile(asked()[0], "AMBER")
    write_assessment(path, kept, new=True)
    before = path.read_bytes()
    with pytest.raises(InputError):
        write_assessment(path, kept, new=True)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(DiskFullError):
        write_assessment(path, replace(kept, marking="RED"))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert read_assessment(path) == kept

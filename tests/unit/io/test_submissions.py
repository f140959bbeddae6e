"""Submissions are shown before they are written: new, known, contradicting; photos without EXIF."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from phone import Phone, field_assessment, field_layout
from PIL import Image

from parvis.assessment import Answer, EvidenceFile, Subject
from parvis.io.assessment_file import AssessmentFile
from parvis.io.photos import PhotoUnreadableError, read_photo
from parvis.io.submission_reading import read_submissions
from parvis.io.submission_record import SubmissionsUnreadableError
from parvis.io.submissions import (
    SubmissionsFormError,
    answers_said,
    preview,
    take_over,
)


def sent(
    folder: Path, *answers: Answer, instance: str = "uuid:1", assessor: str = "walker"
) -> Path:
    phone = Phone(field_layout())
    phone.say(answers, assessor)
    path = folder / f"{instance[5:]}.csv"
    path.write_text(phone.central_csv(instance), encoding="utf-8", newline="")
    return path


def kept(*answers: Answer) -> AssessmentFile:
    return AssessmentFile(field_assessment().with_answers(answers), "AMBER")


YES, NO = Answer("li1", value="yes"), Answer("li1", value="no")


def test_new_answers_are_taken_over_once(tmp_path):
    file = kept()
    path = sent(tmp_path, YES)
    seen = preview(file, read_submissions(path, file.assessment))
    assert (seen.count("new"), seen.duplicates) == (1, ())
    done = take_over(file, seen)
    assert [(a.item, a.value, a.assessor) for a in done.assessment.answers] == [
        ("li1", "yes", "walker")
    ]
    assert done.assessment.answers[0].when == dt.datetime.fromisoformat("2026-11-20T09:59+01:00")
    again = preview(done, read_submissions(path, done.assessment))
    assert (again.rows, again.duplicates) == ((), ("uuid:1",))
    assert take_over(done, again) == done


def test_another_value_of_the_same_assessor_contradicts(tmp_path):
    file = kept(replace(NO, assessor="walker"))
    seen = preview(file, read_submissions(sent(tmp_path, YES), file.assessment))
    assert answers_said(seen.conflicts) == [("li1", "walker", "no", "yes")]
    left = take_over(file, seen)
    assert (left.assessment.answers, left.submissions) == (file.assessment.answers, ())
    taken = take_over(file, seen, take_conflicts=True)
    assert [a.value for a in taken.assessment.answers] == ["yes"]
    assert taken.submissions == ("uuid:1",)


def test_another_assessor_never_contradicts(tmp_path):
    file = kept(replace(NO, assessor="somebody"))
    seen = preview(file, read_submissions(sent(tmp_path, YES), file.assessment))
    assert (seen.count("new"), seen.count("conflict")) == (1, 0)


def test_another_form_or_version_is_refused(tmp_path):
    assessment = field_assessment()
    path = sent(tmp_path, YES)
    elsewhere = replace(assessment, subject=Subject("site", "Elsewhere"))
    with pytest.raises(SubmissionsFormError) as caught:
        read_submissions(path, elsewhere)
    assert caught.value.details["found"] == field_layout().identity


def test_answers_that_the_question_does_not_take_are_named(tmp_path):
    phone = Phone(field_layout())
    phone.say([])
    phone.given |= {"li1": "perhaps", "lamps": "11", "since": "soon", "owner": "city"}
    path = tmp_path / "a.csv"
    path.write_text(phone.central_csv(), encoding="utf-8", newline="")
    found = read_submissions(path, field_assessment())
    assert {(p.item, p.code) for p in found.not_taken} == {
        ("li1", "answer_choice"), ("lamps", "answer_range"), ("since", "submission_value"),
    }  # fmt: skip
    assert [a.item for a in found.submissions[0].answers] == ["owner"]


def photo(*, exif: bool = True) -> bytes:
    picture = Image.new("RGB", (40, 20), "red")
    facts = Image.Exif()
    facts[0x0112], facts[0x010F] = 6, "Camera Of Somebody"
    facts.get_ifd(0x8769)[0x9003] = "2026:11:20 09:30:00"
    facts.get_ifd(0x8769)[0x9011] = "+01:00"
    gps = facts.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (50.0, 3.0, 36.0), "W", (19.0, 56.0, 24.0)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **({"exif": facts} if exif else {}))
    return stream.getvalue()


def test_photo_says_when_and_where_and_then_no_more():
    found = read_photo(photo(), name="a.jpg")
    assert found.taken == dt.datetime.fromisoformat("2026-11-20T09:30+01:00")
    assert found.place == (-19.94, 50.06)
    assert b"Somebody" not in found.content
    with Image.open(io.BytesIO(found.content)) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
    assert found.sha256 == hashlib.sha256(found.content).hexdigest()


@pytest.mark.parametrize("raw", [b"", b"\xff\xd8\xff", b"GIF89a" + bytes(50), photo()[:200]])
def test_other_files_are_no_photos(raw):
    with pytest.raises(PhotoUnreadableError):
        read_photo(raw, name="a.jpg")


def packed(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "form.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_photo(folder: Path) -> bytes:
    answer = Answer("photo", evidence=(EvidenceFile("0" * 64, "gate.jpg"),))
    return sent(folder, YES, answer).read_bytes()


@pytest.mark.parametrize("place", ["media/gate.jpg", "attachments/1/gate.jpg"])
def test_photos_of_a_zip_become_evidence_without_exif(tmp_path, place):
    path = packed(tmp_path, {"form.csv": with_photo(tmp_path), place: photo()})
    found = read_submissions(path, field_assessment())
    (answer,) = (a for a in found.submissions[0].answers if a.item == "photo")
    (evidence,) = answer.evidence
    stored = found.photos[evidence.sha256]
    assert (evidence.name, evidence.media_type) == ("gate.jpg", "image/jpeg")
    done = take_over(kept(), preview(kept(), found))
    assert done.photos[evidence.sha256].place == stored.place == (-19.94, 50.06)


def test_photos_that_did_not_come_are_named(tmp_path):
    path = packed(tmp_path, {"form.csv": with_photo(tmp_path)})
    found = read_submissions(path, field_assessment())
    assert [(p.item, p.code) for p in found.not_taken] == [("photo", "photo_unreadable")]
    assert [a.item for a in found.submissions[0].answers] == ["li1"]


def test_kobo_tables_are_read_with_their_single_choices_and_places(tmp_path):
    said = {
        "parvis_form": field_layout().identity, "parvis_assessor": "walker",
        "lighting/kinds": "led gas", "lighting/kinds/led": "1", "lighting/kinds/owner": "1",
        "lighting/owner": "city", "lighting/_spot_latitude": "50.06",
        "lighting/_spot_longitude": "19.94", "lighting/remark": "two; words",
        "_uuid": "7", "_submission_time": "2026-11-20T10:00:00",
    }  # fmt: skip
    rows = [";".join(f'"{cell}"' for cell in row) for row in (said, said.values())]
    path = tmp_path / "kobo.csv"
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    (found,) = read_submissions(path, field_assessment()).submissions
    assert found.instance == "uuid:7"
    assert {a.item: a.value for a in found.answers} == {
        "kinds": ("led", "gas"), "owner": "city", "spot": (19.94, 50.06), "remark": "two; words",
    }  # fmt: skip


def test_repeats_are_joined_by_their_parent(tmp_path):
    root = sent(tmp_path, YES).read_bytes()
    rounds = (
        "more__blocks__zones,b1__more,PARENT_KEY,KEY\n"
        "inside,no,uuid:1,uuid:1/more[1]\noutside,no,uuid:gone,uuid:gone/more[1]\n"
    )
    path = packed(tmp_path, {"f.csv": root, "f-more__blocks.csv": rounds.encode()})
    found = read_submissions(path, field_assessment())
    assert {a.item: a.value for a in found.submissions[0].answers} == {
        "li1": "yes",
        "b1@inside": "no",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b"PK\x03\x04rest"), ("a.json", b"{"), ("a.json", b"[1]"),
        ("a.json", b"[" * 99_999),
        ("a.csv", b""), ("a.csv", b"\x00"), ("a.csv", b"\xff\xfe\xfa"), ("a.txt", b"x"),
        ("a.json", json.dumps({"value": [{"more__blocks@odata.navigationLink": "x"}]}).encode()),
    ],
)  # fmt: skip
def test_other_files_hold_no_submissions(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SubmissionsUnreadableError):
        read_submissions(path, field_assessment())


def test_archives_that_unpack_to_too_much_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("parvis.io.submission_records.LARGEST_UNPACKED", 1_000)
    path = packed(tmp_path, {"form.csv": bytes(2_000)})
    with pytest.raises(SubmissionsUnreadableError) as caught:
        read_submissions(path, field_assessment())
    assert caught.value.details["problem"] == "it is too large"

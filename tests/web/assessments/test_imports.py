"""Answers from files: shown first, taken over whole, at odds with what is there, refused broken."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from phone import Phone
from PIL import Image
from web.assessments.service_examples import answered, begun, first_item

from parvis.assessment import Answer, EvidenceFile
from parvis.io.xlsform_layout import form_layout
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import AnswerImport, Reply
from parvis_web.spaces.storage import kept_path


def sent(town, assessment, name: str, content: bytes, role: str = "coordinator"):
    address = reverse("assessments:send", args=[town.slug, assessment.pk])
    return town.client(role).post(address, {"file": SimpleUploadedFile(name, content)})


def take(town, assessment):
    row = AnswerImport.objects.latest("created")
    address = reverse("assessments:import", args=[town.slug, assessment.pk, row.pk])
    shown = town.client("coordinator").get(address)
    assert shown.status_code == 200
    before = Reply.objects.count()
    answer = town.client("coordinator").post(address)
    return shown.content.decode(), answer, Reply.objects.count() - before


def given(town, assessment, ending: str) -> bytes:
    address = reverse("assessments:answers", args=[town.slug, assessment.pk, ending])
    return town.client("coordinator").get(address).content


def walked(assessment, value: str, instance: str = "uuid:1") -> bytes:
    phone = Phone(form_layout(engine_of(assessment).assessment))
    phone.say([Answer(first_item(assessment), value=value)], "walker")
    return phone.central_csv(instance).encode()


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_answers_given_out_come_in_where_nothing_is_yet(here, ending) -> None:
    source, target = begun(here), begun(here)
    answered(here, source, "yes", note="minutes")
    assert sent(here, target, f"a.{ending}", given(here, source, ending)).status_code == 302
    assert Reply.objects.filter(assessment=target).count() == 0
    _shown, answer, n_written = take(here, target)
    assert (answer.status_code, n_written) == (302, 1)
    reply = Reply.objects.get(assessment=target)
    assert (reply.value, reply.note, reply.source) == ("yes", "minutes", "import")


def test_what_contradicts_is_shown_and_kept_at_odds(here) -> None:
    source, target = begun(here), begun(here)
    answered(here, source, "yes")
    answered(here, target, "no")
    sent(here, target, "a.csv", given(here, source, "csv"))
    shown, _answer, n_written = take(here, target)
    assert "At odds" in shown
    assert n_written == 1
    assert Reply.objects.get(assessment=target, is_current=True).value == "no"
    assert Reply.objects.get(assessment=target, conflicts_with__isnull=False).value == "yes"


def test_the_same_file_again_brings_nothing(here) -> None:
    assessment = begun(here)
    sent(here, assessment, "a.csv", walked(assessment, "yes"))
    assert take(here, assessment)[2] == 1
    answered(here, assessment, "no")
    sent(here, assessment, "a.csv", walked(assessment, "yes"))
    assert take(here, assessment)[2] == 0
    sent(here, assessment, "b.csv", walked(assessment, "yes", "uuid:2"))
    assert take(here, assessment)[2] == 1
    assert Reply.objects.get(conflicts_with__isnull=False).value == "yes"


def test_a_taken_file_is_not_taken_twice(here) -> None:
    assessment = begun(here)
    sent(here, assessment, "a.csv", walked(assessment, "yes"))
    take(here, assessment)
    row = AnswerImport.objects.get()
    address = reverse("assessments:import", args=[here.slug, assessment.pk, row.pk])
    assert here.client("coordinator").post(address).status_code == 404


def _archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_photos_of_a_zip_are_kept_without_their_records(here) -> None:
    assessment = begun(here, "local-safety-audit")
    phone = Phone(form_layout(engine_of(assessment).assessment))
    phone.say([Answer("photo", evidence=(EvidenceFile("0" * 64, "gate.jpg"),))], "walker")
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Somebody"
    Image.new("RGB", (20, 10)).save(picture, "JPEG", exif=exif)
    packed = _archive(
        **{"form.csv": phone.central_csv().encode(), "media/gate.jpg": picture.getvalue()}
    )
    sent(here, assessment, "a.zip", packed)
    assert take(here, assessment)[2] == 1
    (file,) = Reply.objects.get().attachments.all()
    content = kept_path(here.authority, file.digest).read_bytes()
    assert (file.original_name, file.media_type) == ("gate.jpg", "image/jpeg")
    assert b"Somebody" not in content


BROKEN = {
    "a.txt": b"question,state,value\n",
    "a.csv": b"\xff\xfe\x00",
    "b.csv": b"a,b\n1,2\n",
    "c.csv": b"framework,version,question,at,state,value\nother,1,q,,answered,yes\n",
    "a.json": b"[" * 100_000,
    "b.json": json.dumps({"assessment": 1, "answers": []}).encode(),
    "a.xlsx": b"PK\x03\x04broken",
    "a.zip": _archive(readme=b"nothing"),
    "b.zip": b"PK\x05\x06",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_one_sentence(here, name) -> None:
    assessment = begun(here)
    answer = sent(here, assessment, name, BROKEN[name])
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
    assert not AnswerImport.objects.exists()


def test_one_wrong_row_refuses_the_whole_file(here) -> None:
    assessment = begun(here)
    answered(here, assessment, "yes")
    content = given(here, assessment, "csv").decode("utf-8-sig")
    wrong = content.replace(",yes,", ",perhaps,")
    answer = sent(here, assessment, "a.csv", wrong.encode())
    assert answer.status_code == 422
    assert "perhaps" in answer.content.decode()


def test_separate_assessors_are_named_by_what_they_are_known_by(here) -> None:
    assessment = begun(here, is_separate=True)
    answered(here, assessment, "yes", actor=here.actor("owner"))
    content = given(here, assessment, "csv").decode("utf-8-sig")
    target = begun(here, is_separate=True)
    sent(here, target, "a.csv", content.encode())
    take(here, target)
    assert Reply.objects.get(assessment=target).voice == here.person("owner")
    unknown = content.replace(str(here.person("owner").pk), "somebody@elsewhere.example")
    answer = sent(here, target, "a.csv", unknown.encode())
    assert "is no member of this authority" in answer.content.decode()


def test_readers_and_strangers_bring_nothing(here, elsewhere) -> None:
    assessment = begun(here)
    content = walked(assessment, "yes")
    assert sent(here, assessment, "a.csv", content, role="reader").status_code == 403
    sent(here, assessment, "a.csv", content)
    row = AnswerImport.objects.get()
    for slug in (here.slug, elsewhere.slug):
        address = reverse("assessments:import", args=[slug, assessment.pk, row.pk])
        assert elsewhere.client("owner").get(address).status_code == 404

"""Files of a space: who adds, sees and removes them, what is kept, and how they are deleted."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image
from web.privacy.service_examples import values
from web.spaces.service_examples import laid, picture

from parvis_web.accounts.rights import NotAllowed, can
from parvis_web.accounts.vocabulary import Ability, Marking
from parvis_web.privacy.services import delete_due, enter_dataset
from parvis_web.scenarios.models import Scenario, ScenarioVersion, Signature
from parvis_web.spaces import rules, services_evidence
from parvis_web.spaces.models import Evidence, Underlay
from parvis_web.spaces.storage import evidence_path

PDF = b"%PDF-1.7\n%%EOF\n"
DXF = b"999\nmade by hand\n0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"


@pytest.fixture
def space(here, files):
    del files
    return here.space()


def at(town, space, rest="files/"):
    return f"/a/{town.slug}/spaces/{space.pk}/{rest}"


def upload(name, content):
    return {"file": SimpleUploadedFile(name, content)}


def sheet():
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def photo():
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (40, 30), "grey").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def with_macros():
    stream = io.BytesIO(sheet())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("plan.exe", PDF, "application/pdf"),
        ("stalls.txt", DXF, "image/vnd.dxf"),
        (
            "list",
            sheet(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_what_a_file_is_tells_its_content(here, space, name, content, media_type):
    client = here.client("coordinator")
    assert client.post(at(here, space), upload(name, content)).status_code == 302
    item = Evidence.objects.get()
    assert (item.media_type, item.original_name, item.purpose) == (media_type, name, "file")
    assert evidence_path(item).read_bytes() == content
    assert name in client.get(at(here, space)).content.decode()
    sent = client.get(at(here, space, f"evidence/{item.pk}/"))
    assert b"".join(sent) == content
    sent.close()
    assert sent["Content-Disposition"].startswith("attachment")
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent["Content-Security-Policy"]


def test_a_photo_is_kept_without_its_camera(here, space):
    assert here.client("coordinator").post(at(here, space), upload("x.jpg", photo()))
    item = Evidence.objects.get()
    kept = evidence_path(item).read_bytes()
    assert b"Camera" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (40, 30) == (item.width, item.height)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("tool.xlsx", b"MZ\x90\x00"),
        ("macros.xlsx", with_macros()),
    ],
)
def test_what_is_none_of_the_kinds_is_refused_with_a_sentence(here, space, name, content):
    answer = here.client("coordinator").post(at(here, space), upload(name, content))
    assert answer.status_code == 422
    assert f"“{name}” is none of PDF" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_too_large_is_refused(here, space, monkeypatch):
    monkeypatch.setattr("parvis_web.spaces.evidence.check_size.__defaults__", (10,))
    answer = here.client("coordinator").post(at(here, space), upload("plan.pdf", PDF))
    assert answer.status_code == 422 and not Evidence.objects.exists()


# a adds, s sees what others added, x removes it; - nothing
TABLE = """
owner              asx
coordinator        asx
analyst            s
assessor           -
assessor assigned  asx
reader             s
guest              -
guest read         s
guest comment      s
guest upload       as
guest write        asx
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines())
def test_the_table(here, space, line):
    *who, allowed = line.split()
    role = who[0]
    item = services_evidence.add_picture(
        here.actor("coordinator"), space, picture(), original_name="p.png", purpose="file"
    )
    item.created_by = None
    item.save()
    if who[1:] == ["assigned"]:
        space.assignees.add(here.person(role))
    elif who[1:]:
        here.name_on(role, space, Ability(who[1]))
    actor = here.actor(role)
    found = "a" if rules.can_upload(actor, space) else ""
    found += "s" if can(actor, Ability.READ, item) else ""
    found += "x" if rules.can_remove_file(actor, item) else ""
    assert found == allowed.replace("-", "")


def test_a_guest_named_to_upload_adds_sees_and_removes_their_own(here, space):
    here.name_on("guest", space, Ability.UPLOAD)
    others = services_evidence.add_picture(
        here.actor("coordinator"), space, picture(), original_name="theirs.png", purpose="file"
    )
    client = here.client("guest")
    assert "Files" in client.get(at(here, space, "")).content.decode()
    assert client.post(at(here, space), upload("mine.pdf", PDF)).status_code == 302
    page = client.get(at(here, space)).content.decode()
    assert "mine.pdf" in page and "theirs.png" in page
    mine = Evidence.objects.get(original_name="mine.pdf")
    assert client.post(at(here, space, f"files/{others.pk}/remove/")).status_code == 403
    page = client.post(at(here, space, f"files/{mine.pk}/remove/"), follow=True).content.decode()
    undo = at(here, space, f"files/{mine.pk}/bring-back/")
    assert undo in page
    assert client.get(at(here, space, f"evidence/{mine.pk}/")).status_code == 404
    page = client.post(undo, follow=True).content.decode()
    assert "mine.pdf" in page


def test_a_guest_without_that_ability_finds_no_form(here, space):
    here.name_on("guest", space, Ability.COMMENT)
    client = here.client("guest")
    page = client.get(at(here, space)).content.decode()
    assert 'type="file"' not in page
    assert client.post(at(here, space), upload("mine.pdf", PDF)).status_code == 403
    with pytest.raises(NotAllowed):
        services_evidence.add_picture(here.actor("guest"), space, picture(), original_name="x")


def test_members_named_on_what_is_red_read_the_files_added_to_it(here, files):
    del files
    space = here.space(marking=Marking.RED)
    here.name_on("coordinator", space, Ability.WRITE)
    here.name_on("analyst", space)
    item = services_evidence.add_picture(
        here.actor("coordinator"), space, picture(), original_name="p.png", purpose="file"
    )
    assert item.marking == Marking.RED
    assert can(here.actor("analyst"), Ability.READ, item)
    assert not can(here.actor("owner"), Ability.READ, item)


def test_files_of_another_authority_are_nowhere(here, elsewhere, space):
    client = here.client("coordinator")
    client.post(at(here, space), upload("plan.pdf", PDF))
    item = Evidence.objects.get()
    other = elsewhere.client("owner")
    for slug in (here.slug, elsewhere.slug):
        place = f"/a/{slug}/spaces/{space.pk}/"
        for rest in ("files/", f"evidence/{item.pk}/"):
            assert other.get(place + rest).status_code == 404
        assert other.post(f"{place}files/{item.pk}/remove/").status_code == 404


def test_a_file_that_a_plan_rests_on_is_not_removed(here, files):
    del files
    plan = laid(here)
    client = here.client("coordinator")
    page = client.get(at(here, plan.space)).content.decode()
    remove = at(here, plan.space, f"files/{plan.image_id}/remove/")
    assert "plan under the map" in page and remove not in page
    page = client.post(remove, follow=True).content.decode()
    assert "rests on this file" in page
    assert Evidence.objects.get().removed is None


def test_the_list_takes_few_queries(here, space, django_assert_max_num_queries):
    for name in "abcdefgh":
        services_evidence.add_picture(
            here.actor("coordinator"), space, picture(), original_name=name, purpose="file"
        )
    client = here.client("analyst")
    with django_assert_max_num_queries(20):
        client.get(at(here, space))


def due(town, item):
    dataset = enter_dataset(town.actor("coordinator"), values=values(), about=item)
    return dataset.delete_on


def added(town, space, name="p.png"):
    return services_evidence.add_picture(
        town.actor("coordinator"), space, picture(), original_name=name, purpose="file"
    )


def test_on_its_day_a_file_is_gone_from_the_disk_too(
    here, space, django_capture_on_commit_callbacks
):
    item = added(here, space)
    path = evidence_path(item)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_due(due(here, item)) == 1
    assert not Evidence.objects.exists() and not path.exists()


def test_content_stays_while_another_file_of_the_authority_has_it(
    here, elsewhere, space, django_capture_on_commit_callbacks
):
    first, second = added(here, space), added(here, space, "again.png")
    theirs = added(elsewhere, elsewhere.space())
    assert first.digest == second.digest == theirs.digest
    with django_capture_on_commit_callbacks(execute=True):
        delete_due(due(here, first))
    assert evidence_path(second).exists()
    with django_capture_on_commit_callbacks(execute=True):
        delete_due(due(here, second))
    assert not evidence_path(second).exists()
    assert evidence_path(theirs).exists()


def test_a_plan_goes_with_its_picture(here, files, django_capture_on_commit_callbacks):
    del files
    plan = laid(here)
    path = evidence_path(plan.image)
    with django_capture_on_commit_callbacks(execute=True):
        delete_due(due(here, plan.image))
    assert not Underlay.objects.exists() and not path.exists()


def test_a_signed_sheet_leaves_its_digest(here, space, django_capture_on_commit_callbacks):
    item = added(here, space, "Signed by A. Person.png")
    scenario = Scenario.objects.create(authority=here.authority, space=space, name="Row")
    version = ScenarioVersion.objects.create(
        authority=here.authority,
        scenario=scenario,
        number=1,
        name="Row",
        changes=[],
        digest="d" * 64,
    )
    signature = Signature.objects.create(
        authority=here.authority,
        scenario=scenario,
        version=version,
        digest=version.digest,
        method="paper",
        signer_name="Adviser",
        signer_function="Adviser",
        signed_on=timezone.localdate(),
        scan=item,
    )
    path = evidence_path(item)
    with django_capture_on_commit_callbacks(execute=True):
        delete_due(due(here, item))
    item.refresh_from_db()
    assert (item.original_name, item.digest) == ("", signature.scan.digest)
    assert item.removed is not None and not path.exists()
    scan = f"/a/{here.slug}/spaces/{space.pk}/scenarios/{scenario.pk}/scan/{signature.pk}/"
    assert here.client("coordinator").get(scan).status_code == 404

"""Photos of a walk: pixels alone are kept; when and where they were taken stands beside them."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from web.walks.conftest import copy_of, picture

from parvis_web.assessments.attaching import keep_upload
from parvis_web.assessments.models import Attachment, Reply
from parvis_web.spaces.storage import evidence_folder, kept_path
from parvis_web.walks.models import WalkCopy

TAKEN = "2026-05-03T12:30:00+00:00"


@pytest.fixture
def walk(begin, device):
    found = device(begin())
    found.take()
    return found


def with_exif() -> bytes:
    """A photo that says where, when and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8769)[0x9003] = "2026:05:03 14:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 3.0, 0.0), 3: "E", 4: (19.0, 56.0, 0.0)})
    return picture(exif=exif)


def bomb() -> bytes:
    """A small PNG that unpacks to 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 3_000_000)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def stored(authority) -> bytes:
    """Everything that lies among the authority's files."""
    return b"".join(
        path.read_bytes() for path in evidence_folder(authority).rglob("*") if path.is_file()
    )


def test_of_a_photo_only_pixels_are_kept_and_its_time_and_place_as_data(here, walk):
    mark = str(uuid4())
    taken = timezone.now().isoformat()
    response = walk.photo(with_exif(), mark=mark, taken=taken, longitude="19.94", latitude="50.06")
    assert (response.status_code, response.json()) == (201, {"id": mark})
    kept = Attachment.objects.get(pk=mark)
    assert (kept.longitude, kept.latitude) == (19.94, 50.06)
    assert kept.taken.isoformat() == taken
    assert kept.is_unreadable_confirmed
    assert (kept.width, kept.height, kept.media_type) == (40, 30, "image/jpeg")
    with Image.open(kept_path(here.authority, kept.digest)) as bare:
        assert not dict(bare.getexif())
    assert b"Secret Camera" not in stored(here.authority)
    assert walk.photo(b"anything", mark=mark).status_code == 200
    assert Attachment.objects.count() == 1
    (told,) = walk.answer(walk.said(attachments=[mark]))
    assert told["outcome"] == "kept"
    assert list(Reply.objects.get().attachments.all()) == [kept]
    section = walk.first["section"]
    page = walk.client.get(walk.base.replace("/walk/", f"/sections/{section}/"))
    assert "50.06000, 19.94000" in page.content.decode()


def test_what_the_camera_wrote_is_kept_as_data_where_nothing_else_is_said(here, begin):
    file = SimpleUploadedFile("DSC1.JPG", with_exif(), "image/jpeg")
    here.authority.time_zone = "Europe/Warsaw"
    with timezone.override("Europe/Warsaw"):
        kept = keep_upload(here.actor("coordinator"), begin(), file=file)
    assert kept.taken.astimezone(tz=None) == timezone.datetime.fromisoformat(TAKEN)
    assert (kept.longitude, kept.latitude) == pytest.approx((19.933333, 50.05))


INCOMPLETE = [
    {"confirmed": None},
    {"confirmed": "no"},
    {"mark": "x"},
    {"taken": None},
    {"taken": "noon"},
    {"file": None},
    {"longitude": "19"},
    {"longitude": "19", "latitude": "nan"},
    {"longitude": "190", "latitude": "50"},
]


def test_a_photo_without_what_belongs_to_it_is_refused(walk):
    for fields in INCOMPLETE:
        response = walk.photo(picture(), **fields)
        assert response.status_code == 422, fields
        assert response.json()["sentence"], fields
        assert not Attachment.objects.exists(), fields


def _tiff() -> bytes:
    return picture(kind="TIFF")


HOSTILE = {
    "a page": lambda: b"<html><script>alert(1)</script>",
    "a drawing": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a paper": lambda: b"%PDF-1.4 a paper",
    "a scan": _tiff,
    "half a photo": lambda: with_exif()[:200],
    "a photo that is none": lambda: b"\xff\xd8\xff" + b"x" * 500,
    "a bomb": bomb,
    "nothing": lambda: b" ",
}


def test_hostile_files_are_refused_and_leave_nothing(here, walk):
    before = stored(here.authority)
    for name, content in HOSTILE.items():
        response = walk.photo(content())
        assert response.status_code == 422, name
        assert response.json()["sentence"], name
        assert not Attachment.objects.exists(), name
        assert stored(here.authority) == before, name


def test_a_file_that_is_too_large_is_refused(walk):
    response = walk.photo(b"\xff\xd8\xff" + b"\x00" * (31 * 2**20))
    assert response.status_code == 422


def test_a_photo_of_a_copy_that_is_in_is_not_taken(walk):
    WalkCopy.objects.update(withdrawn=timezone.now())
    assert walk.photo(picture()).status_code == 410


def test_a_photo_taken_after_the_day_is_not_taken(walk):
    now = timezone.now()
    WalkCopy.objects.update(taken=now - timedelta(days=9), expires=now - timedelta(days=2))
    assert walk.photo(picture()).status_code == 422


def test_somebody_elses_photo_is_nothing(begin, device, walk):
    mark = str(uuid4())
    walk.photo(picture(), mark=mark)
    other = device(copy_of(walk).assessment, "owner")
    other.take()
    assert other.photo(picture(), mark=mark).status_code == 404


def test_as_webp_and_png_it_is_a_photo_too(walk):
    stream = BytesIO()
    Image.new("RGB", (20, 10), "navy").save(stream, "WEBP")
    assert walk.photo(stream.getvalue()).status_code == 201
    assert walk.photo(picture(kind="PNG")).status_code == 201

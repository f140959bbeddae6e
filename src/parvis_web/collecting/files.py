"""Where do delivered files lie, and values that wait to be looked at?"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from parvis.errors import ParvisError
from parvis.io.store import disk_errors
from parvis_web.cities.errors import UploadContentError, UploadTooLargeError
from parvis_web.cities.files import ending_of, shown_name
from parvis_web.config.data import authority_folder

TABLE_ENDINGS = (".csv", ".xlsx", ".json")
AREA_ENDINGS = (".geojson", ".json", ".gpkg", ".zip", ".fgb", ".kml")
PEOPLE_ENDINGS = (".gpkg", ".geojson", ".json", ".zip", ".fgb", ".csv", ".xlsx")
INCIDENT_ENDINGS = (".csv", ".csv.gz", ".xlsx", ".gpkg", ".geojson")
SURVEY_ENDINGS = (".csv", ".xlsx", ".sav")
PACKED = (".xlsx", ".zip", ".gz")
MOST_BYTES = 100 * 2**20
MOST_UNPACKED = 1000 * 2**20
_HEADS = {".xlsx": b"PK", ".zip": b"PK", ".gpkg": b"SQLite format 3\x00", ".csv.gz": b"\x1f\x8b"}


@dataclass(frozen=True)
class Kept:
    """A file that was kept: what its owner calls it, its ending, digest and size."""

    name: str
    ending: str
    digest: str
    size: int


def check_upload(upload: UploadedFile, endings: tuple[str, ...], what: str) -> tuple[str, str]:
    """
    Return name and ending of a file that may be taken.

    Raises
    ------
    UploadTooLargeError, UploadKindError, UploadContentError
    """
    name = shown_name(upload.name)
    if (upload.size or 0) > MOST_BYTES:
        raise UploadTooLargeError(file=name, limit=MOST_BYTES // 2**20)
    ending = ending_of(name, endings, what)
    head = upload.read(16)
    upload.seek(0)
    expected = _HEADS.get(ending)
    if (expected is not None and not head.startswith(expected)) or (
        ending in {".csv", ".json", ".geojson"} and b"\x00" in head
    ):
        raise UploadContentError(file=name, what=what)
    return name, ending


def keep_upload(
    authority_id: UUID, upload: UploadedFile, endings: tuple[str, ...], what: str
) -> Kept:
    """Put an upload among the delivered files of an authority, named by its digest."""
    name, ending = check_upload(upload, endings, what)
    folder = _folder(authority_id, "delivered")
    digest, size = hashlib.sha256(), 0
    with (
        disk_errors(folder),
        tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as draft,
    ):
        for chunk in upload.chunks():
            digest.update(chunk)
            size += len(chunk)
            draft.write(chunk)
    Path(draft.name).replace(folder / digest.hexdigest())
    return Kept(name, ending, digest.hexdigest(), size)


def digest_of(upload: UploadedFile) -> tuple[str, int]:
    """Return digest and size of an upload."""
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def kept_path(authority_id: UUID, digest: str) -> Path:
    """Return where a delivered file lies."""
    return _folder(authority_id, "delivered") / digest


def waiting_home(authority_id: UUID, delivery_id: UUID) -> Path:
    """Return the library home of values that nobody kept yet."""
    return _folder(authority_id, "waiting") / str(delivery_id)


def areas_path(authority_id: UUID, digest: str) -> Path:
    """Return where the areas of a layer lie as GeoJSON."""
    return _folder(authority_id, "areas") / f"{digest}.geojson"


def keep_areas(authority_id: UUID, content: bytes) -> str:
    """Keep areas as GeoJSON and return the digest that names them."""
    digest = hashlib.sha256(content).hexdigest()
    target = areas_path(authority_id, digest)
    with (
        disk_errors(target),
        tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as draft,
    ):
        draft.write(content)
    Path(draft.name).replace(target)
    return digest


def forget_waiting(authority_id: UUID, delivery_id: UUID) -> None:
    """Delete values that nobody kept."""
    shutil.rmtree(waiting_home(authority_id, delivery_id), ignore_errors=True)


@contextmanager
def named(path: Path, name: str, ending: str) -> Iterator[Path]:
    """Give a kept file a name with its ending while it is read, and errors its full one."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.split(".")[0].lower()).strip("-")[:60] or "file"
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=path.parent) as folder:
        link = Path(folder) / f"{stem}{ending}"
        os.link(path, link)
        try:
            yield link
        except ParvisError as error:
            if "file" in error.details:
                error.details["file"] = name
            raise


def _folder(authority_id: UUID, name: str) -> Path:
    folder = authority_folder(authority_id) / name
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder

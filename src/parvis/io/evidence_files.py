"""Where do photos and documents lie that support answers: beside the assessment, by content."""

import hashlib
import mimetypes
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from parvis.assessment import EvidenceFile
from parvis.errors import InputError
from parvis.io.assessment_file import SUFFIX, PhotoFacts
from parvis.io.media_types import media_type_of
from parvis.io.photos import LARGEST, Photo, read_photo
from parvis.io.store import disk_errors

_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})


class EvidenceError(InputError):
    """A file cannot be kept as evidence; details: file, problem."""

    code: ClassVar[str] = "evidence"


def evidence_folder(file: Path) -> Path:
    """Return the folder of an assessment's evidence: it need not exist."""
    return file.with_name(f"{file.name.removesuffix(SUFFIX)}.evidence")


def keep_evidence(
    file: Path, given: Sequence[Path]
) -> tuple[tuple[EvidenceFile, ...], dict[str, PhotoFacts]]:
    """
    Copy files into an assessment's folder of evidence.

    Parameters
    ----------
    file : Path
        Of the assessment.
    given : sequence of Path
        Photos lose what their camera wrote into them; its time and place are returned.

    Raises
    ------
    EvidenceError, PhotoUnreadableError
        Before anything is copied.
    """
    ready: list[tuple[EvidenceFile, bytes]] = []
    facts: dict[str, PhotoFacts] = {}
    for path in given:
        if not path.is_file():
            raise EvidenceError(file=str(path), problem="there is no such file")
        if path.stat().st_size > LARGEST:
            raise EvidenceError(file=path.name, problem="it is too large")
        media_type, content = media_type_of(path), path.read_bytes()
        if media_type in _PHOTOS:
            photo = read_photo(content, name=path.name)
            name = f"{path.stem}{_suffix(photo.media_type)}"
            ready.append((EvidenceFile(photo.sha256, name, photo.media_type), photo.content))
            if photo.taken or photo.place:
                facts[photo.sha256] = PhotoFacts(photo.taken, photo.place)
            continue
        sha = hashlib.sha256(content).hexdigest()
        ready.append((EvidenceFile(sha, path.name, media_type), content))
    for kept, content in ready:
        _write(file, kept.sha256, kept.media_type, content)
    return tuple(kept for kept, _ in ready), facts


def write_photos(file: Path, photos: Iterable[Photo]) -> None:
    """Write photos into an assessment's folder of evidence."""
    for photo in photos:
        _write(file, photo.sha256, photo.media_type, photo.content)


def _write(file: Path, sha: str, media_type: str, content: bytes) -> None:
    folder = evidence_folder(file)
    path = folder / f"{sha}{_suffix(media_type)}"
    with disk_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        draft.write_bytes(content)
        draft.replace(path)


def _suffix(media_type: str) -> str:
    return ".jpg" if media_type == "image/jpeg" else mimetypes.guess_extension(media_type) or ""

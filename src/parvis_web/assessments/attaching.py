"""How files that support answers are read: pictures bare of hidden records, others as they are."""

from collections.abc import Container
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.io.media_types import DXF, media_type_of
from parvis.io.photos import LARGEST, Photo, read_photo
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.models import Assessment, Attachment
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_replies import attach_file
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.evidence import check_size
from parvis_web.spaces.rules import RefusedError as SpaceRefusedError
from parvis_web.spaces.uploads import on_disk, shown_name

PHOTO_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What cameras of telephones and tablets make."""


def keep_upload(
    actor: Actor,
    assessment: Assessment,
    *,
    file: UploadedFile,
    is_scan: bool = False,
    taken: datetime | None = None,
    place: tuple[float, float] | None = None,
    is_unreadable_confirmed: bool = False,
    mark: UUID | None = None,
    accepted: Container[str] | None = None,
) -> Attachment:
    """
    Read an uploaded file and keep it with an assessment.

    Of a photo its pixels are kept alone; when and where it was taken is kept beside it, as told or
    else as the camera wrote it.

    Parameters
    ----------
    accepted : container of str, optional
        Media types, where others are not kept.

    Raises
    ------
    RefusedError
        Where the file is too large or of a kind that is not kept.
    PhotoUnreadableError, SandboxLimitError, SandboxCrashError
    """
    name = shown_name(file)

    def keep(content: Path, media_type: str, photo: Photo | None = None) -> Attachment:
        return attach_file(
            actor,
            assessment,
            content=content,
            media_type=media_type,
            original_name=name,
            size=(photo.width, photo.height) if photo else None,
            is_scan=is_scan,
            taken=taken or (_aware(photo.taken) if photo else None),
            place=place or (photo.place if photo else None),
            is_unreadable_confirmed=is_unreadable_confirmed,
            mark=mark,
        )

    try:
        check_size(file)
        with on_disk(file) as path:
            media_type: str = run_limited(media_type_of, path, memory_mb=512, seconds=30, file=name)
            if accepted is not None and media_type not in accepted:
                raise RefusedError(
                    _("“%(name)s” is no photo as JPEG, PNG or WebP.") % {"name": name}
                )
            if not media_type:
                raise RefusedError(
                    _("“%(name)s” is none of PDF, PNG, JPEG, TIFF, WebP, DXF, XLSX, DOCX.")
                    % {"name": name}
                )
            if media_type == DXF or not media_type.startswith("image/"):
                return keep(path, media_type)
            check_size(file, LARGEST)
            photo: Photo = run_limited(
                read_photo, path.read_bytes(), name=name, memory_mb=1536, seconds=60, file=name
            )
            path.write_bytes(photo.content)
            return keep(path, photo.media_type, photo)
    except SpaceRefusedError as refused:
        raise RefusedError(refused.sentence) from None


def _aware(moment: datetime | None) -> datetime | None:
    """Return a moment of a camera's clock; without a zone it is the authority's."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return timezone.make_aware(moment)

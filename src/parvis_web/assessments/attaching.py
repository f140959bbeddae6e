"""How files that support answers are read: pictures bare of hidden records, others as they are."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from parvis.io.media_types import DXF, media_type_of
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.models import Assessment, Attachment
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_replies import attach_file
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.evidence import check_size, read_picture
from parvis_web.spaces.rules import RefusedError as SpaceRefusedError
from parvis_web.spaces.uploads import on_disk, shown_name


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
) -> Attachment:
    """
    Read an uploaded file and keep it with an assessment.

    Raises
    ------
    RefusedError
        Where the file is too large or of a kind that is not kept.
    UnderlayUnreadableError, UnderlayTooLargeError, SandboxLimitError, SandboxCrashError
    """
    name = shown_name(file)

    def keep(content: Path, media_type: str, size: tuple[int, int] | None = None) -> Attachment:
        return attach_file(
            actor,
            assessment,
            content=content,
            media_type=media_type,
            original_name=name,
            size=size,
            is_scan=is_scan,
            taken=taken,
            place=place,
            is_unreadable_confirmed=is_unreadable_confirmed,
            mark=mark,
        )

    try:
        check_size(file)
        with on_disk(file) as path:
            media_type: str = run_limited(media_type_of, path, memory_mb=512, seconds=30, file=name)
            if media_type == DXF or not media_type.startswith("image/"):
                if not media_type:
                    raise RefusedError(
                        _("“%(name)s” is none of PDF, PNG, JPEG, TIFF, WebP, DXF, XLSX, DOCX.")
                        % {"name": name}
                    )
                return keep(path, media_type)
            file.seek(0)
            picture = read_picture(file)
            path.write_bytes(picture.content)
            return keep(path, picture.media_type, (picture.width, picture.height))
    except SpaceRefusedError as refused:
        raise RefusedError(refused.sentence) from None

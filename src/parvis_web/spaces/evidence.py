"""How are files of a space read and given back: bare of hidden records, as attachment."""

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.io.media_types import DXF, SPREADSHEET, TEXT_DOCUMENT, media_type_of
from parvis.io.underlays import Underlay, read_underlay
from parvis_web.accounts.models import Authority
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.models import Evidence, Space
from parvis_web.spaces.rules import RefusedError, check_upload
from parvis_web.spaces.services_evidence import add_picture, keep_evidence
from parvis_web.spaces.storage import kept_path
from parvis_web.spaces.uploads import on_disk, shown_name

__all__ = [
    "add_file",
    "add_photo",
    "check_size",
    "evidence_response",
    "file_response",
    "keep_evidence",
    "read_picture",
]

MOST_BYTES = 30 * 2**20
INLINE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    DXF: "dxf",
    SPREADSHEET: "xlsx",
    TEXT_DOCUMENT: "docx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
}
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def check_size(file: UploadedFile, most: int = MOST_BYTES) -> None:
    """Refuse a file that is larger than `most` bytes."""
    if (file.size or 0) > most:
        raise RefusedError(
            _("“%(name)s” is larger than %(most)s MB.")
            % {"name": shown_name(file), "most": most // 2**20}
        )


def read_picture(file: UploadedFile, page: int = 1) -> Underlay:
    """
    Read a picture, or a page of a PDF, away from this process; only its pixels come back.

    Raises
    ------
    RefusedError
        Where the file is too large.
    UnderlayUnreadableError, UnderlayTooLargeError, SandboxLimitError, SandboxCrashError
    """
    check_size(file)
    name = shown_name(file)
    with on_disk(file) as path:
        picture: Underlay = run_limited(
            read_underlay, path, page=page, name=name, memory_mb=1536, seconds=60, file=name
        )
    return picture


def add_photo(
    actor: Actor, space: Space, *, file: UploadedFile, purpose: str = "photo"
) -> Evidence:
    """Read an uploaded photo and keep it for a space, bare of place, time and camera."""
    check_write(actor, space)
    picture = read_picture(file)
    return add_picture(actor, space, picture, original_name=shown_name(file), purpose=purpose)


def add_file(actor: Actor, space: Space, *, file: UploadedFile) -> Evidence:
    """
    Keep an uploaded file for a space: a picture bare of hidden records, all else as it is.

    Raises
    ------
    RefusedError
        Where the file is too large or of a kind that is not kept.
    UnderlayUnreadableError, UnderlayTooLargeError, SandboxLimitError, SandboxCrashError
    """
    check_upload(actor, space)
    check_size(file)
    name = shown_name(file)
    with on_disk(file) as path:
        media_type: str = run_limited(media_type_of, path, memory_mb=512, seconds=30, file=name)
        if media_type.startswith("image/") and media_type != DXF:
            picture = read_picture(file)
            return add_picture(actor, space, picture, original_name=name, purpose="file")
        if not media_type:
            raise RefusedError(
                _(
                    "“%(name)s” is none of PDF, PNG, JPEG, TIFF, WebP, DXF, XLSX, DOCX, ODS, ODT. "
                    "Files with macros are not kept."
                )
                % {"name": name}
            )
        return keep_evidence(
            actor, space, content=path, media_type=media_type, original_name=name, purpose="file"
        )


def evidence_response(item: Evidence, *, is_inline: bool = False) -> FileResponse:
    """Send a file of a space; see `file_response`."""
    return file_response(
        item.authority,
        item.digest,
        media_type=item.media_type,
        original_name=item.original_name,
        is_inline=is_inline,
    )


def file_response(
    authority: Authority,
    digest: str,
    *,
    media_type: str,
    original_name: str,
    is_inline: bool = False,
) -> FileResponse:
    """
    Send kept content so that a browser never runs it.

    Only plain pictures are ever shown in a page; all else is an attachment.
    """
    shown = is_inline and media_type in INLINE_TYPES
    name = slugify(original_name.rpartition(".")[0]) or "file"
    ending = ENDINGS.get(media_type, "bin")
    try:
        content = kept_path(authority, digest).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        content,
        as_attachment=not shown,
        filename=f"{name}.{ending}",
        content_type=media_type if media_type in ENDINGS else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response

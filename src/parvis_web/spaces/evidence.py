"""How are files of a space kept and given back: by digest, bare, as attachment."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.io.underlays import Underlay, read_underlay
from parvis_web.accounts.models import Authority
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.config.data import authority_folder
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.models import Evidence, Space
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.uploads import on_disk, shown_name

MOST_BYTES = 30 * 2**20
INLINE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def evidence_folder(authority: Authority) -> Path:
    """Return where an authority's evidence lies, made if missing."""
    folder = authority_folder(authority.pk) / "evidence"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def evidence_path(item: Evidence) -> Path:
    """Return where the content of `item` lies."""
    return evidence_folder(item.authority) / item.digest[:2] / item.digest


def keep_file(authority: Authority, source: Path) -> tuple[str, int]:
    """Keep a file under the digest of its content; return digest and size."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    target = evidence_folder(authority) / digest[:2] / digest
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            source.open("rb") as stream,
            tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft,
        ):
            shutil.copyfileobj(stream, draft)
        Path(draft.name).chmod(0o600)
        Path(draft.name).replace(target)
    return digest, target.stat().st_size


def check_size(file: UploadedFile, most: int = MOST_BYTES) -> None:
    """Refuse a file that is larger than `most` bytes."""
    if (file.size or 0) > most:
        raise RefusedError(
            _("“%(name)s” is larger than %(most)s MB.")
            % {"name": shown_name(file), "most": most // 2**20}
        )


@service("evidence.add-photo")
def add_photo(
    actor: Actor, space: Space, *, file: UploadedFile, purpose: str = "photo"
) -> Evidence:
    """Keep a photo for a space, upright and without place, time or camera written into it."""
    check_write(actor, space)
    check_size(file)
    with on_disk(file) as path:
        picture = read_picture(path, shown_name(file))
        return keep_picture(actor, space, picture, original_name=shown_name(file), purpose=purpose)


def read_picture(path: Path, name: str, page: int = 1) -> Underlay:
    """Read a picture or a page away from this process; only its pixels come back."""
    picture: Underlay = run_limited(
        read_underlay, path, page=page, name=name, memory_mb=1536, seconds=60, file=name
    )
    return picture


def keep_picture(
    actor: Actor, space: Space, picture: Underlay, *, original_name: str, purpose: str
) -> Evidence:
    """Keep a picture that was read before."""
    with tempfile.TemporaryDirectory(prefix="parvis-picture-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(picture.content)
        return keep_evidence(
            actor,
            space,
            content=path,
            media_type=picture.media_type,
            original_name=original_name,
            purpose=purpose,
            size=(picture.width, picture.height),
        )


@service("evidence.add")
def keep_evidence(
    actor: Actor,
    space: Space,
    *,
    content: Path,
    media_type: str,
    original_name: str,
    purpose: str,
    size: tuple[int, int] | None = None,
) -> Evidence:
    """Keep content that was checked already; `media_type` was read from it, not from its name."""
    check_write(actor, space)
    digest, n_bytes = keep_file(space.authority, content)
    item = Evidence.objects.create(
        authority=space.authority,
        space=space,
        marking=space.marking,
        digest=digest,
        size=n_bytes,
        media_type=media_type,
        original_name=original_name,
        purpose=purpose,
        width=size[0] if size else None,
        height=size[1] if size else None,
        created_by=actor.user,
    )
    note(item, after={"digest": digest, "purpose": purpose}, space=str(space.pk))
    return item


@service("evidence.remove")
def remove_evidence(actor: Actor, item: Evidence) -> None:
    """Take a file off the list; the content stays as long as anything refers to it."""
    check_write(actor, item)
    item.removed = timezone.now()
    item.save(update_fields=["removed"])
    note(item, before={"digest": item.digest}, after=None)


def evidence_response(item: Evidence, *, is_inline: bool = False) -> FileResponse:
    """
    Send a file so that a browser never runs it.

    Only plain pictures are ever shown in a page; all else is an attachment.
    """
    shown = is_inline and item.media_type in INLINE_TYPES
    name = slugify(item.original_name.rpartition(".")[0]) or "file"
    ending = ENDINGS.get(item.media_type, "bin")
    response = FileResponse(
        evidence_path(item).open("rb"),
        as_attachment=not shown,
        filename=f"{name}.{ending}",
        content_type=item.media_type if item.media_type in ENDINGS else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response

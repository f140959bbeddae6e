"""Writing files of a space: photos, plans and papers kept by digest."""

import tempfile
from pathlib import Path

from django.utils import timezone

from parvis.io.underlays import Underlay
from parvis_web.accounts.rights import Actor, check_write
from parvis_web.audit.recording import note, service
from parvis_web.spaces.models import Evidence, Space
from parvis_web.spaces.storage import keep_file


def add_picture(
    actor: Actor, space: Space, picture: Underlay, *, original_name: str, purpose: str = "photo"
) -> Evidence:
    """
    Keep a picture for a space.

    Parameters
    ----------
    actor : Actor
    space : Space
    picture : parvis.io.underlays.Underlay
        As `parvis_web.spaces.evidence.read_picture` made it: pixels alone, upright, without place,
        time or camera.
    original_name : str
        Only shown.
    purpose : str
    """
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

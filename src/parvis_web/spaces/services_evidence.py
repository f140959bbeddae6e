"""Writing files of a space: photos, plans and papers kept by digest."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.io.underlays import Underlay as Picture
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.recording import note, service
from parvis_web.spaces.models import Evidence, LocalCorrection, Space, Underlay
from parvis_web.spaces.rules import RefusedError, check_remove_file, check_upload
from parvis_web.spaces.storage import evidence_path, is_held, keep_file


def add_picture(
    actor: Actor, space: Space, picture: Picture, *, original_name: str, purpose: str = "photo"
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
    check_upload(actor, space)
    digest, n_bytes = keep_file(space.authority, content)
    item = Evidence.objects.create(
        authority=space.authority,
        space=space,
        marking=min(space.marking, Marking.AMBER, key=lambda mark: Marking(mark).order),
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
    """
    Take a file off the list; the content stays as long as anything refers to it.

    Raises
    ------
    RefusedError
        Where a correction, a plan under the map or a signature rests on it.
    """
    check_remove_file(actor, item)
    if is_in_use(item):
        raise RefusedError(
            _("A correction, a plan under the map or a signature rests on this file.")
        )
    item.removed = timezone.now()
    item.save(update_fields=["removed"])
    note(item, before={"digest": item.digest}, after=None, space=str(item.space_id))


@service("evidence.bring-back")
def bring_back_evidence(actor: Actor, item: Evidence) -> None:
    """Put a removed file on the list again."""
    check_remove_file(actor, item)
    item.removed = None
    item.save(update_fields=["removed"])
    note(item, before=None, after={"digest": item.digest}, space=str(item.space_id))


def is_in_use(item: Evidence) -> bool:
    """Return whether anything rests on a file."""
    relations = [
        field
        for field in Evidence._meta.get_fields(include_hidden=True)
        if field.one_to_many and field.auto_created
    ]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: item}).exists()  # type: ignore[union-attr]
        for relation in relations
    )


def delete_evidence(item: Evidence) -> None:
    """
    Delete a file for good, when its day has come: the row, its content, plans drawn from it.

    Corrections keep their figures without the photo. A file that somebody signed keeps its row,
    that is the digest the signature rests on, without a name and without content.
    """
    path, authority, digest = evidence_path(item), item.authority, item.digest
    remaining: Evidence | None = None
    note(item, before={"digest": digest}, space=str(item.space_id))
    LocalCorrection.objects.filter(photo=item).update(photo=None)
    for plan in Underlay.objects.filter(image=item):
        note(plan, before={"image": digest}, space=str(item.space_id))
        plan.delete()
    try:
        item.delete()
    except ProtectedError:
        item.original_name, item.removed = "", timezone.now()
        item.save(update_fields=["original_name", "removed"])
        remaining = item

    def unlink() -> None:
        if not is_held(authority, digest, but=remaining):
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)

"""Every write of the public page: draft, proposal, approval by a second person, withdrawal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor, check_editor, check_read
from parvis_web.audit.recording import note, service
from parvis_web.publishing import rules
from parvis_web.publishing.content import PublicTextError, as_facts, content_digest, read_content
from parvis_web.publishing.models import EntryState, PublicEntry, PublicPage, Snapshot
from parvis_web.spaces.models import Space


@service("public_page.set")
def set_page(actor: Actor, *, is_on: bool, introduction: str, contact: str) -> PublicPage:
    """Switch the authority's public page on or off and say what stands at its head."""
    rules.check_page(actor)
    page, _made = PublicPage.objects.get_or_create(authority=actor.authority)
    before = {"is_on": page.is_on, "introduction": page.introduction, "contact": page.contact}
    page.is_on, page.introduction, page.contact = is_on, introduction, contact
    page.save()
    _end_snapshot(page.pk)
    if is_on:
        content = {
            "name": actor.authority.name,
            "introduction": introduction,
            "contact": contact,
            "language": actor.authority.language,
        }
        Snapshot.objects.create(
            page=actor.authority.slug,
            entry=page.pk,
            content=content,
            digest=content_digest(content),
        )
    after = {"is_on": is_on, "introduction": introduction, "contact": contact}
    note(page, before=before, after=after)
    return page


@service("public_entry.write")
def write_entry(actor: Actor, space: Space, *, content: Mapping[str, Any]) -> PublicEntry:
    """Write the draft of what the public will read about `space`."""
    check_read(actor, space)
    check_editor(actor)
    facts = as_facts(read_content(content))
    entry = PublicEntry.objects.filter(space=space).first()
    if entry is None:
        entry = PublicEntry(authority=actor.authority, space=space, created_by=actor.user)
        before = None
    else:
        rules.check_edit(actor, entry)
        before = dict(entry.content)
        entry.version += 1
    entry.content, entry.digest = facts, content_digest(facts)
    entry.state, entry.created_by = EntryState.DRAFT, actor.user
    entry.proposed_by = entry.approved_by = entry.approved = None
    entry.save()
    note(entry, before=before, after=facts)
    return entry


@service("public_entry.propose")
def propose_entry(actor: Actor, entry: PublicEntry) -> None:
    """Ask a second person to let the draft out."""
    rules.check_propose(actor, entry)
    entry.state, entry.proposed_by = EntryState.PROPOSED, actor.user
    entry.save(update_fields=["state", "proposed_by"])
    note(entry, before={"state": EntryState.DRAFT}, after={"state": entry.state})


@service("public_entry.approve")
def approve_entry(actor: Actor, entry: PublicEntry, *, digest: str) -> Snapshot:
    """
    Publish what was proposed: exactly the text of `digest`, kept unchanged from now on.

    Raises
    ------
    parvis_web.publishing.content.PublicTextError
        Where the text changed since the approver read it.
    """
    rules.check_approve(actor, entry)
    if digest != entry.digest or content_digest(entry.content) != entry.digest:
        raise PublicTextError(_("The text changed since you read it. Read it again."))
    _end_snapshot(entry.pk)
    snapshot = Snapshot.objects.create(
        page=actor.authority.slug, entry=entry.pk, content=entry.content, digest=entry.digest
    )
    entry.state, entry.approved_by = EntryState.PUBLISHED, actor.user
    entry.approved = snapshot.published
    entry.save(update_fields=["state", "approved_by", "approved"])
    note(entry, after={"state": entry.state, "digest": entry.digest}, digest=entry.digest)
    return snapshot


@service("public_entry.withdraw")
def withdraw_entry(actor: Actor, entry: PublicEntry) -> None:
    """Take a text back; the public no longer reads it, the snapshot stays on file."""
    rules.check_withdraw(actor, entry)
    before = entry.state
    _end_snapshot(entry.pk)
    entry.state = EntryState.WITHDRAWN
    entry.save(update_fields=["state"])
    note(entry, before={"state": before}, after={"state": entry.state})


def _end_snapshot(entry: UUID) -> None:
    Snapshot.objects.filter(entry=entry, ended__isnull=True).update(ended=timezone.now())

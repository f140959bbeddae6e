"""What the public reads, and what the authority prepares for it."""

from django.db.models import QuerySet

from parvis_web.accounts.rights import Actor, readable
from parvis_web.publishing.models import PublicEntry, Snapshot
from parvis_web.spaces.models import Space


def public_page(slug: str) -> tuple[Snapshot, list[Snapshot]] | None:
    """
    Return the head and the entries in force of a public page, or None where there is none.

    Reads the table of snapshots and nothing else.
    """
    rows = list(Snapshot.objects.filter(page=slug, ended__isnull=True))
    heads = [row for row in rows if "name" in row.content]
    if not heads:
        return None
    entries = [row for row in rows if "title" in row.content]
    return heads[0], sorted(entries, key=lambda row: str(row.content["title"]))


def entries(actor: Actor) -> "QuerySet[PublicEntry]":
    """Return the texts for the public that `actor` may read."""
    found = readable(actor, PublicEntry.objects.select_related("space", "proposed_by"))
    return found.order_by("space__name")


def text_about(actor: Actor, space: Space) -> PublicEntry | None:
    """Return the text for the public about a space that `actor` may read, if there is one."""
    return entries(actor).filter(space=space).first()

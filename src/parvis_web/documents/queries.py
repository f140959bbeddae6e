"""Which documents are there, who may have them, and what belongs to the file of a day."""

import hashlib

from django.db.models import QuerySet
from django.utils import timezone

from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor, readable
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.documents.models import Document, DownloadLink
from parvis_web.runs.models import RunState
from parvis_web.spaces.models import Space


def documents(actor: Actor, space: Space | None = None) -> "QuerySet[Document]":
    """Return the documents `actor` may read, newest first."""
    rows = Document.objects.filter(removed__isnull=True, space__removed__isnull=True)
    if space is not None:
        rows = rows.filter(space=space)
    return readable(actor, rows).select_related("space", "created_by", "run")


def finished_analyses(actor: Actor, space: Space) -> "QuerySet[Analysis]":
    """Return the analyses of `space` that documents can be made from, newest first."""
    rows = Analysis.objects.filter(space=space, removed__isnull=True, run__state=RunState.DONE)
    return readable(actor, rows).select_related("run")


def finished_plans(actor: Actor, space: Space) -> "QuerySet[ClosurePlan]":
    """Return the closure plans of `space` that documents can carry, newest first."""
    rows = ClosurePlan.objects.filter(space=space, removed__isnull=True, run__state=RunState.DONE)
    return readable(actor, rows).select_related("run").order_by("-created")


def link_for(token: str, person: User) -> DownloadLink | None:
    """Return the link in force that `token` opens for `person`, None for anybody else."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return (
        DownloadLink.objects.filter(
            token_digest=digest,
            person=person,
            revoked__isnull=True,
            expires__gt=timezone.now(),
            document__removed__isnull=True,
        )
        .select_related("document__authority", "document__space")
        .first()
    )

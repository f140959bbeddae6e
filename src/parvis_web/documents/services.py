"""Every write of documents: asked for, made, proposed, approved, linked, removed."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis import __version__
from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor, check_editor, check_read, check_write
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.audit.recording import note, service
from parvis_web.config.data import store_file
from parvis_web.documents import rules
from parvis_web.documents.models import (
    Document,
    DocumentKind,
    DocumentState,
    DownloadLink,
    ReleaseRequest,
)
from parvis_web.runs.models import AnalysisRun
from parvis_web.runs.services import start_run
from parvis_web.spaces.models import Space

LINK_LASTS = timedelta(days=7)
MOST_COPIES = 99
MEDIA_TYPES = {
    DocumentKind.COUNCIL_PAPER: ("pdf", "application/pdf"),
    DocumentKind.ANNEX: ("pdf", "application/pdf"),
    DocumentKind.DATA: ("zip", "application/zip"),
    DocumentKind.FILE: ("zip", "application/zip"),
    DocumentKind.DOSSIER: ("pdf", "application/pdf"),
}


def facts(document: Document) -> dict[str, Any]:
    """Return what the audit chain digests of a document."""
    return {
        "kind": document.document_kind,
        "state": document.state,
        "language": document.language,
        "digest": document.digest,
        "copy": document.copy_number,
        "recipient": document.recipient,
    }


@service("document.request")
def request_documents(
    actor: Actor,
    analysis: Analysis,
    *,
    kinds: Sequence[str],
    language: str = "en",
    crs: str = "wgs84",
    plan: ClosurePlan | None = None,
    recipients: Sequence[str] = (),
) -> list[Document]:
    """
    Have documents made from an analysis; an annex for each recipient, numbered.

    A closure `plan` of the same space adds its chapter to the annex and its options to the paper.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where the analysis is not done or there are too many recipients.
    """
    rules.check_make(actor, analysis.space)
    check_read(actor, analysis)
    if not analysis.run.is_over or analysis.run.result is None:
        raise ValidationError(_("The analysis has no result yet: wait until it is done."))
    names = list(dict.fromkeys(name.strip() for name in recipients if name.strip()))
    if len(names) > MOST_COPIES:
        raise ValidationError(
            _("%(n)d recipients are too many: there are at most %(most)d copies.")
            % {"n": len(names), "most": MOST_COPIES}
        )
    made: list[Document] = []
    for kind in dict.fromkeys(kinds):
        copies = names or [""] if kind == DocumentKind.ANNEX else [""]
        for number, recipient in enumerate(copies, start=1):
            is_annex = kind == DocumentKind.ANNEX
            document = draft_document(
                actor, analysis.space, kind, language=language, analysis=analysis
            )
            document.recipient, document.plan = recipient, plan
            document.crs = crs
            document.copy_number = number if is_annex else None
            document.n_copies = len(copies) if is_annex else None
            document.file_name = file_name(document)
            made.append(document)
    if not made:
        raise ValidationError(_("Choose at least one document."))
    run = start_run(
        actor,
        kind="documents",
        subject=analysis.space,
        parameters={"documents": [str(document.pk) for document in made]},
        inputs={"documents": [str(document.pk) for document in made]},
    )
    for document in made:
        document.run = run
        document.save(force_insert=True)
        note(document, after=facts(document), kind=document.document_kind)
    return made


def draft_document(
    actor: Actor, space: Space, kind: str, *, language: str, analysis: Analysis | None = None
) -> Document:
    """Return a document that is not kept yet."""
    return Document(
        authority=actor.authority,
        space=space,
        analysis=analysis,
        document_kind=kind,
        language=language,
        media_type=MEDIA_TYPES[DocumentKind(kind)][1],
        created_by=actor.user,
        facts={"version": __version__},
    )


def file_name(document: Document, ending: str = "") -> str:
    """Return what a document's file is called."""
    suffix = ending or MEDIA_TYPES[DocumentKind(document.document_kind)][0]
    parts = [slugify(document.space.name) or "space", document.document_kind, document.language]
    if document.copy_number:
        parts.append(f"copy-{document.copy_number}-of-{document.n_copies}")
    return f"{'.'.join(parts)}.{suffix}"


@service("document.made")
def keep_document(
    actor: Actor, document: Document, *, content: bytes, made_from: dict[str, Any]
) -> Document:
    """Keep the file of a document; only the application itself does."""
    if not actor.is_system:
        check_write(actor, document)
    document.digest = store_file(document.authority_id, content)
    document.size = len(content)
    document.facts = document.facts | made_from
    document.state = DocumentState.READY
    document.save(update_fields=["digest", "size", "facts", "state"])
    note(document, after=facts(document), digest=document.digest)
    return document


@service("document.failed")
def fail_documents(actor: Actor, run: AnalysisRun) -> None:
    """Say of the documents of a failed run that they were not made."""
    Document.objects.filter(run=run, state=DocumentState.MAKING).update(state=DocumentState.FAILED)
    note(run, after={"state": DocumentState.FAILED})


@service("document.propose")
def propose_paper(actor: Actor, document: Document) -> None:
    """Ask a second person to approve a council paper for publication."""
    rules.check_propose(actor, document)
    document.state, document.proposed_by = DocumentState.PROPOSED, actor.user
    document.save(update_fields=["state", "proposed_by"])
    note(document, after=facts(document))


@service("document.approve")
def approve_paper(actor: Actor, document: Document, *, digest: str) -> None:
    """Approve exactly the file of `digest` for publication: it becomes TLP:CLEAR."""
    rules.check_approve(actor, document)
    if digest != document.digest:
        raise ValidationError(_("The paper changed since you read it. Read it again."))
    before = facts(document) | {"marking": document.marking}
    document.state, document.approved_by = DocumentState.APPROVED, actor.user
    document.approved = timezone.now()
    document.marking = Marking.CLEAR
    document.save(update_fields=["state", "approved_by", "approved", "marking"])
    note(
        document,
        before=before,
        after=facts(document) | {"marking": document.marking},
        digest=document.digest,
    )


@service("document.link")
def make_link(actor: Actor, document: Document, *, person: User) -> tuple[DownloadLink, str]:
    """
    Make a link that works for `person` alone until it expires.

    Whether they may read the document is checked at each download.

    Returns
    -------
    link : DownloadLink
    token : str
        Shown once; only its digest is kept.
    """
    check_write(actor, document)
    token = secrets.token_urlsafe(32)
    link = DownloadLink.objects.create(
        document=document,
        person=person,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        expires=timezone.now() + LINK_LASTS,
        created_by=actor.user,
    )
    note(document, after={"link": str(link.pk)}, link=str(link.pk))
    return link, token


@service("document.link-used")
def use_link(actor: Actor, link: DownloadLink) -> Document:
    """Record that a link was used."""
    link.last_used = timezone.now()
    link.save(update_fields=["last_used"])
    note(link.document, after={"link": str(link.pk)}, link=str(link.pk))
    return link.document


@service("document.download")
def record_download(actor: Actor, document: Document) -> None:
    """Record who took a copy of what is not public."""
    rules.check_download(actor, document)
    note(document, digest=document.digest, copy=document.copy_number or 0)


@service("document.remove")
def remove_document(actor: Actor, document: Document) -> None:
    """Take a document off the list; its file stays until retention ends."""
    check_write(actor, document)
    _set_removed(document, timezone.now())


@service("document.bring-back")
def bring_back_document(actor: Actor, document: Document) -> None:
    """Put a removed document back on the list."""
    check_write(actor, document)
    _set_removed(document, None)


def _set_removed(document: Document, moment: Any) -> None:
    before = document.removed
    document.removed = moment
    document.save(update_fields=["removed"])
    note(document, before={"removed": before}, after={"removed": moment})


@service("document.request-file")
def request_file(actor: Actor, space: Space, *, day: date) -> Document:
    """
    Have the file of a space put together: what was known and decided at the end of `day`.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where the day is still to come.
    """
    rules.check_make(actor, space)
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come: choose today or a day before."))
    document = draft_document(actor, space, DocumentKind.FILE, language=actor.authority.language)
    document.file_name = f"{slugify(space.name) or 'space'}.file-{day.isoformat()}.zip"
    document.facts = document.facts | {"as_of": day.isoformat()}
    document.run = start_run(
        actor,
        kind="space-file",
        subject=space,
        parameters={"document": str(document.pk), "day": day.isoformat()},
        inputs={"document": str(document.pk)},
    )
    document.save(force_insert=True)
    note(document, after=facts(document), kind=document.document_kind)
    return document


@service("release.open")
def open_release(
    actor: Actor,
    *,
    space: Space,
    reference: str,
    received_on: date,
    items: Sequence[dict[str, Any]],
) -> ReleaseRequest:
    """Keep a request for documents with the proposal for each item as it was made."""
    check_editor(actor)
    check_read(actor, space)
    release = ReleaseRequest.objects.create(
        authority=actor.authority,
        created_by=actor.user,
        about=space,
        reference=reference,
        received_on=received_on,
        items=list(items),
    )
    note(release, after={"items": list(items)}, n_items=len(items))
    return release

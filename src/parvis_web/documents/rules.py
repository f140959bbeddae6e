"""Who may have documents made, download them, and let a council paper out."""

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import (
    Actor,
    NotAllowed,
    check_editor,
    check_read,
    check_write,
)
from parvis_web.accounts.table import Reason
from parvis_web.documents.models import Document, DocumentKind, DocumentState
from parvis_web.spaces.models import Space


def check_make(actor: Actor, space: Space) -> None:
    """Raise unless `actor` may have documents made about `space`."""
    check_write(actor, space)


def check_download(actor: Actor, document: Document) -> None:
    """Raise unless `actor` may have the file."""
    check_read(actor, document)
    if not document.is_ready:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("This document is not made yet."))


def check_propose(actor: Actor, document: Document) -> None:
    """Raise unless `actor` may ask a second person to approve a council paper."""
    check_write(actor, document)
    _check_paper(document, DocumentState.READY, _("This paper does not wait to be proposed."))


def check_approve(actor: Actor, document: Document) -> None:
    """Raise unless `actor` is a second editor and the paper waits for approval."""
    check_read(actor, document)
    check_editor(actor)
    _check_paper(document, DocumentState.PROPOSED, _("This paper does not wait for approval."))
    if actor.user is None or actor.user.pk in {document.proposed_by_id, document.created_by_id}:
        raise NotAllowed(
            Reason.NOT_THIS_ROLE,
            _("A second person approves what is published: somebody who did not make it."),
        )


def _check_paper(document: Document, state: DocumentState, sentence: str) -> None:
    if document.document_kind != DocumentKind.COUNCIL_PAPER:
        raise NotAllowed(Reason.NOT_THIS_ROLE, _("Only council papers are made to be published."))
    if document.state != state:
        raise NotAllowed(Reason.NOT_THIS_ROLE, sentence)

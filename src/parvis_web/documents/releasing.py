"""What is proposed for each item where somebody asks for documents."""

from typing import Any

from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.documents.queries import documents, finished_analyses
from parvis_web.spaces.models import Space

COLUMNS = ("kind", "title", "date", "marking", "legal_basis", "proposal", "reason", "id")


def releasable_items(actor: Actor, space: Space) -> list[dict[str, Any]]:
    """
    Return what there is about `space` that `actor` may read, with a proposal for each item.

    A marking is a handling rule and no legal ground: the proposal names the legal basis that the
    object carries, and says where it carries none.
    """
    rows: list[dict[str, Any]] = []
    for document in documents(actor, space):
        rows.append(_item(document, document.get_document_kind_display(), document.file_name))
    for analysis in finished_analyses(actor, space):
        rows.append(_item(analysis, _("analysis"), space.name))
    return sorted(rows, key=lambda row: (row["date"], row["id"]))


def _item(item: Any, kind: Any, title: str) -> dict[str, Any]:
    proposal, reason = _proposal(Marking(item.marking), item.legal_basis)
    return {
        "kind": str(kind),
        "title": title,
        "date": item.created.date().isoformat(),
        "marking": item.marking,
        "legal_basis": item.legal_basis,
        "proposal": proposal,
        "reason": reason,
        "id": str(item.pk),
    }


def _proposal(marking: Marking, legal_basis: str) -> tuple[str, str]:
    if marking == Marking.CLEAR:
        return _("release"), _("Made to be published and approved by a second person.")
    if marking == Marking.GREEN:
        return _("release after reading"), _("Holds nothing about weaknesses by its marking.")
    if not legal_basis:
        return (
            _("decide"),
            _("No legal basis is entered: without one the marking alone does not withhold it."),
        )
    if marking == Marking.AMBER:
        return _("release in part"), _("Findings about weaknesses are withheld on this basis.")
    return _("withhold"), _("Restricted on this basis; review the marking on its date.")

"""The dossier of a space is asked for."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis_web.accounts.rights import Actor
from parvis_web.audit.reads import record_read
from parvis_web.audit.recording import note, service
from parvis_web.documents import rules
from parvis_web.documents.dossiers import HTML, joined
from parvis_web.documents.models import Document, DocumentKind
from parvis_web.documents.services import MOST_COPIES, draft_document, facts, file_name
from parvis_web.runs.services import start_run
from parvis_web.spaces.models import Space


@service("document.request-dossier")
def request_dossier(
    actor: Actor,
    space: Space,
    *,
    language: str,
    is_restricted: bool,
    recipients: Sequence[str] = (),
) -> list[Document]:
    """
    Have the dossier of a space made, as PDF and as a page; with weaknesses in numbered copies.

    It joins what `actor` may read now, and is marked as high as the highest of it.

    Parameters
    ----------
    is_restricted : bool
        With access points, findings and gaps; otherwise an outline for committees.
    recipients : sequence of str
        Each gets a numbered copy where it is restricted.

    Raises
    ------
    django.core.exceptions.ValidationError
        Where there are too many recipients.
    """
    rules.check_make(actor, space)
    names = list(dict.fromkeys(name.strip() for name in recipients if name.strip()))
    if len(names) > MOST_COPIES:
        raise ValidationError(
            _("%(n)d recipients are too many: there are at most %(most)d copies.")
            % {"n": len(names), "most": MOST_COPIES}
        )
    parts = joined(actor, space)
    for part in parts.restricted:
        record_read(actor, part)
    copies = names or [""] if is_restricted else [""]
    made: list[Document] = []
    for number, recipient in enumerate(copies, start=1):
        for ending in ("pdf", "html"):
            document = draft_document(
                actor, space, DocumentKind.DOSSIER, language=language, analysis=parts.analysis
            )
            document.recipient, document.marking = recipient, parts.marking
            if is_restricted:
                document.copy_number, document.n_copies = number, len(copies)
            if ending == "html":
                document.media_type = HTML
            document.file_name = file_name(document, ending)
            made.append(document)
    chosen = {
        "is_restricted": is_restricted,
        "analysis": str(parts.analysis.pk) if parts.analysis else "",
        "assessments": [str(row.pk) for row in parts.assessments],
        "measures": [str(row.pk) for row in parts.measures],
    }
    run = start_run(
        actor,
        kind="dossier",
        subject=space,
        parameters=chosen,
        inputs={"documents": [str(document.pk) for document in made]},
    )
    for document in made:
        document.run = run
        document.save(force_insert=True)
        note(document, after=facts(document), kind=document.document_kind)
    return made

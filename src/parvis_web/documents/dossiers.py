"""What goes into the dossier of a space, and how its files are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone, translation

from parvis_web.accounts.rights import Actor, readable
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach.kept import result_of
from parvis_web.approach.models import Analysis
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment, AssessmentState
from parvis_web.assessments.papers import report_facts
from parvis_web.assessments.queries import assessments_of
from parvis_web.documents.models import Document
from parvis_web.documents.queries import finished_analyses
from parvis_web.measures.models import Measure
from parvis_web.measures.queries import measures_of
from parvis_web.measures.wording import cost_words
from parvis_web.spaces.models import Space
from parvis_web.ui import formats

HTML = "text/html"


@dataclass(frozen=True)
class Joined:
    """What a person may read of a space: its newest analysis, its assessments, its measures."""

    space: Space
    analysis: Analysis | None
    assessments: list[Assessment]
    measures: list[Measure]

    @property
    def marking(self) -> Marking:
        """The highest marking of all that is joined, AMBER at least."""
        parts = [self.space, *self.assessments, *self.measures]
        found = [Marking(each.marking) for each in parts]
        if self.analysis is not None:
            found.append(Marking(self.analysis.marking))
        return max(Marking.AMBER, *found, key=lambda each: each.order)

    @property
    def restricted(self) -> list[Any]:
        """The parts whose reading is recorded."""
        parts: list[Any] = [*self.assessments, *self.measures]
        parts += [self.analysis] if self.analysis is not None else []
        return [each for each in parts if Marking(each.marking).is_restricted]


def joined(actor: Actor, space: Space) -> Joined:
    """Return what `actor` may read of `space`; of assessments those that are superseded are not."""
    assessments = assessments_of(actor, space=space).exclude(state=AssessmentState.SUPERSEDED)
    return Joined(
        space,
        finished_analyses(actor, space).order_by("-created").first(),
        list(assessments.order_by("framework__urn", "-created")),
        list(measures_of(actor, space=space)),
    )


def dossier_writer(first: Document, chosen: Mapping[str, Any]) -> Callable[[Document], bytes]:
    """
    Return what writes each copy of a dossier.

    Parameters
    ----------
    first : Document
        Any of its copies.
    chosen : mapping
        Parameters of the run: ids of what is joined, and whether weaknesses are in it.
    """
    from parvis.report.dossier import Dossier, dossier_html, dossier_pdf
    from parvis.report.wording import catalogued

    language, space = catalogued(first.language), first.space
    with translation.override(first.language):
        whole = Dossier(
            space_name=space.name,
            kind=space.place_kind,
            area=space.area_size or 0.0,
            authority=first.authority.name,
            marking=f"TLP:{first.marking}",
            on=timezone.localdate(),
            created=timezone.now().isoformat(timespec="seconds"),
            is_restricted=chosen["is_restricted"],
            approach=result_of(first.analysis) if first.analysis else None,
            assessments=[_assessed(row) for row in _rows(Assessment, chosen["assessments"])],
            measures=[_planned(row) for row in _rows(Measure, chosen["measures"])],
        )

    def write(document: Document) -> bytes:
        copy: Dossier = replace(
            whole,
            recipient=document.recipient,
            copy=document.copy_number or 1,
            copies=document.n_copies or 1,
        )
        if document.media_type == HTML:
            return dossier_html(copy, language).encode()
        return dossier_pdf(copy, language)

    return write


def _rows(model: Any, ids: list[str]) -> list[Any]:
    rows = {str(row.pk): row for row in model.objects.filter(pk__in=ids)}
    return [rows[pk] for pk in ids if pk in rows]


def _assessed(row: Assessment) -> Any:
    from parvis.report.dossier import Assessed

    held = engine_of(row)
    return Assessed(held.assessment, held.result(timezone.localdate()), report_facts(row))


def _planned(row: Measure) -> Any:
    from parvis.report.dossier import PlannedMeasure

    return PlannedMeasure(
        row.name,
        str(row.get_state_display()),
        row.who,
        formats.day(row.due) if row.due else "",
        cost_words(row),
    )


def readable_documents(actor: Actor, space: Space) -> Any:
    """Return the dossiers of a space that `actor` may read, newest first."""
    rows = Document.objects.filter(space=space, document_kind="dossier", removed__isnull=True)
    return readable(actor, rows).select_related("space", "run")

"""How an assessment stands: its steps, what follows from it, and what can be done next."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from parvis_web.accounts.panels import marking_context, share_context
from parvis_web.accounts.rights import Actor
from parvis_web.assessments.computed import computed_of, computed_waiting
from parvis_web.assessments.forms import PaperForm, SignForm
from parvis_web.assessments.held import Held, engine_of
from parvis_web.assessments.models import Assessment, AssessmentState, Choice
from parvis_web.assessments.queries import language_of_reader, newer_version
from parvis_web.assessments.results import result_context
from parvis_web.assessments.rules import Action, asked_sections, can_action, can_begin
from parvis_web.assessments.services_replies import voice_of
from parvis_web.assessments.services_signing import document_digest
from parvis_web.assessments.services_states import open_conflicts
from parvis_web.assessments.wording import word
from parvis_web.comments.panel import comments_context


@dataclass(frozen=True)
class Step:
    """One section in the list of steps."""

    key: str
    name: str
    n_asked: int
    n_done: int
    n_open: int
    is_current: bool

    @property
    def is_done(self) -> bool:
        """Something is answered and nothing that is required is open."""
        return self.n_done > 0 and self.n_open == 0


def section_steps(actor: Actor, held: Held, *, current: str = "") -> list[Step]:
    """Return the sections that `actor` sees, with how far each is."""
    own = asked_sections(actor, held.row)
    voice = voice_of(actor, held.row)
    language = language_of_reader()
    names = {section.key: word(section, language) for section in held.framework.sections}
    return [
        Step(
            part.section,
            names[part.section],
            part.n_asked,
            part.n_answered + part.n_unknown + part.n_not_applicable,
            part.n_open,
            part.section == current,
        )
        for part in held.progress(None if voice is None else str(voice.pk)).sections
        if own is None or part.section in own
    ]


def overview_of(actor: Actor, assessment: Assessment) -> dict[str, Any]:
    """Return what the page of an assessment shows."""
    held = engine_of(assessment)
    steps = section_steps(actor, held)
    n_asked, n_done = sum(step.n_asked for step in steps), sum(step.n_done for step in steps)
    is_whole = asked_sections(actor, assessment) is None
    may = {action.name.lower(): can_action(actor, action, assessment) for action in Action}
    digest = document_digest(assessment) if assessment.state == AssessmentState.IN_REVIEW else ""
    computed = computed_of(actor, held)
    context: dict[str, Any] = {
        "assessment": assessment,
        "space": assessment.space,
        "framework_name": word(held.framework, language_of_reader()),
        "framework": held.framework,
        "steps": steps,
        "share_done": n_done / n_asked if n_asked else None,
        "n_asked": n_asked,
        "n_done": n_done,
        "next_step": next((step for step in steps if step.n_open), None),
        "may": may,
        "computed": computed,
        "n_computed": len(computed_waiting(actor, held, computed)),
        "is_whole": is_whole,
        "digest": digest,
        "digest_said": " ".join(digest[start : start + 4] for start in range(0, 16, 4)),
        "signatures": list(assessment.signatures.select_related("signer")),
        "n_odd": open_conflicts(assessment).count(),
        "newer": newer_version(assessment) if may["move"] else None,
        "sign_form": SignForm(initial={"digest": digest}),
        "paper_form": PaperForm(),
        "choices": Choice.choices,
        "may_measure": can_begin(actor, assessment.space) and not assessment.removed,
        "following": assessment.following.filter(removed__isnull=True).first(),
        **share_context(actor, assessment),
        **marking_context(actor, assessment),
    }
    context |= comments_context(actor, assessment)
    if is_whole:
        context |= result_context(actor, held, on=timezone.localdate())
    return context

"""Files that an assessment gives out: report, answers, form, register entries."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from parvis.errors import InputError
from parvis.io.xlsform_out import needs_own_server
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import allowed
from parvis_web.assessments import papers
from parvis_web.assessments.held import Held, engine_of
from parvis_web.assessments.models import Assessment
from parvis_web.assessments.papers import Paper
from parvis_web.assessments.queries import get_assessment, language_of_reader
from parvis_web.assessments.rules import Action, can_action
from parvis_web.assessments.wording import word
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

FILE_POLICY = "default-src 'none'; sandbox"
REGISTER_NAMES = {
    "transparency": "Algorithmic Transparency Standard 0.3.1 (JSON)",
    "dutch-register": "Publicatiestandaard Algoritmeregister 1.0.0 (CSV)",
    "annex-viii": "AI Act, Annex VIII, C (TXT)",
}
"""Proper names of the forms."""


def sent(paper: Paper) -> HttpResponse:
    """Return a file as an attachment that no browser runs."""
    response = HttpResponse(paper.content, content_type=paper.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@member_view
def report(request: ActorRequest, aid: UUID, ending: str) -> HttpResponse:
    """Send the report in the reader's language."""
    assessment = get_assessment(request, aid)
    if ending not in papers.REPORTS:
        raise Http404
    papers.check_report(request.actor, assessment)
    return sent(papers.report(assessment, ending))


@require_GET
@member_view
def answers(request: ActorRequest, aid: UUID, ending: str) -> HttpResponse:
    """Send the answers as a table, or as the file of the assessment."""
    assessment = get_assessment(request, aid)
    if ending not in papers.TABLES:
        raise Http404
    held = engine_of(assessment)
    papers.check_export(request.actor, assessment, held)
    return sent(papers.answers(assessment, held, ending))


@require_GET
@member_view
def form(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Send the questions as a form for phones."""
    assessment = get_assessment(request, aid)
    papers.check_report(request.actor, assessment)
    try:
        return sent(papers.form(assessment, is_own_server="own_server" in request.GET))
    except InputError as error:
        add_toast(request, sentence_of(error), kind="bad")
        return redirect("assessments:exchange", request.actor.authority.slug, aid)


@require_GET
@member_view
def register(request: ActorRequest, aid: UUID, key: str) -> HttpResponse:
    """Send the entry of a register of algorithms."""
    assessment = get_assessment(request, aid)
    held = engine_of(assessment)
    if key not in papers.REGISTERS or not papers.has_registers(held):
        raise Http404
    papers.check_report(request.actor, assessment)
    try:
        return sent(papers.register_entry(assessment, key))
    except InputError as error:
        add_toast(request, papers.register_sentence(held, error), kind="bad")
        return redirect("assessments:exchange", request.actor.authority.slug, aid)


@require_GET
@member_view
def exchange(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Show what an assessment gives out and takes in."""
    assessment = get_assessment(request, aid)
    papers.check_report(request.actor, assessment)
    return render(request, "assessments/exchange.html", exchange_context(request, assessment))


def exchange_context(request: ActorRequest, assessment: Assessment) -> dict[str, object]:
    """Return what the page of exchange shows."""
    held = engine_of(assessment)
    return {
        "assessment": assessment,
        "space": assessment.space,
        "framework_name": word(held.framework, language_of_reader()),
        "may_export": allowed(papers.check_export, request.actor, assessment, held),
        "may_import": can_action(request.actor, Action.IMPORT, assessment),
        "waiting_imports": assessment.imports.filter(taken__isnull=True).select_related("added_by"),
        "is_form_possible": assessment.marking != "RED",
        "needs_own_server": needs_own_server(assessment.marking),
        "registers": _registers(held),
    }


def _registers(held: Held) -> list[dict[str, str]]:
    if not papers.has_registers(held):
        return []
    return [
        {"key": key, "name": REGISTER_NAMES[key], "missing": _missing(held, key)}
        for key in papers.REGISTERS
    ]


def _missing(held: Held, key: str) -> str:
    try:
        papers.REGISTERS[key][0](held.assessment)
    except InputError as error:
        return papers.register_sentence(held, error)
    return ""

"""Answers taken in from files: sent, seen, taken over."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.errors import ParvisError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.assessments import imports, papers, rules
from parvis_web.assessments.models import AnswerImport, Assessment
from parvis_web.assessments.queries import get_assessment, language_of_reader
from parvis_web.assessments.rules import Action, RefusedError
from parvis_web.assessments.services_imports import discard_import, take_import
from parvis_web.assessments.views_papers import exchange_context
from parvis_web.assessments.wording import word
from parvis_web.ui.errors import sentence_for, sentence_of
from parvis_web.ui.toasts import add_toast


@require_POST
@member_view
def send(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Take in a file of answers or submissions, and show what it brings."""
    assessment = get_assessment(request, aid)
    actor = request.actor
    papers.check_report(actor, assessment)
    try:
        rules.check_action(actor, Action.IMPORT, assessment)
        file = request.FILES.get("file")
        if file is None:
            raise RefusedError(_("Choose a file."))
        row = imports.keep_answers(actor, assessment, file)
    except RefusedError as refused:
        sentence = refused.sentence
    except ParvisError as error:
        sentence = sentence_of(error)
    else:
        return redirect("assessments:import", actor.authority.slug, aid, row.pk)
    context = exchange_context(request, assessment) | {"import_error": sentence}
    return render(request, "assessments/exchange.html", context, status=422)


@require_http_methods(["GET", "POST"])
@member_view
def brought(request: ActorRequest, aid: UUID, row: UUID) -> HttpResponse:
    """Show what a file would change; take it over."""
    assessment = get_assessment(request, aid)
    actor, slug = request.actor, request.actor.authority.slug
    papers.check_report(actor, assessment)
    kept = _kept(assessment, row)
    try:
        rules.check_action(actor, Action.IMPORT, assessment)
        read = imports.seen(actor, kept)
        if request.method == "POST":
            take_import(actor, kept, read=read)
            add_toast(request, _("The answers are taken over."), kind="good")
            return redirect("assessments:detail", slug, aid)
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
        return redirect("assessments:exchange", slug, aid)
    except ParvisError as error:
        add_toast(request, sentence_of(error), kind="bad")
        return redirect("assessments:exchange", slug, aid)
    language = language_of_reader()
    found = read.preview.found
    context = {
        "assessment": assessment,
        "space": assessment.space,
        "framework_name": word(read.held.framework, language),
        "kept": kept,
        "n_new": read.preview.count("new"),
        "n_same": read.preview.count("same"),
        "n_conflicts": len(read.preview.conflicts),
        "n_duplicates": len(read.preview.duplicates),
        "new_entries": [entry.name for _, entry in found.new_entries],
        "n_lapsed": len(read.preview.lapsed),
        "n_others": sum(found.other_forms.values()),
        "conflicts": imports.seen_words(read, language),
        "not_taken": [
            sentence_for(
                each.code, {"value": each.value, "question": each.item} | dict(each.details)
            )
            for each in found.not_taken[: imports.MOST_SHOWN]
        ],
        "n_not_taken": len(found.not_taken),
    }
    return render(request, "assessments/import.html", context)


@require_POST
@member_view
def discard(request: ActorRequest, aid: UUID, row: UUID) -> HttpResponse:
    """Forget a file that was not taken over."""
    assessment = get_assessment(request, aid)
    papers.check_report(request.actor, assessment)
    try:
        discard_import(request.actor, _kept(assessment, row))
        add_toast(request, _("The file is forgotten; nothing of it was written."))
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    return redirect("assessments:exchange", request.actor.authority.slug, aid)


def _kept(assessment: Assessment, pk: UUID) -> AnswerImport:
    row = assessment.imports.select_related("authority", "assessment__framework").filter(
        pk=pk, taken__isnull=True
    )
    found = row.first()
    if found is None:
        raise Http404
    return found

"""The dossier of a space: what it joins, and having it made."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis_web.accounts.access import member_view
from parvis_web.accounts.rights import allowed
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.queries import language_of_reader
from parvis_web.assessments.wording import word
from parvis_web.documents import rules
from parvis_web.documents.dossiers import joined, readable_documents
from parvis_web.documents.forms import DossierForm
from parvis_web.documents.services_dossier import request_dossier
from parvis_web.documents.views import document_row, get_space


@member_view
@require_http_methods(["GET", "POST"])
def of_space(request: Any, pk: UUID) -> HttpResponse:
    """Show what the dossier of a space joins; have it made."""
    space, actor = get_space(request, pk), request.actor
    form = DossierForm(actor.authority.language, request.POST or None)
    if request.method == "POST":
        rules.check_make(actor, space)
        if form.is_valid():
            try:
                made = request_dossier(
                    actor,
                    space,
                    language=form.cleaned_data["language"],
                    is_restricted=form.cleaned_data["scope"] == "restricted",
                    recipients=form.recipient_names(),
                )
                return redirect("runs:detail", actor.authority.slug, made[0].run_id)
            except ValidationError as problem:
                form.add_error("recipients", problem)
    parts, language = joined(actor, space), language_of_reader()
    context = {
        "space": space,
        "current_tab": "dossier",
        "parts": parts,
        "assessments": [(row, word(framework_of(row), language)) for row in parts.assessments],
        "documents": [document_row(actor, each) for each in readable_documents(actor, space)],
        "can_make": allowed(rules.check_make, actor, space),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "documents/dossier.html", context, status=status)

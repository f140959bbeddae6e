"""Who says which vehicles are considered: the history, a new statement, a file, withdrawing."""

import tempfile
from pathlib import Path
from typing import cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.errors import InputError, LimitError
from parvis.io.packs import read_threat_statement
from parvis.packs.models import ThreatStatement
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.vocabulary import Marking
from parvis_web.approach import maps, rules, services
from parvis_web.approach.forms import AssumptionForm, StatementFileForm
from parvis_web.approach.models import AssumptionKind
from parvis_web.approach.views.common import back_to, get_space, space_context, told_refusals
from parvis_web.runs.sandbox import run_limited
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

SECONDS, MEMORY_MB = 20, 512


@require_GET
@member_view
def history(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show what is in force and everything that was before it."""
    space = get_space(request, pk)
    rows = rules.assumptions_of(request.actor, space).select_related("created_by")
    today = timezone.localdate()
    told = [(row, maps.vehicle_names(row.vehicles), row.is_expired(today)) for row in rows]
    context = space_context(request, space) | {"told": told}
    return render(request, "approach/vehicles.html", context)


@require_http_methods(["GET", "POST"])
@member_view
@told_refusals
def state(request: ActorRequest, pk: UUID) -> HttpResponse:
    """State which vehicles are considered, by hand."""
    space = get_space(request, pk)
    rules.check_state(request.actor, space)
    kind = request.GET.get("kind", AssumptionKind.PLANNING)
    form = AssumptionForm(request.POST or None, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        services.state_assumption(request.actor, space, **form.cleaned_data)
        add_toast(request, _("This is in force now. Analyse again to see what it requires."))
        return back_to(request, "vehicles", space)
    context = space_context(request, space) | {"form": form, "file_form": StatementFileForm()}
    return render(request, "approach/state.html", context, status=422 if form.errors else 200)


@require_POST
@member_view
@told_refusals
def read_file(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a threat statement from a file; its content is read in a process with limits."""
    space = get_space(request, pk)
    rules.check_state(request.actor, space)
    form = StatementFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = _read(file)
        except (InputError, LimitError) as problem:
            form.add_error("file", sentence_of(problem))
        else:
            services.state_assumption(
                request.actor,
                space,
                kind=AssumptionKind.THREAT_STATEMENT,
                vehicles=read.classes,
                author=read.authority,
                reference=read.reference,
                date=read.date,
                valid_until=read.valid_until,
                reason=read.remark[:2000],
                marking=Marking(read.marking.removeprefix("TLP:")),
            )
            add_toast(request, _("The threat statement is in force now."))
            return back_to(request, "vehicles", space)
    context = space_context(request, space) | {
        "form": AssumptionForm(initial={"kind": AssumptionKind.THREAT_STATEMENT}),
        "file_form": form,
    }
    return render(request, "approach/state.html", context, status=422)


def _read(file: UploadedFile) -> ThreatStatement:
    with tempfile.TemporaryDirectory(prefix="parvis-statement-") as folder:
        path = Path(folder) / "statement.yaml"
        path.write_bytes(file.read())
        read = run_limited(
            read_threat_statement, path, seconds=SECONDS, memory_mb=MEMORY_MB, file=file.name or ""
        )
        return cast("ThreatStatement", read)


@require_POST
@member_view
@told_refusals
def withdraw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End what is in force; the history keeps it."""
    space = get_space(request, pk)
    services.withdraw_assumption(request.actor, space)
    add_toast(request, _("No statement or assumption is in force any more."))
    return back_to(request, "vehicles", space)

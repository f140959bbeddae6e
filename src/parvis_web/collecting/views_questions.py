"""Pages of the question module: its form for the field, and published figures beside ours."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.errors import InputError, LimitError
from parvis.io.media_types import SPREADSHEET
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.cities.uploads import upload_view
from parvis_web.collecting import queries, reading, rules
from parvis_web.collecting.exports import comparison_csv
from parvis_web.collecting.files import MOST_BYTES, TABLE_ENDINGS, check_upload
from parvis_web.collecting.forms import WEIGHT_ENDINGS, ModuleForm, PublishedForm
from parvis_web.collecting.shown import shown_comparison
from parvis_web.config.data import library_home
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.uploads import on_disk, told_by_own_name
from parvis_web.ui.errors import sentence_of

MOST_ROWS = 5000


@require_safe
@member_view
def questions(request: ActorRequest) -> HttpResponse:
    """Show what the module asks and offer its form for the field."""
    from parvis.packs.questions import question_module

    form = ModuleForm(request.GET if "form" in request.GET else None, actor=request.actor)
    if "form" in request.GET and form.is_valid():
        return _workbook(form.cleaned_data)
    context = {
        "form": form,
        "n_questions": len(question_module().questions),
        "may_add": rules.can_bring_in(request.actor),
    }
    return render(request, "collecting/questions.html", context)


def _workbook(said: dict[str, Any]) -> HttpResponse:
    from parvis.io.survey_form import survey_form
    from parvis.packs.questions import question_module

    layer = said["areas"]
    areas = list(zip(layer.codes, layer.names, strict=True)) if layer is not None else []
    content = survey_form(
        question_module(),
        title=said["title"],
        areas=areas,
        help_line=said["help_line"],
        without=said["without"],
    )
    return HttpResponse(
        content,
        content_type=SPREADSHEET,
        headers={
            "Content-Disposition": 'attachment; filename="question-module.xlsx"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _weights(stack: ExitStack, file: UploadedFile | None) -> Path | None:
    if not file:
        return None
    check_upload(file, WEIGHT_ENDINGS, _("table of weights"))
    return stack.enter_context(on_disk(file))


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: MOST_BYTES)
def reconcile(request: ActorRequest) -> HttpResponse:
    """Lay figures that were published beside what was delivered; nothing is written."""
    actor = request.actor
    rules.check_bring_in(actor)
    form = PublishedForm(request.POST or None, request.FILES or None, actor=actor)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            name, _ending = check_upload(said["file"], TABLE_ENDINGS, _("table of values"))
            with ExitStack() as stack:
                weights = _weights(stack, said["weights"])
                path = stack.enter_context(on_disk(said["file"]))
                stack.enter_context(told_by_own_name(said["file"]))
                found = run_limited(
                    reading.compare_published,
                    path,
                    weights=weights,
                    mapping=said["mapping"].content if said["mapping"] else None,
                    stores=list(queries.stores_of(actor)),
                    home=library_home(actor.authority.pk),
                    seconds=120,
                    file=name,
                )
        except (InputError, LimitError) as error:
            form.add_error("file", sentence_of(error))
        else:
            shown = shown_comparison(actor, found)
            if "csv" in request.POST:
                return comparison_csv(shown["rows"])
            context |= shown | {
                "differing": [row for row in shown["rows"] if row["cause"] != "same"][:MOST_ROWS],
                "same": [row for row in shown["rows"] if row["cause"] == "same"][:MOST_ROWS],
            }
    status = 422 if form.errors else 200
    return render(request, "collecting/reconcile.html", context, status=status)

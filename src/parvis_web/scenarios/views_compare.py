"""The present and up to four scenarios side by side, as a page and as a table file."""

import csv
import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from openpyxl import Workbook

from parvis.report.cells import neutralised
from parvis_web.accounts.access import member_view
from parvis_web.accounts.vocabulary import Marking
from parvis_web.audit.reads import record_read
from parvis_web.scenarios.comparing import MOST, Compared, compared, table_of
from parvis_web.scenarios.models import Scenario
from parvis_web.scenarios.queries import get_space, scenarios_of
from parvis_web.scenarios.rules import Action, can_action
from parvis_web.spaces.models import Space

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _chosen(request: HttpRequest, space: Space) -> tuple[list[Scenario], list[Scenario]]:
    """Return all scenarios of a space, and those that are compared."""
    actor = request.actor  # type: ignore[attr-defined]
    every = list(scenarios_of(actor, space))
    wanted = request.GET.getlist("s")
    chosen = [item for item in every if str(item.pk) in wanted][:MOST]
    if not wanted:
        chosen = [item for item in every if item.n_versions][:MOST]  # type: ignore[attr-defined]
    for item in chosen:
        if Marking(item.marking).is_restricted:
            record_read(actor, item)
    return every, chosen


@require_GET
@member_view
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show scenarios side by side."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    every, chosen = _chosen(request, space)
    columns = compared(chosen)
    context = {
        "space": space,
        "current_tab": "scenarios",
        "every": [{"scenario": item, "is_chosen": item in chosen} for item in every],
        "columns": [
            {"compared": item, "may_propose": can_action(actor, Action.PROPOSE, item.scenario)}
            for item in columns
        ],
        "sections": table_of(columns),
        "most": MOST,
        "query": "&".join(f"s={item.pk}" for item in chosen),
        "highest": _highest([space.marking, *(item.marking for item in chosen)]),
    }
    return render(request, "scenarios/compare.html", context)


@require_GET
@member_view
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the comparison as CSV or XLSX; no text in it can be taken for a formula."""
    space = get_space(request, pk)
    _every, chosen = _chosen(request, space)
    columns = compared(chosen)
    rows = _rows(space, columns)
    name = f"{slugify(space.name) or 'space'}-scenarios"
    if request.GET.get("format") == "xlsx":
        book = Workbook(write_only=True)
        page = book.create_sheet("scenarios")
        for row in rows:
            page.append([neutralised(cell) for cell in row])
        buffer = io.BytesIO()
        book.save(buffer)
        response = HttpResponse(buffer.getvalue(), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return response
    text = io.StringIO()
    csv.writer(text).writerows([[neutralised(cell) for cell in row] for row in rows])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _rows(space: Space, columns: list[Compared]) -> list[list[str]]:
    marking = _highest([space.marking, *(item.scenario.marking for item in columns)])
    found = [
        [str(Marking(marking).label), space.name],
        ["", _("Present"), *(item.scenario.name for item in columns)],
        [_("Version"), "", *(str(item.version.number) if item.version else "" for item in columns)],
        [_("State"), "", *(item.scenario.get_state_display() for item in columns)],
    ]
    for section in table_of(columns):
        found.append([section["title"]])
        found += [
            [row["label"], *(cell["text"] for cell in row["cells"])] for row in section["rows"]
        ]
    return found


def _highest(markings: list[str]) -> str:
    return max(markings, key=lambda marking: Marking(marking).order)

"""How measures leave the application: a table whose cells no program runs, or their days."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from parvis.io.media_types import SPREADSHEET
from parvis.io.sheet_cells import put_text, shielded
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Marking
from parvis_web.measures.models import OPEN_STATES, Measure

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": SPREADSHEET,
    "ics": "text/calendar; charset=utf-8",
}


def export_measures(actor: Actor, measures: Sequence[Measure], *, ending: str) -> HttpResponse:
    """
    Return measures as a file to download, marked as high as the highest of them.

    A calendar holds the days of those that are open.
    """
    markings = [Marking(each.marking) for each in measures]
    marking = max(markings, key=lambda each: each.order, default=Marking.CLEAR)
    if ending == "ics":
        measures = [each for each in measures if each.due and each.state in OPEN_STATES]
        content = _ics(actor, measures, marking)
    else:
        rows = [_headings(), *(_row(each) for each in measures)]
        content = _csv(rows) if ending == "csv" else _xlsx(rows)
    stamp = f"TLP-{marking.replace('+', '-')}"
    name = f"{actor.authority.slug}-measures-{timezone.localdate().isoformat()}-{stamp}.{ending}"
    return HttpResponse(
        content,
        content_type=FORMATS[ending],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _headings() -> list[str]:
    return [
        _("Name"),
        _("Description"),
        _("Space"),
        _("State"),
        _("Owner"),
        _("Due"),
        _("Cost, at least"),
        _("Cost, at most"),
        _("Currency"),
        _("Cost per"),
        _("Marking"),
    ]


def _row(measure: Measure) -> list[str]:
    cells = (
        measure.name,
        measure.description,
        measure.space.name if measure.space else "",
        str(measure.get_state_display()),
        measure.who,
        measure.due.isoformat() if measure.due else "",
        "" if measure.cost_low is None else str(measure.cost_low),
        "" if measure.cost_high is None else str(measure.cost_high),
        measure.currency,
        measure.cost_unit,
        f"TLP:{measure.marking}",
    )
    return [shielded(cell) for cell in cells]


def _ics(actor: Actor, measures: Sequence[Measure], marking: Marking) -> bytes:
    from parvis.report.icalendar import DayEvent, day_calendar

    name = _("Measures of %(authority)s (TLP:%(marking)s)") % {
        "authority": actor.authority.name,
        "marking": marking,
    }
    events = [
        DayEvent(
            identity=f"measure {each.pk}",
            day=each.due,
            summary=each.name,
            description="\n".join(
                filter(None, [str(each.get_state_display()), each.who, f"TLP:{each.marking}"])
            ),
            location=each.space.name if each.space else "",
        )
        for each in measures
        if each.due
    ]
    return day_calendar(name, events, made=timezone.now())


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    page: Any = book.active
    page.title = "measures"
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row, start=1):
            if cell:
                put_text(page.cell(number, place), cell)
    for place in range(1, len(rows[0]) + 1):
        page.cell(1, place).font = Font(bold=True)
    page.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()

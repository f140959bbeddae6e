"""The temporary layouts of a space: brought from an event's files, read, and printed."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from parvis.errors import InputError, LimitError
from parvis.io.media_types import SPREADSHEET
from parvis_web.accounts.access import member_view
from parvis_web.accounts.rights import check_write
from parvis_web.approach.kept import report_language
from parvis_web.config.data import library_home
from parvis_web.spaces.evidence import check_size
from parvis_web.spaces.forms_layout import LayoutForm
from parvis_web.spaces.layouts import get_layout, layouts_of, removed_layouts_of
from parvis_web.spaces.models import Space
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.services_layouts import add_layout
from parvis_web.spaces.views import get_space, space_context
from parvis_web.spaces.views_area import sentence_of
from parvis_web.spaces.views_layout_changes import barrier_shown
from parvis_web.ui.toasts import add_toast

if TYPE_CHECKING:
    from parvis.events.layout import Layout

FILES = ("geometry", "schedule", "control_points", "barriers")
SHEETS = {
    "set-up-plan": (gettext_lazy("Set-up plan"), "pdf", "application/pdf"),
    "order-list": (gettext_lazy("Order list"), "xlsx", SPREADSHEET),
    "gate-duties": (gettext_lazy("Gate duties"), "pdf", "application/pdf"),
    "acceptance": (gettext_lazy("Acceptance sheet"), "xlsx", SPREADSHEET),
    "phases": (gettext_lazy("Calendar"), "ics", "text/calendar"),
}
"""What can be printed of a layout: label, ending and media type."""


@require_http_methods(["GET", "HEAD", "POST"])
@member_view
def layouts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the layouts of a space and take a new one."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    form = LayoutForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        check_write(actor, space)
        form = LayoutForm(request.POST, request.FILES)
        if form.is_valid():
            said = form.cleaned_data
            try:
                with _under_own_names({name: said[name] for name in FILES}) as files:
                    taken = add_layout(
                        actor, space, name=said["name"], files=files, crs=said["crs"]
                    )
            except (RefusedError, InputError, LimitError) as error:
                for line in sentence_of(error).splitlines():
                    form.add_error(None, line.strip())
            else:
                add_toast(request, _("The layout was taken."))
                if idle := taken["not_used"]:
                    listed = ", ".join(f"{count} × {layer}" for layer, count in idle.items())
                    text = _("Not used of the drawing: %(listed)s.") % {"listed": listed}
                    add_toast(request, text, kind="warn")
                return redirect("spaces:layouts", actor.authority.slug, space.pk)
    shown = [_shown(layout) for layout in layouts_of(space)]
    context = space_context(
        request,
        space,
        "layouts",
        form=form,
        layouts=shown,
        removed=removed_layouts_of(space),
        sheets=SHEETS,
    )
    return render(request, "spaces/layouts.html", context, status=422 if form.errors else 200)


@contextmanager
def _under_own_names(given: Mapping[str, UploadedFile | None]) -> Iterator[dict[str, Path]]:
    """Keep uploads for a moment under names that people know again in sentences."""
    with tempfile.TemporaryDirectory(prefix="parvis-layout-") as folder:
        files: dict[str, Path] = {}
        for name, file in given.items():
            if not file:
                continue
            check_size(file)
            own = Path(str(file.name))
            files[name] = Path(folder) / name / f"{slugify(own.stem) or name}{own.suffix.lower()}"
            files[name].parent.mkdir()
            with files[name].open("wb") as stream:
                for chunk in file.chunks():
                    stream.write(chunk)
        yield files


def _shown(layout: "Layout") -> dict[str, Any]:
    from parvis.io.layout_placing import placed
    from parvis.report.layout_words import finding_texts, phase_times, users_text
    from parvis.report.wording import Wording

    language = report_language()
    wording = Wording(language)
    return {
        "layout": layout,
        "unplaced": [barrier_shown(each) for each in layout.unplaced],
        "placed": [record["barrier"] for record in placed(layout)],
        "findings": finding_texts(layout, language),
        "phases": [
            {
                "key": phase.key,
                "kind": wording(f"layout.phase_kind.{phase.kind}"),
                "times": phase_times(phase, wording),
                "people": phase.people,
                "n_items": len(layout.standing(phase.key)),
                "gates": [
                    f"{gate.id}: {users_text(gate, phase.key, wording)}"
                    for gate in layout.gates
                    if gate.opening(phase.key)
                ],
            }
            for phase in layout.phases
        ],
    }


@require_safe
@member_view
def layout_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send one of the sheets of a layout, or the empty schedule to fill in."""
    space = get_space(request, pk)
    wanted, name = request.GET.get("sheet", ""), request.GET.get("layout", "")
    if wanted == "schedule":
        from parvis.io.layout_template import schedule_template

        return _attachment(schedule_template(), "schedule.xlsx", SPREADSHEET)
    if wanted not in SHEETS:
        raise Http404
    layout = get_layout(space, name)
    _label, ending, media_type = SHEETS[wanted]
    content = _written(space, layout)[wanted]()
    return _attachment(content, f"{layout.name}-{wanted}.{ending}", media_type)


def _written(space: Space, layout: "Layout") -> dict[str, Callable[[], bytes]]:
    from parvis.io.layout_checks import open_layout
    from parvis.report.icalendar import layout_calendar
    from parvis.report.layout_sheets import acceptance_sheet, duty_sheet, order_list
    from parvis.report.setup_plan import setup_plan

    language, home = report_language(), library_home(space.authority_id)
    city, found, area = open_layout(space.city.store, layout.name, home=home)
    return {
        "set-up-plan": lambda: setup_plan(city, found, area, language),
        "order-list": lambda: order_list(found, language),
        "gate-duties": lambda: duty_sheet(found, language),
        "acceptance": lambda: acceptance_sheet(city, found, language),
        "phases": lambda: layout_calendar(found, language),
    }


def _attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )

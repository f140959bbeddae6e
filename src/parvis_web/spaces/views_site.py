"""Pages for the work on site: facts to verify, findings, survey sheets, what was withdrawn."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from parvis.errors import InputError, LimitError
from parvis.io.kept_results import KeptResultError
from parvis.io.store import load_city
from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import can_write, check_write, readable
from parvis_web.config.data import library_home
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces import map_view
from parvis_web.spaces import services_corrections as corrections
from parvis_web.spaces.evidence import check_size, evidence_response, read_picture
from parvis_web.spaces.facts import facts_of, rows_of
from parvis_web.spaces.forms_site import FindingForm, SheetForm
from parvis_web.spaces.models import Evidence, LocalCorrection, Space
from parvis_web.spaces.overview import latest_analysis
from parvis_web.spaces.rules import RefusedError
from parvis_web.spaces.uploads import on_disk, shown_name, told_by_own_name
from parvis_web.spaces.views import get_space, space_context
from parvis_web.spaces.views_area import sentence_of
from parvis_web.ui.toasts import add_toast

if TYPE_CHECKING:
    from parvis.io.corrections import CorrectionPreview

PREVIEW_AGE = 3600
_SALT = "spaces.survey-sheet"


@require_GET
@member_view
def site(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the facts to verify as cards, the corrections made, and the survey sheet."""
    return _site_page(request, get_space(request, pk))


def _site_page(
    request: HttpRequest,
    space: Space,
    *,
    answered: FindingForm | None = None,
    sheet: SheetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    analysis = latest_analysis(actor, space)
    facts = facts_of(analysis) if analysis else []
    entered = list(
        readable(actor, space.corrections.filter(withdrawn__isnull=True)).select_related(
            "photo", "created_by"
        )
    )
    done = {(item.correction_kind, item.facts.get("osm")) for item in entered}
    key = answered.data.get("key", "") if answered is not None else ""
    cards = [
        {
            "fact": fact,
            "is_done": bool(fact.osm) and (str(fact.kind), fact.osm) in done,
            "form": answered if fact.key == key else _finding_form(request, fact),
            "is_open": fact.key == key,
        }
        for fact in facts
    ]
    is_free = answered is not None and not any(card["is_open"] for card in cards)
    context = space_context(
        request,
        space,
        "site",
        analysis=analysis,
        cards=cards,
        corrections=entered,
        withdrawn=readable(actor, space.corrections.filter(withdrawn__isnull=False)),
        point_form=answered if is_free else _point_form(request),
        is_point_open=is_free,
        sheet_form=sheet or SheetForm(),
        map=map_view.site_map(request, space, facts, entered, may_enter=can_write(actor, space)),
    )
    return render(request, "spaces/site.html", context, status=status)


def _finding_form(request: HttpRequest, fact: Any) -> FindingForm:
    initial = {
        "kind": str(fact.kind),
        "osm": fact.osm,
        "lon": fact.lon,
        "lat": fact.lat,
        "person": str(request.user),
    }
    return FindingForm(initial=initial, auto_id=f"{fact.number}_%s")


def _point_form(request: HttpRequest) -> FindingForm:
    return FindingForm(initial={"person": str(request.user)}, is_placed=False, auto_id="point_%s")


@require_POST
@member_view
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter one finding."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    number = request.POST.get("number", "")
    is_fact = bool(request.POST.get("key"))
    form = FindingForm(
        request.POST,
        request.FILES,
        is_placed=is_fact,
        auto_id=f"{number}_%s" if is_fact and number.isalnum() else "point_%s",
    )
    if form.is_valid():
        try:
            looked = corrections.preview(space, [form.cells()], person=str(actor.user))
            _add_problems(form, looked)
            if form.is_valid():
                file = form.cleaned_data.get("photo")
                corrections.enter_corrections(
                    actor,
                    space,
                    rows=looked.rows,
                    photo=read_picture(file) if file else None,
                    photo_name=shown_name(file) if file else "",
                )
        except (RefusedError, InputError, LimitError) as error:
            form.add_error(None, sentence_of(error))
        if form.is_valid():
            add_toast(request, _("Entered. Results made before it are marked as outdated."))
            return redirect("spaces:site", actor.authority.slug, space.pk)
    return _site_page(request, space, answered=form, status=422)


def _add_problems(form: FindingForm, looked: "CorrectionPreview") -> None:
    """Show what the library found wrong beside the fields it is about."""
    for problem in looked.problems:
        is_shown = problem.column in form.fields and not form[problem.column].is_hidden
        sentence = _("“%(value)s” cannot be used; give %(accepted)s.") % {
            "value": problem.value,
            "accepted": problem.accepted,
        }
        form.add_error(problem.column if is_shown else None, sentence)


@require_GET
@member_view
def sheet(request: HttpRequest, pk: UUID, ending: str) -> HttpResponse:
    """Send the survey sheet of the latest analysis: workbook or plan to print."""
    from parvis.io.survey_sheet import survey_workbook
    from parvis.report.survey_sheet import survey_plan, survey_words
    from parvis_web.approach.kept import report_language, result_of

    space = get_space(request, pk)
    analysis = latest_analysis(request.actor, space)  # type: ignore[attr-defined]
    if analysis is None or ending not in {"xlsx", "pdf"}:
        raise Http404
    language = report_language()
    try:
        result = result_of(analysis)
    except KeptResultError as lost:
        raise Http404 from lost
    if ending == "xlsx":
        words = survey_words(language)
        title = f"{words['sheet']['title']}: {space.name}"
        content = survey_workbook(
            rows_of(result, language), words["columns"], title, words["sheet"]["guide"]
        )
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        city = load_city(space.city.store, home=library_home(space.authority_id))
        content, media_type = survey_plan(result, city, language), "application/pdf"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="survey-sheet.{ending}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_POST
@member_view
def upload_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what a filled survey sheet would change, row by row; nothing is stored yet."""
    from parvis.io.corrections import preview_corrections

    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_write(actor, space)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _site_page(request, space, sheet=form, status=422)
    file = form.cleaned_data["file"]
    try:
        check_size(file)
        with on_disk(file) as path, told_by_own_name(file):
            looked: CorrectionPreview = run_limited(
                preview_corrections,
                space.city.store,
                path,
                person=str(actor.user),
                home=library_home(space.authority_id),
                file=shown_name(file),
            )
    except (RefusedError, InputError, LimitError) as error:
        form.add_error("file", sentence_of(error))
        return _site_page(request, space, sheet=form, status=422)
    fresh = [row for row in looked.rows if not row["is_known"]]
    context = space_context(
        request,
        space,
        "site",
        looked=looked,
        fresh=fresh,
        n_known=len(looked.rows) - len(fresh),
        file_name=shown_name(file),
        token=_signed(space, actor.user.pk, fresh),
    )
    return render(request, "spaces/sheet_preview.html", context)


def _signed(space: Space, user_pk: UUID, rows: Iterable[dict[str, Any]]) -> str:
    said = {"space": str(space.pk), "user": str(user_pk), "rows": list(rows)}
    return signing.dumps(said, salt=_SALT, compress=True)


@require_POST
@member_view
def confirm_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the rows of a survey sheet that were looked at before."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    try:
        said = signing.loads(request.POST.get("rows", ""), salt=_SALT, max_age=PREVIEW_AGE)
        if said["space"] != str(space.pk) or said["user"] != str(actor.user.pk):
            raise signing.BadSignature
        entered = corrections.enter_corrections(actor, space, rows=said["rows"])
    except signing.BadSignature:
        add_toast(request, _("The preview is too old; upload the sheet again."), kind="bad")
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="warn")
    else:
        said = ngettext(
            "%(n)s correction was entered.", "%(n)s corrections were entered.", len(entered)
        )
        add_toast(request, said % {"n": len(entered)})
    return redirect("spaces:site", actor.authority.slug, space.pk)


@require_POST
@member_view
def withdraw(request: HttpRequest, pk: UUID, correction: UUID) -> HttpResponse:
    """Take a correction back."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    rows = LocalCorrection.objects.select_related("space", "city", "authority")
    item = get_readable(actor, rows.filter(space=space), correction)
    try:
        corrections.withdraw_correction(actor, item)
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="warn")
    else:
        add_toast(request, _("The correction was withdrawn."))
    return redirect("spaces:site", actor.authority.slug, space.pk)


@require_GET
@member_view
def evidence(request: HttpRequest, pk: UUID, item: UUID) -> Any:
    """Send a file of a space; plain pictures may stand in a page."""
    space = get_space(request, pk)
    rows = Evidence.objects.select_related("space", "authority").filter(space=space)
    found = get_readable(request.actor, rows.filter(removed__isnull=True), item)  # type: ignore[attr-defined]
    return evidence_response(found, is_inline=request.GET.get("show") == "1")

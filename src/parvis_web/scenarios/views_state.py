"""What moves a scenario on: named, proposed, signed, withdrawn, deleted, and its paper sheet."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import get_readable, member_view
from parvis_web.scenarios import services
from parvis_web.scenarios.editor import barrier_row, check_row, headline, point_row
from parvis_web.scenarios.forms import NameForm, PaperForm, SignForm
from parvis_web.scenarios.models import Scenario, ScenarioVersion, Signature
from parvis_web.scenarios.present import latest_analysis
from parvis_web.scenarios.queries import get_scenario
from parvis_web.scenarios.rules import Action, RefusedError, check_action, check_signer
from parvis_web.scenarios.services import newest_version
from parvis_web.scenarios.sheet import sheet_pdf
from parvis_web.scenarios.views import editor_url
from parvis_web.spaces.evidence import add_photo, check_size, evidence_response, keep_evidence
from parvis_web.spaces.models import Evidence
from parvis_web.spaces.rules import RefusedError as SpaceRefusedError
from parvis_web.spaces.uploads import on_disk, shown_name
from parvis_web.ui.toasts import add_toast

Change = Callable[[Any, Scenario], Any]


def _moved(
    request: HttpRequest,
    pk: UUID,
    sid: UUID,
    change: Change,
    *,
    text: str = "",
    next_url: str = "",
    undo_name: str = "",
    is_removed_too: bool = False,
) -> HttpResponse:
    """Make a change of state and go back to the editor; a refusal is told there."""
    scenario = get_scenario(request, pk, sid, is_removed_too=is_removed_too)
    actor = request.actor  # type: ignore[attr-defined]
    try:
        found = change(actor, scenario)
    except (RefusedError, SpaceRefusedError) as refused:
        add_toast(request, refused.sentence, kind="bad")
    else:
        scenario = found if isinstance(found, Scenario) else scenario
        if text:
            names = [actor.authority.slug, pk, sid]
            undo_url = reverse(undo_name, args=names) if undo_name else ""
            add_toast(request, text, kind="good", undo_url=undo_url)
        if next_url:
            return redirect(next_url)
    return redirect(editor_url(scenario, actor.authority.slug))


@require_POST
@member_view
def rename(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Give a scenario another name."""
    name = _name(request)
    return _moved(
        request, pk, sid, lambda actor, item: services.rename_scenario(actor, item, name=name)
    )


@require_POST
@member_view
def duplicate(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Go on in a copy."""

    def change(actor: Any, scenario: Scenario) -> Scenario:
        name = _name(request) or _("Copy of %(name)s") % {"name": scenario.name[:100]}
        return services.duplicate_scenario(actor, scenario, name=name)

    return _moved(request, pk, sid, change)


@require_POST
@member_view
def background(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Let a worker compute the results and save them as a version."""
    scenario = get_scenario(request, pk, sid)
    actor = request.actor  # type: ignore[attr-defined]
    run = services.answer_in_background(
        actor, scenario, analysis=latest_analysis(actor, scenario.space)
    )
    return redirect("runs:detail", actor.authority.slug, run.pk)


@require_POST
@member_view
def propose(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Put the newest version forward."""
    text = _("This scenario is proposed now. A named adviser can sign it.")
    return _moved(request, pk, sid, services.propose_scenario, text=text)


@require_POST
@member_view
def withdraw(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Take a proposed or signed scenario back."""
    return _moved(
        request, pk, sid, services.withdraw_scenario, text=_("This scenario is withdrawn.")
    )


@require_POST
@member_view
def delete(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Take a scenario off the list."""
    slug = request.actor.authority.slug  # type: ignore[attr-defined]
    return _moved(
        request,
        pk,
        sid,
        services.delete_scenario,
        text=_("The scenario is deleted."),
        next_url=reverse("scenarios:list", args=[slug, pk]),
        undo_name="scenarios:restore",
    )


@require_POST
@member_view
def restore(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Bring a deleted scenario back."""
    return _moved(
        request,
        pk,
        sid,
        services.restore_scenario,
        text=_("The scenario is back."),
        is_removed_too=True,
    )


@require_POST
@member_view
def sign(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Sign the proposed version as its named adviser."""
    form = SignForm(request.POST)

    def change(actor: Any, scenario: Scenario) -> Signature:
        check_action(actor, Action.SIGN, scenario)
        if not form.is_valid():
            raise RefusedError(_("Give your function, and confirm that you sign this version."))
        data = form.cleaned_data
        return services.sign_scenario(
            actor,
            scenario,
            digest=data["digest"],
            function=data["function"],
            user=request.user,  # type: ignore[arg-type]
        )

    return _moved(request, pk, sid, change, text=_("You signed this version."))


@require_POST
@member_view
def paper(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Record a sheet that was signed on paper."""
    form = PaperForm(request.POST, request.FILES)

    def change(actor: Any, scenario: Scenario) -> Signature:
        check_action(actor, Action.SIGN_PAPER, scenario)
        if not form.is_valid():
            told = [str(error) for errors in form.errors.values() for error in errors]
            raise RefusedError(" ".join(dict.fromkeys(told)))
        data = form.cleaned_data
        version = newest_version(scenario)
        if version is None or not version.digest.startswith(_compact(data["digest"])):
            raise RefusedError(
                _("The digest is not that of the proposed version. Print the sheet again.")
            )
        check_signer(scenario, version, data["name"])
        return services.sign_on_paper(
            actor,
            scenario,
            digest=_compact(data["digest"]),
            name=data["name"],
            function=data["function"],
            signed_on=data["signed_on"],
            scan=_kept_scan(actor, scenario, data["scan"]),
        )

    return _moved(request, pk, sid, change, text=_("The signed sheet is recorded."))


def _kept_scan(actor: Any, scenario: Scenario, file: UploadedFile) -> Evidence:
    """Keep a scan: a picture bare of hidden records, or a PDF as it is."""
    check_size(file)
    is_pdf = file.read(5) == b"%PDF-"
    file.seek(0)
    if not is_pdf:
        return add_photo(actor, scenario.space, file=file, purpose="signed-sheet")
    with on_disk(file) as path:
        return keep_evidence(
            actor,
            scenario.space,
            content=path,
            media_type="application/pdf",
            original_name=shown_name(file),
            purpose="signed-sheet",
        )


@require_GET
@member_view
def scan(request: HttpRequest, pk: UUID, sid: UUID, signature: UUID) -> Any:
    """Send the scan of a signed sheet."""
    scenario = get_scenario(request, pk, sid)
    signed = get_object_or_404(Signature, pk=signature, scenario=scenario, scan__isnull=False)
    item = get_readable(
        request.actor,  # type: ignore[attr-defined]
        Evidence.objects.select_related("authority"),
        signed.scan_id or signed.pk,
    )
    return evidence_response(item)


@require_GET
@member_view
def sheet(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Send the sheet of the newest version, to be signed on paper."""
    scenario = get_scenario(request, pk, sid)
    version = newest_version(scenario)
    if version is None:
        raise Http404
    language = get_language() or "en"
    response = HttpResponse(
        sheet_pdf(scenario, version, language=language, today=timezone.localdate()),
        content_type="application/pdf",
    )
    name = f"{slugify(scenario.name) or 'scenario'}-v{version.number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@member_view
def version(request: HttpRequest, pk: UUID, sid: UUID, number: int) -> HttpResponse:
    """Show a saved version as it was saved."""
    scenario = get_scenario(request, pk, sid)
    kept = get_object_or_404(
        ScenarioVersion.objects.select_related("created_by"), scenario=scenario, number=number
    )
    answer = kept.answer
    context = {
        "scenario": scenario,
        "space": scenario.space,
        "version": kept,
        "is_whole": services.version_digest(kept) == kept.digest,
        "headline": headline(answer),
        "points": [point_row(point) for point in answer["points"]] if answer else [],
        "rows": [barrier_row(row, None) for row in answer["rows"]] if answer else [],
        "checks": [check_row(check) for check in answer["checks"]] if answer else [],
    }
    return render(request, "scenarios/version.html", context)


def _name(request: HttpRequest) -> str:
    form = NameForm(request.POST)
    return form.cleaned_data["name"] if form.is_valid() else ""


def _compact(text: str) -> str:
    return "".join(text.split()).lower()

"""Pages of the protected store: records for those in charge, content for the people named."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import ActorRequest, get_readable, member_view
from parvis_web.accounts.models import Grant
from parvis_web.accounts.rules import can_share
from parvis_web.accounts.services.grants import end_grant
from parvis_web.cities.uploads import upload_view
from parvis_web.collecting import queries, rules, services_protected
from parvis_web.collecting.files import MOST_BYTES, check_upload, keep_upload
from parvis_web.collecting.forms_protected import (
    ENDINGS,
    PEOPLE_ENDINGS,
    CountForm,
    PersonForm,
    ProtectForm,
)
from parvis_web.collecting.forms_survey import MapSourceForm, SurveyMapForm
from parvis_web.collecting.models import ContentKind, ProtectedDataset, TableKind
from parvis_web.collecting.offences import Suggestions, offence_lists, suggestions
from parvis_web.collecting.services import save_mapping
from parvis_web.collecting.shown import counted_indicators
from parvis_web.privacy.services import FIELDS
from parvis_web.runs.models import AnalysisRun
from parvis_web.ui.errors import sentence_for, sentence_of
from parvis_web.ui.toasts import add_toast


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """List the records of protected data that the person may know of."""
    actor = request.actor
    context = {
        "rows": [
            {"item": item, "is_listed": rules.is_listed(actor, item)}
            for item in queries.protected_of(actor)
        ],
        "may_add": actor.is_editor,
        "is_closed": not actor.has_second_factor,
    }
    return render(request, "collecting/protected_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: MOST_BYTES)
def new(request: ActorRequest) -> HttpResponse:
    """Lock a file away."""
    actor = request.actor
    rules.check_protect(actor)
    form = ProtectForm(request.POST or None, request.FILES or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        kind = ContentKind(said["content_kind"])
        try:
            name, ending = check_upload(said["file"], ENDINGS[kind], _("file with such data"))
            item = services_protected.add_protected(
                actor,
                upload=said["file"],
                file_name=name,
                ending=ending,
                content_kind=kind,
                values={field: said.get(field, "") for field in FIELDS} | {"recipients": ""},
                members=said["members"],
                crs=said["crs"],
            )
        except (InputError, LimitError) as error:
            form.add_error("file", sentence_of(error))
        except ValidationError as problem:
            form.add_error(None, problem.messages)
        else:
            return redirect("collecting:protected", actor.authority.slug, item.pk)
    status = 422 if form.errors else 200
    return render(request, "collecting/protected_new.html", {"form": form}, status=status)


@require_safe
@member_view
def detail(request: ActorRequest, item: UUID) -> HttpResponse:
    """Show the record of protected data; to people on the list also what they hold."""
    return page_of(request, get_item(request, item))


@require_http_methods(["POST"])
@upload_view(lambda: MOST_BYTES)
def sum_up(request: ActorRequest, item: UUID) -> HttpResponse:
    """Begin to sum protected data up."""
    found = get_item(request, item)
    rules.check_open(request.actor, found)
    form = form_of(request, found, request.POST, request.FILES)
    if form is None or not form.is_valid():
        return page_of(request, found, form)
    received = {"received": timezone.localdate().isoformat()}
    try:
        if isinstance(form, CountForm):
            parameters = form.said() | received | _people(request, form)
            parameters["stores"] = list(queries.stores_of(request.actor))
        else:
            mapping = form.said()
            parameters = {"mapping": mapping} | received
            if form.cleaned_data["save_as"].strip():
                name = form.cleaned_data["save_as"]
                save_mapping(request.actor, name=name, content=mapping, table=TableKind.SURVEY)
        run = services_protected.sum_up(request.actor, found, parameters=parameters)
    except (InputError, LimitError) as error:
        form.add_error(None, sentence_of(error))
        return page_of(request, found, form)
    return redirect("runs:detail", request.actor.authority.slug, run.pk)


def _people(request: ActorRequest, form: CountForm) -> dict[str, Any]:
    file = form.cleaned_data.get("people")
    if not file:
        return {}
    kept = keep_upload(request.actor.authority.pk, file, PEOPLE_ENDINGS, _("table of residents"))
    return {"people": vars(kept)}


@require_POST
@member_view
def name_person(request: ActorRequest, item: UUID) -> HttpResponse:
    """Put a member on the access list."""
    found = get_item(request, item)
    form = PersonForm(request.POST, actor=request.actor)
    if form.is_valid():
        services_protected.name_on_list(request.actor, found, user=form.cleaned_data["user"])
        add_toast(request, _("%(person)s is on the list.") % {"person": form.cleaned_data["user"]})
    else:
        add_toast(request, _("Choose a member of the authority who is no reader."), kind="bad")
    return redirect("collecting:protected", request.actor.authority.slug, item)


@require_POST
@member_view
def end_person(request: ActorRequest, item: UUID, grant: UUID) -> HttpResponse:
    """Take a person off the access list."""
    found = get_item(request, item)
    row = Grant.on(found).filter(pk=grant).first()
    if row is None:
        raise Http404
    end_grant(request.actor, row)
    add_toast(request, _("%(person)s is off the list.") % {"person": row.user})
    return redirect("collecting:protected", request.actor.authority.slug, item)


def get_item(request: ActorRequest, pk: UUID) -> ProtectedDataset:
    """Return protected data whose record the person may know of."""
    rows = ProtectedDataset.objects.select_related("dataset", "authority", "created_by")
    return get_readable(request.actor, rows, pk)


def form_of(
    request: ActorRequest, item: ProtectedDataset, data: Any = None, files: Any = None
) -> CountForm | SurveyMapForm | None:
    """Return what is asked of those who sum the data up, where the file can be read."""
    if "problem" in item.facts or not item.columns:
        return None
    if item.content_kind != ContentKind.INCIDENTS:
        return SurveyMapForm(data, columns=item.columns, facts=item.facts, settings=item.settings)
    return CountForm(
        data,
        files,
        actor=request.actor,
        columns=item.columns,
        facts=item.facts,
        settings=item.settings,
        indicators=counted_indicators(request.actor),
        suggested=said.by_kind if (said := _suggested(request, item)) else {},
    )


def _suggested(request: ActorRequest, item: ProtectedDataset) -> Suggestions | None:
    key = request.GET.get("codes", "")
    if not key or item.content_kind != ContentKind.INCIDENTS:
        return None
    kinds = item.facts.get("kinds", {})
    return suggestions(request.actor, key, kinds, counted_indicators(request.actor))


def page_of(
    request: ActorRequest,
    item: ProtectedDataset,
    form: CountForm | SurveyMapForm | None = None,
    source_form: MapSourceForm | None = None,
) -> HttpResponse:
    """Show the page of protected data."""
    actor = request.actor
    may_open = rules.can_open(actor, item)
    problem = item.facts.get("problem")
    run = AnalysisRun.objects.filter(
        authority=actor.authority, subject_kind=item.kind(), subject_id=item.pk
    ).order_by("-created").first()  # fmt: skip
    context = {
        "item": item,
        "may_open": may_open,
        "run": run if run is not None and run.state != "done" else None,
        "problem": sentence_for(problem["code"], problem["details"])
        if problem and may_open
        else "",
        "form": form or (form_of(request, item) if may_open else None),
        "people": Grant.on(item).select_related("user").order_by("user__name"),
        "may_name": can_share(actor, item) and item.emptied is None,
        "person_form": PersonForm(actor=actor),
        "deliveries": queries.deliveries_of(actor).filter(protected=item),
        "waiting": queries.waiting_of(actor).filter(protected=item),
        "is_incidents": item.content_kind == ContentKind.INCIDENTS,
        "suggested": _suggested(request, item) if may_open else None,
        "offence_lists": offence_lists(),
        "source_form": source_form or MapSourceForm(actor=actor),
    }
    bad = [each for each in (form, source_form) if each is not None and each.errors]
    status = 422 if bad else 200
    return render(request, "collecting/protected.html", context, status=status)

"""Pages of the record of processing, and templates filled from it."""

import csv
import io
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.report.cells import neutralised
from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.models import User
from parvis_web.accounts.vocabulary import Role
from parvis_web.audit.services import erase_person
from parvis_web.privacy import queries, services
from parvis_web.privacy.forms import DatasetForm, EraseForm
from parvis_web.privacy.models import Dataset
from parvis_web.privacy.rules import (
    check_erase_names,
    check_former,
    check_keep_record,
)
from parvis_web.ui.toasts import add_toast

TEMPLATES = ("record", "impact-assessment", "staff-council")


@member_view
@require_GET
def listed(request: Any) -> HttpResponse:
    """List the sets of data about people and when each is deleted."""
    check_keep_record(request.actor)
    context = {
        "rows": queries.datasets(request.actor),
        "is_owner": request.actor.role == Role.OWNER,
    }
    return render(request, "privacy/list.html", context)


@member_view
def new(request: Any) -> HttpResponse:
    """Enter a set of data."""
    check_keep_record(request.actor)
    form = DatasetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.enter_dataset(request.actor, values=form.cleaned_data)
        add_toast(request, _("The entry is saved."), kind="good")
        return redirect("privacy:list", request.actor.authority.slug)
    return _form_page(request, form)


@member_view
def change(request: Any, pk: UUID) -> HttpResponse:
    """Change what the record says of a set of data."""
    check_keep_record(request.actor)
    dataset = get_readable(request.actor, Dataset.objects.all(), pk)
    form = DatasetForm(request.POST or None, instance=dataset)
    if request.method == "POST" and form.is_valid():
        services.change_dataset(request.actor, dataset, values=form.cleaned_data)
        add_toast(request, _("The entry is saved."), kind="good")
        return redirect("privacy:list", request.actor.authority.slug)
    return _form_page(request, form, dataset)


@member_view
@require_POST
def delete(request: Any, pk: UUID) -> HttpResponse:
    """Delete the data before their day."""
    dataset = get_readable(request.actor, Dataset.objects.all(), pk)
    services.delete_data(request.actor, dataset)
    add_toast(request, _("The data are deleted. The entry stays in the record."))
    return redirect("privacy:list", request.actor.authority.slug)


@member_view
@require_GET
def names(request: Any) -> HttpResponse:
    """List the former members and guests whose names the audit chain still knows."""
    check_erase_names(request.actor)
    return render(request, "privacy/names.html", {"people": queries.former_people(request.actor)})


@member_view
@require_http_methods(["GET", "POST"])
def erase(request: Any, person: UUID) -> HttpResponse:
    """Erase the name of one of them from the chain, once it has been typed."""
    check_erase_names(request.actor)
    found = get_object_or_404(
        queries.former_people(request.actor).select_related("user"), pk=person
    )
    user = cast("User", found.user)
    form = EraseForm(request.POST or None, expected=str(user))
    if request.method == "POST" and form.is_valid():
        check_former(request.actor, user)
        erase_person(request.actor, user)
        add_toast(request, _("The name is erased. The audit chain is whole."))
        return redirect("privacy:names", request.actor.authority.slug)
    context = {
        "form": form,
        "person": found,
        "is_account_kept": queries.is_account_kept(request.actor, user),
        "kept": queries.kept_names(request.actor, user),
    }
    return render(request, "privacy/erase.html", context, status=422 if form.errors else 200)


@member_view
@require_GET
def template(request: Any, name: str) -> HttpResponse:
    """Show a template filled with what the record holds, made to be printed and completed."""
    check_keep_record(request.actor)
    if name not in TEMPLATES:
        raise Http404
    rows = queries.datasets(request.actor).filter(deleted__isnull=True)
    return render(request, f"privacy/{name.replace('-', '_')}.html", {"rows": rows})


@member_view
@require_GET
def export(request: Any) -> HttpResponse:
    """Send the record as CSV."""
    check_keep_record(request.actor)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*services.FIELDS, "deleted"])
    for dataset in queries.datasets(request.actor):
        values = [str(getattr(dataset, name)) for name in services.FIELDS]
        deleted = dataset.deleted.isoformat() if dataset.deleted else ""
        writer.writerow([*map(neutralised, values), deleted])
    response = HttpResponse(stream.getvalue().encode("utf-8-sig"), content_type="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="record-of-processing.csv"'
    return response


def _form_page(request: Any, form: DatasetForm, dataset: Dataset | None = None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "dataset": dataset}
    return render(request, "privacy/dataset.html", context, status=status)

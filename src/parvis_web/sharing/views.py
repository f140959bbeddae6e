"""Pages of figures handed over and received."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import check_owner
from parvis_web.sharing import services
from parvis_web.sharing.figures import FIGURES
from parvis_web.sharing.forms import ReceiveForm, ShareForm
from parvis_web.sharing.models import ReceivedShare, ShareFile
from parvis_web.sharing.signing import public_key
from parvis_web.ui.toasts import add_toast


@member_view
@require_GET
def listed(request: Any) -> HttpResponse:
    """Show what was handed over and what was received."""
    check_owner(request.actor)
    return _page(request)


@member_view
@require_POST
def make(request: Any) -> HttpResponse:
    """Make a share file."""
    check_owner(request.actor)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        services.make_share(request.actor, **form.cleaned_data)
    except ValidationError as problem:
        form.add_error(None, problem)
        return _page(request, form=form)
    add_toast(request, _("The share file is made: download it and hand it over."), kind="good")
    return redirect("sharing:list", request.actor.authority.slug)


@member_view
@require_POST
def receive(request: Any) -> HttpResponse:
    """Take a share file or a withdrawal."""
    check_owner(request.actor)
    form = ReceiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, receive_form=form)
    try:
        document = json.load(form.cleaned_data["file"])
        received = services.receive_share(request.actor, document)
    except (ValueError, RecursionError):
        form.add_error("file", _("This is no share file, or it was changed after it was signed."))
        return _page(request, receive_form=form)
    except ValidationError as problem:
        form.add_error("file", problem)
        return _page(request, receive_form=form)
    said = _("The figures are taken.") if received else _("The figures are deleted as asked.")
    add_toast(request, said, kind="good")
    return redirect("sharing:list", request.actor.authority.slug)


@member_view
@require_GET
def download(request: Any, pk: UUID) -> HttpResponse:
    """Send a share file, or its withdrawal once it is withdrawn."""
    check_owner(request.actor)
    share = get_readable(request.actor, ShareFile.objects.all(), pk)
    content = services.withdrawal(share) if share.withdrawn else share.content
    response = JsonResponse(services.signed_document(share.authority_id, content))
    name = "withdrawal" if share.withdrawn else "share"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{share.pk}.json"'
    return response


@member_view
@require_POST
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Withdraw a share file."""
    share = get_readable(request.actor, ShareFile.objects.all(), pk)
    services.withdraw_share(request.actor, share)
    add_toast(request, _("Withdrawn. Hand the withdrawal to whoever has the file."))
    return redirect("sharing:list", request.actor.authority.slug)


def _label(key: str) -> str:
    return str(FIGURES[key].label) if key in FIGURES else key


def _page(
    request: Any, *, form: ShareForm | None = None, receive_form: ReceiveForm | None = None
) -> HttpResponse:
    authority = request.actor.authority
    received = [
        (row, [(_label(figure["key"]), figure) for figure in row.content["figures"]])
        for row in ReceivedShare.objects.filter(authority=authority).order_by("sender")
    ]
    context = {
        "form": form or ShareForm(),
        "receive_form": receive_form or ReceiveForm(),
        "shares": ShareFile.objects.filter(authority=authority).order_by("-created"),
        "received": received,
        "public_key": public_key(authority.pk),
    }
    return render(
        request, "sharing/list.html", context, status=422 if form or receive_form else 200
    )

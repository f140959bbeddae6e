"""The panels *Share* and *Marking* of any object: what their forms do."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.forms import MarkingForm, ShareForm
from parvis_web.accounts.models import MarkingProposal, Owned
from parvis_web.accounts.objects import get_object
from parvis_web.accounts.panels import marking_context, share_context
from parvis_web.accounts.rights import check_write
from parvis_web.accounts.rules import check_lower_marking, check_share
from parvis_web.accounts.services.grants import name_person
from parvis_web.accounts.services.invitations import invite_guest
from parvis_web.accounts.services.markings import change_marking, confirm_clear, decline_clear
from parvis_web.accounts.views.parts import (
    back,
    posted,
    send_invitation,
    shown_as_message,
    shown_in,
)
from parvis_web.accounts.vocabulary import Marking


@member_view
@require_http_methods(["GET", "POST"])
def share(request: ActorRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Show who is named on an object, and name somebody."""
    item = get_object(request.actor, kind, object_id)
    check_share(request.actor, item)
    form = ShareForm(item, posted(request))
    link = ""
    if request.method == "POST" and form.is_valid():
        with shown_in(form):
            link = _share(request, item, form)
            form = ShareForm(item)
    context = share_context(request.actor, item, form) | {"share_link": link}
    return _panel(request, "share", context, has_errors=bool(form.errors))


def _share(request: ActorRequest, item: Owned, form: ShareForm) -> str:
    values = form.cleaned_data
    about = {name: values[name] for name in ("abilities", "purpose", "ends_on")}
    if values["member"]:
        name_person(request.actor, item, user=values["member"].user, **about)
        messages.success(request, _("The person is named."))
        return ""
    invitation, secret = invite_guest(request.actor, item, email=values["email"], **about)
    return send_invitation(request, invitation, secret)


@member_view
@require_http_methods(["GET", "POST"])
def mark(request: ActorRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Show and change the marking of an object."""
    item = get_object(request.actor, kind, object_id)
    check_write(request.actor, item)
    form = MarkingForm(item, posted(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with shown_in(form):
            proposal = change_marking(
                request.actor,
                item,
                marking=Marking(values["marking"]),
                reason=values["reason"],
                legal_basis=values["legal_basis"],
                review_on=values["review_on"],
            )
            told = _("The marking was changed.")
            if proposal is not None:
                told = _("TLP:CLEAR is proposed: it holds once a second person confirms it.")
            messages.success(request, told)
            return back(request, reverse("home"))
    context = marking_context(request.actor, item, form)
    return _panel(request, "marking", context, has_errors=bool(form.errors))


@member_view
@require_POST
def decide(request: ActorRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm or decline TLP:CLEAR for an object."""
    proposal = get_object_or_404(MarkingProposal, pk=proposal_id, authority=request.actor.authority)
    item = get_object(request.actor, proposal.object_kind, proposal.object_id)
    check_lower_marking(request.actor, item)
    if request.POST.get("decision") == "confirm":
        with shown_as_message(request, _("The object is marked TLP:CLEAR.")):
            confirm_clear(request.actor, proposal)
    else:
        with shown_as_message(request, _("The marking stays as it is.")):
            decline_clear(request.actor, proposal)
    return back(request, reverse("home"))


def _panel(
    request: ActorRequest, name: str, context: dict[str, object], *, has_errors: bool
) -> HttpResponse:
    is_partial = bool(getattr(request, "htmx", False))
    template = f"accounts/{name}_{'panel' if is_partial else 'page'}.html"
    context["next"] = request.POST.get("next", "")
    return render(request, template, context, status=422 if has_errors else 200)

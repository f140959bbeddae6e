"""Pages about the people of an authority: members, invitations, who is named on what."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.forms import InviteForm, MemberForm
from parvis_web.accounts.models import Grant, Invitation, Membership
from parvis_web.accounts.panels import ability_labels
from parvis_web.accounts.queries import members_of, named_people, open_invitations
from parvis_web.accounts.rules import check_manage_people, check_see_people
from parvis_web.accounts.services.grants import end_grant
from parvis_web.accounts.services.invitations import invite_member, revoke_invitation
from parvis_web.accounts.services.members import change_member, end_member
from parvis_web.accounts.views.parts import (
    back,
    posted,
    send_invitation,
    shown_as_message,
    shown_in,
)
from parvis_web.accounts.vocabulary import Role


def _here(request: ActorRequest, page: str = "list") -> str:
    return reverse(f"accounts:{page}", args=[request.actor.authority.slug])


@member_view
def people(request: ActorRequest) -> HttpResponse:
    """List members and open invitations."""
    check_see_people(request.actor)
    return render(request, "accounts/people.html", _people(request))


def _people(request: ActorRequest) -> dict[str, Any]:
    authority = request.actor.authority
    return {
        "members": members_of(authority),
        "invitations": open_invitations(authority),
        "can_manage": request.actor.role == Role.OWNER,
        "form": InviteForm(),
    }


@member_view
@require_POST
def invite(request: ActorRequest) -> HttpResponse:
    """Invite somebody to a role; the link is shown this once."""
    check_manage_people(request.actor)
    form = InviteForm(request.POST)
    context = _people(request) | {"form": form}
    if form.is_valid():
        with shown_in(form):
            invitation, secret = invite_member(
                request.actor,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                ends_on=form.cleaned_data["ends_on"],
            )
            link = send_invitation(request, invitation, secret)
            context |= {"link": link, "invited": invitation, "form": InviteForm()}
    return render(request, "accounts/people.html", context, status=200 if form.is_valid() else 422)


def _member(request: ActorRequest, member_id: UUID) -> Membership:
    return get_object_or_404(members_of(request.actor.authority), pk=member_id)


@member_view
@require_http_methods(["GET", "POST"])
def member(request: ActorRequest, member_id: UUID) -> HttpResponse:
    """Show a member; change role and end."""
    check_manage_people(request.actor)
    membership = _member(request, member_id)
    form = MemberForm(
        posted(request), initial={"role": membership.role, "ends_on": membership.ends_on}
    )
    if request.method == "POST" and form.is_valid():
        with shown_in(form):
            change_member(
                request.actor,
                membership,
                role=Role(form.cleaned_data["role"]),
                ends_on=form.cleaned_data["ends_on"],
            )
            return redirect(_here(request))
    context = {"membership": membership, "form": form}
    return render(request, "accounts/member.html", context, status=422 if form.errors else 200)


@member_view
@require_POST
def end(request: ActorRequest, member_id: UUID) -> HttpResponse:
    """End a membership."""
    check_manage_people(request.actor)
    membership = _member(request, member_id)
    with shown_as_message(request, _("The membership has ended.")):
        end_member(request.actor, membership)
    return redirect(_here(request))


@member_view
@require_POST
def leave(request: ActorRequest) -> HttpResponse:
    """Leave the authority oneself."""
    membership = get_object_or_404(
        Membership, authority=request.actor.authority, user=request.actor.user
    )
    with shown_as_message(request, _("You have left the authority.")):
        end_member(request.actor, membership)
    return redirect("profile")


@member_view
@require_POST
def revoke(request: ActorRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    check_see_people(request.actor)
    invitation = get_object_or_404(
        Invitation, pk=invitation_id, authority=request.actor.authority, accepted__isnull=True
    )
    with shown_as_message(request, _("The invitation was taken back.")):
        revoke_invitation(request.actor, invitation)
    return back(request, _here(request))


@member_view
def named(request: ActorRequest) -> HttpResponse:
    """List who is named on what, as far as the reader may know."""
    check_see_people(request.actor)
    rows = [
        {"named": row, "abilities": ability_labels(row.grant.abilities)}
        for row in named_people(request.actor)
    ]
    return render(request, "accounts/named.html", {"rows": rows})


@member_view
@require_POST
def end_named(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """End a grant on an object that the actor may share."""
    check_see_people(request.actor)
    grant = get_object_or_404(
        Grant.objects.select_related("user"), pk=grant_id, authority=request.actor.authority
    )
    with shown_as_message(request, _("The access has ended.")):
        end_grant(request.actor, grant)
    return back(request, _here(request, "named"))

"""Pages of one's own account: profile, second factor, accepting an invitation."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis_web.accounts.access import has_second_factor
from parvis_web.accounts.forms import JoinForm, ProfileForm
from parvis_web.accounts.models import Invitation, User
from parvis_web.accounts.queries import authorities_of, owners_of
from parvis_web.accounts.rights import InstanceActor
from parvis_web.accounts.services.invitations import (
    accept_invitation,
    digest_of,
    find_invitation,
    problem_with,
)
from parvis_web.accounts.services.security import change_profile, create_account
from parvis_web.accounts.views.parts import posted, safe_next
from parvis_web.ui.language import remember

NEXT = "second_factor_next"


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name and language."""
    user = _user(request)
    form = ProfileForm(posted(request), initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        change_profile(InstanceActor(user), changes=form.cleaned_data)
        messages.success(request, _("Your profile was saved."))
        response = redirect("profile")
        remember(response, user.language)
        return response
    authorities = [
        {"authority": authority, "owners": owners_of(authority)}
        for authority in authorities_of(user)
    ]
    return render(request, "accounts/profile.html", {"form": form, "authorities": authorities})


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Lead to the second factor that a page asked for, and back to the page."""
    target = safe_next(request, request.session.get(NEXT, ""))
    if has_second_factor(request):
        request.session.pop(NEXT, None)
        return redirect(target or "home")
    request.session[NEXT] = target
    kinds = set(Authenticator.objects.filter(user=_user(request)).values_list("type", flat=True))
    context = {
        "next": reverse("second_factor"),
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
    }
    return render(request, "accounts/second_factor.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own sessions; where it was open, the next page asks to sign in."""
    session = get_object_or_404(UserSession, user=_user(request), pk=number)
    get_adapter().end_sessions([session])
    messages.success(request, _("The session was ended."))
    return redirect("usersessions_list")


def open_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address and into the session."""
    request.session["invitation"] = digest_of(secret)
    return redirect("invitation")


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Accept an invitation: signed in, or with a new account."""
    found = find_invitation(str(request.session.get("invitation", "")))
    user = request.user if isinstance(request.user, User) else None
    problem = problem_with(found, user)
    if found is None or problem:
        return render(request, "accounts/invitation_closed.html", {"sentence": problem}, status=410)
    if user is not None:
        return _accept(request, found, user)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, "accounts/invitation_sign_in.html", {"invitation": found})
    form = JoinForm(posted(request), email=found.email)
    if request.method == "POST" and form.is_valid():
        user = create_account(
            InstanceActor(None),
            invitation=found,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
        )
        # The password was chosen this moment: setting up a second factor does not ask it again.
        record_authentication(
            request, user, method="password", email=user.email, reauthenticated=True
        )
        perform_login(request, user, email_verification="none")
        return _accept(request, found, user)
    return render(request, "accounts/invitation.html", {"form": form, "invitation": found})


def _accept(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/invitation.html", {"invitation": found})
    try:
        accept_invitation(InstanceActor(user), found)
    except ValidationError as problem:
        context = {"sentence": " ".join(problem.messages)}
        return render(request, "accounts/invitation_closed.html", context, status=410)
    request.session.pop("invitation", None)
    messages.success(
        request,
        _("You now work with %(authority)s.") % {"authority": found.authority.name},
    )
    return redirect("home")

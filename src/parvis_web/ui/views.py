"""Pages that belong to no app: errors, the front door, the accessibility statement."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Authority, Membership, User
from parvis_web.accounts.queries import authorities_of, owners_of


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old or came from elsewhere."""
    del reason
    sentence = _(
        "This form is too old or came from another page. Go back, reload and send it again."
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"sentence": sentence, "code": "csrf"}, status=403)
    return render(request, "403.html", {"sentence": sentence}, status=403)


def home(request: HttpRequest) -> HttpResponse:
    """Send people to their authority, to a choice of several, or to sign in."""
    if not isinstance(request.user, User):
        return redirect("account_login")
    authorities = authorities_of(request.user)
    if len(authorities) == 1:
        return redirect(start_of(request.user, authorities[0]))
    rows = [(authority, start_of(request.user, authority)) for authority in authorities]
    return render(request, "ui/home.html", {"authorities": rows})


def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what the application is known to do and to fail for people with impairments."""
    contacts: list[User] = []
    if isinstance(request.user, User):
        owners = [owner for each in authorities_of(request.user) for owner in owners_of(each)]
        contacts = list(dict.fromkeys(owners))
    return render(request, "ui/accessibility.html", {"contacts": contacts})


def start_of(user: User, authority: Authority) -> str:
    """Return where a person begins in an authority: members with its spaces, guests with theirs."""
    is_member = Membership.objects.in_force().filter(authority=authority, user=user).exists()
    return reverse("spaces:list" if is_member else "accounts:shared", args=[authority.slug])

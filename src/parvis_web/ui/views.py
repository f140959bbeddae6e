"""Pages that belong to no app: errors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parvis_web.accounts.queries import authorities_of


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old or came from elsewhere."""
    del reason
    sentence = _(
        "This form is too old or came from another page. Go back, reload and send it again."
    )
    return render(request, "403.html", {"sentence": sentence}, status=403)


def home(request: HttpRequest) -> HttpResponse:
    """Send people to their authority, to a choice of several, or to sign in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    authorities = authorities_of(request.user)
    if len(authorities) == 1:
        return redirect("spaces:list", authorities[0].slug)
    return render(request, "ui/home.html", {"authorities": authorities})

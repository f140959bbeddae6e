"""What the pages about people share: problems of services shown in forms, ways back, mails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from parvis_web.accounts.models import Invitation

log = logging.getLogger(__name__)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: what was sent, or nothing when the page is only opened."""
    return request.POST if request.method == "POST" else None


@contextmanager
def shown_in(form: BaseForm) -> Iterator[None]:
    """Show what a service refuses above the form; the form is then not valid."""
    try:
        yield
    except ValidationError as problem:
        form.add_error(None, problem.messages)


@contextmanager
def shown_as_message(request: HttpRequest, success: str) -> Iterator[None]:
    """Tell in a message what a service did or refused."""
    try:
        yield
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, success)


def safe_next(request: HttpRequest, default: str) -> str:
    """Return where the person wants to go on, if that is an address of this application."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_safe else default


def back(request: HttpRequest, default: str) -> HttpResponse:
    """Go on where the form says, else to `default`."""
    return redirect(safe_next(request, default))


def send_invitation(request: HttpRequest, invitation: Invitation, secret: str) -> str:
    """Mail the link, tell whether that worked, and return the link."""
    link = request.build_absolute_uri(reverse("open_invitation", args=[secret]))
    context = {"invitation": invitation, "link": link}
    with translation.override(invitation.authority.language):
        subject = _("Invitation to work with %(authority)s in Parvis") % {
            "authority": invitation.authority.name
        }
        text = render_to_string("accounts/mail/invitation.txt", context)
    try:
        send_mail(subject, text, None, [invitation.email])
    except (OSError, SMTPException):
        log.exception("An invitation could not be mailed")
        messages.warning(
            request, _("The mail could not be sent: pass the link on yourself, it is shown once.")
        )
    else:
        messages.success(request, _("The invitation was sent."))
    return link

"""The page of keys for machines."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.forms import TokenForm
from parvis_web.accounts.models import ApiToken
from parvis_web.accounts.rules import check_make_token
from parvis_web.accounts.services.tokens import create_token, revoke_token
from parvis_web.accounts.views.parts import posted, shown_as_message, shown_in
from parvis_web.accounts.vocabulary import Role


@member_view
@require_http_methods(["GET", "POST"])
@sensitive_variables("text")
def tokens(request: ActorRequest) -> HttpResponse:
    """List one's own tokens, as an owner everybody's; make one, whose text is shown this once."""
    check_make_token(request.actor)
    form = TokenForm(posted(request))
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with shown_in(form):
            token, text = create_token(
                request.actor,
                name=values["name"],
                scopes=[values["scope"]],
                ends_on=values["ends_on"],
            )
            context |= {"made": token, "text": text, "form": TokenForm()}
    rows = ApiToken.objects.filter(authority=request.actor.authority).select_related("user")
    if request.actor.role != Role.OWNER:
        rows = rows.filter(user=request.actor.user)
    context["tokens"] = rows.order_by("revoked", "-created")
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@member_view
@require_POST
def revoke(request: ActorRequest, token_id: UUID) -> HttpResponse:
    """End a token at once."""
    token = get_object_or_404(ApiToken, pk=token_id, authority=request.actor.authority)
    with shown_as_message(request, _("The token is revoked.")):
        revoke_token(request.actor, token)
    return redirect("accounts:tokens", request.actor.authority.slug)

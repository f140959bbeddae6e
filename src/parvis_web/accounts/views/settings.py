"""The page of an authority's settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.forms import AuthorityForm
from parvis_web.accounts.models import Authority
from parvis_web.accounts.rules import check_manage_people
from parvis_web.accounts.services.members import change_authority
from parvis_web.accounts.views.parts import posted, shown_in


@member_view
@require_http_methods(["GET", "POST"])
def authority(request: ActorRequest) -> HttpResponse:
    """Show and change name, country, language, time zone and whether a second factor is asked."""
    check_manage_people(request.actor)
    stored = Authority.objects.get(pk=request.actor.authority.pk)
    form = AuthorityForm(posted(request), instance=stored)
    if request.method == "POST" and form.is_valid():
        with shown_in(form):
            change_authority(request.actor, changes=form.cleaned_data)
            messages.success(request, _("The settings were saved."))
            return redirect("accounts:settings", stored.slug)
    return render(
        request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200
    )

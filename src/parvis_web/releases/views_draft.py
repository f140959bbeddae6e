"""Pages on which a release is drafted: its head, its items, their periods, why areas."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.releases import queries, rules, services
from parvis_web.releases.forms import AreasForm, HeadForm, areas_of, head_of
from parvis_web.releases.models import FigureRelease
from parvis_web.releases.rules import Action
from parvis_web.releases.shown import Words, shown_offers
from parvis_web.ui.refusals import RefusedError
from parvis_web.ui.toasts import add_toast

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
@member_view
def new(request: ActorRequest) -> HttpResponse:
    """Begin a release."""
    rules.check_prepare(request.actor)
    form = HeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        release = services.draft_release(request.actor, said=form.said())
        return redirect("releases:items", request.actor.authority.slug, release.pk)
    return render(request, "releases/head.html", {"form": form}, status=_status(form))


@require_http_methods(GET_OR_POST)
@member_view
def edit(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change what a draft says besides its figures."""
    release = _open(request, pk)
    form = HeadForm(request.POST or None, initial=head_of(release))
    if request.method == "POST" and form.is_valid():
        services.change_head(request.actor, release, said=form.said())
        return _to(request, release)
    context = {"form": form, "release": release}
    return render(request, "releases/head.html", context, status=_status(form))


@require_http_methods(GET_OR_POST)
@member_view
def items(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Choose item by item what a draft publishes."""
    release = _open(request, pk)
    if request.method == "POST":
        try:
            services.choose_items(request.actor, release, keys=request.POST.getlist("item"))
        except RefusedError as refused:
            add_toast(request, refused.sentence, kind="bad")
        else:
            has_areas = release.items.filter(scope="areas").exists()
            if has_areas and not release.areas_reason:
                return redirect("releases:areas", request.actor.authority.slug, release.pk)
            return _to(request, release)
    chosen = [item.key for item in release.items.all()]
    offers = queries.offers_for(request.actor, city=release.city)
    there = {offer.key for offer in offers}
    context = {
        "release": release,
        "blocks": shown_offers(offers, chosen, Words(request.actor)),
        "n_gone": len(set(chosen) - there),
        "has_city": any(offer.scope == "city" for offer in offers),
    }
    return render(request, "releases/items.html", context)


@require_http_methods(GET_OR_POST)
@member_view
def periods(request: ActorRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Choose for which periods an item is published."""
    release = _open(request, pk)
    row = release.items.filter(pk=item).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            services.choose_periods(
                request.actor, release, item=row, periods=request.POST.getlist("period")
            )
        except RefusedError as refused:
            add_toast(request, refused.sentence, kind="bad")
        else:
            return _to(request, release)
    words = Words(request.actor)
    offers = queries.offers_for(request.actor, city=release.city)
    offer = next((each for each in offers if each.key == row.key), None)
    context = {
        "release": release,
        "item": row,
        "name": words.indicator(row.indicator),
        "of": words.of(row.scope, row.part),
        "periods": [
            {"key": each, "is_chosen": each in row.periods}
            for each in (offer.periods if offer else ())
        ],
    }
    return render(request, "releases/periods.html", context)


@require_http_methods(GET_OR_POST)
@member_view
def areas(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Write down why areas are published, and answer the stigma check."""
    release = _open(request, pk)
    form = AreasForm(request.POST or None, initial=areas_of(release))
    if request.method == "POST" and form.is_valid():
        done = services.justify_areas(
            request.actor,
            release,
            reason=form.cleaned_data["reason"],
            answers=form.answers(),
        )
        try:
            rules.check_areas(done, has_areas=True)
        except RefusedError as refused:
            add_toast(request, refused.sentence, kind="warn")
        else:
            add_toast(request, _("The stigma check is answered."))
        return _to(request, release)
    context = {"form": form, "release": release}
    return render(request, "releases/areas.html", context, status=_status(form))


def _open(request: ActorRequest, pk: UUID) -> FigureRelease:
    release = queries.get_release(request.actor, pk)
    rules.check_action(request.actor, Action.EDIT, release)
    return release


def _to(request: ActorRequest, release: FigureRelease) -> HttpResponse:
    return redirect("releases:detail", request.actor.authority.slug, release.pk)


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200

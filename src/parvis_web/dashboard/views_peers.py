"""Pages that put other cities' figures beside one's own, by name or as a group of five."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.cities.uploads import upload_view
from parvis_web.collecting.files import MOST_BYTES, check_upload
from parvis_web.config.data import library_home
from parvis_web.dashboard import figures, queries, rules, services
from parvis_web.dashboard.forms import PEER_ENDINGS, PeerForm
from parvis_web.dashboard.reading import read_peer
from parvis_web.dashboard.views import chart, page, shown_to
from parvis_web.dashboard.words import Words
from parvis_web.runs.sandbox import run_limited
from parvis_web.spaces.uploads import on_disk, told_by_own_name
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

MOST_CHOSEN = 12


@require_safe
@member_view
def peers(request: ActorRequest) -> HttpResponse:
    """Show other cities beside one's own, indicator by indicator."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "peers", shown)
    words = Words(shown)
    rows = list(queries.peers_of(request.actor))
    told = {each["indicator"] for row in rows for each in row.values}
    known = [each for each in shown.found.cards() if each.code in told and not each.is_missing]
    chosen = request.GET.get("indicator", "")
    is_anonymous = request.GET.get("as") == "group"
    what = "group" if is_anonymous else "named"
    compared = []
    for card in [each for each in known if chosen in ("", each.code)][:MOST_CHOSEN]:
        said = figures.compared(shown, card, is_anonymous=is_anonymous)
        figure = figures.peers(shown, card, is_anonymous=is_anonymous)
        compared.append(
            {
                "card": words.card(card),
                "figure": chart(shown, figure, f"{card.code}_{what}"),
                "notes": words.notes(said.notes),
                "differences": [
                    {"name": each.name, "is_demonstrable": each.is_demonstrable}
                    for each in said.named
                ],
            }
        )
    return page(
        request,
        "peers",
        shown,
        rows=rows,
        compared=compared,
        is_anonymous=is_anonymous,
        choices=[(card.code, words.name(card.indicator), card.code == chosen) for card in known],
        most=MOST_CHOSEN,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: MOST_BYTES)
def add(request: ActorRequest) -> HttpResponse:
    """Take another city's figures."""
    rules.check_see(request.actor)
    rules.check_arrange(request.actor)
    form = PeerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = _read(request, said)
        except (InputError, LimitError) as error:
            form.add_error("file", sentence_of(error))
        else:
            if found["values"]:
                return _kept(request, said, found)
            text = _("The file has no value of a known indicator for the area “%(area)s”.")
            form.add_error("file", text % {"area": said["city"]})
    status = 422 if form.errors else 200
    return render(request, "dashboard/peer_new.html", {"form": form}, status=status)


def _read(request: ActorRequest, said: dict[str, Any]) -> dict[str, Any]:
    check_upload(said["file"], PEER_ENDINGS, _("file of figures"))
    with on_disk(said["file"]) as path, told_by_own_name(said["file"]):
        return dict(
            run_limited(
                read_peer,
                path,
                city=said["city"],
                today=timezone.localdate().isoformat(),
                home=library_home(request.actor.authority.pk),
                seconds=60,
                file=said["file"].name,
            )
        )


def _kept(request: ActorRequest, said: dict[str, Any], found: dict[str, Any]) -> HttpResponse:
    services.add_peer(
        request.actor,
        name=said["name"],
        source=said["source"],
        values=found["values"],
        may_name="name" in said["agreed"],
        may_group="group" in said["agreed"],
    )
    text = _("%(name)s stands beside the city with %(n)s indicators.")
    add_toast(request, text % {"name": said["name"], "n": len(found["values"])})
    return redirect("dashboard:peers", request.actor.authority.slug)


@require_POST
@member_view
def remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Forget another city's figures."""
    rules.check_see(request.actor)
    row = queries.own_peer(request.actor, pk)
    services.remove_peer(request.actor, row)
    add_toast(request, _("%(name)s is removed.") % {"name": row.name})
    return redirect("dashboard:peers", request.actor.authority.slug)

"""Pages of the dashboard: six blocks, one block, one theme, one number, one map."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.collecting.rules import can_bring_in
from parvis_web.dashboard import cards, figures, rules
from parvis_web.dashboard.queries import Asked, Shown
from parvis_web.dashboard.words import HALVES, Words


def asked_of(request: HttpRequest) -> Asked:
    """Return what somebody chose to see."""
    said = request.GET
    return Asked(said.get("area", ""), said.get("period", ""), said.get("base", ""))


def shown_to(request: ActorRequest) -> Shown:
    """Return the dashboard asked for; 404 for guests and for what there is not."""
    rules.check_see(request.actor)
    return Shown(request.actor, asked_of(request))


def page(request: ActorRequest, name: str, shown: Shown, **context: Any) -> HttpResponse:
    """Return a page of the dashboard, or what to do where there are no data."""
    template = "dashboard/empty.html" if shown.is_empty else f"dashboard/{name}.html"
    query = shown.asked.query
    common = {
        "shown": shown,
        "query": f"?{urlencode(query)}" if query else "",
        "may_arrange": rules.can_arrange(request.actor),
        "may_bring_in": can_bring_in(request.actor),
    }
    return render(request, template, common | context)


def chart(shown: Shown, figure: Any, name: str) -> dict[str, Any] | None:
    """Return a figure as a template shows it, with its downloads."""
    from parvis.report.figures import embedded

    if figure is None:
        return None
    return {"chart": embedded(figure), "downloads": figures.downloads(shown, name)}


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """Show the six blocks."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "list", shown)
    words = Words(shown)
    return page(
        request,
        "list",
        shown,
        blocks=words.blocks(),
        changed=words.changed(),
        notices=words.notes(shown.found.notices),
    )


@require_safe
@member_view
def block(request: ActorRequest, key: str) -> HttpResponse:
    """Show a block: its scores, what moved them, every value, what is missing."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "block", shown)
    found, words = shown.block(key), Words(shown)
    lower = found.key.lower()
    moves = [
        {
            "label": HALVES[sphere],
            "figure": chart(shown, figures.moved(shown, found, sphere), f"{lower}_{sphere}"),
            "why": cards.why_not_moved(shown, found, sphere),
        }
        for sphere in ("objective", "perceived")
    ]
    return page(
        request,
        "block",
        shown,
        topic=words.block(found),
        description=cards.block_description(found, words),
        scores=[cards.score_of(words, each) for each in found.halves],
        pair=chart(shown, figures.pair(shown, found), f"{lower}_pair"),
        moves=moves if found.in_composite else [],
        gaps=cards.gaps_of(shown, found, words),
    )


@require_safe
@member_view
def theme(request: ActorRequest, key: str, theme: str) -> HttpResponse:
    """Show a theme: every value with its figure, and who feels what."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "theme", shown)
    block, words = shown.block(key), Words(shown)
    found = shown.theme(block, theme)
    halves = []
    for half, said in zip(found.halves, words.theme(found).halves, strict=True):
        shown_cards = [card for card in half.cards if not card.is_missing]
        halves.append(
            {
                "half": said,
                "score": cards.score_of(words, half),
                "cards": [
                    {
                        "card": line,
                        "trend": chart(shown, figures.trend(shown, card), f"{card.code}_trend"),
                        "groups": chart(shown, figures.groups(shown, card), f"{card.code}_groups"),
                    }
                    for card, line in zip(shown_cards, said.cards, strict=True)
                ],
            }
        )
    return page(
        request,
        "theme",
        shown,
        topic=words.block(block),
        theme=words.theme(found),
        halves=halves,
    )


@require_safe
@member_view
def card(request: ActorRequest, code: str) -> HttpResponse:
    """Show all there is to say of one number."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "card", shown)
    found, words = shown.card(code), Words(shown)
    return page(
        request,
        "card",
        shown,
        card=words.card(found),
        topic=words.block(next(b for b in shown.found.blocks if b.key == found.indicator.block)),
        facts=cards.facts_of(shown, found, words),
        trend=chart(shown, figures.trend(shown, found), f"{code}_trend"),
        groups=chart(shown, figures.groups(shown, found), f"{code}_groups"),
        has_areas=shown.area == shown.city and bool(shown.areas),
    )


@require_safe
@member_view
def map_(request: ActorRequest, code: str) -> HttpResponse:
    """Show an indicator by area, each area beside the city, none above another."""
    shown = shown_to(request)
    if shown.is_empty:
        return page(request, "map", shown)
    found, words = shown.card(code), Words(shown)
    return page(
        request,
        "map",
        shown,
        card=words.card(found),
        areas=chart(shown, figures.areas(shown, found), f"{code}_areas"),
        is_drawn=bool(shown.shapes),
        choices=[
            (each.code, words.name(each.indicator))
            for each in shown.found.cards()
            if "area" in each.indicator.disaggregations or each.code == code
        ],
    )


@require_safe
@member_view
def figure(request: ActorRequest, name: str, ending: str) -> HttpResponse:
    """Send a figure as a file."""
    if ending not in figures.ENDINGS:
        raise Http404
    return figures.file_of(figures.named(shown_to(request), name), ending)

"""Sections of an assessment: shown, answered question by question, with what was ever said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from parvis.assessment import Item, least_group
from parvis.errors import InputError
from parvis.packs.framework_questions import Section
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.models import User
from parvis_web.accounts.rights import Actor
from parvis_web.approach.models import Analysis
from parvis_web.assessments import rules
from parvis_web.assessments.blocks import blocks_of
from parvis_web.assessments.cards import (
    Card,
    anchor_of,
    cards_of,
    previous_replies,
)
from parvis_web.assessments.computed import (
    SOURCE,
    Computed,
    computed_of,
    computed_waiting,
    origin_words,
)
from parvis_web.assessments.held import Held, engine_of, framework_of, replies_of
from parvis_web.assessments.models import Assessment, Reply, ReplyState
from parvis_web.assessments.overview import section_steps
from parvis_web.assessments.queries import get_assessment, language_of_reader, odd_replies
from parvis_web.assessments.results import entry_words
from parvis_web.assessments.rules import Action, RefusedError, can_action
from parvis_web.assessments.sending import Sent, sent_reply, typed_reply
from parvis_web.assessments.services_replies import give_reply, voice_of
from parvis_web.assessments.services_settling import undo_reply
from parvis_web.assessments.wording import said_words, word
from parvis_web.ui.errors import sentence_of


@require_GET
@member_view
def section(request: ActorRequest, aid: UUID, key: str) -> HttpResponse:
    """Show the questions of one section, at one place where it repeats."""
    assessment = get_assessment(request, aid)
    context = _section_context(request, assessment, key, request.GET.get("at", ""))
    return render(request, "assessments/section.html", context)


@require_POST
@member_view
def answer(request: ActorRequest, aid: UUID) -> HttpResponse:
    """
    Take one answer; without scripts the section is shown again.

    The page gets the foot of the card only: what is being typed above it stays. The whole card
    comes where its answer is another than the page shows, the section where other questions are
    asked now.
    """
    assessment = get_assessment(request, aid)
    item = engine_of(assessment).items.get(request.POST.get("item", ""))
    if item is None:
        raise Http404
    at = "/".join(item.at[: len(_section_of(assessment, item.section).repeat)])
    asked_before = _asked(request.actor, assessment)
    refused, typed = "", None
    try:
        if "undo" in request.POST:
            undo_reply(request.actor, assessment, item=item.key)
        else:
            sent, analysis = _sent(request.actor, assessment, item, request.POST)
            typed = typed_reply(sent)
            give_reply(
                request.actor,
                assessment,
                item=sent.item,
                state=sent.state,
                value=sent.value,
                note=sent.note,
                links=sent.links,
                attachments=sent.attachments,
                expects=sent.expects,
                source=SOURCE if analysis else "page",
                analysis=analysis,
            )
    except RefusedError as problem:
        refused = problem.sentence
    except InputError as error:
        refused = sentence_of(error)
    context = _section_context(
        request, assessment, item.section, at, typed=typed if refused else None
    )
    context |= {"refused": refused, "refused_item": item.key}
    status = 422 if refused else 200
    if not request.htmx:  # type: ignore[attr-defined]
        if refused:
            return render(request, "assessments/section.html", context, status=status)
        address = reverse(
            "assessments:section", args=[request.actor.authority.slug, aid, item.section]
        )
        return redirect(f"{address}?at={at}#{anchor_of(item.key)}")
    card = next((card for card in _flat(context["cards"]) if card.item.key == item.key), None)
    if card is None or asked_before != _asked(request.actor, assessment):
        response = render(request, "assessments/section_fragment.html", context, status=status)
        return retarget(reswap(response, "outerHTML"), "#questions")
    is_foot = bool(refused) or not (card.odd or {"undo", "same", "computed"} & set(request.POST))
    context |= {"card": card, "is_cell": item.table is not None, "is_foot": is_foot}
    response = render(request, "assessments/card_fragment.html", context, status=status)
    return response if is_foot else retarget(reswap(response, "outerHTML"), f"#{card.anchor}")


def _sent(
    actor: Actor, assessment: Assessment, item: Item, data: QueryDict
) -> tuple[Sent, Analysis | None]:
    """
    Return what a form says, and the analysis it takes its answer from.

    Its button “same” says what the assessment before said, “computed” what the analysis says.
    """
    sent = sent_reply(item, data)
    if "computed" in data:
        held = engine_of(assessment)
        computed = computed_of(actor, held)
        if computed is None or item.key not in computed.values:
            raise RefusedError(_("The analysis does not answer this any more. Load it again."))
        now = replies_of(held, voice_of(actor, assessment)).get(item.key)
        is_own = bool(sent.note) and not (now and now.source == SOURCE and now.note == sent.note)
        note = sent.note if is_own else origin_words(computed.analysis)
        value = computed.values[item.key]
        said = replace(sent, state=ReplyState.ANSWERED, value=value, note=note)
        return said, computed.analysis
    before = previous_replies(assessment).get(item.key) if "same" in data else None
    if before is None:
        return sent, None
    said = replace(sent, state=before.state, value=before.value, note=sent.note or before.note)
    return said, None


def _asked(actor: Actor, assessment: Assessment) -> tuple[list[str], Mapping[str, Sequence[str]]]:
    """Return the keys of what is asked as things stand, and what may be chosen."""
    voice = _voice_key(voice_of(actor, assessment))
    held = engine_of(assessment)
    return [item.key for item in held.shown(voice)], held.offered(voice)


def _flat(groups: list[dict[str, Any]]) -> Iterator[Card]:
    for group in groups:
        if "card" in group:
            yield group["card"]
        for row in group.get("rows", ()):
            yield from row["cards"]


@require_GET
@member_view
def history(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Show everything that was ever said to one item."""
    assessment = get_assessment(request, aid)
    held = engine_of(assessment)
    item = held.items.get(request.GET.get("item", ""))
    if item is None:
        raise Http404
    rules.check_section(request.actor, assessment, item.section)
    language = language_of_reader()
    rows = Reply.objects.filter(assessment=assessment, item=item.key).select_related(
        "voice", "written_by"
    )
    voice = voice_of(request.actor, assessment)
    if voice is not None and (least_group(held.framework) > 1 or not request.actor.is_editor):
        rows = rows.filter(voice=voice)
    context = {
        "assessment": assessment,
        "item": item,
        "name": word(item.question, language),
        "rows": [(row, said_words(held.framework, item, row, language)) for row in rows],
    }
    return render(request, "assessments/history.html", context)


def _section_context(
    request: ActorRequest,
    assessment: Assessment,
    key: str,
    chosen: str,
    *,
    typed: Reply | None = None,
) -> dict[str, Any]:
    actor = request.actor
    rules.check_section(actor, assessment, key)
    held = engine_of(assessment)
    known = {each.key: each for each in held.framework.sections}
    if key not in known:
        raise Http404
    language = language_of_reader()
    voice = voice_of(actor, assessment)
    asked = held.shown(_voice_key(voice))
    blocks, at = blocks_of(held, known[key], chosen, language, asked=asked, voice=voice)
    size = len(known[key].repeat)
    shown = [item for item in asked if item.section == key and item.at[:size] == at]
    steps = section_steps(actor, held, current=key)
    place = [step.key for step in steps].index(key)
    computed = computed_of(actor, held)
    here = next((n for n, block in enumerate(blocks) if block.is_current), 0)
    return {
        "assessment": assessment,
        "space": assessment.space,
        "framework_name": word(held.framework, language),
        "section": known[key],
        "section_name": word(known[key], language),
        "section_guidance": word(known[key], language, "guidance"),
        "blocks": blocks,
        "block_before": blocks[here - 1] if here else None,
        "block_after": blocks[here + 1] if here + 1 < len(blocks) else None,
        "at": "/".join(at),
        "cards": _grouped(held, shown, voice, language, typed, computed),
        "computed": computed,
        "n_computed": len(computed_waiting(actor, held, computed)),
        "steps": steps,
        "n_open": steps[place].n_open,
        "before": steps[place - 1] if place else None,
        "after": steps[place + 1] if place + 1 < len(steps) else None,
        "may_answer": can_action(actor, Action.ANSWER, assessment),
    }


def _grouped(
    held: Held,
    shown: list[Item],
    voice: User | None,
    language: str,
    typed: Reply | None,
    computed: Computed | None,
) -> list[dict[str, Any]]:
    """Return the cards in order; the cells of a table together, row by row."""
    cards = cards_of(
        held,
        shown,
        voice=voice,
        language=language,
        previous=previous_replies(held.row),
        odd=odd_replies(held.row, voice),
        typed=typed,
        computed=computed,
    )
    groups: list[dict[str, Any]] = []
    for card in cards:
        table = card.item.table
        if table is None:
            groups.append({"card": card})
            continue
        if not groups or groups[-1].get("table") != table.key:
            groups.append(
                {
                    "table": table.key,
                    "name": word(table, language),
                    "guidance": word(table, language, "guidance"),
                    "rows": [],
                }
            )
        rows = groups[-1]["rows"]
        if not rows or rows[-1]["key"] != card.item.at[-1]:
            list_key = card.item.lists[-1]
            rows.append(
                {
                    "key": card.item.at[-1],
                    "name": entry_words(held, list_key, card.item.at[-1], language),
                    "cards": [],
                }
            )
        rows[-1]["cards"].append(card)
    return groups


def _voice_key(voice: User | None) -> str | None:
    return None if voice is None else str(voice.pk)


def _section_of(assessment: Assessment, key: str) -> Section:
    return next(each for each in framework_of(assessment).sections if each.key == key)

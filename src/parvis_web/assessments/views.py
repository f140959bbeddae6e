"""Pages of assessments: lists, beginning one, its overview and its sections."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.errors import InputError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import Actor, check_read
from parvis_web.assessments import rules, services
from parvis_web.assessments.editing import blocks_of, cards_of, previous_replies, sent_reply
from parvis_web.assessments.forms import BeginForm, FrameworkForm
from parvis_web.assessments.held import Held, engine_of, framework_of
from parvis_web.assessments.models import Assessment, AssessmentState, FrameworkText, Reply
from parvis_web.assessments.overview import overview_of, section_steps
from parvis_web.assessments.queries import (
    assessments_of,
    get_assessment,
    language_of_reader,
    odd_replies,
    offer_of,
    offers,
)
from parvis_web.assessments.rules import Action, RefusedError, can_action
from parvis_web.assessments.services_replies import give_reply, undo_reply, voice_of
from parvis_web.assessments.wording import said_words, word
from parvis_web.spaces.models import Space
from parvis_web.spaces.views import get_space
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

PAGE_SIZE = 40
MOST_FRAMEWORK_BYTES = 2_000_000


@require_GET
@member_view
def assessment_list(request: ActorRequest) -> HttpResponse:
    """Show the assessments of the authority."""
    actor = request.actor
    found = assessments_of(actor)
    state = request.GET.get("state", "")
    if state in AssessmentState.values:
        found = found.filter(state=state)
    if words := request.GET.get("q", "").strip():
        found = found.filter(subject_name__icontains=words)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "rows": None,
        "states": AssessmentState.choices,
        "state": state,
        "words": request.GET.get("q", ""),
        "may_begin": actor.is_editor,
    }
    return render(request, "assessments/list.html", context)


@require_GET
@member_view
def of_space(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show the assessments of a space, and which could be begun."""
    space = get_space(request, pk)
    actor = request.actor
    may_write = rules.can_begin(actor, space)
    context = {
        "space": space,
        "current_tab": "assessments",
        "assessments": list(assessments_of(actor, space=space)),
        "deleted": assessments_of(actor, space=space, is_removed=True) if may_write else [],
        "may_write": may_write,
        "offers": _listed([each for each in offers(actor.authority) if each.is_of_place]),
    }
    return render(request, "assessments/of_space.html", context)


@require_http_methods(["GET", "POST"])
@member_view
def frameworks(request: ActorRequest) -> HttpResponse:
    """Show the frameworks there are, and load one of the authority's own."""
    actor = request.actor
    form = FrameworkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MOST_FRAMEWORK_BYTES:
                raise RefusedError(_("A framework's file is at most 2 MB."))
            text = file.read().decode("utf-8-sig")
            services.add_framework(actor, text=text, name=file.name)
            add_toast(request, _("The framework is loaded."), kind="good")
            return redirect("assessments:frameworks", actor.authority.slug)
        except UnicodeDecodeError:
            form.add_error("file", _("The file is not UTF-8 text."))
        except RefusedError as refused:
            form.add_error("file", refused.sentence)
        except InputError as error:
            form.add_error("file", sentence_of(error))
    own = FrameworkText.objects.filter(authority=actor.authority, is_own=True, removed__isnull=True)
    context = {
        "offers": _listed(offers(actor.authority)),
        "own": {row.urn: row for row in own},
        "form": form,
        "may_load": actor.is_editor,
    }
    status = 422 if form.errors else 200
    return render(request, "assessments/frameworks.html", context, status=status)


@require_POST
@member_view
def remove_framework(request: ActorRequest, fid: UUID) -> HttpResponse:
    """Offer an own framework no longer."""
    row = FrameworkText.objects.filter(
        authority=request.actor.authority, pk=fid, is_own=True, removed__isnull=True
    ).first()
    if row is None:
        raise Http404
    services.remove_framework(request.actor, row)
    add_toast(request, _("The framework is no longer offered; assessments keep it."))
    return redirect("assessments:frameworks", request.actor.authority.slug)


@require_http_methods(["GET", "POST"])
@member_view
def begin(request: ActorRequest, key: str) -> HttpResponse:
    """Begin an assessment with a framework."""
    actor = request.actor
    space = _space(request)
    rules.check_begin(actor, space)
    offer = offer_of(actor.authority, key)
    language = language_of_reader()
    form = BeginForm(
        request.POST or None,
        framework=offer.framework,
        language=language,
        initial={
            "subject_name": space.name if space else "",
            "is_separate": offer.framework.assessors_asked > 1,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            assessment = services.begin_assessment(
                actor,
                offer.framework,
                text=offer.text,
                subject_name=form.cleaned_data["subject_name"],
                space=space,
                attributes=form.attributes(),
                is_separate=form.cleaned_data["is_separate"],
                due=form.cleaned_data["due"],
                previous=_latest(actor, space, offer.framework.id),
            )
            return redirect("assessments:detail", actor.authority.slug, assessment.pk)
        except RefusedError as refused:
            form.add_error(None, refused.sentence)
    context = {"offer": _listed([offer])[0], "space": space, "form": form}
    status = 422 if form.errors else 200
    return render(request, "assessments/begin.html", context, status=status)


@require_GET
@member_view
def detail(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Show how far an assessment is and what to do next."""
    assessment = get_assessment(request, aid, is_removed_too=True)
    return render(request, "assessments/detail.html", overview_of(request.actor, assessment))


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
    """Take one answer and show its card again; without scripts the section."""
    assessment = get_assessment(request, aid)
    item = engine_of(assessment).items.get(request.POST.get("item", ""))
    if item is None:
        raise Http404
    refused = ""
    try:
        if "undo" in request.POST:
            undo_reply(request.actor, assessment, item=item.key)
        else:
            sent = sent_reply(item, request.POST)
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
            )
    except RefusedError as problem:
        refused = problem.sentence
    except InputError as error:
        refused = sentence_of(error)
    at = "/".join(item.at[: len(_section_of(assessment, item.section).repeat)])
    if not request.htmx:  # type: ignore[attr-defined]
        if refused:
            context = _section_context(request, assessment, item.section, at)
            context |= {"refused": refused, "refused_item": item.key}
            return render(request, "assessments/section.html", context, status=422)
        address = reverse(
            "assessments:section", args=[request.actor.authority.slug, aid, item.section]
        )
        anchor = "q-" + "".join(sign if sign.isalnum() else "-" for sign in item.key)
        return redirect(f"{address}?at={at}#{anchor}")
    context = _section_context(request, assessment, item.section, at)
    context |= {"refused": refused, "refused_item": item.key, "answered_item": item.key}
    return render(
        request, "assessments/section_fragment.html", context, status=422 if refused else 200
    )


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
    if voice is not None and not request.actor.is_editor:
        rows = rows.filter(voice=voice)
    context = {
        "assessment": assessment,
        "item": item,
        "name": word(item.question, language),
        "rows": [(row, said_words(held.framework, item, row, language)) for row in rows],
    }
    return render(request, "assessments/history.html", context)


def _section_context(
    request: ActorRequest, assessment: Assessment, key: str, chosen: str
) -> dict[str, Any]:
    actor = request.actor
    rules.check_section(actor, assessment, key)
    held = engine_of(assessment)
    known = {each.key: each for each in held.framework.sections}
    if key not in known:
        raise Http404
    language = language_of_reader()
    blocks, at = blocks_of(held, known[key], chosen, language)
    voice = voice_of(actor, assessment)
    size = len(known[key].repeat)
    asked = held.shown(_voice_key(voice))
    shown = [item for item in asked if item.section == key and item.at[:size] == at]
    steps = section_steps(actor, held, current=key)
    place = [step.key for step in steps].index(key)
    return {
        "assessment": assessment,
        "space": assessment.space,
        "framework_name": word(held.framework, language),
        "section": known[key],
        "section_name": word(known[key], language),
        "section_guidance": word(known[key], language, "guidance"),
        "blocks": blocks,
        "at": "/".join(at),
        "cards": _grouped(held, shown, voice, language, assessment),
        "steps": steps,
        "before": steps[place - 1] if place else None,
        "after": steps[place + 1] if place + 1 < len(steps) else None,
        "may_answer": can_action(actor, Action.ANSWER, assessment),
        "today": timezone.localdate(),
    }


def _grouped(
    held: Held, shown: list[Any], voice: Any, language: str, assessment: Assessment
) -> list[dict[str, Any]]:
    """Return the cards in order; the cells of a table together, row by row."""
    cards = cards_of(
        held,
        shown,
        voice=voice,
        language=language,
        previous=previous_replies(assessment),
        odd=odd_replies(assessment, voice),
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
                    "name": _row_name(held, list_key, card.item.at[-1], language),
                    "cards": [],
                }
            )
        rows[-1]["cards"].append(card)
    return groups


def _row_name(held: Held, list_key: str, key: str, language: str) -> str:
    for entry in held.framework.list_of(list_key).entries:
        if entry.key == key:
            return word(entry, language)
    return next((row.name for row in held.lists.get(list_key, ()) if row.key == key), key)


def _voice_key(voice: Any) -> str | None:
    return None if voice is None else str(voice.pk)


def _section_of(assessment: Assessment, key: str) -> Any:
    return next(each for each in framework_of(assessment).sections if each.key == key)


def _space(request: HttpRequest) -> Space | None:
    text = request.POST.get("space") or request.GET.get("space") or ""
    if not text:
        return None
    try:
        return get_space(request, UUID(text))
    except ValueError:
        raise Http404 from None


def _latest(actor: Actor, space: Space | None, urn: str) -> Assessment | None:
    """Return the signed assessment of the same place that a new one goes on from."""
    if space is None:
        return None
    found = (
        assessments_of(actor, space=space)
        .filter(framework__urn=urn, state=AssessmentState.SIGNED)
        .first()
    )
    if found is not None:
        check_read(actor, found)
    return found


def _listed(found: list[Any]) -> list[dict[str, Any]]:
    language = language_of_reader()
    return [
        {
            "key": offer.key,
            "urn": offer.framework.id,
            "version": offer.framework.version,
            "name": word(offer.framework, language),
            "description": word(offer.framework, language, "description"),
            "n_questions": len(offer.framework.questions),
            "marking": offer.framework.marking,
            "is_own": offer.is_own,
            "is_unverified": offer.is_unverified,
            "source": offer.framework.source,
            "is_of_place": offer.is_of_place,
        }
        for offer in found
    ]

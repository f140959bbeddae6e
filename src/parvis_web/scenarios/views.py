"""Pages of scenarios: the list of a space, the editor and every small change made there."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.errors import InputError
from parvis.report.scenario_plan import moved
from parvis_web.accounts.access import member_view
from parvis_web.accounts.panels import marking_context, share_context
from parvis_web.accounts.rights import can, can_write
from parvis_web.accounts.vocabulary import Ability
from parvis_web.comments.panel import comments_context
from parvis_web.scenarios import services
from parvis_web.scenarios.editor import ask_scenario, work_context
from parvis_web.scenarios.forms import PALETTE, EditForm, NameForm, PeopleForm
from parvis_web.scenarios.models import Scenario
from parvis_web.scenarios.present import latest_analysis
from parvis_web.scenarios.queries import get_scenario, get_space, scenarios_of, signature_in_force
from parvis_web.scenarios.rules import (
    Action,
    ConflictError,
    RefusedError,
    can_action,
    check_create,
)
from parvis_web.scenarios.signing import signing_context
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

PATIENCE = 1.5
"""A page waits so long for a place that is being prepared. [s]"""


def editor_url(scenario: Scenario, slug: str) -> str:
    """Return the address of the editor."""
    return reverse("scenarios:editor", args=[slug, scenario.space_id, scenario.pk])


@require_GET
@member_view
def scenario_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the scenarios of a space."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    may_write = can_write(actor, space)
    context = {
        "space": space,
        "current_tab": "scenarios",
        "scenarios": scenarios_of(actor, space),
        "deleted": scenarios_of(actor, space, is_removed=True) if may_write else [],
        "may_write": may_write,
        "form": NameForm(),
        "analysis": latest_analysis(actor, space),
    }
    return render(request, "scenarios/list.html", context)


@require_POST
@member_view
def create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a scenario and open its editor."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    check_create(actor, space)
    form = NameForm(request.POST)
    if not form.is_valid():
        context = {
            "space": space,
            "current_tab": "scenarios",
            "scenarios": scenarios_of(actor, space),
            "deleted": [],
            "may_write": True,
            "form": form,
            "analysis": latest_analysis(actor, space),
        }
        return render(request, "scenarios/list.html", context, status=422)
    scenario = services.create_scenario(
        actor, space, name=form.cleaned_data["name"], analysis=latest_analysis(actor, space)
    )
    return redirect(editor_url(scenario, actor.authority.slug))


@require_GET
@member_view
def editor(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Show a scenario: the plan, what it changes, and forms to change it further."""
    return _shown(request, get_scenario(request, pk, sid), is_page=True)


@require_POST
@member_view
def edit(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Take the whole list of changes, as the plan sends it."""

    def change(actor: Any, scenario: Scenario, number: int) -> None:
        form = EditForm(request.POST)
        if not form.is_valid():
            raise RefusedError(_told(form))
        services.edit_scenario(
            actor,
            scenario,
            edit=number,
            changes=form.cleaned_data["changes"],
            people=scenario.people,
        )

    return _changed(request, pk, sid, change)


@require_POST
@member_view
def add(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Add one change from a form."""
    kinds = {kind.change_type: kind for kind in PALETTE}
    kind = kinds.get(request.POST.get("type", ""))
    scenario = get_scenario(request, pk, sid)
    actor = request.actor  # type: ignore[attr-defined]
    asked = ask_scenario(actor, scenario, patience=PATIENCE)
    if kind is None or asked.reply.place is None:
        return _shown(request, scenario, refused=_("The place is not ready yet. Wait a moment."))
    form = kind(request.POST, place=asked.reply.place)
    if not form.is_valid():
        return _shown(request, scenario, sent=form)

    def change(actor: Any, scenario: Scenario, number: int) -> None:
        services.edit_scenario(
            actor,
            scenario,
            edit=number,
            changes=[*scenario.changes, form.change()],
            people=scenario.people,
        )

    return _changed(request, pk, sid, change)


@require_POST
@member_view
def change_one(request: HttpRequest, pk: UUID, sid: UUID, index: int) -> HttpResponse:
    """Move or take out one change of the list."""

    def change(actor: Any, scenario: Scenario, number: int) -> None:
        rows = list(scenario.changes)
        if index >= len(rows):
            raise RefusedError(_("There is no such change any more."))
        if "remove" in request.POST:
            del rows[index]
        elif "level" in request.POST and rows[index].get("type") == "place_row":
            rows[index] = refined(rows[index], request.POST)
        else:
            east, north = (_metres(request.POST.get(name, "")) for name in ("east", "north"))
            rows[index] = {
                name: moved(value, east=east, north=north) if isinstance(value, dict) else value
                for name, value in rows[index].items()
            }
        services.edit_scenario(actor, scenario, edit=number, changes=rows, people=scenario.people)

    return _changed(request, pk, sid, change)


@require_POST
@member_view
def people(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Say how many people the way out must do for."""

    def change(actor: Any, scenario: Scenario, number: int) -> None:
        form = PeopleForm(request.POST)
        if not form.is_valid():
            raise RefusedError(_told(form))
        services.edit_scenario(
            actor,
            scenario,
            edit=number,
            changes=scenario.changes,
            people=form.cleaned_data["people"],
        )

    return _changed(request, pk, sid, change)


@require_POST
@member_view
def undo(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Take back the last change."""
    return _changed(
        request, pk, sid, lambda actor, item, number: services.undo_edit(actor, item, edit=number)
    )


@require_POST
@member_view
def redo(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Make again what was taken back."""
    return _changed(
        request, pk, sid, lambda actor, item, number: services.redo_edit(actor, item, edit=number)
    )


@require_POST
@member_view
def save(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Keep a version with its results."""

    def change(actor: Any, scenario: Scenario, number: int) -> None:
        asked = ask_scenario(actor, scenario, patience=PATIENCE)
        if asked.reply.state == "refused":
            raise RefusedError(_("A version needs results. Mend the change that cannot be first."))
        version = services.save_version(
            actor, scenario, edit=number, answer=asked.answer, analysis=asked.analysis
        )
        text = _("Version %(number)s is saved.") % {"number": version.number}
        add_toast(request, text, kind="good")

    return _changed(request, pk, sid, change, is_whole_page=True)


def _changed(
    request: HttpRequest,
    pk: UUID,
    sid: UUID,
    change: Callable[[Any, Scenario, int], Any],
    *,
    is_whole_page: bool = False,
) -> HttpResponse:
    """Make a change and show what came of it: a part of the page, or the page again."""
    scenario = get_scenario(request, pk, sid)
    state_before = scenario.state
    actor = request.actor  # type: ignore[attr-defined]
    try:
        change(actor, scenario, _whole(request.POST.get("edit", "")))
    except ConflictError as conflict:
        scenario = get_scenario(request, pk, sid)
        return _shown(request, scenario, refused=conflict.sentence, is_conflict=True)
    except RefusedError as refused:
        return _shown(request, scenario, refused=refused.sentence)
    except InputError as error:
        return _shown(request, scenario, refused=sentence_of(error))
    if request.htmx:  # type: ignore[attr-defined]
        scenario = get_scenario(request, pk, sid)
        if is_whole_page or scenario.state != state_before:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return _shown(request, scenario)
    return redirect(editor_url(scenario, actor.authority.slug))


def _shown(
    request: HttpRequest,
    scenario: Scenario,
    *,
    sent: Any = None,
    refused: str = "",
    is_conflict: bool = False,
    is_page: bool = False,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    asked = ask_scenario(actor, scenario, patience=PATIENCE)
    context = work_context(actor, asked, sent=sent, refused=refused, is_conflict=is_conflict)
    is_part = bool(request.htmx) and not is_page  # type: ignore[attr-defined]
    status = 200
    if sent is not None or refused:
        status = 409 if is_conflict and not is_part else 422
    if is_part:
        return render(request, "scenarios/work_fragment.html", context, status=status)
    context |= {
        "signature": signature_in_force(scenario),
        "versions": scenario.versions.select_related("created_by").defer("answer", "changes"),
        "name_form": NameForm(initial={"name": scenario.name}, auto_id="id_rename_%s"),
        "may_rename": can_action(actor, Action.RENAME, scenario),
        "may_delete": can_action(actor, Action.DELETE, scenario),
        **signing_context(actor, scenario),
        **comments_context(actor, scenario),
        **share_context(actor, scenario),
        **marking_context(actor, scenario),
        "may_see_space": can(actor, Ability.READ, scenario.space),
        # The panels lead back here from whatever address showed them.
        "next": editor_url(scenario, actor.authority.slug),
    }
    return render(request, "scenarios/editor.html", context, status=status)


@require_GET
@member_view
def work(request: HttpRequest, pk: UUID, sid: UUID) -> HttpResponse:
    """Return the part of the page that waits for the bench."""
    scenario = get_scenario(request, pk, sid)
    actor = request.actor  # type: ignore[attr-defined]
    asked = ask_scenario(actor, scenario, patience=PATIENCE)
    return render(request, "scenarios/work_fragment.html", work_context(actor, asked))


def refined(row: dict[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of products with another element, strength or opening."""
    fields = ("type", "line", "count", "gap")
    kept: dict[str, Any] = {name: row[name] for name in fields if name in row}
    kept["family"] = sent.get("family") or row["family"]
    if sent.get("level"):
        kept["level"] = sent["level"]
    if sent.get("opens"):
        kept["opens"] = True
    return kept


def _told(form: Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _metres(text: str) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        value = float("nan")
    if not -1000.0 <= value <= 1000.0:
        raise RefusedError(_("Move a change by up to 1,000 metres, written as a number."))
    return value

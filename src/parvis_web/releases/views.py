"""Pages of releases: the register, one release with all about it, and what is done with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.releases import exports, queries, rules, services
from parvis_web.releases.forms import EarlyForm, ReasonForm
from parvis_web.releases.models import TOLD, EarlyReader, FigureRelease, PublicFigures
from parvis_web.releases.rules import MOVES, Action
from parvis_web.releases.shown import (
    TONES,
    Words,
    path_of,
    pieces,
    shown_findings,
    shown_items,
    table_of_moves,
)
from parvis_web.runs.queries import latest_run
from parvis_web.ui.refusals import RefusedError
from parvis_web.ui.toasts import add_toast

WITH_REASON = frozenset({Action.TAKE_BACK, Action.WITHDRAW})


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """Show the register and what is being prepared."""
    actor = request.actor
    rows = list(queries.releases_of(actor).select_related("created_by", "approved_by"))
    told = [row for row in rows if row.state_now in TOLD]
    context = {
        "told": [{"release": row, "tone": TONES[row.state_now]} for row in told],
        "waiting": [
            {"release": row, "tone": TONES[row.state_now]} for row in rows if row not in told
        ],
        "may_draft": rules.can_prepare(actor),
        "formats": [("csv", "CSV"), ("json", "JSON")],
        "table": table_of_moves(),
    }
    return render(request, "releases/list.html", context)


@require_safe
@member_view
def register(request: ActorRequest, ending: str) -> HttpResponse:
    """Send the register: what was published exactly, what was hidden, by which rules."""
    if ending not in exports.FORMATS:
        raise Http404
    return exports.register_file(request.actor, queries.registered(request.actor), ending)


@require_safe
@member_view
def detail(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show a release: what the public reads of it, what was found, what may follow."""
    release = queries.get_release(request.actor, pk)
    return _page(request, release)


def _page(
    request: ActorRequest, release: FigureRelease, early_form: EarlyForm | None = None
) -> HttpResponse:
    actor = request.actor
    words = Words(actor)
    may = {action.name.lower(): rules.can_action(actor, action, release) for action in Action}
    prepares = rules.can_prepare(actor)
    run = latest_run(release, "release-check") if prepares else None
    public = None
    if release.state_now in TOLD:
        public = PublicFigures.objects.filter(release=release.pk).first()
    context: dict[str, Any] = {
        "release": release,
        "state": release.state_now,
        "tone": TONES[release.state_now],
        "path": path_of(release),
        "may": may,
        "moves": {action.name.lower(): move.label for action, move in MOVES.items()},
        "prepares": prepares,
        "items": shown_items(release.chosen, words) if prepares else [],
        "findings": shown_findings(release, words) if prepares else {},
        "run": run if run is not None and run.state != "done" else None,
        "pieces": pieces(release.content) if release.content else [],
        "steps": _steps(release) if prepares else [],
        "early": list(release.early_readers.select_related("user")) if prepares else [],
        "early_form": early_form or _early_form(actor, release) if may["name_early"] else None,
        "is_early": rules.is_early_reader(actor, release),
        "reason_form": ReasonForm(),
        "public": public,
    }
    status = 422 if early_form is not None else 200
    return render(request, "releases/detail.html", context, status=status)


def _steps(release: FigureRelease) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for step in release.steps.select_related("done_by"):
        row = {"label": MOVES[Action(step.action)].label, "step": step, "n": 1}
        last = rows[-1]["step"] if rows else None
        if last and (last.action, last.done_by_id) == (step.action, step.done_by_id):
            row["n"] = rows.pop()["n"] + 1
        rows.append(row)
    return rows


def _early_form(actor: Any, release: FigureRelease, data: Any = None) -> EarlyForm | None:
    if release.embargo is None or release.state_now in TOLD:
        return None
    form = EarlyForm(data)
    field: Any = form.fields["user"]
    field.queryset = queries.possible_early_readers(actor, release)
    return form


@require_POST
@member_view
def act(request: ActorRequest, pk: UUID, action: str) -> HttpResponse:
    """Do what a button says."""
    release = queries.get_release(request.actor, pk)
    try:
        return _done(request, release, Action(action))
    except ValueError:
        raise Http404 from None
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
        return _to(request, release)


def _done(request: ActorRequest, release: FigureRelease, action: Action) -> HttpResponse:
    actor, reason = request.actor, request.POST.get("reason", "")
    match action:
        case Action.CHECK:
            services.start_check(actor, release)
        case Action.APPROVE:
            done = services.approve_release(actor, release, digest=request.POST.get("digest", ""))
            if done.embargo is None:
                add_toast(request, _("The release is approved. It is public once it is released."))
            else:
                add_toast(request, _("The release is approved and under embargo."))
        case Action.PUBLISH:
            services.publish_release(actor, release)
            add_toast(request, _("The release is public."))
        case Action.TAKE_BACK:
            services.take_back(actor, release, reason=reason)
            add_toast(request, _("The release is a draft again; nobody outside has read it."))
        case Action.WITHDRAW:
            services.withdraw_release(actor, release, reason=reason)
            add_toast(request, _("The release is withdrawn; the public reads your reason."))
        case Action.CORRECT:
            said = services.Head(
                title=release.title,
                introduction=release.introduction,
                contact=release.contact,
                corrections=release.corrections,
                city=release.city,
                base=release.base,
            )
            made = services.draft_release(actor, said=said, replaces=release)
            return redirect("releases:edit", actor.authority.slug, made.pk)
        case Action.DELETE:
            services.delete_draft(actor, release)
            add_toast(request, _("The draft is deleted."))
            return redirect("releases:list", actor.authority.slug)
        case _:
            raise Http404
    return _to(request, release)


@require_POST
@member_view
def early(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Name somebody who reads a release before the public."""
    release = queries.get_release(request.actor, pk)
    rules.check_action(request.actor, Action.NAME_EARLY, release)
    form = _early_form(request.actor, release, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, release, form)
    opens: datetime = form.opens(release)
    said = form.cleaned_data
    try:
        services.name_early_reader(
            request.actor, release, user=said["user"], function=said["function"], opens=opens
        )
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    return _to(request, release)


@require_POST
@member_view
def remove_early(request: ActorRequest, pk: UUID, reader: UUID) -> HttpResponse:
    """Take somebody from the list of early readers."""
    release = queries.get_release(request.actor, pk)
    row = EarlyReader.objects.filter(release=release, pk=reader).first()
    if row is None:
        raise Http404
    services.remove_early_reader(request.actor, release, reader=row)
    return _to(request, release)


def _to(request: ActorRequest, release: FigureRelease) -> HttpResponse:
    return redirect("releases:detail", request.actor.authority.slug, release.pk)

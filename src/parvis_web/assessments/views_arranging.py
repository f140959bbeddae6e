"""What an assessment is about, its lists, and who is asked about which section."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.models import Authority, Grant, Membership, User
from parvis_web.assessments import services
from parvis_web.assessments.forms import PREFIX, ArrangeForm, AssignForm, EntryForm
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import Assessment, SectionAssignment
from parvis_web.assessments.queries import get_assessment, language_of_reader
from parvis_web.assessments.rules import Action, RefusedError, check_action
from parvis_web.assessments.views_states import Change, detail_url, moved
from parvis_web.assessments.wording import word
from parvis_web.ui.toasts import add_toast


@require_http_methods(["GET", "POST"])
@member_view
def arrange(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Change what an assessment is about, its lists and who is asked about which section."""
    assessment = get_assessment(request, aid)
    actor = request.actor
    check_action(actor, Action.ARRANGE, assessment)
    framework, language = framework_of(assessment), language_of_reader()
    stated = {f"{PREFIX}{key}": value for key, value in assessment.attributes.items()}
    form = ArrangeForm(
        request.POST or None,
        framework=framework,
        language=language,
        initial=stated
        | {
            "subject_name": assessment.subject_name,
            "due": assessment.due,
            "visited": assessment.visited,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        services.arrange(
            actor,
            assessment,
            subject_name=data["subject_name"],
            attributes=form.attributes(),
            due=data["due"],
            visited=data["visited"],
        )
        add_toast(request, _("Saved."), kind="good")
        return redirect(detail_url(actor.authority.slug, assessment))
    lists = [
        {
            "name": word(known, language),
            "entries": [word(entry, language) for entry in known.entries]
            + [entry["name"] for entry in assessment.entries.get(known.key, [])],
            "form": EntryForm(initial={"list_key": known.key}, auto_id=f"{known.key}_%s"),
        }
        for known in framework.lists
        if known.open
    ]
    sections = {each.key: word(each, language) for each in framework.sections}
    context = {
        "assessment": assessment,
        "space": assessment.space,
        "framework_name": word(framework, language),
        "form": form,
        "lists": lists,
        "assign_form": _assign_form(assessment, sections),
        "assignments": [
            (row, sections.get(row.section, row.section))
            for row in assessment.assignments.select_related("person")
        ],
    }
    return render(request, "assessments/arrange.html", context, status=422 if form.errors else 200)


@require_POST
@member_view
def add_entry(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Add an entry to an open list."""
    return _arranged(
        request,
        aid,
        lambda actor, item: services.add_entry(
            actor,
            item,
            list_key=request.POST.get("list_key", ""),
            name=request.POST.get("name", ""),
        ),
    )


@require_POST
@member_view
def assign(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Ask somebody about a section."""

    def change(actor: Any, assessment: Assessment) -> None:
        language = language_of_reader()
        sections = {each.key: word(each, language) for each in framework_of(assessment).sections}
        form = _assign_form(assessment, sections, request.POST)
        if not form.is_valid():
            raise RefusedError(_("Choose a section and a person of this authority."))
        services.assign_section(actor, assessment, **form.cleaned_data)

    return _arranged(request, aid, change)


@require_POST
@member_view
def unassign(request: ActorRequest, aid: UUID, row: UUID) -> HttpResponse:
    """Ask somebody about a section no longer."""

    def change(actor: Any, assessment: Assessment) -> None:
        found = SectionAssignment.objects.filter(assessment=assessment, pk=row).first()
        if found is None:
            raise RefusedError(_("This was taken off already."))
        services.unassign_section(actor, found)

    return _arranged(request, aid, change)


def _arranged(request: ActorRequest, aid: UUID, change: Change) -> HttpResponse:
    moved(request, aid, change)
    return redirect("assessments:arrange", request.actor.authority.slug, aid)


def _assign_form(assessment: Assessment, sections: dict[str, str], data: Any = None) -> AssignForm:
    return AssignForm(
        data,
        assessment=assessment,
        people=people_of(assessment.authority, assessment),
        sections=list(sections.items()),
    )


def people_of(authority: Authority, assessment: Assessment) -> Any:
    """Return the members of an authority and the guests named on an assessment."""
    members = Membership.objects.in_force().filter(authority=authority).values("user")
    named = Grant.on(assessment).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=named)).order_by("name", "email")

"""What moves an assessment on: arranged, put forward, sent back, signed, revised, deleted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.errors import InputError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.models import Authority, User
from parvis_web.assessments import services, services_states
from parvis_web.assessments.attaching import keep_upload
from parvis_web.assessments.forms import (
    PREFIX,
    ArrangeForm,
    AssignForm,
    DecisionForm,
    EntryForm,
    PaperForm,
    SignForm,
)
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import Assessment, Reply, SectionAssignment
from parvis_web.assessments.overview import overview_of
from parvis_web.assessments.queries import get_assessment, language_of_reader, newer_version, offers
from parvis_web.assessments.rules import Action, RefusedError, check_action, check_signer
from parvis_web.assessments.services_replies import settle_item
from parvis_web.assessments.wording import word
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

Change = Callable[[Any, Assessment], Any]


def detail_url(slug: str, assessment: Assessment) -> str:
    """Return the address of an assessment."""
    return reverse("assessments:detail", args=[slug, assessment.pk])


def _moved(
    request: ActorRequest,
    aid: UUID,
    change: Change,
    *,
    text: str = "",
    undo_name: str = "",
    anchor: str = "",
    is_removed_too: bool = False,
) -> HttpResponse:
    """Make a change and go back to the assessment; a refusal is told there."""
    assessment = get_assessment(request, aid, is_removed_too=is_removed_too)
    slug = request.actor.authority.slug
    try:
        found = change(request.actor, assessment)
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    except InputError as error:
        add_toast(request, sentence_of(error), kind="bad")
    else:
        assessment = found if isinstance(found, Assessment) else assessment
        undo_url = reverse(undo_name, args=[slug, aid]) if undo_name else ""
        if text:
            add_toast(request, text, kind="good", undo_url=undo_url)
    return redirect(f"{detail_url(slug, assessment)}{anchor}")


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
    _moved(request, aid, change)
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
    from django.db.models import Q

    from parvis_web.accounts.models import Grant, Membership

    members = Membership.objects.in_force().filter(authority=authority).values("user")
    named = Grant.on(assessment).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=named)).order_by("name", "email")


@require_POST
@member_view
def submit(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Put an assessment forward for review."""
    text = _("The assessment is in review now. A named person can sign it.")
    return _moved(
        request, aid, services_states.submit, text=text, undo_name="assessments:send_back"
    )


@require_POST
@member_view
def send_back(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Let an assessment in review be worked on again."""
    return _moved(
        request, aid, services_states.send_back, text=_("The assessment is a draft again.")
    )


@require_POST
@member_view
def sign(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Sign in the application."""
    form = SignForm(request.POST)

    def change(actor: Any, assessment: Assessment) -> None:
        if not form.is_valid():
            raise RefusedError(_("Say in which function you sign."))
        services_states.sign(actor, assessment, user=actor.user, **form.cleaned_data)

    return _moved(request, aid, change, text=_("The assessment is signed."))


@require_POST
@member_view
def paper(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Record a signature on the printed sheet."""
    assessment = get_assessment(request, aid)
    actor = request.actor
    check_action(actor, Action.SIGN_PAPER, assessment)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            check_signer(assessment, None)
            scan = keep_upload(actor, assessment, file=data["scan"], is_scan=True)
            services_states.sign_on_paper(
                actor,
                assessment,
                digest=data["digest"],
                name=data["name"],
                function=data["function"],
                signed_on=data["signed_on"],
                scan=scan,
            )
            add_toast(request, _("The signature on paper is recorded."), kind="good")
            return redirect(detail_url(actor.authority.slug, assessment))
        except RefusedError as refused:
            form.add_error(None, refused.sentence)
        except InputError as error:
            form.add_error("scan", sentence_of(error))
    context = overview_of(actor, assessment) | {"paper_form": form}
    return render(request, "assessments/detail.html", context, status=422)


@require_POST
@member_view
def revise(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Go on from a signed assessment in one of its own."""

    def change(actor: Any, assessment: Assessment) -> Assessment:
        for offer in offers(actor.authority):
            if offer.framework.id == assessment.framework.urn:
                return services_states.revise(actor, assessment, offer.framework, text=offer.text)
        return services_states.revise(
            actor, assessment, framework_of(assessment), text=assessment.framework.text
        )

    text = _("A new draft goes on from the signed assessment; its answers stand beside yours.")
    return _moved(request, aid, change, text=text)


@require_POST
@member_view
def move(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Move a draft to the newer version of its framework."""

    def change(actor: Any, assessment: Assessment) -> Assessment:
        offer = newer_version(assessment)
        if offer is None:
            raise RefusedError(_("There is no newer version of this framework."))
        return services_states.move_to(actor, assessment, offer.framework, text=offer.text)

    return _moved(request, aid, change, text=_("Moved to the newer version of the framework."))


@require_POST
@member_view
def delete(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Take an assessment off the list."""
    return _moved(
        request,
        aid,
        services_states.delete_assessment,
        text=_("The assessment is deleted."),
        undo_name="assessments:restore",
    )


@require_POST
@member_view
def restore(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Bring a deleted assessment back."""
    return _moved(request, aid, services_states.restore_assessment, is_removed_too=True)


@require_POST
@member_view
def decide(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Record what is done about a finding."""
    form = DecisionForm(request.POST)
    finding = request.POST.get("finding", "")

    def change(actor: Any, assessment: Assessment) -> None:
        if not form.is_valid():
            raise RefusedError(_("Choose what is done about the finding."))
        services_states.decide_finding(actor, assessment, finding=finding, **form.cleaned_data)

    return _moved(request, aid, change, text=_("The decision is recorded."), anchor="#findings")


@require_POST
@member_view
def settle(request: ActorRequest, aid: UUID, reply: UUID) -> HttpResponse:
    """Let one of several replies count."""

    def change(actor: Any, assessment: Assessment) -> None:
        found = Reply.objects.filter(assessment=assessment, pk=reply).first()
        if found is None:
            raise RefusedError(_("There is no such answer any more."))
        settle_item(actor, assessment, reply=found, note=request.POST.get("note", ""))

    return _moved(request, aid, change, text=_("Settled."), anchor="#differences")

"""What moves an assessment on: arranged, put forward, sent back, signed, revised, deleted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.errors import InputError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.assessments import services_signing, services_states
from parvis_web.assessments.attaching import keep_upload
from parvis_web.assessments.forms import (
    DecisionForm,
    PaperForm,
    SignForm,
)
from parvis_web.assessments.held import framework_of
from parvis_web.assessments.models import Assessment, Reply
from parvis_web.assessments.overview import overview_of
from parvis_web.assessments.queries import get_assessment, newer_version, offers
from parvis_web.assessments.rules import Action, RefusedError, check_action, check_signer
from parvis_web.assessments.services_settling import settle_item
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast

Change = Callable[[Any, Assessment], Any]


def detail_url(slug: str, assessment: Assessment) -> str:
    """Return the address of an assessment."""
    return reverse("assessments:detail", args=[slug, assessment.pk])


def moved(
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


@require_POST
@member_view
def submit(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Put an assessment forward for review."""
    text = _("The assessment is in review now. A named person can sign it.")
    return moved(request, aid, services_states.submit, text=text, undo_name="assessments:send_back")


@require_POST
@member_view
def send_back(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Let an assessment in review be worked on again."""
    return moved(
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
        services_signing.sign(actor, assessment, user=actor.user, **form.cleaned_data)

    return moved(request, aid, change, text=_("The assessment is signed."))


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
            services_signing.sign_on_paper(
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
    return moved(request, aid, change, text=text)


@require_POST
@member_view
def move(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Move a draft to the newer version of its framework."""

    def change(actor: Any, assessment: Assessment) -> Assessment:
        offer = newer_version(assessment)
        if offer is None:
            raise RefusedError(_("There is no newer version of this framework."))
        return services_states.move_to(actor, assessment, offer.framework, text=offer.text)

    return moved(request, aid, change, text=_("Moved to the newer version of the framework."))


@require_POST
@member_view
def delete(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Take an assessment off the list."""
    return moved(
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
    return moved(request, aid, services_states.restore_assessment, is_removed_too=True)


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

    return moved(request, aid, change, text=_("The decision is recorded."), anchor="#findings")


@require_POST
@member_view
def settle(request: ActorRequest, aid: UUID, reply: UUID) -> HttpResponse:
    """Let one of several replies count."""

    def change(actor: Any, assessment: Assessment) -> None:
        found = Reply.objects.filter(assessment=assessment, pk=reply).first()
        if found is None:
            raise RefusedError(_("There is no such answer any more."))
        settle_item(actor, assessment, reply=found, note=request.POST.get("note", ""))

    return moved(request, aid, change, text=_("Settled."), anchor="#differences")

"""Files that support answers: added, sent, taken off."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.errors import InputError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.assessments.attaching import keep_upload
from parvis_web.assessments.held import engine_of
from parvis_web.assessments.models import Assessment, Attachment, ReplyState
from parvis_web.assessments.queries import get_assessment
from parvis_web.assessments.rules import RefusedError, asked_sections, check_section
from parvis_web.assessments.services_replies import (
    current_reply,
    give_reply,
    remove_attachment,
    voice_of,
)
from parvis_web.spaces.evidence import file_response
from parvis_web.ui.errors import sentence_of
from parvis_web.ui.toasts import add_toast


@require_POST
@member_view
def attach(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Add a file to what is said to an item; a photo question is answered by it."""
    assessment = get_assessment(request, aid)
    held = engine_of(assessment)
    item = held.items.get(request.POST.get("item", ""))
    if item is None:
        raise Http404
    check_section(request.actor, assessment, item.section)
    file = request.FILES.get("upload")
    now = current_reply(assessment, item.key, voice_of(request.actor, assessment))
    try:
        if file is None:
            raise RefusedError(_("Choose a file first."))
        kept = keep_upload(request.actor, assessment, file=file)
        is_photo = item.question.kind == "photo"
        if now is None and not is_photo:
            raise RefusedError(_("The file is kept. Answer the question to lay it to the answer."))
        give_reply(
            request.actor,
            assessment,
            item=item.key,
            state=ReplyState.ANSWERED if now is None or is_photo else now.state,
            value=None if now is None or is_photo else now.value,
            note=now.note if now else "",
            links=now.links if now else (),
            attachments=[
                *(now.attachments.values_list("pk", flat=True) if now else ()),
                kept.pk,
            ],
        )
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    except InputError as error:
        add_toast(request, sentence_of(error), kind="bad")
    address = reverse("assessments:section", args=[request.actor.authority.slug, aid, item.section])
    return redirect(f"{address}?at={request.POST.get('at', '')}")


@require_GET
@member_view
def download(request: ActorRequest, aid: UUID, file: UUID) -> HttpResponse:
    """Send a file; pictures may be shown in a page, all else is an attachment."""
    assessment = get_assessment(request, aid)
    kept = _attachment(request, assessment, file)
    return file_response(  # type: ignore[return-value]
        assessment.authority,
        kept.digest,
        media_type=kept.media_type,
        original_name=kept.original_name,
        is_inline="inline" in request.GET,
    )


@require_POST
@member_view
def remove(request: ActorRequest, aid: UUID, file: UUID) -> HttpResponse:
    """Take a file off an assessment."""
    assessment = get_assessment(request, aid)
    try:
        remove_attachment(request.actor, _attachment(request, assessment, file))
        add_toast(request, _("The file was taken off."))
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    return redirect("assessments:detail", request.actor.authority.slug, aid)


def _attachment(request: ActorRequest, assessment: Assessment, pk: UUID) -> Attachment:
    kept = Attachment.objects.filter(assessment=assessment, pk=pk, removed__isnull=True).first()
    if kept is None:
        raise Http404
    own = asked_sections(request.actor, assessment)
    if own is not None and kept.added_by_id != getattr(request.actor.user, "pk", None):
        named = kept.replies.values_list("item", flat=True)
        items = engine_of(assessment).items
        if not any(items[key].section in own for key in named if key in items):
            raise Http404
    return kept

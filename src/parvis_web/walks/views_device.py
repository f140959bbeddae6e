"""What a device asks and brings: a copy, answers, photos, widths; answered in JSON."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.errors import ParvisError
from parvis_web.accounts.access import ActorRequest
from parvis_web.accounts.rights import Actor, NotAllowed, SecondFactorNeeded
from parvis_web.assessments.attaching import PHOTO_TYPES, keep_upload
from parvis_web.assessments.held import framework_of, item_of
from parvis_web.assessments.models import Attachment, Reply
from parvis_web.assessments.queries import get_assessment, language_of_reader
from parvis_web.assessments.rules import RefusedError
from parvis_web.assessments.services_replies import give_reply
from parvis_web.assessments.wording import said_words
from parvis_web.ui.errors import sentence_of
from parvis_web.walks import sent, services
from parvis_web.walks.answers import device_view
from parvis_web.walks.models import WalkCopy, WidthState
from parvis_web.walks.package import package
from parvis_web.walks.queries import get_copy
from parvis_web.walks.rules import GoneError, check_good, check_way, is_out
from parvis_web.walks.services_widths import keep_width


@require_POST
@device_view
def take(request: ActorRequest, aid: UUID) -> HttpResponse:
    """Take an assessment along."""
    assessment = get_assessment(request, aid)
    check_way(request)
    body = sent.sent_object(request)
    mark = body.get("mark")
    copy = services.take(
        request.actor,
        assessment,
        device=sent.read_text(body.get("device") or "", "device", 200),
        mark=None if mark is None else sent.read_uuid(mark, "mark"),
    )
    return JsonResponse(_package(request, copy), status=201)


@require_GET
@device_view
def fresh(request: ActorRequest, aid: UUID, copy: UUID) -> HttpResponse:
    """Fill a copy anew with how its assessment stands."""
    found = services.renew(request.actor, get_copy(request, aid, copy))
    return JsonResponse(_package(request, found))


@require_POST
@device_view
def answers(request: ActorRequest, aid: UUID, copy: UUID) -> HttpResponse:
    """Take answers that were given on site, each for itself."""
    found = get_copy(request, aid, copy)
    rows = sent.sent_replies(sent.sent_object(request))
    services.receive(request.actor, found, n_replies=len(rows))
    return JsonResponse({"replies": [_answered(request.actor, found, row) for row in rows]})


@require_POST
@device_view
def photos(request: ActorRequest, aid: UUID, copy: UUID) -> HttpResponse:
    """Take one photo; what comes in is pixels alone, when and where it was made beside it."""
    found = get_copy(request, aid, copy)
    mark = sent.read_uuid(request.POST.get("mark"), "mark")
    before = Attachment.objects.filter(pk=mark).first()
    if before is not None:
        if (before.assessment_id, before.added_by) != (found.assessment_id, request.user):
            raise Http404
        return JsonResponse({"id": str(mark)})
    if request.POST.get("confirmed") != "yes":
        raise RefusedError(_("Confirm that no face and no number plate can be read."))
    file = request.FILES.get("file")
    if file is None:
        raise RefusedError(_("Choose a file first."))
    taken = sent.read_moment(request.POST.get("taken"), "taken")
    _check_photo(found, taken)
    keep_upload(
        request.actor,
        found.assessment,
        file=file,
        taken=taken,
        place=sent.read_place(request.POST),
        is_unreadable_confirmed=True,
        mark=mark,
        accepted=PHOTO_TYPES,
    )
    return JsonResponse({"id": str(mark)}, status=201)


@require_POST
@device_view
def widths(request: ActorRequest, aid: UUID, copy: UUID) -> HttpResponse:
    """Take a width that was measured at an access point."""
    found = get_copy(request, aid, copy)
    body = sent.sent_object(request)
    mark = sent.read_uuid(body.get("mark"), "mark")
    photo = body.get("photo")
    try:
        width = keep_width(
            request.actor,
            found,
            mark=mark,
            point=sent.read_text(body.get("point"), "point", 20),
            width_m=sent.read_number(body.get("width_m"), "width_m"),
            measured=sent.read_moment(body.get("measured"), "measured"),
            note=sent.read_text(body.get("note") or "", "note", 500),
            photo=None if photo is None else sent.read_uuid(photo, "photo"),
        )
    except (RefusedError, GoneError) as refused:
        return JsonResponse({"mark": str(mark), "refused": refused.sentence})
    is_entered = width.state == WidthState.ENTERED
    return JsonResponse({"mark": str(mark), "kept": True, "entered": is_entered})


@require_POST
@device_view
def end(request: ActorRequest, aid: UUID, copy: UUID) -> HttpResponse:
    """Hand a copy back."""
    found = services.end(request.actor, get_copy(request, aid, copy))
    return JsonResponse({"copy": str(found.pk), "ended": found.ended.isoformat()})  # type: ignore[union-attr]


def _check_photo(copy: WalkCopy, taken: datetime) -> None:
    """Refuse one photo where others, and answers, may still be taken."""
    try:
        check_good(copy, at=taken)
    except GoneError as gone:
        if not is_out(copy):
            raise
        raise RefusedError(gone.sentence) from None


def _package(request: ActorRequest, copy: WalkCopy) -> dict[str, Any]:
    slug = request.actor.authority.slug
    return package(
        request.actor,
        copy,
        csrf=get_token(request),
        base=reverse("walks:page", args=[slug, copy.assessment_id]),
        issued=timezone.now().isoformat(),
    )


def _answered(actor: Actor, copy: WalkCopy, row: Any) -> dict[str, Any]:
    """Take one answer and tell what became of it; nothing that is wrong with it stops others."""
    said: dict[str, Any] = {"mark": row.get("mark") if isinstance(row, dict) else None}
    try:
        reply = _kept(actor, copy, sent.sent_reply(row))
    except SecondFactorNeeded:
        raise
    except (RefusedError, GoneError, NotAllowed) as refused:
        return said | {"outcome": "refused", "sentence": refused.sentence}
    except ParvisError as error:
        return said | {"outcome": "refused", "sentence": sentence_of(error)}
    said["reply"] = str(reply.pk)
    if reply.conflicts_with is None:
        return said | {"outcome": "kept"}
    sentence = _("Somebody else has answered this meanwhile. Both answers are kept; choose one.")
    return said | {
        "outcome": "conflict",
        "sentence": sentence,
        "other": _other(copy, reply.conflicts_with),
    }


def _kept(actor: Actor, copy: WalkCopy, said: sent.SentReply) -> Reply:
    before = Reply.objects.filter(pk=said.mark).select_related("conflicts_with").first()
    if before is not None:
        if (before.assessment_id, before.written_by) != (copy.assessment_id, actor.user):
            raise RefusedError(_("“%(name)s” cannot be read.") % {"name": "mark"})
        return before
    check_good(copy, at=said.answered)
    try:
        return give_reply(
            actor,
            copy.assessment,
            item=said.item,
            state=said.state,
            value=said.value,
            note=said.note,
            attachments=said.attachments,
            expects=said.expects,
            mark=said.mark,
            answered=said.answered,
            source="walk",
        )
    except IntegrityError:
        raise RefusedError(_("This answer cannot be kept as it was sent.")) from None


def _other(copy: WalkCopy, reply: Reply) -> dict[str, Any]:
    item = item_of(copy.assessment, reply.item)
    words = (
        said_words(framework_of(copy.assessment), item, reply, language_of_reader()) if item else ""
    )
    return {
        "id": str(reply.pk),
        "by": str(reply.written_by or ""),
        "answered": reply.answered.isoformat(),
        "state": reply.state,
        "value_text": words,
        "note": reply.note,
    }

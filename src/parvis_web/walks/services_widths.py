"""Widths measured during a walk: entered as local corrections, or kept until somebody does."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.city.corrections import CorrectionKind, Method
from parvis.io.underlays import Underlay
from parvis_web.accounts.rights import Actor, can_write, check_write
from parvis_web.assessments.models import Attachment
from parvis_web.assessments.rules import Action, RefusedError, check_action
from parvis_web.audit.recording import note as noted
from parvis_web.audit.recording import service
from parvis_web.spaces.models import LocalCorrection, Space
from parvis_web.spaces.rules import RefusedError as SpaceRefusedError
from parvis_web.spaces.services_corrections import enter_corrections, preview
from parvis_web.spaces.storage import kept_path
from parvis_web.walks.models import WalkCopy, WalkWidth, WidthState
from parvis_web.walks.places import analysis_of, points_of
from parvis_web.walks.rules import check_good, check_own, check_width

if TYPE_CHECKING:
    from parvis.io.correction_rows import Problem


def facts(width: WalkWidth) -> dict[str, Any]:
    """Return what an audit event's digest covers of a measured width."""
    return {
        "point": width.point,
        "place": [width.longitude, width.latitude],
        "width_m": width.width_m,
        "note": width.note,
        "measured": width.measured.isoformat(),
        "state": width.state,
    }


@service("walk.measure")
def keep_width(
    actor: Actor,
    copy: WalkCopy,
    *,
    mark: UUID,
    point: str,
    width_m: float,
    measured: datetime,
    note: str = "",
    photo: UUID | None = None,
) -> WalkWidth:
    """
    Take a width that was measured at an access point.

    It becomes a local correction where the person may change the space; otherwise it waits.

    Parameters
    ----------
    mark : UUID
        Id, chosen by the device, which may send it twice.
    point : str
        Number of the access point, as the device carried it.
    width_m : float
        [m]
    photo : UUID, optional
        A photo of the assessment that shows the tape.

    Raises
    ------
    RefusedError
    """
    check_own(actor, copy)
    before = WalkWidth.objects.filter(pk=mark).first()
    if before is not None:
        if before.copy_id != copy.pk:
            raise Http404
        noted(before, after=facts(before), is_same=True)
        return before
    check_good(copy, at=measured)
    check_action(actor, Action.ATTACH, copy.assessment)
    check_width(width_m)
    space = copy.assessment.space
    place = _place(actor, space, point)
    if space is None or place is None:
        raise RefusedError(
            _("There is no access point %(point)s in the newest analysis of this place.")
            % {"point": point[:20]}
        )
    width = WalkWidth(
        id=mark,
        authority=copy.authority,
        copy=copy,
        space=space,
        point=point,
        longitude=place[0],
        latitude=place[1],
        width_m=width_m,
        note=note.strip()[:500],
        photo=_photo(copy, photo),
        measured=measured,
        person=actor.user,
        state=WidthState.WAITING,
    )
    if can_write(actor, space):
        width.correction = _entered(actor, width)
        width.state = WidthState.ENTERED
    width.save(force_insert=True)
    noted(width, after=facts(width), assessment=str(copy.assessment_id))
    return width


@service("walk.decide-width")
def decide_width(actor: Actor, width: WalkWidth, *, is_entered: bool) -> WalkWidth:
    """
    Enter a width that waits as a local correction, or set it aside.

    Raises
    ------
    RefusedError
    """
    check_write(actor, width.space)
    rows = WalkWidth.objects.select_for_update(of=("self",)).select_related("space", "photo")
    width = rows.get(pk=width.pk)
    if width.state != WidthState.WAITING:
        raise RefusedError(_("Somebody has decided about this width already."))
    before = facts(width)
    if is_entered:
        width.correction = _entered(actor, width)
    width.state = WidthState.ENTERED if is_entered else WidthState.SET_ASIDE
    width.decided_by = actor.user
    width.save(update_fields=["state", "correction", "decided_by"])
    noted(width, before=before, after=facts(width))
    return width


def _place(actor: Actor, space: Space | None, point: str) -> tuple[float, float] | None:
    analysis = analysis_of(actor, space) if space else None
    points = points_of(analysis) if analysis else []
    return next(((one["lon"], one["lat"]) for one in points if one["id"] == point), None)


def _photo(copy: WalkCopy, photo: UUID | None) -> Attachment | None:
    if photo is None:
        return None
    found = copy.assessment.attachments.filter(pk=photo, removed__isnull=True).first()
    if found is None or not found.media_type.startswith("image/"):
        raise RefusedError(_("The photo of this width is not there. Send it first."))
    return found


def _entered(actor: Actor, width: WalkWidth) -> LocalCorrection | None:
    """Enter a width as a gap measured at the access point; return the correction."""
    person = str(width.person or "")
    cells = {
        "kind": CorrectionKind.GAP.value,
        "value": f"{width.width_m:g}",
        "method": Method.TAPE.value,
        "date": width.measured.date().isoformat(),
        "person": person,
        "note": width.note,
        "lon": f"{width.longitude:.7f}",
        "lat": f"{width.latitude:.7f}",
    }
    space = width.space
    looked = preview(space, [{key: text for key, text in cells.items() if text}], person=person)
    if looked.problems:
        raise RefusedError(" ".join(_problem(one) for one in looked.problems))
    (row,) = looked.rows
    if row["is_known"]:
        return LocalCorrection.objects.filter(
            space=space, store_id=row["id"], withdrawn__isnull=True
        ).first()
    try:
        (kept,) = enter_corrections(
            actor, space, rows=[row], photo=_picture(width.photo), photo_name=_("Photo of the tape")
        )
    except SpaceRefusedError as refused:
        raise RefusedError(refused.sentence) from None
    return kept


def _problem(problem: "Problem") -> str:
    return _("“%(value)s” cannot be used; give %(accepted)s.") % {
        "value": problem.value,
        "accepted": problem.accepted,
    }


def _picture(photo: Attachment | None) -> Underlay | None:
    if photo is None:
        return None
    try:
        content = kept_path(photo.authority, photo.digest).read_bytes()
    except OSError:
        raise RefusedError(_("The photo of this width is not there. Send it first.")) from None
    return Underlay(content, photo.media_type, photo.width or 0, photo.height or 0, 1)

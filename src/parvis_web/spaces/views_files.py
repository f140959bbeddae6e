"""The files of a space: photos, plans and papers, added and taken off the list."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import get_readable, member_view
from parvis_web.accounts.rights import readable
from parvis_web.spaces import services_evidence
from parvis_web.spaces.evidence import ENDINGS, MOST_BYTES, add_file
from parvis_web.spaces.models import Evidence, Space
from parvis_web.spaces.rules import RefusedError, can_remove_file, can_upload, check_upload
from parvis_web.spaces.views import get_space, space_context
from parvis_web.spaces.views_area import sentence_of
from parvis_web.ui.toasts import add_toast

PURPOSES = {
    "photo": gettext_lazy("photo of a correction"),
    "underlay": gettext_lazy("plan under the map"),
    "signed-sheet": gettext_lazy("signed sheet"),
}
"""What a file is for that was not added on this page."""


class FileForm(forms.Form):
    """A file to keep with a space."""

    file = forms.FileField(
        label=gettext_lazy("Photo, plan or paper"),
        help_text=gettext_lazy(
            "PDF, PNG, JPEG, TIFF, WebP, DXF, XLSX, DOCX, ODS or ODT up to 30 MB. "
            "Photos are kept without place, time and camera."
        ),
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".pdf,.png,.jpg,.jpeg,.tif,.tiff,.webp,.dxf,.xlsx,.docx,.ods,.odt",
                "data-max-bytes": MOST_BYTES,
            }
        ),
    )


@require_http_methods(["GET", "POST"])
@member_view
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the files of a space and take a new one."""
    space = get_space(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        check_upload(actor, space)
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                add_file(actor, space, file=form.cleaned_data["file"])
            except (RefusedError, InputError, LimitError) as error:
                form.add_error("file", sentence_of(error))
            else:
                add_toast(request, _("The file was added."))
                return redirect("spaces:files", actor.authority.slug, space.pk)
    rows = readable(actor, space.evidence.filter(removed__isnull=True))
    context = space_context(
        request,
        space,
        "files",
        form=form if can_upload(actor, space) else None,
        files=[_shown(actor, row) for row in rows.select_related("created_by", "space")],
    )
    return render(request, "spaces/files.html", context, status=422 if form.errors else 200)


def _shown(actor: Any, row: Evidence) -> dict[str, Any]:
    return {
        "row": row,
        "ending": ENDINGS.get(row.media_type, "").upper(),
        "purpose": PURPOSES.get(row.purpose, ""),
        "may_remove": row.purpose not in PURPOSES and can_remove_file(actor, row),
    }


def _get(
    request: HttpRequest, pk: UUID, item: UUID, *, is_removed_too: bool = False
) -> tuple[Space, Evidence]:
    space = get_space(request, pk)
    rows = Evidence.objects.select_related("space", "authority").filter(space=space)
    if not is_removed_too:
        rows = rows.filter(removed__isnull=True)
    return space, get_readable(request.actor, rows, item)  # type: ignore[attr-defined]


@require_POST
@member_view
def remove_file(request: HttpRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Take a file off the list; the message that follows offers to undo it."""
    space, file = _get(request, pk, item)
    slug = request.actor.authority.slug  # type: ignore[attr-defined]
    try:
        services_evidence.remove_evidence(request.actor, file)  # type: ignore[attr-defined]
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="warn")
    else:
        undo = reverse("spaces:bring-back-file", args=[slug, space.pk, file.pk])
        text = _("“%(name)s” was removed.") % {"name": file.original_name}
        add_toast(request, text, undo_url=undo)
    return redirect("spaces:files", slug, space.pk)


@require_POST
@member_view
def bring_back_file(request: HttpRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Put a removed file on the list again."""
    space, file = _get(request, pk, item, is_removed_too=True)
    services_evidence.bring_back_evidence(request.actor, file)  # type: ignore[attr-defined]
    return redirect("spaces:files", request.actor.authority.slug, space.pk)  # type: ignore[attr-defined]

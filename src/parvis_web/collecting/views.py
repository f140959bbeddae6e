"""Pages of deliveries: what there is, what each said, what it revised, and back."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis_web.accounts.access import ActorRequest, get_readable, member_view
from parvis_web.accounts.panels import marking_context
from parvis_web.accounts.rights import can_write
from parvis_web.collecting import exports, queries, rules, services
from parvis_web.collecting.files import kept_path
from parvis_web.collecting.models import Delivery, SavedMapping
from parvis_web.collecting.shown import (
    counted_texts,
    indicator_names,
    shown_breaks,
    shown_changes,
    shown_inventories,
)
from parvis_web.ui.toasts import add_toast

PER_PAGE = 50


@require_safe
@member_view
def list_(request: ActorRequest) -> HttpResponse:
    """Show what was delivered and what waits."""
    actor = request.actor
    may_add = rules.can_bring_in(actor)
    page = Paginator(queries.deliveries_of(actor).select_related("kept_by"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "waiting": list(queries.waiting_of(actor)) if may_add else [],
        "removed": list(queries.deliveries_of(actor, is_removed=True)[:20]) if may_add else [],
        "may_add": may_add,
    }
    return render(request, "collecting/list.html", context)


@require_safe
@member_view
def detail(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Show a delivery: its preview while it waits, what it brought once it is kept."""
    from parvis_web.collecting.views_waiting import preview_page

    delivery = queries.get_delivery(request.actor, pk)
    if delivery.kept is None:
        return preview_page(request, delivery)
    names = indicator_names(request.actor)
    found = [
        {"code": code, "name": names.get(code, ""), "n": n}
        for code, n in delivery.found.get("indicators", {}).items()
    ]
    context = {
        "delivery": delivery,
        "indicators": found,
        "texts": counted_texts(delivery.found),
        "inventories": shown_inventories(request.actor, delivery.found),
        "protected": queries.protected_of(request.actor).filter(pk=delivery.protected_id).first()
        if delivery.protected_id
        else None,
        "may_remove": rules.can_remove(request.actor, delivery),
        **marking_context(request.actor, delivery),
    }
    return render(request, "collecting/detail.html", context)


@require_safe
@member_view
def file(request: ActorRequest, pk: UUID) -> Any:
    """Send what was delivered, as it was delivered."""
    delivery = queries.get_delivery(request.actor, pk)
    if not delivery.digest:
        raise Http404
    try:
        content = kept_path(delivery.authority_id, delivery.digest).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = slugify(delivery.file_name.removesuffix(delivery.ending)) or "delivery"
    response = FileResponse(
        content,
        as_attachment=True,
        filename=f"{name}{delivery.ending}",
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@member_view
def values(request: ActorRequest, pk: UUID) -> Any:
    """Send the values of a delivery as they were understood."""
    delivery = queries.get_delivery(request.actor, pk)
    if delivery.kept is None or delivery.removed is not None:
        raise Http404
    name = f"{request.actor.authority.slug}-{delivery.store}"
    return exports.observations_csv(queries.kept_observations(delivery), name)


@require_POST
@member_view
def remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a delivery out of use."""
    delivery = queries.get_delivery(request.actor, pk)
    services.remove_delivery(request.actor, delivery)
    undo = reverse("collecting:bring-back", args=[request.actor.authority.slug, pk])
    text = _("%(file)s is out of use; what was there before it counts again.")
    add_toast(request, text % {"file": delivery}, undo_url=undo)
    return redirect("collecting:list", request.actor.authority.slug)


@require_POST
@member_view
def bring_back(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Put a removed delivery back."""
    delivery = queries.get_delivery(request.actor, pk)
    services.bring_back_delivery(request.actor, delivery)
    return redirect("collecting:detail", request.actor.authority.slug, pk)


@require_safe
@member_view
def revisions(request: ActorRequest) -> HttpResponse:
    """Show what a delivery changed, and where series break."""
    actor = request.actor
    rows = list(queries.deliveries_of(actor)[:200])
    asked = request.GET.get("delivery", "")
    chosen = next((row for row in rows if str(row.pk) == asked), rows[0] if rows else None)
    context: dict[str, Any] = {"rows": rows, "chosen": chosen}
    if chosen is not None:
        found = queries.revisions_of(actor, chosen)
        page = Paginator(range(len(found.after)), PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "found": found,
            "n_added": len(found.added),
            "n_revised": len(found.after),
            "page": page,
            "changes": shown_changes(actor, found, list(page.object_list)),
            "breaks": shown_breaks(actor),
        }
    return render(request, "collecting/revisions.html", context)


@require_safe
@member_view
def mappings(request: ActorRequest) -> HttpResponse:
    """List the saved mappings."""
    actor = request.actor
    rows = [
        {
            "mapping": row,
            "may_delete": can_write(actor, row),
            "fields": row.content.get("columns", {}),
            "questions": row.content.get("questions", {}),
        }
        for row in queries.mappings_of(actor, None)
    ]
    return render(request, "collecting/mappings.html", {"rows": rows})


@require_POST
@member_view
def delete_mapping(request: ActorRequest, mapping: UUID) -> HttpResponse:
    """Delete a saved mapping."""
    row = get_readable(request.actor, SavedMapping.objects.all(), mapping)
    services.delete_mapping(request.actor, row)
    add_toast(request, _("The mapping is deleted; deliveries read with it stay."))
    return redirect("collecting:mappings", request.actor.authority.slug)


def to_delivery(request: ActorRequest, delivery: Delivery) -> HttpResponse:
    """Go to the page of a delivery."""
    return redirect("collecting:detail", request.actor.authority.slug, delivery.pk)

"""Pages of a delivery that waits: given, looked at, read otherwise, kept or discarded."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.errors import InputError, LimitError
from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.accounts.rights import can_write
from parvis_web.cities.uploads import upload_view
from parvis_web.collecting import exports, queries, rules, services
from parvis_web.collecting.files import MOST_BYTES, PEOPLE_ENDINGS, TABLE_ENDINGS, keep_upload
from parvis_web.collecting.forms import ComputeForm, DeliveryForm, MappingForm
from parvis_web.collecting.models import Delivery, Origin
from parvis_web.collecting.shown import (
    counted_texts,
    indicator_names,
    shown_inventories,
    shown_values,
)
from parvis_web.runs.queries import latest_run
from parvis_web.ui.errors import sentence_for, sentence_of
from parvis_web.ui.refusals import RefusedError
from parvis_web.ui.toasts import add_toast

PER_PAGE = 50
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: MOST_BYTES)
def new(request: ActorRequest) -> HttpResponse:
    """Take a file of values and begin to read it."""
    rules.check_bring_in(request.actor)
    form = DeliveryForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            kept = keep_upload(
                request.actor.authority.pk, said["file"], TABLE_ENDINGS, _("table of values")
            )
            delivery = services.add_delivery(
                request.actor,
                file=kept,
                received=said["received"],
                about=said["note"],
                mapping=said["mapping"].content if said["mapping"] else None,
            )
        except (InputError, LimitError) as error:
            form.add_error("file", sentence_of(error))
        else:
            return redirect("collecting:detail", request.actor.authority.slug, delivery.pk)
    status = 422 if form.errors else 200
    return render(request, "collecting/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@upload_view(lambda: MOST_BYTES)
def compute(request: ActorRequest) -> HttpResponse:
    """Take a file of people and begin to compute what follows from a city's map."""
    rules.check_bring_in(request.actor)
    form = ComputeForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            kept = keep_upload(
                request.actor.authority.pk, said["file"], PEOPLE_ENDINGS, _("file of people")
            )
            delivery = services.compute_delivery(
                request.actor,
                city=said["city"],
                file=kept,
                period=said["period"].strip(),
                areas=said["areas"],
                whole=said["whole"],
            )
        except (InputError, LimitError) as error:
            form.add_error("file", sentence_of(error))
        else:
            return redirect("collecting:detail", request.actor.authority.slug, delivery.pk)
    context = {"form": form, "has_city": queries.ready_cities(request.actor).exists()}
    return render(request, "collecting/compute.html", context, status=422 if form.errors else 200)


def preview_page(
    request: ActorRequest, delivery: Delivery, form: MappingForm | None = None
) -> HttpResponse:
    """Show what a waiting delivery would bring."""
    found = delivery.found
    kind = "delivery-compute" if delivery.origin == Origin.COMPUTED else "delivery-read"
    run = latest_run(delivery, kind)
    problem = found.get("problem")
    page = Paginator(range(found.get("n_rejected", 0)), PER_PAGE).get_page(request.GET.get("page"))
    first = page.object_list
    start, stop = (first[0], first[-1] + 1) if first else (0, 0)
    names = indicator_names(request.actor)
    context: dict[str, Any] = {
        "delivery": delivery,
        "run": run if run is not None and run.state != "done" else None,
        "found": found,
        "problem": sentence_for(problem["code"], problem["details"]) if problem else "",
        "texts": counted_texts(found),
        "inventories": shown_inventories(request.actor, found),
        "may_keep": can_write(request.actor, delivery),
        "page": page,
        "rejected": queries.rejected_rows(delivery, start, stop),
        "indicators": [
            {"code": code, "name": names.get(code, ""), "n": n}
            for code, n in found.get("indicators", {}).items()
        ],
        "values": shown_values(request.actor, delivery, SHOWN) if found.get("n_accepted") else [],
        "mapping_form": form or _mapping_form(request, delivery),
        "is_mapping_open": bool(problem) or form is not None or not found.get("n_accepted"),
    }
    return render(request, "collecting/waiting.html", context, status=422 if form else 200)


def _mapping_form(
    request: ActorRequest, delivery: Delivery, data: Any = None
) -> MappingForm | None:
    if "header" not in delivery.found:
        return None
    return MappingForm(
        data,
        header=delivery.found["header"],
        mapping=delivery.mapping,
        indicators=indicator_names(request.actor),
    )


@require_POST
@member_view
def read(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Read a waiting delivery again with another mapping, saved under a name if asked."""
    delivery = queries.get_delivery(request.actor, pk)
    rules.check_waiting(request.actor, delivery)
    form = _mapping_form(request, delivery, request.POST)
    if form is None:
        return _back(request, pk)
    if not form.is_valid():
        return preview_page(request, delivery, form)
    mapping = form.said()
    if form.cleaned_data["save_as"].strip():
        services.save_mapping(request.actor, name=form.cleaned_data["save_as"], content=mapping)
    services.read_anew(request.actor, delivery, mapping=mapping)
    return _back(request, pk)


@require_POST
@member_view
def keep(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Keep what a waiting delivery brings."""
    delivery = queries.get_delivery(request.actor, pk)
    try:
        kept = services.keep_delivery(
            request.actor, delivery, marking=request.POST.get("marking", "")
        )
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
    else:
        add_toast(request, _("%(n)s values are kept and count from now on.") % {"n": kept.n})
    return _back(request, pk)


@require_POST
@member_view
def discard(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Forget a waiting delivery."""
    delivery = queries.get_delivery(request.actor, pk)
    try:
        services.discard_delivery(request.actor, delivery)
    except RefusedError as refused:
        add_toast(request, refused.sentence, kind="bad")
        return _back(request, pk)
    add_toast(request, _("The file is forgotten; nothing of it was written."))
    return redirect("collecting:list", request.actor.authority.slug)


@require_safe
@member_view
def rejected(request: ActorRequest, pk: UUID) -> Any:
    """Send every row that cannot be used, and why."""
    delivery = queries.get_delivery(request.actor, pk)
    return exports.rejected_csv(queries.rejected_rows(delivery), delivery)


def _back(request: ActorRequest, pk: UUID) -> HttpResponse:
    return redirect("collecting:detail", request.actor.authority.slug, pk)

"""Pages on which an authority decides: base year, city, indicators, targets."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis_web.accounts.access import ActorRequest, member_view
from parvis_web.dashboard import queries, rules, services
from parvis_web.dashboard.forms import (
    BaseYearForm,
    CityAreaForm,
    StateForm,
    TargetForm,
    state_initial,
    target_initial,
)
from parvis_web.dashboard.queries import Asked, Shown
from parvis_web.dashboard.words import Words
from parvis_web.ui.toasts import add_toast


def _shown(request: ActorRequest) -> Shown:
    rules.check_see(request.actor)
    return Shown(request.actor, Asked())


def _settings(request: ActorRequest, shown: Shown, **forms: Any) -> HttpResponse:
    words, decided = Words(shown), shown.decided
    rows = [
        {
            "code": code,
            "name": words.name(each),
            "choice": decided.choices.get(code),
            "target": _target(shown, code),
        }
        for code, each in shown.catalogue.indicators.items()
    ]
    city = decided.city
    context = {
        "shown": shown,
        "rows": rows,
        "base_years": list(queries.base_years(request.actor)[:20]),
        "may_arrange": rules.can_arrange(request.actor),
        "base_form": BaseYearForm(shown=shown, initial={"period": shown.fixed_base}),
        "city_form": CityAreaForm(
            shown=shown,
            initial={"code": shown.city, "layer": city.layer_id if city else None},
        ),
    }
    status = 422 if forms else 200
    return render(request, "dashboard/settings.html", context | forms, status=status)


def _target(shown: Shown, code: str) -> float | None:
    choice = shown.decided.choices.get(code)
    if choice is not None and choice.target is not None:
        return choice.target
    return shown.catalogue.indicators[code].target


@require_safe
@member_view
def settings(request: ActorRequest) -> HttpResponse:
    """Show what was decided."""
    return _settings(request, _shown(request))


@require_POST
@member_view
def base_year(request: ActorRequest) -> HttpResponse:
    """Fix the base year."""
    shown = _shown(request)
    rules.check_arrange(request.actor)
    form = BaseYearForm(request.POST, shown=shown)
    if not form.is_valid():
        return _settings(request, shown, base_form=form)
    said = form.cleaned_data
    services.fix_base_year(request.actor, period=said["period"], reason=said["reason"])
    add_toast(request, _("Scores and changes are told against %(period)s.") % said)
    return redirect("dashboard:settings", request.actor.authority.slug)


@require_POST
@member_view
def city_area(request: ActorRequest) -> HttpResponse:
    """Say which area is the whole city."""
    shown = _shown(request)
    rules.check_arrange(request.actor)
    form = CityAreaForm(request.POST, shown=shown)
    if not form.is_valid():
        return _settings(request, shown, city_form=form)
    said = form.cleaned_data
    services.set_city_area(request.actor, code=said["code"], layer=said["layer"])
    add_toast(request, _("The areas are set."))
    return redirect("dashboard:settings", request.actor.authority.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view
def indicator(request: ActorRequest, code: str) -> HttpResponse:
    """Show, switch off or aim an indicator."""
    shown = _shown(request)
    rules.check_arrange(request.actor)
    entry = shown.catalogue.indicators.get(code)
    if entry is None:
        raise Http404
    row = shown.decided.choices.get(code)
    is_target = request.POST.get("what") == "target"
    state_form = StateForm(None if is_target else request.POST or None, initial=state_initial(row))
    target_form = TargetForm(
        request.POST if is_target else None, initial=target_initial(row), prefix="aim"
    )
    if request.method == "POST":
        form = target_form if is_target else state_form
        if form.is_valid():
            said = form.cleaned_data
            if is_target:
                services.set_target(
                    request.actor, code=code, target=said["target"], reason=said["target_reason"]
                )
            else:
                services.choose_indicator(
                    request.actor, code=code, state=said["state"], reason=said["reason"]
                )
            add_toast(request, _("Kept; the dashboard shows it from now on."))
            return redirect("dashboard:settings", request.actor.authority.slug)
    words = Words(shown)
    from parvis.report.dashboard_figures import unit_name
    from parvis_web.ui.errors import active_language

    context = {
        "code": code,
        "name": words.name(entry),
        "description": words.description(entry),
        "unit": unit_name(shown.catalogue, entry.unit, active_language()),
        "state_form": state_form,
        "target_form": target_form,
    }
    is_wrong = bool(state_form.errors or target_form.errors)
    return render(request, "dashboard/indicator.html", context, status=422 if is_wrong else 200)

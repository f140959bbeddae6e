"""What people fill in about the dashboard."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis_web.collecting.forms import file_field
from parvis_web.collecting.models import AreaLayer
from parvis_web.collecting.queries import area_layers
from parvis_web.dashboard.models import IndicatorChoice, IndicatorState
from parvis_web.dashboard.queries import Shown

PEER_ENDINGS = (".csv", ".json", ".xlsx")


class BaseYearForm(forms.Form):
    """Which period everything is compared with."""

    period = forms.ChoiceField(label=_("Base period"))
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, shown: Shown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(each, each) for each in shown.periods]  # type: ignore[attr-defined]


class CityAreaForm(forms.Form):
    """Which area is the whole city, and which areas its map shows."""

    code = forms.ChoiceField(label=_("Code of the whole city"))
    layer = forms.ModelChoiceField(
        AreaLayer.objects.none(),
        label=_("Areas of the map"),
        required=False,
        empty_label=_("the newest there are"),
    )

    def __init__(self, *args: Any, shown: Shown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [shown.city, *shown.areas]
        self.fields["code"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self.fields["layer"].queryset = area_layers(shown.actor)  # type: ignore[attr-defined]


class StateForm(forms.Form):
    """Whether an indicator stands on the dashboard."""

    state = forms.ChoiceField(label=_("On the dashboard"), choices=IndicatorState.choices)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Needed where it is switched off or there are no data to be had."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason."""
        said = super().clean() or {}
        if said.get("state") != IndicatorState.SHOWN and not said.get("reason", "").strip():
            self.add_error("reason", _now("Say why: the reason stands beside it."))
        return said


class TargetForm(forms.Form):
    """What an indicator is to reach."""

    target = forms.FloatField(
        label=_("Target"),
        required=False,
        localize=True,
        help_text=_("In the unit of the indicator; empty takes the target away."),
    )
    target_reason = forms.CharField(
        label=_("Reason for the target"), max_length=500, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason."""
        said = super().clean() or {}
        if said.get("target") is not None and not said.get("target_reason", "").strip():
            self.add_error("target_reason", _now("Say why: the reason stands beside it."))
        return said


class PeerForm(forms.Form):
    """Another city's figures and what it agreed to."""

    name = forms.CharField(label=_("City"), max_length=120)
    source = forms.CharField(
        label=_("Where the figures come from"),
        max_length=300,
        help_text=_("A public address, or who handed them over and when."),
    )
    city = forms.CharField(
        label=_("Code of the whole city in the file"), max_length=120, initial="city"
    )
    agreed = forms.MultipleChoiceField(
        label=_("What the city agreed to"),
        choices=(
            ("name", _("being shown by name: figures it published itself count as that")),
            ("group", _("being counted in a group without names")),
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    file = file_field(
        _("File"),
        PEER_ENDINGS,
        help_text=_(
            "A table with indicator, period, area and value, or numerator and denominator: what "
            "this dashboard exports, and what can be delivered here."
        ),
    )


def state_initial(row: IndicatorChoice | None) -> dict[str, Any]:
    """Return what a form of an indicator begins with."""
    if row is None:
        return {}
    return {"state": row.state, "reason": row.state_reason}


def target_initial(row: IndicatorChoice | None) -> dict[str, Any]:
    """Return what a form of a target begins with."""
    if row is None:
        return {}
    return {"target": row.target, "target_reason": row.target_reason}

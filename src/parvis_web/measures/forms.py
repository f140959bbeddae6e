"""What people fill in about a measure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Authority, User
from parvis_web.accounts.rights import Actor, readable
from parvis_web.approach.models import ClosurePlan
from parvis_web.measures.models import Measure
from parvis_web.measures.services import Plan
from parvis_web.scenarios.models import Scenario
from parvis_web.spaces.models import Space


class MeasureForm(forms.ModelForm[Measure]):
    """What a measure says."""

    class Meta:
        model = Measure
        fields = (
            "name",
            "description",
            "responsible",
            "responsible_name",
            "due",
            "cost_low",
            "cost_high",
            "currency",
            "cost_unit",
            "scenario",
            "plan",
        )
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "scenario": _("Scenario that shows it"),
            "plan": _("Closure plan with its barrier schedule"),
        }

    def __init__(self, *args: Any, actor: Actor, space: Space | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("responsible", members(actor.authority))
        if space is None:
            del self.fields["scenario"], self.fields["plan"]
            return
        scenarios = Scenario.objects.filter(space=space)
        plans = ClosurePlan.objects.filter(space=space, removed__isnull=True)
        self._offer("scenario", readable(actor, scenarios))
        self._offer("plan", readable(actor, plans.select_related("run")))

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = rows

    def said(self) -> Plan:
        """Return what was filled in."""
        data = dict(self.cleaned_data)
        return Plan(**data | {"currency": data["currency"].strip().upper()})


def members(authority: Authority) -> Any:
    """Return the people of an authority."""
    inside = authority.memberships.in_force().values("user")
    return User.objects.filter(pk__in=inside)

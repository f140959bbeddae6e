"""What is filled in for the public page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.publishing.content import MeasureKind, MeasureStatus
from parvis_web.publishing.models import PublicPage

N_EMPTY_MEASURES = 3


class PageForm(forms.ModelForm):
    """The head of the page."""

    class Meta:
        model = PublicPage
        fields = ["is_on", "introduction", "contact"]
        help_texts = {
            "is_on": _("Off, the address answers as if there were no page."),
            "introduction": _("Plain language, for residents. It is published as it stands."),
            "contact": _("Where residents can ask: an office, not a person."),
        }


class EntryForm(forms.Form):
    """One space, told to the public."""

    title = forms.CharField(label=_("Name of the place"), max_length=120)
    place_kind = forms.CharField(label=_("Kind of place"), max_length=80, required=False)
    summary = forms.CharField(
        label=_("What was decided, in plain language"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1500,
        required=False,
        help_text=_("What residents will notice and why. Not what is missing or weak."),
    )
    stays_open = forms.CharField(
        label=_("What stays possible"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=800,
        required=False,
        help_text=_("Walking, wheels, cycling, deliveries, events."),
    )
    decided_on = forms.DateField(
        label=_("Decided on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class MeasureForm(forms.Form):
    """One measure in an entry."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind.choices)
    status = forms.ChoiceField(label=_("How far"), choices=MeasureStatus.choices)
    purpose = forms.CharField(label=_("What it is for"), max_length=200)
    reason = forms.CharField(label=_("Why this one"), max_length=400, required=False)


MeasureFormSet = forms.formset_factory(MeasureForm, extra=N_EMPTY_MEASURES, can_delete=True)


def entry_content(form: EntryForm, measures: Any) -> dict[str, Any]:
    """Return what both forms say, as `read_content` takes it."""
    values = dict(form.cleaned_data)
    day = values.pop("decided_on")
    rows = [
        {name: row[name] for name in ("kind", "status", "purpose", "reason")}
        for row in measures.cleaned_data
        if row and not row.get("DELETE")
    ]
    return values | {"decided_on": day.isoformat() if day else "", "measures": rows}

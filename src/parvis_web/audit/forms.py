"""What an owner looks for in the chain."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.audit.models import AuditEvent, AuditPerson


class FilterForm(forms.Form):
    """Which events; everything empty means all."""

    person = forms.ModelChoiceField(
        AuditPerson.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody")
    )
    action = forms.ChoiceField(label=_("Action"), required=False)
    object_kind = forms.ChoiceField(label=_("Kind of object"), required=False)
    object_id = forms.CharField(label=_("Id of the object"), required=False, max_length=60)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, chain: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["person"].queryset = AuditPerson.objects.filter(chain=chain).order_by("name", "pk")
        for name in ("action", "object_kind"):
            events = AuditEvent.objects.filter(chain=chain).order_by(name)
            values = events.values_list(name, flat=True).distinct()
            fields[name].choices = [("", _("All")), *((value, value) for value in values)]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the beginning."))
        return cleaned

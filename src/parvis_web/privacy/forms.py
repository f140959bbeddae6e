"""What is filled in about a set of data, and before a name is erased."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis_web.privacy.models import Dataset
from parvis_web.privacy.services import FIELDS


class DatasetForm(forms.ModelForm):
    """One entry of the record of processing."""

    class Meta:
        model = Dataset
        fields = FIELDS
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "delete_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "purpose": _("What the data are for, in one sentence a resident understands."),
            "basis": _("Article and act, such as “Article 6(1)(e) with section 4 of the …”."),
            "people": _("Residents, passers-by, staff …"),
            "data_owner": _("An office, not a person."),
            "delete_on": _(
                "Files added to a space are deleted by themselves; you are told of all others."
            ),
        }


class EraseForm(forms.Form):
    """The name once more, typed, before it is gone."""

    name = forms.CharField(label=_("Type the name"), max_length=500)

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        """Take the very name, whatever the spaces around it."""
        typed = " ".join(self.cleaned_data["name"].split())
        if typed != " ".join(self.expected.split()):
            raise forms.ValidationError(
                _now("This is not the name: type “%(name)s”.") % {"name": self.expected}
            )
        return typed

"""What is filled in about a set of data."""

from django import forms
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

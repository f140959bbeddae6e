"""What is filled in to share figures, and what is handed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.sharing.figures import FIGURES

MOST_BYTES = 200_000


class ShareForm(forms.Form):
    """Which figures, for whom, with whose consent, until when."""

    figures = forms.MultipleChoiceField(
        label=_("Figures"),
        choices=[(figure.key, figure.label) for figure in FIGURES.values()],
        widget=forms.CheckboxSelectMultiple,
    )
    recipient = forms.CharField(label=_("For whom"), max_length=200)
    consent = forms.CharField(
        label=_("Consent"),
        max_length=300,
        help_text=_("Who decided that these figures may be handed over, and when."),
    )
    expires_on = forms.DateField(
        label=_("May be used until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ReceiveForm(forms.Form):
    """A share file or a withdrawal."""

    file = forms.FileField(label=_("Share file or withdrawal"), help_text=_("JSON, up to 200 kB."))

    def clean_file(self) -> Any:
        """Refuse what is larger than any share file."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("A share file is smaller than 200 kB."))
        return file

"""What is filled in to have documents made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.report.wording import LANGUAGES, catalogued
from parvis_web.approach.models import Analysis, ClosurePlan
from parvis_web.config.languages import NAMES
from parvis_web.documents.models import DocumentKind
from parvis_web.spaces.models import Space
from parvis_web.ui.formats import moment
from parvis_web.ui.overrides import paper_languages

OFFERED = (DocumentKind.COUNCIL_PAPER, DocumentKind.ANNEX, DocumentKind.DATA)


class DocumentsForm(forms.Form):
    """Which documents, from which analysis, in which language, for whom."""

    analysis = forms.ModelChoiceField(
        Analysis.objects.none(), label=_("From the analysis of"), empty_label=None
    )
    plan = forms.ModelChoiceField(
        ClosurePlan.objects.none(),
        label=_("With the closure plan of"),
        required=False,
        empty_label=_("no closure plan"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Documents"),
        choices=[(kind.value, kind.label) for kind in OFFERED],
        initial=[DocumentKind.COUNCIL_PAPER.value, DocumentKind.ANNEX.value],
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language of the documents"))
    recipients = forms.CharField(
        label=_("Recipients of the annex"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; each gets a numbered copy with their name on every page."),
    )
    crs = forms.ChoiceField(
        label=_("Coordinates of the data"),
        choices=[("wgs84", _("longitude and latitude (WGS 84)")), ("city", _("grid of the city"))],
    )

    def __init__(
        self, analyses: Any, plans: Any, language: str, *arguments: Any, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        for name, rows in (("analysis", analyses), ("plan", plans)):
            field: Any = self.fields[name]
            field.queryset = rows
            field.label_from_instance = lambda row: moment(row.created)
        languages: Any = self.fields["language"]
        languages.choices = [(code, NAMES[code]) for code in paper_languages()]
        languages.initial = language

    def recipient_names(self) -> list[str]:
        """Return the recipients, one a line."""
        return [line.strip() for line in self.cleaned_data["recipients"].splitlines()]


class FileForm(forms.Form):
    """As of which day the file of a space is put together."""

    day = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What was known and decided at the end of this day, with its inputs."),
    )


class DossierForm(forms.Form):
    """What is in a dossier, in which language, for whom."""

    scope = forms.ChoiceField(
        label=_("Content"),
        choices=[
            ("council", _("outline for committees: no access points, findings or gaps")),
            ("restricted", _("whole file for named readers")),
        ],
        widget=forms.RadioSelect,
        initial="council",
    )
    language = forms.ChoiceField(label=_("Language of the documents"))
    recipients = forms.CharField(
        label=_("Recipients of the whole file"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line; each gets a numbered copy with their name on every page."),
    )

    def __init__(self, language: str, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        languages: Any = self.fields["language"]
        languages.choices = [(code, NAMES[code]) for code in LANGUAGES]
        languages.initial = catalogued(language)

    def recipient_names(self) -> list[str]:
        """Return the recipients, one a line."""
        return [line.strip() for line in self.cleaned_data["recipients"].splitlines()]


class ReleaseForm(forms.Form):
    """Somebody asks for documents about a space."""

    reference = forms.CharField(label=_("Reference of the request"), max_length=200)
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    space = forms.ModelChoiceField(Space.objects.none(), label=_("About"))

    def __init__(self, spaces: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["space"]
        field.queryset = spaces

"""What people fill in to begin, arrange, decide and sign."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.packs.framework_models import Framework
from parvis.packs.framework_questions import Attribute
from parvis_web.accounts.models import User
from parvis_web.assessments.models import Assessment, Choice
from parvis_web.assessments.wording import word

FIELDS: dict[str, type[forms.Field]] = {
    "number": forms.FloatField,
    "text": forms.CharField,
    "date": forms.DateField,
    "single": forms.ChoiceField,
    "multiple": forms.MultipleChoiceField,
}
PREFIX = "attribute_"


def attribute_field(attribute: Attribute, language: str) -> forms.Field:
    """Return the form field of a fact of the subject."""
    label = word(attribute, language)
    if attribute.unit:
        label = _("%(name)s [%(unit)s]") % {"name": label, "unit": attribute.unit}
    options: dict[str, Any] = {
        "label": label,
        "help_text": word(attribute, language, "description"),
        "required": attribute.required,
    }
    choices = [(option.key, word(option, language)) for option in attribute.options]
    match attribute.kind:
        case "single":
            options["choices"] = [("", _("not stated")), *choices]
        case "multiple":
            options |= {"choices": choices, "widget": forms.CheckboxSelectMultiple}
        case "date":
            options["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        case "text":
            options["max_length"] = 500
    return FIELDS[attribute.kind](**options)


class SubjectForm(forms.Form):
    """What is assessed, and the facts its framework asks for."""

    subject_name = forms.CharField(label=gettext_lazy("What is assessed"), max_length=200)
    due = forms.DateField(
        label=gettext_lazy("To be done by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, framework: Framework, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for attribute in framework.attributes:
            self.fields[f"{PREFIX}{attribute.key}"] = attribute_field(attribute, language)

    def attributes(self) -> dict[str, Any]:
        """Return the facts that were stated, as the assessment file writes them."""
        stated = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(PREFIX) and value not in (None, "", []):
                written = value.isoformat() if hasattr(value, "isoformat") else value
                stated[name.removeprefix(PREFIX)] = written
        return stated


class BeginForm(SubjectForm):
    """A new assessment."""

    is_separate = forms.BooleanField(
        label=gettext_lazy("Each assessor answers separately"),
        help_text=gettext_lazy("Differences are shown and settled afterwards."),
        required=False,
    )
    field_order = ("subject_name",)


class ArrangeForm(SubjectForm):
    """An assessment that was begun."""

    visited = forms.DateField(
        label=gettext_lazy("Day of the visit"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("subject_name", "visited", "due")


class EntryForm(forms.Form):
    """One more entry of an open list."""

    list_key = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class AssignForm(forms.Form):
    """Who is asked about a section."""

    section = forms.ChoiceField(label=gettext_lazy("Section"))
    person = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())

    def __init__(
        self, *args: Any, assessment: Assessment, people: Any, sections: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        section, person = self.fields["section"], self.fields["person"]
        assert isinstance(section, forms.ChoiceField)  # noqa: S101
        assert isinstance(person, forms.ModelChoiceField)  # noqa: S101
        section.choices = sections
        person.queryset = people


class DecisionForm(forms.Form):
    """What is done about a finding."""

    choice = forms.ChoiceField(label=gettext_lazy("Decision"), choices=Choice.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SignForm(forms.Form):
    """A signature in the application."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    function = forms.CharField(label=gettext_lazy("In which function you sign"), max_length=150)


class PaperForm(forms.Form):
    """A signature on the printed sheet."""

    digest = forms.CharField(
        label=gettext_lazy("Digest on the sheet"),
        help_text=gettext_lazy("Its first eight signs do."),
        max_length=64,
        min_length=8,
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    function = forms.CharField(label=gettext_lazy("Function"), max_length=150)
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    scan = forms.FileField(label=gettext_lazy("Scan of the signed sheet"))


class FrameworkForm(forms.Form):
    """A framework of the authority's own, as a file."""

    file = forms.FileField(
        label=gettext_lazy("File of the framework"),
        help_text=gettext_lazy("YAML, up to 2 MB."),
    )

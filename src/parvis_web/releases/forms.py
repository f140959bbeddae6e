"""What is filled in for a release."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import User
from parvis_web.releases.models import CITY, FigureRelease
from parvis_web.releases.services import Head
from parvis_web.releases.stigma import LEAST_LETTERS, QUESTIONS

MOMENT = "%Y-%m-%dT%H:%M"
ANSWERS = (("yes", _("yes")), ("no", _("no")))
HOURS = ((1, _("1 hour")), (3, _("3 hours")), (24, _("24 hours")), (48, _("48 hours")))


class HeadForm(forms.Form):
    """What a release says besides its figures."""

    title = forms.CharField(label=_("Title"), max_length=200)
    introduction = forms.CharField(
        label=_("Introduction"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=3000,
        required=False,
        help_text=_("Plain language: what the figures say, and what they do not."),
    )
    contact = forms.CharField(
        label=_("Contact"),
        max_length=300,
        required=False,
        help_text=_("Where readers can ask: an office, not a person."),
    )
    corrections = forms.CharField(
        label=_("How corrections are made"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        initial=_(
            "If a figure proves wrong, a corrected release replaces this one within five working "
            "days. This one stays readable, marked as replaced."
        ),
    )
    base = forms.TypedChoiceField(
        label=_("Rounding of counts"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Rates follow from the rounded counts. Rounding needs less hiding."),
    )
    embargo = forms.DateTimeField(
        label=_("Embargo until"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=_(
            "The release becomes public by itself at this time, once it is approved. "
            "Without an embargo somebody releases it."
        ),
    )
    city = forms.CharField(
        label=_("Code of the whole city"),
        max_length=60,
        initial=CITY,
        help_text=_("As deliveries name the area of the whole city."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from parvis.indicators.disclosure import default_rules

        super().__init__(*args, **kwargs)
        base: Any = self.fields["base"]
        base.choices = [
            ("", _("none")),
            *((each, str(each)) for each in default_rules().rounding_bases),
        ]

    def said(self) -> Head:
        """Return what the form says."""
        return Head(**self.cleaned_data)


def head_of(release: FigureRelease) -> dict[str, Any]:
    """Return what the form begins with for a release."""
    return {name: getattr(release, name) for name in HeadForm.base_fields}


class AreasForm(forms.Form):
    """Why the city is shown in parts: a reason and the stigma check."""

    reason = forms.CharField(
        label=_("Why areas are published"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("The public reads this reason."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.key] = forms.ChoiceField(
                label=question.text,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                help_text=question.hint,
            )
            if question.is_needed:
                continue
            self.fields[f"{question.key}-why"] = forms.CharField(
                label=_("Explanation"),
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 1}),
                help_text=_("Needed unless the answer is “%(answer)s”, in %(n)s letters or more.")
                % {"answer": dict(ANSWERS)[question.wanted], "n": LEAST_LETTERS},
            )

    def answers(self) -> dict[str, dict[str, str]]:
        """Return the answers by question."""
        said = self.cleaned_data
        return {
            each.key: {"answer": said[each.key], "why": said.get(f"{each.key}-why", "")}
            for each in QUESTIONS
        }


def areas_of(release: FigureRelease) -> dict[str, Any]:
    """Return what the form about areas begins with."""
    found: dict[str, Any] = {"reason": release.areas_reason}
    for key, said in release.stigma.items():
        found |= {key: said.get("answer"), f"{key}-why": said.get("why")}
    return found


class EarlyForm(forms.Form):
    """Who may read a release before the public."""

    user = forms.ModelChoiceField(label=_("Member"), queryset=User.objects.none())
    function = forms.CharField(label=_("Function"), max_length=200)
    hours = forms.TypedChoiceField(
        label=_("Before the embargo ends"), choices=HOURS, coerce=int, initial=24
    )

    def opens(self, release: FigureRelease) -> Any:
        """Return from when on they may read it."""
        return (release.embargo or release.created) - timedelta(hours=self.cleaned_data["hours"])


class ReasonForm(forms.Form):
    """Why something is taken back or withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )

"""What people fill in: an analysis, a closure plan, a statement about vehicles."""

import json
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.approach.vehicles import load_vehicle_classes, vehicle_class_keys
from parvis.packs.content import load_rating_systems
from parvis.report.wording import Wording
from parvis_web.approach import kept
from parvis_web.approach.models import AssumptionKind, Design

MOST_FILE_BYTES = 100_000


def vehicle_choices() -> list[tuple[str, str]]:
    """Return every vehicle class with its name in the reader's language, lightest first."""
    wording = Wording(kept.report_language())
    classes = sorted(load_vehicle_classes(vehicle_class_keys()), key=lambda entry: entry.mass)
    return [
        (entry.key, f"{entry.key} – {wording.vehicle(entry.key, entry.name)}") for entry in classes
    ]


class AnalysisForm(forms.Form):
    """What is asked of an analysis; vehicle classes come from the statement in force."""

    design = forms.ChoiceField(
        label=_("Speed the required ratings use"),
        choices=Design.choices,
        initial=Design.CAUTIOUS,
        widget=forms.RadioSelect,
        help_text=_("All three are computed and shown; this one chooses the required rating."),
    )
    people_line = forms.CharField(
        label=_("Line people are kept behind"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_(
            "Draw it on the map inside the space, or paste a GeoJSON polygon in longitude and "
            "latitude. Without it, people are taken to stand right at the outline, which leaves "
            "no stand-off."
        ),
    )

    def clean_people_line(self) -> dict[str, Any] | None:
        """Take one polygon, on its own or as a feature."""
        text = self.cleaned_data["people_line"].strip()
        if not text:
            return None
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if isinstance(value, dict) and value.get("type") == "FeatureCollection":
            features = value.get("features")
            value = features[0] if isinstance(features, list) and len(features) == 1 else None
        if isinstance(value, dict) and value.get("type") == "Feature":
            value = value.get("geometry")
        if not isinstance(value, dict) or value.get("type") not in {"Polygon", "MultiPolygon"}:
            raise forms.ValidationError(_("Give one GeoJSON polygon in longitude and latitude."))
        return value


class AssumptionForm(forms.Form):
    """Who says which vehicles are considered, and why."""

    kind = forms.ChoiceField(
        label=_("What this is"), choices=AssumptionKind.choices, widget=forms.RadioSelect
    )
    vehicles = forms.MultipleChoiceField(
        label=_("Vehicle classes considered"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The heaviest one that arrives decides the required rating."),
    )
    author = forms.CharField(
        label=_("Who states it"),
        max_length=200,
        help_text=_(
            "For a threat statement the competent authority, such as the state police; "
            "for a planning assumption the office of this authority."
        ),
    )
    reference = forms.CharField(
        label=_("Reference of the document"),
        max_length=200,
        required=False,
        help_text=_(
            "The number under which the paper is kept where it belongs. A threat statement needs "
            "one; the paper itself is never uploaded here."
        ),
    )
    date = forms.DateField(
        label=_("Date"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Why these classes and no others, in words that everybody who reads the report may "
            "read. Write nothing classified here, nothing from police or intelligence sources and "
            "no names of persons: Parvis is no place for such information. Name the document by "
            "its reference instead."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["vehicles"].choices = vehicle_choices()
        fields["reference"].condition = _("needed for a threat statement")
        fields["reason"].condition = _("needed for a planning assumption")

    def clean(self) -> dict[str, Any]:
        """Check what a kind needs besides."""
        given = super().clean() or {}
        is_threat = given.get("kind") == AssumptionKind.THREAT_STATEMENT
        if is_threat and not given.get("reference"):
            self.add_error(
                "reference",
                _("A threat statement needs the reference of the document it stands in."),
            )
        if not is_threat and "reason" in given and not given["reason"].strip():
            self.add_error("reason", _("Say why these classes were chosen."))
        date, end = given.get("date"), given.get("valid_until")
        if date and end and end < date:
            self.add_error("valid_until", _("The end is before the date of the statement."))
        return given


class StatementFileForm(forms.Form):
    """A threat statement as a file."""

    file = forms.FileField(
        label=_("Threat statement file"),
        help_text=_(
            "YAML as `parvis approach --threat` reads it, at most 100 kB: authority, reference, "
            "date and vehicle classes; no other content is kept."
        ),
        widget=forms.FileInput(
            attrs={
                "accept": ".yaml,.yml",
                "data-max-bytes": MOST_FILE_BYTES,
                "data-too-large": _("This file is larger than 100 kB."),
            }
        ),
    )

    def clean_file(self) -> Any:
        """Refuse what cannot be a threat statement before anything is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE_BYTES:
            raise forms.ValidationError(_("This file is larger than 100 kB."))
        return file


class ClosureForm(forms.Form):
    """What is wished of a closure plan."""

    permanence = forms.ChoiceField(
        label=_("What is laid out"),
        choices=[
            ("permanent", _("permanent barriers")),
            ("semi_permanent", _("semi-permanent barriers")),
            ("temporary", _("temporary barriers")),
            ("", _("whichever suits best")),
        ],
        required=False,
        initial="permanent",
        widget=forms.RadioSelect,
    )
    emergency_access = forms.TypedMultipleChoiceField(
        label=_("Access points that must open for emergency vehicles"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people = forms.FloatField(
        label=_("Greatest number of people inside"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text=_("For the check of the exits."),
    )
    gates_on_tracks = forms.BooleanField(
        label=_("Lines may cross tram tracks, with gates for trams"), required=False
    )
    accepted_classes = forms.MultipleChoiceField(
        label=_("Test vehicles whose front your adviser accepts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave this empty unless a named adviser has said so in writing."),
    )
    budget = forms.FloatField(
        label=_("Greatest sum to spend"),
        required=False,
        min_value=0,
        max_value=1e12,
        help_text=_("In the currency of the price list. Leave it empty to see what is needed."),
    )
    needed_by = forms.DateField(
        label=_("Day by which all must stand"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, points: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["emergency_access"].choices = points
        fields["accepted_classes"].choices = [(code, code) for code in test_classes()]

    def clean_needed_by(self) -> Any:
        """Refuse a day that has passed."""
        day = self.cleaned_data["needed_by"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return day


def test_classes() -> list[str]:
    """Return the codes of test vehicles that ratings name."""
    systems = load_rating_systems().entries
    return sorted({code for item in systems for car in item.vehicles for code in car.classes})

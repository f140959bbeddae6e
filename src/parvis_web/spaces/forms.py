"""What people fill in about a space."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis_web.accounts.models import Membership, User
from parvis_web.accounts.rights import Actor
from parvis_web.accounts.vocabulary import Role
from parvis_web.cities.models import City
from parvis_web.spaces.endings import check_ending
from parvis_web.spaces.models import AssessmentState, Space

AREA_FILE_LIMIT = 50 * 2**20
AREA_ENDINGS = (".geojson", ".json", ".gpkg", ".zip", ".dxf", ".kml", ".fgb")


class AreaForm(forms.Form):
    """An outline by one of three ways: drawn on the map, typed, or read from a file."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    outline = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400_000)
    coordinates = forms.CharField(
        label=_("Corners as coordinates"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "One corner a line: longitude, latitude. An empty line begins a further part. "
            "Polygons as well-known text work too."
        ),
    )
    grid = forms.ChoiceField(
        label=_("Coordinates are"),
        required=False,
        choices=[
            ("wgs84", _("longitude and latitude (WGS 84)")),
            ("city", _("easting and northing in the city's grid")),
        ],
    )
    file = forms.FileField(
        label=_("File with the outline"),
        required=False,
        help_text=_("GeoJSON, GeoPackage, Shapefile as ZIP, DXF, KML or FlatGeobuf up to 50 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(AREA_ENDINGS), "data-max-bytes": AREA_FILE_LIMIT}
        ),
    )
    file_crs = forms.CharField(
        label=_("Coordinate system of the file"),
        required=False,
        max_length=20,
        help_text=_("Only where the file does not say it, as with DXF: EPSG:25832, for example."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large or of another kind before it is read."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > AREA_FILE_LIMIT:
            raise ValidationError(_("The file is larger than 50 MB; cut the outline out of it."))
        check_ending(file.name, AREA_ENDINGS)
        return file

    def clean_outline(self) -> dict[str, Any] | None:
        """Return the drawn outline as GeoJSON."""
        text = self.cleaned_data["outline"]
        if not text:
            return None
        try:
            read = json.loads(text)
        except ValueError as problem:
            raise ValidationError(_("The drawn outline did not arrive whole.")) from problem
        if not isinstance(read, dict):
            raise ValidationError(_("The drawn outline did not arrive whole."))
        geometry: dict[str, Any] = read.get("geometry", read)
        return geometry

    def clean(self) -> dict[str, Any]:
        """Ask for an outline by any of the three ways."""
        cleaned = super().clean() or {}
        ways = ("outline", "coordinates", "file")
        if not self.errors and not any(cleaned.get(way) for way in ways):
            raise ValidationError(
                _("Draw an outline on the map, type its corners or choose a file.")
            )
        return cleaned


class DrawForm(AreaForm):
    """A new protected area."""

    name = forms.CharField(label=_("Name"), max_length=200)
    city = forms.ModelChoiceField(City.objects.none(), label=_("City"), empty_label=None)

    field_order = ("name", "city", "outline", "coordinates", "grid", "file", "file_crs")

    def __init__(self, cities: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = cities  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """Another name for a space."""

    name = forms.CharField(label=_("Name"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class StateForm(forms.Form):
    """How far the work is; signing is done elsewhere."""

    state = forms.ChoiceField(
        label=_("State of work"),
        choices=[
            (key, label) for key, label in AssessmentState.choices if key != AssessmentState.SIGNED
        ],
    )


class AssigneesForm(forms.Form):
    """Who works on a space."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Assigned people"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Assessors read and change AMBER spaces only where they are assigned."),
    )

    def __init__(self, actor: Actor, space: Space, data: Any = None) -> None:
        super().__init__(data, initial={"people": list(space.assignees.all())})
        working = Membership.objects.in_force().filter(authority=actor.authority)
        users = User.objects.filter(pk__in=working.exclude(role=Role.READER).values("user"))
        self.fields["people"].queryset = users.order_by("name", "email")  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(label=_("File"))

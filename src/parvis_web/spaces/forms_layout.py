"""What people fill in for temporary layouts: the files of the event, places on its plan."""

import json
import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from parvis.errors import InputError
from parvis.io.outline_text import line_from_text
from parvis_web.spaces.endings import check_ending
from parvis_web.spaces.evidence import MOST_BYTES
from parvis_web.ui.errors import sentence_of

DRAWINGS = (".dxf", ".gpkg", ".geojson", ".json")
TABLES = (".xlsx", ".csv")


def _file(label: Any, endings: tuple[str, ...], help_text: Any, *, required: bool) -> Any:
    attributes = {"accept": ",".join(endings), "data-max-bytes": MOST_BYTES}
    widget = forms.FileInput(attrs=attributes)
    return forms.FileField(label=label, widget=widget, help_text=help_text, required=required)


class LayoutForm(forms.Form):
    """A market or event: what stands where, and when."""

    name = forms.CharField(label=_("Name"), max_length=60)
    geometry = _file(
        _("Drawing"),
        DRAWINGS,
        _(
            "DXF, GeoPackage or GeoJSON: stalls, stages, fences, barriers, gates. DWG is not read:"
            " save it as DXF first."
        ),
        required=True,
    )
    schedule = _file(
        _("Schedule"), (".xlsx",), _("XLSX with phases, items and gates."), required=True
    )
    control_points = _file(
        _("Control points"),
        (".csv",),
        _("CSV with x, y, lon, lat of two or more points, for drawings without a place."),
        required=False,
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        required=False,
        max_length=20,
        help_text=_("Only where the file does not say it, as with DXF: 25832, for example."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    barriers = _file(_("Barrier list"), TABLES, _("With coordinates or addresses."), required=False)

    def clean_name(self) -> str:
        """Return the name as the layout's folder can have it."""
        name = slugify(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give a name with letters or digits."))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse files that are too large or of another kind before they are read."""
        cleaned = super().clean() or {}
        for name in ("geometry", "schedule", "control_points", "barriers"):
            file = cleaned.get(name)
            if not file:
                continue
            try:
                check_ending(file.name, self.fields[name].widget.attrs["accept"].split(","))
            except ValidationError as refused:
                self.add_error(name, refused)
        return cleaned


class PlaceForm(forms.Form):
    """Where a barrier stands that the list gives by its address only."""

    path = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    coordinates = forms.CharField(
        label=_("Or type its place"),
        required=False,
        max_length=4000,
        help_text=_(
            "Longitude and latitude, separated by a comma; for a row, one corner of its line a"
            " line."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"}),
    )
    length = forms.DecimalField(
        label=_("Length of one element, in metres"),
        required=False,
        min_value=0.05,
        max_value=50,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take what was typed, else what was drawn."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["coordinates"].strip():
            try:
                cleaned["places"] = line_from_text(cleaned["coordinates"])
            except InputError as error:
                self.add_error("coordinates", sentence_of(error))
            return cleaned
        cleaned["places"] = _drawn(cleaned["path"])
        if not cleaned["places"]:
            self.add_error(None, _("Set the place on the map, or type its coordinates."))
        return cleaned

    @property
    def size(self) -> float:
        """Length of one element, NaN where nobody said."""
        said = self.cleaned_data.get("length")
        return math.nan if said is None else float(said)


def _drawn(text: str) -> list[tuple[float, float]]:
    try:
        geometry = json.loads(text)
        given = geometry["coordinates"]
        corners = [given] if geometry["type"] == "Point" else given
        return [(float(lon), float(lat)) for lon, lat, *_more in corners]
    except (ValueError, TypeError, KeyError):
        return []

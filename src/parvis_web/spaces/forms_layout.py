"""What people fill in to bring a temporary layout: its name and the files of the event."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from parvis_web.spaces.evidence import MOST_BYTES

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
        _("DXF, GeoPackage or GeoJSON: stalls, stages, fences, barriers, gates."),
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
            endings = tuple(self.fields[name].widget.attrs["accept"].split(","))
            if not file.name.lower().endswith(endings):
                self.add_error(
                    name,
                    ValidationError(
                        _("This kind of file is not read; use one of %(endings)s."),
                        params={"endings": ", ".join(endings)},
                    ),
                )
        return cleaned
